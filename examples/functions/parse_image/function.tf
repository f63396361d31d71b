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
  image = provider::seaworthy::parse_image("registry.example.com:5000/shop/api:1.4.2")
}

# "1.4.2"; null for a reference without a tag.
output "tag" {
  value = local.image.tag
}

# "docker.io/library/nginx": the short names of Docker Hub are written out.
output "full_name" {
  value = provider::seaworthy::parse_image("nginx:1.28.0").repository
}

# A rule of your own, checked during plan.
check "own_registry" {
  assert {
    condition     = local.image.registry == "registry.example.com:5000"
    error_message = "Only images of our own registry are used here."
  }
}
