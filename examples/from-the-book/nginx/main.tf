terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

data "seaworthy_image" "nginx" {
  ref = "docker.io/library/nginx:1.14.2"
}

resource "seaworthy_workload" "nginx" {
  name      = "nginx"
  namespace = "web"
  kind      = "Deployment"

  containers = {
    nginx = {
      image = data.seaworthy_image.nginx.pinned
      ports = { http = { container_port = 80 } }

      # The autoscaler's target is a share of this request.
      resources = { requests = { cpu = "100m" } }

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

  autoscaling = {
    min_replicas    = 1
    max_replicas    = 5
    cpu_utilization = 50
  }

  exceptions = {
    replicas          = "Exercise: the autoscaler goes down to one pod so that scaling can be watched."
    readiness-probe   = "Exercise: the book's manifest has no probes."
    liveness-probe    = "Exercise: the book's manifest has no probes."
    memory-request    = "Exercise: the book's manifest limits nothing but CPU."
    memory-limit      = "Exercise: the book's manifest limits nothing but CPU."
    read-only-root    = "The stock image writes /var/cache/nginx and /var/run/nginx.pid."
    run-as-non-root   = "The stock image binds port 80 and changes the user of its workers as root."
    no-root-group     = "The stock image starts as root, group 0."
    drop-capabilities = "The stock image needs CHOWN, SETUID, SETGID and NET_BIND_SERVICE at its start."
    unprivileged-port = "The stock image listens on port 80."
  }
}

output "manifests" {
  value     = provider::seaworthy::manifests_encode(seaworthy_workload.nginx.manifests)
  sensitive = true # It is not: this keeps a second copy of the objects out of the plan.
}
