terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

provider "seaworthy" {
  kubernetes_version = "1.34"
}

data "seaworthy_image" "stable" {
  ref = "registry.example.com/shop/api:1.4.2"
}

data "seaworthy_image" "next" {
  ref = "registry.example.com/shop/api:1.5.0"
}

resource "seaworthy_workload" "api" {
  name      = "api"
  namespace = "shop"
  kind      = "Deployment"

  containers = {
    api = {
      image = data.seaworthy_image.stable.pinned
      ports = { http = { container_port = 8080 } }
      resources = {
        requests = { cpu = "200m", memory = "128Mi" }
        limits   = { memory = "256Mi" }
      }
      startup_probe   = { http_get = { path = "/healthz", port = "http" }, failure_threshold = 30 }
      readiness_probe = { http_get = { path = "/ready", port = "http" } }
      liveness_probe  = { http_get = { path = "/healthz", port = "http" }, period_seconds = 20 }
    }
  }

  # One request of ten goes to the next version. Raise the weight in plan after plan; set it to 0
  # to go back.
  strategy = {
    canary = {
      weight    = 10
      candidate = { images = { api = data.seaworthy_image.next.pinned } }
    }
  }

  traffic = {
    provider = "gateway_api"
    gateway  = "infra/public"
    hosts    = ["api.example.com"]
  }
}

output "objects" {
  value = keys(seaworthy_workload.api.manifests)
}
