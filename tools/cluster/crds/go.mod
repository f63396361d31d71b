// The custom resource definitions of the test cluster (see tools/cluster). Nothing
// of these modules is compiled: their releases carry the definitions as YAML.
module github.com/seaworthy-dev/terraform-provider-seaworthy/tools/cluster/crds

go 1.26.0

require (
	github.com/argoproj/argo-rollouts v1.10.1
	github.com/fluxcd/flagger v1.44.0
	github.com/kedacore/keda/v2 v2.21.0
	github.com/projectcontour/contour v1.33.8
	github.com/prometheus-operator/prometheus-operator v0.91.0
	github.com/traefik/traefik/v3 v3.7.13
	github.com/zalando/skipper v0.22.0
	istio.io/api v1.31.1
	k8s.io/autoscaler/vertical-pod-autoscaler v1.8.1
	sigs.k8s.io/gateway-api v1.6.3
)
