terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# Which base image? What each must have is a requirement; what is better decides the ranking.
data "seaworthy_image_comparison" "base" {
  candidates = {
    alpine     = "registry.example.com/base/alpine:3.22"
    debian     = "registry.example.com/base/debian:13-slim"
    distroless = "registry.example.com/base/distroless:debian13"
  }
  platform = "linux/amd64"

  require = {
    libc            = "glibc"
    shell           = false
    package_manager = false
    platforms       = ["linux/amd64", "linux/arm64"]
    max_size_bytes  = 100 * 1000 * 1000
    supported_until = "2027-06-30"
    host_os         = "debian"
  }
  rank_by        = ["size", "packages"]
  bandwidth_mbps = 200

  # Download up to 20 MB from each registry, to see in registries how fast it is from here.
  measure_pull           = true
  measure_pull_max_bytes = 20 * 1000 * 1000
}

# The digest to build on, and why the others are not it.
output "base" {
  value = data.seaworthy_image_comparison.base.results[data.seaworthy_image_comparison.base.recommended].pinned
}

output "why_not_alpine" {
  value = data.seaworthy_image_comparison.base.results["alpine"].reasons
}

# For a pull request: a table, and a picture.
output "table" {
  value = data.seaworthy_image_comparison.base.markdown
}
