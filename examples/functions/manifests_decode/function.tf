terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

locals {
  # In practice file("manifests.yaml"), or what another tool rendered.
  yaml = <<-YAML
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: api
      namespace: shop
    data:
      log_level: info
  YAML

  manifests = provider::seaworthy::manifests_decode(local.yaml)
}

# The same keys as those of seaworthy_workload: ["ConfigMap/shop/api", "Namespace/shop"].
output "objects" {
  value = keys(local.manifests)
}

output "log_level" {
  value = yamldecode(local.manifests["ConfigMap/shop/api"]).data.log_level
}
