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
    apiVersion: policy/v1beta1
    kind: PodDisruptionBudget
    metadata:
      name: api
      namespace: shop
    spec:
      maxUnavailable: 1
  YAML

  findings = provider::seaworthy::check_manifests(local.yaml, "1.34")
}

# ["PodDisruptionBudget.policy/shop/api: policy/v1beta1 PodDisruptionBudget is not served since Kubernetes 1.25: policy/v1 is"]
output "errors" {
  value = [for f in local.findings : "${f.object}: ${f.message}" if f.severity == "error"]
}
