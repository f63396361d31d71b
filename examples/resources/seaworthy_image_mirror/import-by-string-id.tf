import {
  to = seaworthy_image_mirror.api
  id = "registry.example.com/shop/api:1.4.2@sha256:714ec83691e43a9e364002e018f3c457de04eb7924c3587616abb8fea06dbe8c,eu=mirror-eu.example.com/shop/api,us=mirror-us.example.com/cache/shop/api"
}
