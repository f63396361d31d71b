terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

variable "registry_password" {
  description = "Password of the user ci at registry.example.com."
  type        = string
  sensitive   = true
}

provider "seaworthy" {
  # The oldest minor version among the clusters that get the manifests.
  kubernetes_version = "1.34"

  # Commit this file: what a tag stands for then changes by review only.
  lock_file = "images.lock.json"

  # Only for what your Docker configuration and credential helpers do not know already.
  registries = {
    "registry.example.com" = {
      username = "ci"
      password = var.registry_password
    }
    # Docker Hub through the registry's own cache; Docker Hub itself is asked when that fails.
    "docker.io" = {
      mirrors = ["registry.example.com/docker-hub"]
    }
  }
}

data "seaworthy_image" "api" {
  ref = "registry.example.com/shop/api:1.4.2"
}
