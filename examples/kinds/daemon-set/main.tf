terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# An agent on every node, also on those that the control plane runs on, replaced on a tenth of the nodes at a time.
resource "seaworthy_workload" "agent" {
  name      = "agent"
  namespace = "monitoring"
  kind      = "DaemonSet"

  containers = {
    agent = {
      image = "registry.example.com/monitoring/agent:1.2.0@sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
      ports = { metrics = { container_port = 9100 } }
      resources = {
        requests = { cpu = "50m", memory = "64Mi" }
        limits   = { memory = "64Mi" }
      }
      startup_probe   = { http_get = { path = "/healthz", port = "metrics" }, failure_threshold = 30 }
      readiness_probe = { http_get = { path = "/ready", port = "metrics" } }
      liveness_probe  = { http_get = { path = "/healthz", port = "metrics" } }
    }
  }

  service     = { enabled = false }
  tolerations = [{ operator = "Exists", effect = "NoSchedule" }]
  strategy    = { rolling = { max_unavailable = "10%" } }
}

output "objects" {
  value = keys(seaworthy_workload.agent.manifests)
}
