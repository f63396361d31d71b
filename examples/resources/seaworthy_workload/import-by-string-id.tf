import {
  to = seaworthy_workload.api
  id = "shop/api"
}
