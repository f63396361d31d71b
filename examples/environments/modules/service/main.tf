locals {
  scaled = var.size.min_replicas < var.size.max_replicas
}

data "seaworthy_image" "this" {
  ref       = var.image
  platforms = ["linux/amd64", "linux/arm64"]
}

# What all services of the company have in common is written once, here.
resource "seaworthy_workload" "this" {
  name      = var.name
  namespace = var.namespace
  kind      = "Deployment"

  containers = {
    (var.name) = {
      image = data.seaworthy_image.this.pinned
      ports = { http = { container_port = var.port, service_port = 80 } }
      env   = var.env

      resources = {
        requests = { cpu = var.size.cpu, memory = var.size.memory }
        limits   = { memory = var.size.memory }
      }

      startup_probe   = { http_get = { path = "/healthz", port = "http" }, failure_threshold = 30 }
      readiness_probe = { http_get = { path = "/ready", port = "http" } }
      liveness_probe  = { http_get = { path = "/healthz", port = "http" }, period_seconds = 20 }
    }
  }

  # Null is the same as not written.
  replicas = local.scaled ? null : var.size.min_replicas
  autoscaling = local.scaled ? {
    min_replicas    = var.size.min_replicas
    max_replicas    = var.size.max_replicas
    cpu_utilization = 60
  } : null

  exceptions = var.exceptions
}
