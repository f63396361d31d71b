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

  replicas = 4

  # Somebody promotes, after a search of the next version's logs in Splunk has found no error.
  strategy = {
    engine     = "argo_rollouts"
    blue_green = { checks = 5, auto_promotion = false, scale_down_delay_seconds = 600 }
  }

  analysis = {
    metrics = {
      "log-errors" = {
        provider  = "http"
        address   = "https://splunk.example.com:8089/services/search/jobs/export?output_mode=json&preview=false&earliest_time=-1m&search=search%20index%3Dshop%20app%3Dapi%20level%3Derror%20%7C%20stats%20count"
        json_path = "{$.result.count}"
        secret    = "splunk"
        max       = 0
      }
    }
  }
}

output "objects" {
  value = keys(seaworthy_workload.api.manifests)
}
