terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

variable "registry" {
  description = "Host of the container registry that holds shop/api. `make demo` starts one."
  type        = string
}

provider "seaworthy" {
  kubernetes_version = "1.34"
}

# Resolves the tag to the digest that it names today.
data "seaworthy_image" "api" {
  ref       = "${var.registry}/shop/api:1.4.2"
  platforms = ["linux/amd64", "linux/arm64"]
}

# Renders the manifests of a hardened Deployment. No cluster is needed.
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
      readiness_probe = { http_get = { path = "/ready", port = "http" }, period_seconds = 10 }
      liveness_probe  = { http_get = { path = "/healthz", port = "http" }, period_seconds = 20 }
    }
  }

  autoscaling = {
    min_replicas    = 3
    max_replicas    = 10
    cpu_utilization = 50
  }
  disruption_budget = { max_unavailable = 1 }

  strategy = { rolling = { max_surge = "25%", max_unavailable = 0 } }
}

output "image" {
  description = "What runs: the tag for people, the digest for machines."
  value       = data.seaworthy_image.api.pinned
}

output "objects" {
  description = "The keys of seaworthy_workload.api.manifests."
  value       = keys(seaworthy_workload.api.manifests)
}
