terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# Three members of a store. Each has a name that stays (store-0.store-headless.shop) and a volume of its own.
resource "seaworthy_workload" "store" {
  name      = "store"
  namespace = "shop"
  kind      = "StatefulSet"

  containers = {
    store = {
      image = "registry.example.com/shop/store:3.1.0@sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
      ports = {
        client = { container_port = 2379 }
        peer   = { container_port = 2380 }
      }
      resources = {
        requests = { cpu = "200m", memory = "256Mi" }
        limits   = { memory = "256Mi" }
      }
      startup_probe   = { http_get = { path = "/health", port = "client" }, failure_threshold = 60 }
      readiness_probe = { http_get = { path = "/ready", port = "client" } }
      liveness_probe  = { http_get = { path = "/health", port = "client" } }

      volume_mounts = { "/var/lib/store" = { volume = "data" } }
    }
  }

  # Neither the size nor the class can be changed later: the plan warns of an attempt.
  volume_claims = {
    data = { storage = "10Gi", storage_class_name = "fast" }
  }

  # First the last member alone gets a new version; lower it to go on.
  strategy = { rolling = { partition = 2 } }
}

output "objects" {
  value = keys(seaworthy_workload.store.manifests)
}
