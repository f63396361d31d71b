# What would reach the cluster? The provider is the real one: it renders and checks the manifests. Only what would
# need a registry is replaced, so the test runs anywhere, offline.
provider "seaworthy" {
  kubernetes_version = "1.34"
}

override_data {
  target = data.seaworthy_image.this
  values = {
    pinned = "registry.example.com/shop/api:1.4.2@sha256:4c1b2e3f5a6978d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1e"
  }
}

variables {
  name      = "api"
  namespace = "shop"
  image     = "registry.example.com/shop/api:1.4.2"
  size      = { min_replicas = 2, max_replicas = 4, cpu = "100m", memory = "128Mi" }
}

run "renders_every_object" {
  command = plan

  assert {
    condition = toset(keys(output.manifests)) == toset([
      "Deployment.apps/shop/api",
      "HorizontalPodAutoscaler.autoscaling/shop/api",
      "NetworkPolicy.networking.k8s.io/shop/api",
      "PodDisruptionBudget.policy/shop/api",
      "Service/shop/api",
      "ServiceAccount/shop/api",
    ])
    error_message = "These objects were rendered: ${join(", ", keys(output.manifests))}."
  }

  assert {
    condition     = yamldecode(output.manifests["Service/shop/api"]).spec.ports[0].port == 80
    error_message = "Clients must reach the service on port 80."
  }
}

run "limits_memory_to_the_request" {
  command = plan

  assert {
    condition = alltrue([
      for c in yamldecode(output.manifests["Deployment.apps/shop/api"]).spec.template.spec.containers :
      c.resources.limits.memory == c.resources.requests.memory
    ])
    error_message = "Pods that may use more memory than they requested are the first to be evicted."
  }
}

run "writes_the_reason_of_an_exception_on_the_object" {
  command = plan

  variables {
    size       = { min_replicas = 1, max_replicas = 1, cpu = "100m", memory = "128Mi" }
    exceptions = { replicas = "A test of the module." }
  }

  assert {
    condition     = yamldecode(output.manifests["Deployment.apps/shop/api"]).metadata.annotations["exception.seaworthy.dev/replicas"] == "A test of the module."
    error_message = "The reason must show on the Deployment."
  }
}
