terraform {
  required_providers {
    seaworthy = {
      source  = "seaworthy-dev/seaworthy"
      version = "~> 0.1"
    }
  }
}

# The image by its digest, so that what was scanned is what runs.
data "seaworthy_image" "worker" {
  ref       = "registry.example.com/shop/worker:2.0.1"
  platforms = ["linux/amd64"]
}

# A plan that would run a known high or critical vulnerability fails.
data "seaworthy_image_scan" "worker" {
  ref      = data.seaworthy_image.worker.pinned
  platform = "linux/amd64"
  fail_on  = "high"

  ignore = {
    "CVE-2023-5678" = {
      reason  = "Long keys are refused in front of the service."
      expires = "2099-12-31"
    }
  }
}

output "vulnerabilities" {
  value = data.seaworthy_image_scan.worker.counts
}
