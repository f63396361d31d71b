package workload_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func TestValidate_MetricsThatKubernetesAccepts(t *testing.T) {
	t.Parallel()
	for name, metric := range map[string]string{
		"share of a resource":     "resource: {name: cpu, average_utilization: 200}",
		"amount without requests": "resource: {name: example.com/gpu, average_value: 1}",
		"container":               "container_resource: {name: memory, container: api, average_utilization: 80}",
		"pods":                    "pods: {name: 'any name', average_value: 100m}",
		"object":                  "object: {name: a, described_object: {kind: Service, name: b}, average_value: 1}",
		"external":                "external: {name: a:b, match_labels: {a: b}, value: 1}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := describe(t, api+"autoscaling: {min_replicas: 1, max_replicas: 2, metrics: {x: {"+metric+"}}}")
			if err := w.Validate(kubeversion.Oldest); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidate_NoPodsNeedSomethingElseToMeasure(t *testing.T) {
	t.Parallel()
	for metric, valid := range map[string]bool{
		"external: {name: a, value: 1}":                                           true,
		"object: {name: a, described_object: {kind: Service, name: b}, value: 1}": true,
		"pods: {name: a, average_value: 1}":                                       false,
		"resource: {name: cpu, average_utilization: 50}":                          false,
	} {
		w := describe(t, api+"autoscaling: {min_replicas: 0, max_replicas: 2, metrics: {x: {"+metric+"}}}")
		if err := w.Validate(kubeversion.Newest); (err == nil) != valid {
			t.Errorf("%s: %v", metric, err)
		}
	}
}

func TestValidate_BlamesMetrics(t *testing.T) {
	t.Parallel()
	scaled := func(metrics string) string {
		return "autoscaling: {min_replicas: 1, max_replicas: 2, metrics: {" + metrics + "}}"
	}
	const at = `autoscaling.metrics["x"]`
	checkBlamed(t, map[string]blamed{
		"nothing measured":       {"", scaled("x: {}"), at + ": measures nothing"},
		"two kinds":              {"", scaled("x: {pods: {name: a, average_value: 1}, external: {name: a, value: 1}}"), at + ": sets pods and external"},
		"no target":              {"", scaled("x: {resource: {name: cpu}}"), at + ".resource: set average_utilization or average_value"},
		"two targets":            {"", scaled("x: {external: {name: a, value: 1, average_value: 1}}"), at + ".external: keep one"},
		"two targets of object":  {"", scaled("x: {object: {name: a, described_object: {kind: a, name: b}, value: 1, average_value: 1}}"), at + ".object: keep one"},
		"resource name":          {"", scaled("x: {resource: {name: cpus, average_value: 1}}"), at + ".resource.name: is no resource"},
		"share without request":  {"", "  z: {image: a" + digest + "}\n" + scaled("x: {resource: {name: cpu, average_utilization: 50}}"), at + `.resource.average_utilization: container "z" has none`},
		"share of container":     {"", "  z: {image: a" + digest + "}\n" + scaled("x: {container_resource: {name: cpu, container: z, average_utilization: 50}}"), at + `.container_resource.average_utilization: container "z" has none`},
		"no such container":      {"", scaled("x: {container_resource: {name: cpu, container: y, average_value: 1}}"), at + ".container_resource.container: those are api"},
		"target zero":            {"", scaled("x: {pods: {name: a, average_value: 0}}"), at + ".pods.average_value: above zero"},
		"target text":            {"", scaled("x: {pods: {name: a, average_value: lots}}"), at + ".pods.average_value: not a quantity"},
		"share zero":             {"", scaled("x: {resource: {name: cpu, average_utilization: 0}}"), at + ".resource.average_utilization: use 1 or more"},
		"metric name":            {"", scaled("x: {external: {name: a/b, value: 1}}"), at + ".external.name: may not contain '/'"},
		"no metric name":         {"", scaled("x: {external: {name: '', value: 1}}"), at + ".external.name: is empty"},
		"metric label":           {"", scaled("x: {external: {name: a, match_labels: {a: 'b c'}, value: 1}}"), at + `.external.match_labels["a"]: is not valid`},
		"metric expression":      {"", scaled("x: {pods: {name: a, match_expressions: [{key: a, operator: In}], average_value: 1}}"), at + ".pods.match_expressions[0].values: list at least one"},
		"object kind and name":   {"", scaled("x: {object: {name: a, described_object: {kind: a/b, name: ''}, value: 1}}"), at + ".object.described_object.kind: may not contain\n" + at + ".object.described_object.name: is empty"},
		"object version":         {"", scaled("x: {object: {name: a, described_object: {api_version: a/b/c, kind: a, name: b}, value: 1}}"), at + ".object.described_object.api_version: no API version"},
		"tolerance of a version": {"", "autoscaling: {min_replicas: 1, max_replicas: 2, cpu_utilization: 50, behavior: {scale_up: {tolerance: 0.1}}}", "autoscaling.behavior.scale_up.tolerance: needs Kubernetes 1.35"},
	})
}
