terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

data "seaworthy_image" "api" {
  ref       = "registry.example.com/shop/api:1.4.2"
  platforms = ["linux/amd64", "linux/arm64"]
}

# The release in the registries that two clusters pull from, with its signatures.
resource "seaworthy_image_mirror" "api" {
  source = data.seaworthy_image.api.pinned
  destinations = {
    eu = "mirror-eu.example.com/shop/api"
    us = "mirror-us.example.com/cache/shop/api"
  }
  referrers = true
}

# mirror-eu.example.com/shop/api:1.4.2@sha256:…, which a workload takes.
output "image_in_eu" {
  value = seaworthy_image_mirror.api.mirrored["eu"]
}
