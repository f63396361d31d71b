terraform {
  required_version = ">= 1.8" # functions of providers

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

data "seaworthy_image" "web" {
  ref = "registry.example.com/shop/web:2.0.1"
}

# The least that a web server needs to say. Everything else in manifests.yaml was decided for it.
resource "seaworthy_workload" "web" {
  name      = "web"
  namespace = "shop"
  kind      = "Deployment"

  containers = {
    web = {
      image = data.seaworthy_image.web.pinned
      ports = { http = { container_port = 8080 } }
      resources = {
        requests = { cpu = "100m", memory = "64Mi" }
        limits   = { memory = "128Mi" }
      }
      startup_probe   = { tcp_socket = { port = "http" } }
      readiness_probe = { http_get = { path = "/ready", port = "http" } }
      liveness_probe  = { http_get = { path = "/healthz", port = "http" } }
    }
  }
}

output "manifests" {
  value     = provider::seaworthy::manifests_encode(seaworthy_workload.web.manifests)
  sensitive = true # It is not: this keeps a second copy of the objects out of the plan.
}
