terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# A report on working days at six in the morning, also in summer. A run that hangs is over after half an hour.
resource "seaworthy_workload" "report" {
  name      = "report"
  namespace = "shop"
  kind      = "CronJob"

  containers = {
    report = {
      image = "registry.example.com/shop/report:2.0.1@sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
      args  = ["--send"]
      resources = {
        requests = { cpu = "100m", memory = "128Mi" }
        limits   = { memory = "128Mi" }
      }
      writable_paths = { "/tmp" = "128Mi" }
    }
  }

  cron = {
    schedule  = "0 6 * * mon-fri"
    time_zone = "Europe/Berlin"
  }
  job = { active_deadline_seconds = 1800 }
}

output "objects" {
  value = keys(seaworthy_workload.report.manifests)
}
