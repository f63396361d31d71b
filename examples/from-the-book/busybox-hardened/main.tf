terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

data "seaworthy_image" "busybox" {
  ref = "docker.io/library/busybox:1.37.0"
}

resource "seaworthy_workload" "liveness" {
  name      = "liveness-exec"
  namespace = "lab"
  kind      = "Deployment"
  replicas  = 1

  containers = {
    liveness = {
      image = data.seaworthy_image.busybox.pinned
      args  = ["/bin/sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"]
      resources = {
        requests = { cpu = "10m", memory = "8Mi" }
        limits   = { memory = "16Mi" }
      }

      # Not ready at the first failure, restarted at the third.
      readiness_probe = {
        exec              = { command = ["cat", "/tmp/healthy"] }
        period_seconds    = 5
        failure_threshold = 1
      }
      liveness_probe = {
        exec                  = { command = ["cat", "/tmp/healthy"] }
        initial_delay_seconds = 5
        period_seconds        = 5
      }

      # The only directory that the command writes to.
      writable_paths = { "/tmp" = "1Mi" }
    }
  }

  exceptions = {
    replicas = "Exercise: one pod is enough to watch restarts, and an outage of it hurts nobody."
  }
}

output "manifests" {
  value     = provider::seaworthy::manifests_encode(seaworthy_workload.liveness.manifests)
  sensitive = true # It is not: this keeps a second copy of the objects out of the plan.
}
