variable "name" {
  description = "Name of the service and of every object made for it."
  type        = string
}

variable "namespace" {
  description = "Namespace of every object; it must exist in the cluster."
  type        = string
}

variable "image" {
  description = "Image reference with a release's own tag; it is resolved to a digest during plan."
  type        = string
}

variable "port" {
  description = "Port that the container listens on; /healthz and /ready answer there."
  type        = number
  default     = 8080
}

variable "env" {
  description = "Environment variables with plain values."
  type        = map(string)
  default     = {}
}

variable "size" {
  description = "How much the service gets: pods (a fixed number where min and max are equal), and memory and CPU of each."
  type = object({
    min_replicas = number
    max_replicas = number
    cpu          = string
    memory       = string
  })

  validation {
    condition     = var.size.min_replicas <= var.size.max_replicas
    error_message = "min_replicas must not be more than max_replicas."
  }
}

variable "exceptions" {
  description = "Hardening rules that do not apply here: rule ID to the reason."
  type        = map(string)
  default     = {}
}
