import {
  to = seaworthy_image_history.api
  id = "api"
}
