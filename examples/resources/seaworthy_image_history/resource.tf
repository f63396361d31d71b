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

# With each new release the plan shows what changes: size, packages, vulnerabilities that are new or fixed.
# A release that is a tenth larger, or that brings a critical vulnerability, fails the plan.
resource "seaworthy_image_history" "api" {
  name     = "api"
  image    = data.seaworthy_image.api.pinned
  platform = "linux/amd64"
  keep     = 20

  max_growth  = "10%"
  fail_on_new = "critical"
}

# For the text of a pull request, or a notification.
output "changed_packages" {
  value = try(seaworthy_image_history.api.changes.packages_changed, {})
}
