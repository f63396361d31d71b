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
  kubernetes_version = "1.34"
}

module "api" {
  source    = "../modules/service"
  name      = "api"
  namespace = "shop-prod"
  image     = "registry.example.com/shop/api:1.4.2"
  env       = { LOG_LEVEL = "warn" }

  size = {
    min_replicas = 3
    max_replicas = 12
    cpu          = "250m"
    memory       = "256Mi"
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
