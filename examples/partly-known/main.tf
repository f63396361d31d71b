terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# Stands for the resource that builds and pushes the image: its digest is known after apply.
resource "terraform_data" "build" {
  input = "sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
}

resource "seaworthy_workload" "api" {
  name      = "api"
  namespace = "shop"
  kind      = "Deployment"

  containers = {
    api = {
      image = provider::seaworthy::pin("registry.example.com/shop/api:1.4.2", terraform_data.build.output)
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

# Stands for the resource that applies one manifest to the cluster.
resource "terraform_data" "applied" {
  for_each = seaworthy_workload.api.manifests
  input    = each.value
}
