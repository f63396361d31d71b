terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# The book names no tag, which means latest. Even so the pods run what the plan has shown, because
# the workload gets the digest.
data "seaworthy_image" "busybox" {
  ref                = "docker.io/library/busybox"
  allow_floating_tag = true
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

      liveness_probe = {
        exec                  = { command = ["cat", "/tmp/healthy"] }
        initial_delay_seconds = 5
        period_seconds        = 5
      }

      # What a pod gets whose manifest has no securityContext at all.
      security_context = {
        run_as_non_root           = false
        run_as_user               = 0
        run_as_group              = 0
        read_only_root_filesystem = false
        capabilities              = { drop = [] }
      }
    }
  }

  exceptions = {
    replicas          = "Exercise: one pod is enough to watch restarts."
    readiness-probe   = "Exercise: the pod serves nobody."
    cpu-request       = "Exercise: the book's manifest requests nothing."
    memory-request    = "Exercise: the book's manifest requests nothing."
    memory-limit      = "Exercise: the book's manifest limits nothing."
    read-only-root    = "The command writes /tmp/healthy."
    run-as-non-root   = "The image sets no user, so it starts as root."
    no-root-group     = "The image sets no user, so it starts as group 0."
    drop-capabilities = "Exercise: the book's manifest drops no capabilities."
  }
}

output "manifests" {
  value     = provider::seaworthy::manifests_encode(seaworthy_workload.liveness.manifests)
  sensitive = true # It is not: this keeps a second copy of the objects out of the plan.
}
