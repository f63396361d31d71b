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

  # The next version gets a copy of a fifth of the requests for ten checks, then all requests.
  strategy = {
    engine     = "flagger"
    blue_green = { checks = 10, mirror_percent = 20 }

    webhooks = {
      smoke = { type = "pre-rollout", url = "http://flagger-loadtester.flagger/", metadata = { type = "bash", cmd = "curl -fsS http://api-canary.shop/ready" } }
    }
  }

  traffic = {
    provider = "istio"
    gateway  = "infra/public"
    hosts    = ["api.example.com"]
  }

  analysis = {
    metrics = {
      errors = { provider = "datadog", query = "sum:trace.http.request.errors{service:api,version:canary}.as_rate()", secret = "datadog", max = 0.5 }
    }
  }
}

output "objects" {
  value = keys(seaworthy_workload.api.manifests)
}
