package workload_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

const nextImage = `{api: "registry.example.com/shop/api:1.5.0` + digest + `"}`

func TestValidate_Delivery(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ addition, want string }{
		"canary by pods":   {"replicas: 4\nstrategy: {canary: {weight: 20, candidate: {images: " + nextImage + "}}}", ""},
		"blue-green":       {"strategy: {blue_green: {active: candidate, candidate: {images: " + nextImage + ", env: {api: {LOG_LEVEL: debug}}, resources: {api: {requests: {cpu: 300m}}}, replicas: 2}}}", ""},
		"route":            {"traffic: {provider: gateway_api, gateway: infra/public, port: http}", ""},
		"port called http": {"traffic: {provider: nginx}", ""},
		"canary of pods that are scaled": {"autoscaling: {min_replicas: 2, max_replicas: 4, cpu_utilization: 50}\nstrategy: {canary: {candidate: {images: " + nextImage + "}}}",
			"autoscaling: changes the number of pods, which is what splits the requests"},
		"no such port":       {"traffic: {provider: nginx, port: web}", `traffic.port: "web" is no declared port`},
		"unknown container":  {"strategy: {canary: {candidate: {images: {web: a}}}}", `strategy.canary.candidate.images["web"]: no container has that name`},
		"image of nothing":   {"strategy: {canary: {candidate: {images: {api: 'A B'}}}}", `strategy.canary.candidate.images["api"]: invalid image reference`},
		"variable with =":    {"strategy: {canary: {candidate: {env: {api: {'A=B': c}}}}}", `strategy.canary.candidate.env["api"]["A=B"]: is not valid`},
		"memory over limit":  {"strategy: {canary: {candidate: {resources: {api: {requests: {memory: 1Gi}}}}}}", `strategy.canary.candidate.resources["api"].requests["memory"]: limit`},
		"no Service":         {"service: {enabled: false}\nstrategy: {blue_green: {}}", "strategy: has no Service"},
		"route without one":  {"service: {enabled: false}\ntraffic: {provider: nginx}", "traffic: leads to a Service"},
		"flagger, no scaler": {"strategy: {engine: flagger, canary: {}}\ntraffic: {provider: istio}", "strategy.engine: set autoscaling"},
		"argo":               {"strategy: {engine: argo_rollouts, canary: {}}\ntraffic: {provider: istio}", ""},
		"argo by pods, HPA":  {"autoscaling: {min_replicas: 2, max_replicas: 4, cpu_utilization: 50}\nstrategy: {engine: argo_rollouts, canary: {}}", ""},
		"bad annotation":     {"traffic: {provider: nginx, annotations: {'fd00::/8': a}}", `traffic.annotations["fd00::/8"]: is not valid`},
		"name too long":      {"strategy: {canary: {candidate: {images: " + nextImage + "}}}\nname: " + strings.Repeat("a", 54), "name: has 54 characters: with this strategy it may have 53"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := api + tt.addition
			if strings.Contains(tt.addition, "\nname: ") {
				document = strings.Replace(document, "name: api\n", "", 1)
			}
			blames(t, describe(t, document), tt.want)
		})
	}
}

// Flagger gives App Mesh the Service's port for that of the pods.
func TestValidate_FlaggerKnowsOnePortInAppMesh(t *testing.T) {
	t.Parallel()
	const delivery = "autoscaling: {min_replicas: 2, max_replicas: 4, cpu_utilization: 50}\nstrategy: {engine: flagger, canary: {}}\ntraffic: {provider: app_mesh}"
	blames(t, describe(t, api+delivery), "")
	other := strings.Replace(api, "http: {container_port: 8080}", "http: {container_port: 8080, service_port: 80}", 1)
	blames(t, describe(t, other+delivery), `traffic.provider: set service_port of port "http" to 8080`)
	blames(t, describe(t, other+strings.Replace(delivery, "app_mesh", "istio", 1)), "")
}

func TestValidate_OtherKindsHaveOneVersion(t *testing.T) {
	t.Parallel()
	daemon := strings.Replace(api, "kind: Deployment", "kind: DaemonSet", 1)
	blames(t, describe(t, daemon+"strategy: {canary: {}}"), "strategy.canary: is not something that a DaemonSet has, but a Deployment")
	blames(t, describe(t, daemon+"traffic: {provider: nginx}"), "")
}

// The share of a canary decides how many pods it has; the stable version keeps all of its own.
func TestCandidate_IsScaledByItsShare(t *testing.T) {
	t.Parallel()
	const scaled = "autoscaling: {min_replicas: 10, max_replicas: 40, cpu_utilization: 50}\ntraffic: {provider: istio}\n"
	for addition, want := range map[string]int32{
		"replicas: 4\nstrategy: {canary: {weight: 0, candidate: {images: " + nextImage + "}}}":                   1,
		"replicas: 4\nstrategy: {canary: {weight: 20, candidate: {images: " + nextImage + "}}}":                  1, // 1 of 5
		"replicas: 4\nstrategy: {canary: {weight: 50, candidate: {images: " + nextImage + "}}}":                  4, // 4 of 8
		"replicas: 4\nstrategy: {canary: {weight: 100, candidate: {images: " + nextImage + "}}}":                 4,
		"replicas: 100000000\nstrategy: {canary: {weight: 99, candidate: {images: " + nextImage + "}}}":          1<<31 - 1, // not 9,900,000,000
		scaled + "strategy: {canary: {weight: 25, candidate: {images: " + nextImage + "}}}":                      3,         // rounded up
		scaled + "strategy: {canary: {weight: 25, candidate: {replicas: 7, images: " + nextImage + "}}}":         7,
		scaled + "strategy: {blue_green: {candidate: {images: " + nextImage + "}}}":                              10,
		scaled + "strategy: {ab_test: {match: [{header: a, exact: b}], candidate: {images: " + nextImage + "}}}": 10,
	} {
		w := describe(t, api+addition)
		if got := w.Candidate().LowestReplicas(); got != want {
			t.Errorf("%s: %d pods, want %d", addition, got, want)
		}
		if stable := w.LowestReplicas(); stable != 4 && stable != 10 && stable != 100_000_000 {
			t.Errorf("%s: the stable version has %d pods", addition, stable)
		}
	}
}

// The two versions share what makes them one workload and nothing that tells their pods apart.
func TestCandidate_IsOfTheSameInstance(t *testing.T) {
	t.Parallel()
	w := describe(t, api+"strategy: {canary: {candidate: {images: "+nextImage+", env: {api: {LOG_LEVEL: debug}}}}}\ntraffic: {provider: istio}\nconfig_files: {/etc/a: {content: a}}\n")
	next := w.Candidate()
	if next.Name != "api-candidate" || next.InstanceName() != "api" || next.Selector()["app.kubernetes.io/name"] == w.Selector()["app.kubernetes.io/name"] {
		t.Errorf("%s of %s, selected by %v", next.Name, next.InstanceName(), next.Selector())
	}
	if next.ServiceAccountName() != w.ServiceAccountName() || next.CreatesServiceAccount() || next.ConfigMapName() != w.ConfigMapName() {
		t.Error("the candidate has an account or config files of its own")
	}
	if next.Traffic != nil || next.Strategy != nil || next.Alerts != nil {
		t.Error("the candidate has a route, a strategy or alerts of its own")
	}
	if w.Containers["api"].Env["LOG_LEVEL"] != "info" || next.Containers["api"].Env["LOG_LEVEL"] != "debug" || next.Containers["api"].Image == w.Containers["api"].Image {
		t.Error("the candidate's changes are not its own")
	}
	if w.Engine() != rollout.Native || w.Weight() != 0 {
		t.Errorf("engine %s, weight %d", w.Engine(), w.Weight())
	}
}
