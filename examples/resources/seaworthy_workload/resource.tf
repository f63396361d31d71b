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

data "seaworthy_image" "api" {
  ref       = "registry.example.com/shop/api:1.4.2"
  platforms = ["linux/amd64", "linux/arm64"]
}

resource "seaworthy_workload" "api" {
  name      = "api"
  namespace = "shop"
  kind      = "Deployment"

  containers = {
    api = {
      image = data.seaworthy_image.api.pinned
      ports = {
        http    = { container_port = 8080, service_port = 80 }
        metrics = { container_port = 9090 }
      }

      env = { LOG_LEVEL = "info" }
      # The password stays in the Secret: neither plan nor state ever holds it.
      env_from_secret = { DB_PASSWORD = { secret = "api-db", key = "password" } }

      resources = {
        requests = { cpu = "200m", memory = "128Mi" }
        limits   = { memory = "256Mi" }
      }

      # Up to 30 × 10 seconds to start; until then the other two probes wait.
      startup_probe   = { http_get = { path = "/healthz", port = "http" }, failure_threshold = 30 }
      readiness_probe = { http_get = { path = "/ready", port = "http" } }
      liveness_probe  = { http_get = { path = "/healthz", port = "http" }, period_seconds = 20 }

      # The root file system is read-only; this directory is not.
      writable_paths = { "/tmp" = "64Mi" }
    }
  }

  autoscaling = {
    min_replicas    = 3
    max_replicas    = 10
    cpu_utilization = 50
  }
  disruption_budget = { max_unavailable = 1 }

  strategy = { rolling = { max_surge = "25%", max_unavailable = 0 } }

  # DNS and the cluster's own pods can be reached anyway; this adds the database.
  network_policy = {
    egress = [{
      to    = [{ cidr = "10.20.0.0/24" }]
      ports = [{ port = 5432 }]
    }]
  }
}

# Known in every plan, so that the tool of your choice can take the manifests one by one with for_each.
output "objects" {
  value = keys(seaworthy_workload.api.manifests)
}
