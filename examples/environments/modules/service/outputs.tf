output "manifests" {
  description = "The rendered objects, as of seaworthy_workload: a root module merges those of its services."
  value       = seaworthy_workload.this.manifests
}

output "image" {
  description = "What runs: tag and digest."
  value       = data.seaworthy_image.this.pinned
}
