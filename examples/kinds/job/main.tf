terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# A migration. Its next version is another Job, which replaces this one: the name of the object ends in a hash.
resource "seaworthy_workload" "migrate" {
  name      = "migrate"
  namespace = "shop"
  kind      = "Job"

  containers = {
    migrate = {
      image           = "registry.example.com/shop/api:1.4.2@sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
      command         = ["/api", "migrate"]
      env_from_secret = { DB_PASSWORD = { secret = "api-db", key = "password" } }
      resources = {
        requests = { cpu = "100m", memory = "128Mi" }
        limits   = { memory = "128Mi" }
      }
    }
  }

  job = {
    backoff_limit           = 2
    active_deadline_seconds = 900

    # An evicted pod is tried again at no cost; exit code 3 says that it never will succeed.
    pod_failure_policy = {
      rules = [
        { action = "Ignore", on_pod_conditions = [{ type = "DisruptionTarget" }] },
        { action = "FailJob", on_exit_codes = { operator = "In", values = [3] } },
      ]
    }
  }

  network_policy = {
    egress = [{ to = [{ cidr = "10.20.0.0/24" }], ports = [{ port = 5432 }] }]
  }
}

# Stands for the resource that applies one manifest: the key stays, also when the name of the object changes.
resource "terraform_data" "applied" {
  for_each = seaworthy_workload.migrate.manifests
  input    = each.value
}
