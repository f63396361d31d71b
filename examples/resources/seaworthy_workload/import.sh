# namespace/name, or Kind/namespace/name for a kind other than Deployment.
terraform import seaworthy_workload.api shop/api
