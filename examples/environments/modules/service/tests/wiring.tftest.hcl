# Does the module hand on what its caller says? The whole provider is mocked: no registry is asked and nothing
# is rendered. Computed attributes are made up, apart from those that are given here.
mock_provider "seaworthy" {
  mock_data "seaworthy_image" {
    defaults = {
      pinned = "registry.example.com/shop/api:1.4.2@sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
    }
  }

  mock_resource "seaworthy_workload" {
    defaults = {
      manifests = { "Deployment.apps/shop/api" = "kind: Deployment" }
    }
  }
}

variables {
  name      = "api"
  namespace = "shop"
  image     = "registry.example.com/shop/api:1.4.2"
  size      = { min_replicas = 2, max_replicas = 4, cpu = "100m", memory = "128Mi" }
}

run "scales_between_the_bounds" {
  assert {
    condition     = seaworthy_workload.this.autoscaling.min_replicas == 2 && seaworthy_workload.this.autoscaling.max_replicas == 4
    error_message = "The autoscaler must get the bounds of var.size."
  }

  assert {
    condition     = seaworthy_workload.this.replicas == null
    error_message = "A number of pods next to an autoscaler is refused."
  }
}

run "runs_a_fixed_number" {
  variables {
    size = { min_replicas = 3, max_replicas = 3, cpu = "100m", memory = "128Mi" }
  }

  assert {
    condition     = seaworthy_workload.this.replicas == 3 && seaworthy_workload.this.autoscaling == null
    error_message = "Equal bounds must give a fixed number of pods."
  }
}

run "takes_the_pinned_image" {
  assert {
    condition     = seaworthy_workload.this.containers["api"].image == data.seaworthy_image.this.pinned
    error_message = "The container must run the digest, not the tag."
  }

  assert {
    condition     = output.manifests == tomap({ "Deployment.apps/shop/api" = "kind: Deployment" })
    error_message = "The manifests must reach the caller as they are."
  }
}

run "refuses_bounds_in_the_wrong_order" {
  command = plan

  variables {
    size = { min_replicas = 4, max_replicas = 2, cpu = "100m", memory = "128Mi" }
  }

  expect_failures = [var.size]
}
