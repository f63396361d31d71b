terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }

  # Here goes the backend that keeps this environment's state.
}

provider "seaworthy" {
  kubernetes_version = "1.36"
}

module "api" {
  source    = "../modules/service"
  name      = "api"
  namespace = "shop-dev"
  image     = "registry.example.com/shop/api:1.5.0"
  env       = { LOG_LEVEL = "debug" }

  size = {
    min_replicas = 1
    max_replicas = 1
    cpu          = "50m"
    memory       = "128Mi"
  }

  exceptions = {
    replicas = "Nobody depends on dev: an outage of a minute during a node upgrade is fine."
  }
}

output "image" {
  description = "What runs: tag and digest."
  value       = module.api.image
}

output "manifests" {
  description = "One YAML text in install order: terraform output -raw manifests | kubectl apply --server-side -f -"
  value       = provider::seaworthy::manifests_encode(module.api.manifests)
  sensitive   = true # It is not: this keeps a second copy of the objects out of the plan.
}
