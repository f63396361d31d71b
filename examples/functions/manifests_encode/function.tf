terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

data "seaworthy_image" "shop" {
  for_each = {
    api    = "registry.example.com/shop/api:1.4.2"
    worker = "registry.example.com/shop/worker:2.1.0"
  }
  ref = each.value
}

resource "seaworthy_workload" "shop" {
  for_each  = data.seaworthy_image.shop
  name      = each.key
  namespace = "shop"
  kind      = "Deployment"

  containers = {
    (each.key) = {
      image = each.value.pinned
      ports = { http = { container_port = 8080 } }
      resources = {
        requests = { cpu = "100m", memory = "64Mi" }
        limits   = { memory = "128Mi" }
      }
      startup_probe   = { http_get = { path = "/healthz", port = "http" }, failure_threshold = 30 }
      readiness_probe = { http_get = { path = "/ready", port = "http" } }
      liveness_probe  = { http_get = { path = "/healthz", port = "http" } }
    }
  }
}

# terraform output -raw manifests | kubectl apply --server-side -f -
output "manifests" {
  value = provider::seaworthy::manifests_encode(merge(values(seaworthy_workload.shop)[*].manifests...))

  # It is not: this keeps a second copy of the objects out of the plan. `output -raw` prints it all the same.
  sensitive = true
}
