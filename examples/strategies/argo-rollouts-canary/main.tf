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
  ref = "registry.example.com/shop/api:1.4.2"
}

resource "seaworthy_workload" "api" {
  name      = "api"
  namespace = "shop"
  kind      = "Deployment"

  containers = {
    api = {
      image = data.seaworthy_image.api.pinned
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

  autoscaling = { min_replicas = 3, max_replicas = 10, cpu_utilization = 60 }

  # Five minutes on each step, and back when more than one look at the metric fails.
  strategy = {
    engine = "argo_rollouts"
    canary = { steps = [5, 10, 25, 50], pause_seconds = 300 }
  }

  traffic = {
    provider = "istio"
    gateway  = "infra/public"
    hosts    = ["api.example.com"]
  }

  analysis = {
    max_failures = 1
    metrics = {
      success = { provider = "prometheus", address = "http://prometheus.monitoring:9090", builtin = "success_rate", min = 99 }
      latency = { provider = "prometheus", address = "http://prometheus.monitoring:9090", builtin = "latency_p99_seconds", max = 0.5 }
    }
  }
}

output "objects" {
  value = keys(seaworthy_workload.api.manifests)
}
