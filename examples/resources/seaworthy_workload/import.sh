# namespace/name, or Kind/namespace/name for a kind other than Deployment; the key of a manifest does, too.
terraform import seaworthy_workload.api shop/api
