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

  # Flagger moves the shares, and goes back when the success rate falls below 99 %.
  strategy = {
    engine = "flagger"
    canary = { steps = [5, 10, 25, 50] }

    webhooks = {
      load = {
        type     = "rollout"
        url      = "http://flagger-loadtester.flagger/"
        metadata = { cmd = "hey -z 1m -q 10 -c 2 http://api-canary.shop/" }
      }
    }
  }

  traffic = {
    provider = "gateway_api"
    gateway  = "infra/public"
    hosts    = ["api.example.com"]
  }

  analysis = {
    interval_seconds = 60
    max_failures     = 2
    metrics = {
      success = {
        provider = "prometheus"
        address  = "http://prometheus.monitoring:9090"
        query    = "100 * sum(rate(http_requests_total{namespace=\"shop\",pod=~\"api-[0-9a-z]+-[0-9a-z]+\",code!~\"5..\"}[1m])) / sum(rate(http_requests_total{namespace=\"shop\",pod=~\"api-[0-9a-z]+-[0-9a-z]+\"}[1m]))"
        min      = 99
      }
    }
  }
}

output "objects" {
  value = keys(seaworthy_workload.api.manifests)
}
