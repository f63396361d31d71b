terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

provider "seaworthy" {
  kubernetes_version = "1.34"
}

data "seaworthy_policy_report" "ingress" {
  # In practice file("manifests.yaml"), or what another chart rendered.
  yaml = <<-YAML
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: api
      namespace: shop
    spec:
      rules:
        - host: shop.example.com
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: api
                    port:
                      name: http
  YAML

  file    = "deploy/ingress.yaml"
  fail_on = "error"

  exceptions = {
    ingress-tls = "TLS ends at the load balancer in front of the cluster"
  }
}

# For a code host: write it to a file and upload that.
output "sarif" {
  value = data.seaworthy_policy_report.ingress.sarif
}

output "counts" {
  value = data.seaworthy_policy_report.ingress.counts
}
