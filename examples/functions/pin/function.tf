terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

variable "digest" {
  description = "What the build printed after its push, for example from `docker buildx build --metadata-file`."
  type        = string
  default     = "sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
}

# A pipeline that has just pushed an image knows its digest and need not ask the registry:
# registry.example.com/shop/api:1.4.2@sha256:4c1b…
output "image" {
  value = provider::seaworthy::pin("registry.example.com/shop/api:1.4.2", var.digest)
}
