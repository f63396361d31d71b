terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# One release, for both architectures of the cluster.
data "seaworthy_image" "api" {
  ref            = "registry.example.com/shop/api:1.4.2"
  platforms      = ["linux/amd64", "linux/arm64"]
  max_size_bytes = 200 * 1000 * 1000

  # What it may be built on, to see when the base has fixes that a new build would bring.
  base_candidates = { debian = "docker.io/library/debian:13-slim" }
}

# The newest release of a line: every plan looks again, and shows a newer one as a change.
data "seaworthy_image" "worker" {
  ref     = "registry.example.com/shop/worker"
  version = "~> 2.1"
}

# The same image must be in the mirror that the cluster pulls from.
data "seaworthy_image" "mirrored" {
  ref       = "registry.example.com/shop/web:2.0.1"
  platforms = ["linux/amd64", "linux/arm64"]
  mirrors   = ["mirror.example.com/cache"]
}

# A release that its publisher has signed: cosign sign --key cosign.key registry.example.com/shop/payments@sha256:…
data "seaworthy_image" "payments" {
  ref = "registry.example.com/shop/payments:3.0.1"

  verify = {
    keys = [file("${path.module}/cosign.pub")]
  }
}

# What a workload takes: registry.example.com/shop/api:1.4.2@sha256:…
output "image" {
  value = data.seaworthy_image.api.pinned
}

output "newest_worker" {
  value = data.seaworthy_image.worker.tag
}

# Whether the tag of the image's base has moved on: null where the base is not known.
output "base_outdated" {
  value = data.seaworthy_image.api.bases["linux/amd64"].outdated
}

# Facts from the image's config, by platform.
output "runs_as_root" {
  value = data.seaworthy_image.api.images["linux/amd64"].runs_as_root
}

# mirror.example.com/cache/shop/web:2.0.1@sha256:…
output "image_in_the_mirror" {
  value = data.seaworthy_image.mirrored.mirrored["mirror.example.com/cache"]
}
