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

  # Colleagues get the next version; the channel hears how it goes.
  strategy = {
    engine  = "flagger"
    ab_test = { match = [{ header = "x-canary", exact = "insider" }, { cookie = "canary", exact = "always" }], checks = 30 }
    alerts  = { team = { provider = "slack", severity = "info", secret = "slack", channel = "releases" } }
  }

  traffic = {
    provider   = "nginx"
    hosts      = ["api.example.com"]
    tls_secret = "api-tls"
  }

  analysis = {
    metrics = {
      success = { provider = "prometheus", address = "http://prometheus.monitoring:9090", builtin = "success_rate", min = 99 }
    }
  }
}

output "objects" {
  value = keys(seaworthy_workload.api.manifests)
}
