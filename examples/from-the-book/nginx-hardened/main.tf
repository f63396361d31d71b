terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# nginx as its makers build it for a user without privileges: it listens on 8080 and writes to /tmp alone.
data "seaworthy_image" "nginx" {
  ref = "docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine"
}

resource "seaworthy_workload" "nginx" {
  name      = "nginx"
  namespace = "web"
  kind      = "Deployment"

  containers = {
    nginx = {
      image = data.seaworthy_image.nginx.pinned
      ports = { http = { container_port = 8080, service_port = 80 } }
      resources = {
        requests = { cpu = "100m", memory = "32Mi" }
        limits   = { memory = "128Mi" }
      }
      startup_probe   = { tcp_socket = { port = "http" }, period_seconds = 2 }
      readiness_probe = { http_get = { path = "/", port = "http" } }
      liveness_probe  = { tcp_socket = { port = "http" } }
      writable_paths  = { "/tmp" = "64Mi" }
    }
  }

  # What the registry says of the image is held against what is asked of the container:
  # its user, its ports, whether it has anything to start.
  image_facts = { nginx = data.seaworthy_image.nginx.images["linux/amd64"] }

  autoscaling = {
    min_replicas    = 2
    max_replicas    = 5
    cpu_utilization = 50
  }
}

output "manifests" {
  value     = provider::seaworthy::manifests_encode(seaworthy_workload.nginx.manifests)
  sensitive = true # It is not: this keeps a second copy of the objects out of the plan.
}
