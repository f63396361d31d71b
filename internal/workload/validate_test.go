package workload_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

const digest = "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// api is a valid description; each test changes one thing.
const api = `
name: api
namespace: shop
kind: Deployment
containers:
  api:
    image: registry.example.com/shop/api:1.4.2` + digest + `
    ports: {http: {container_port: 8080}, metrics: {container_port: 9090}}
    env: {LOG_LEVEL: info}
    env_from_secret: {DB_PASSWORD: {secret: api-db, key: password}}
    resources: {requests: {cpu: 200m, memory: 128Mi}, limits: {memory: 256Mi}}
    startup_probe: {http_get: {path: /healthz, port: http}, failure_threshold: 30}
    readiness_probe: {http_get: {path: /ready, port: "8080"}}
    liveness_probe: {exec: {command: [cat, /tmp/alive]}}
`

func describe(t *testing.T, document string) workload.Workload {
	t.Helper()
	var w workload.Workload
	if err := yaml.UnmarshalStrict([]byte(document), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestValidate_AcceptsWhatKubernetesAccepts(t *testing.T) {
	t.Parallel()
	for name, addition := range map[string]string{
		"nothing more":                "",
		"replicas zero":               "replicas: 0",
		"one port for two protocols":  "  dns: {image: a" + digest + ", ports: {dns: {container_port: 53, protocol: UDP}, dns-tcp: {container_port: 53}}}",
		"extended resource":           `  gpu: {image: a` + digest + `, resources: {limits: {example.com/gpu: "1"}}}`,
		"autoscaling on a limit":      "autoscaling: {min_replicas: 1, max_replicas: 1, memory_utilization: 80}",
		"toleration of everything":    "tolerations: [{operator: Exists}]",
		"two spreads":                 "topology_spread: [{topology_key: a}, {topology_key: a, when_unsatisfiable: DoNotSchedule, min_domains: 2}]",
		"no spread":                   "topology_spread: []",
		"own version label":           `labels: {app.kubernetes.io/version: "1.4.2"}`,
		"policy with nobody admitted": "network_policy: {ingress: []}",
		"policy with every namespace": "network_policy: {ingress: [{from: [{namespace_labels: {}}], ports: [http]}]}",
		"cidr with exception":         "network_policy: {egress: [{to: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}], ports: [{port: 5432}]}]}",
		"foreign account":             "service_account: {create: false, name: shared}",
		"local seccomp profile":       "security_context: {seccomp_profile: localhost/profiles/audit.json}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := describe(t, api+addition)
			if err := w.Validate(kubeversion.Oldest); err != nil {
				t.Error(err)
			}
			if err := w.WithDefaults().Validate(kubeversion.Oldest); err != nil {
				t.Errorf("with defaults: %v", err)
			}
		})
	}
}

func TestValidate_BlamesTheAttribute(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64)
	checkBlamed(t, map[string]blamed{
		"long name":              {"name: api", "name: " + long, "name: must be no more than 63"},
		"name for no Service":    {"name: api", "name: 1api", "name: begins with a letter"},
		"no namespace":           {"namespace: shop", `namespace: ""`, "namespace: is not valid"},
		"unsupported kind":       {"kind: Deployment", "kind: ReplicaSet", "kind: use Deployment"},
		"label key":              {"", "labels: {'a b': c}", `labels["a b"]: is not valid`},
		"label value":            {"", "labels: {a: 'b c'}", `labels["a"]: is not valid`},
		"reserved label":         {"", "pod_labels: {app.kubernetes.io/name: other}", `pod_labels["app.kubernetes.io/name"]: selectors rest on it`},
		"annotation key":         {"", "annotations: {'a b': c}", `annotations["a b"]: is not valid`},
		"control character":      {"", `annotations: {a: "\u0007"}`, `annotations["a"]: control character U+0007`},
		"image":                  {"image: registry", "image: Registry.example.com/UPPER/", `containers["api"].image: `},
		"image on disk":          {"image: registry.example.com/shop/api:1.4.2" + digest, "image: 'oci-layout:./dist'", `containers["api"].image: push it to a registry`},
		"pull policy":            {"env:", "image_pull_policy: Sometimes\n    env:", `containers["api"].image_pull_policy: none of Always`},
		"port name":              {"metrics: {", "metrics_port: {", `containers["api"].ports["metrics_port"]: is not valid`},
		"port number":            {"9090", "70000", `containers["api"].ports["metrics"].container_port: use 1 to 65535`},
		"port protocol":          {"9090", "9090, protocol: HTTP", `containers["api"].ports["metrics"].protocol: none of TCP`},
		"port clash":             {"9090", "8080", `containers["api"].ports["metrics"].container_port: is the port of api/http already`},
		"service port clash":     {"9090", "9090, service_port: 8080", `containers["api"].ports["metrics"].service_port: is the Service's port for api/http already`},
		"service port taken":     {"8080}", "8080, service_port: 9090}", `containers["api"].ports["metrics"].service_port: is the Service's port for api/http already`},
		"port name twice":        {"", "  b: {image: a" + digest + ", ports: {http: {container_port: 1}}}", `containers["b"].ports["http"]: container "api" has a port of this name`},
		"env name":               {"LOG_LEVEL", "1=2", `containers["api"].env["1=2"]: is not valid`},
		"env twice":              {"LOG_LEVEL", "DB_PASSWORD", `containers["api"].env_from_secret["DB_PASSWORD"]: set in env too`},
		"secret name":            {"api-db", "''", `containers["api"].env_from_secret["DB_PASSWORD"].secret: is empty`},
		"secret key":             {"key: password", "key: a/b", `containers["api"].env_from_secret["DB_PASSWORD"].key: is not valid`},
		"quantity":               {"200m", "lots", `containers["api"].resources.requests["cpu"]: not a quantity`},
		"negative quantity":      {"200m", "-1", `containers["api"].resources.requests["cpu"]: is negative`},
		"resource name":          {"cpu:", "cpus:", `containers["api"].resources.requests["cpus"]: is no resource`},
		"request over limit":     {"128Mi", "512Mi", `containers["api"].resources.requests["memory"]: more than the limit of 256Mi`},
		"gpu without limit":      {"cpu:", "example.com/gpu: 1, cpu:", `containers["api"].resources.requests["example.com/gpu"]: needs a limit`},
		"gpu in parts":           {"", "  x: {image: a" + digest + ", resources: {limits: {example.com/gpu: 500m}}}", `containers["x"].resources.limits["example.com/gpu"]: a whole number`},
		"gpu as of a quota":      {"", "  x: {image: a" + digest + ", resources: {limits: {requests.example.com/gpu: 1}}}", `containers["x"].resources.limits["requests.example.com/gpu"]: names of quotas`},
		"huge pages in parts":    {"", "  x: {image: a" + digest + ", resources: {limits: {cpu: 1, hugepages-2Mi: 3Mi}}}", `containers["x"].resources.limits["hugepages-2Mi"]: whole pages of 2Mi`},
		"huge pages of no size":  {"", "  x: {image: a" + digest + ", resources: {limits: {cpu: 1, hugepages-big: 2Mi}}}", `containers["x"].resources.limits["hugepages-big"]: names no size`},
		"huge pages alone":       {"", "  x: {image: a" + digest + ", resources: {limits: {hugepages-2Mi: 2Mi}}}", `containers["x"].resources: without cpu or memory`},
		"relative path":          {"env:", "writable_paths: {tmp: 1Mi}\n    env:", `containers["api"].writable_paths["tmp"]: not an absolute path`},
		"path with colon":        {"env:", "writable_paths: {'/a:b': 1Mi}\n    env:", `containers["api"].writable_paths["/a:b"]: holds a colon`},
		"no handler":             {"{exec: {command: [cat, /tmp/alive]}}", "{period_seconds: 5}", `containers["api"].liveness_probe: set one of http_get`},
		"two handlers":           {"{exec: {command: [cat, /tmp/alive]}}", "{exec: {command: [a]}, grpc: {port: http}}", `containers["api"].liveness_probe: grpc and exec`},
		"empty command":          {"[cat, /tmp/alive]", "[]", `containers["api"].liveness_probe.exec.command: is empty`},
		"undeclared port":        {`port: "8080"`, "port: https", `containers["api"].readiness_probe.http_get.port: those are http, metrics`},
		"probe of a UDP port":    {"", "  x: {image: a" + digest + ", ports: {u: {container_port: 2, protocol: UDP}}, readiness_probe: {tcp_socket: {port: u}}}", `containers["x"].readiness_probe.tcp_socket.port: is a UDP port`},
		"period zero":            {"failure_threshold: 30", "period_seconds: 0", `containers["api"].startup_probe.period_seconds: use 1 or more`},
		"success threshold":      {"failure_threshold: 30", "success_threshold: 2", `containers["api"].startup_probe.success_threshold: must be 1`},
		"header name":            {"path: /ready", "path: /ready, headers: {'a b': c}", `containers["api"].readiness_probe.http_get.headers["a b"]: is not valid`},
		"header value":           {"path: /ready", `path: /ready, headers: {a: "b\nc"}`, `containers["api"].readiness_probe.http_get.headers["a"]: line break`},
		"probe path":             {"path: /ready", "path: ready", `containers["api"].readiness_probe.http_get.path: not an absolute path`},
		"grace of readiness":     {`port: "8080"}`, `port: "8080"}, termination_grace_period_seconds: 5`, `containers["api"].readiness_probe.termination_grace_period_seconds: no meaning`},
		"negative replicas":      {"", "replicas: -1", "replicas: use 0 or more"},
		"replicas and scaling":   {"", "replicas: 3\nautoscaling: {min_replicas: 1, max_replicas: 2, cpu_utilization: 50}", "replicas: remove replicas"},
		"min over max":           {"", "autoscaling: {min_replicas: 3, max_replicas: 2, cpu_utilization: 50}", "autoscaling.max_replicas: less than min_replicas = 3"},
		"min below zero":         {"", "autoscaling: {min_replicas: -1, max_replicas: 2, cpu_utilization: 50}", "autoscaling.min_replicas: use 0 or more"},
		"no target":              {"", "autoscaling: {min_replicas: 1, max_replicas: 2}", "autoscaling: has no target"},
		"target without request": {"", "  x: {image: a" + digest + "}\nautoscaling: {min_replicas: 1, max_replicas: 2, cpu_utilization: 50}", `autoscaling.cpu_utilization: container "x" has none`},
		"empty policies":         {"", "autoscaling: {min_replicas: 1, max_replicas: 2, cpu_utilization: 50, behavior: {scale_up: {policies: []}}}", "autoscaling.behavior.scale_up.policies: is empty"},
		"policy period":          {"", "autoscaling: {min_replicas: 1, max_replicas: 2, cpu_utilization: 50, behavior: {scale_down: {policies: [{type: Pods, value: 1, period_seconds: 9999}]}}}", "autoscaling.behavior.scale_down.policies[0].period_seconds: use 1 to 1800"},
		"both budgets":           {"", "disruption_budget: {max_unavailable: '1', min_available: '1'}", "disruption_budget: keep one"},
		"budget over all":        {"", "disruption_budget: {max_unavailable: '101%'}", "disruption_budget.max_unavailable: more than all pods"},
		"eviction policy":        {"", "disruption_budget: {unhealthy_pod_eviction_policy: Never}", "disruption_budget.unhealthy_pod_eviction_policy: none of AlwaysAllow"},
		"strategy":               {"", "strategy: {rolling: {max_surge: '0'}}", "strategy.rolling.max_surge: both zero"},
		"deadline":               {"", "min_ready_seconds: 600", "progress_deadline_seconds: no rollout could succeed"},
		"service type":           {"", "service: {type: ExternalName}", "service.type: none of ClusterIP"},
		"account to find":        {"", "service_account: {create: false}", "service_account.name: name the account that exists"},
		"account not ours":       {"", "service_account: {create: false, name: a, annotations: {b: c}}", "service_account.annotations: no effect"},
		"policy off with rules":  {"", "network_policy: {enabled: false, ingress: []}", "network_policy.enabled: no effect"},
		"nobody":                 {"", "network_policy: {egress: [{to: [{}]}]}", "network_policy.egress[0].to[0]: names nobody"},
		"no peers":               {"", "network_policy: {egress: [{to: []}]}", "network_policy.egress[0].to: is empty"},
		"cidr and labels":        {"", "network_policy: {ingress: [{from: [{cidr: 10.0.0.0/8, pod_labels: {}}]}]}", "network_policy.ingress[0].from[0]: make two peers"},
		"cidr bits":              {"", "network_policy: {ingress: [{from: [{cidr: 10.1.0.0/8}]}]}", `network_policy.ingress[0].from[0].cidr: write "10.0.0.0/8"`},
		"cidr of IPv4 in IPv6":   {"", "network_policy: {egress: [{to: [{cidr: '::ffff:10.0.0.0/104'}]}]}", "network_policy.egress[0].to[0].cidr: write it as IPv4"},
		"annotations of pods":    {"", "annotations: {a: " + strings.Repeat("x", 200<<10) + "}\npod_annotations: {b: " + strings.Repeat("x", 100<<10) + "}", "pod_annotations: together with annotations"},
		"cidr exception":         {"", "network_policy: {ingress: [{from: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}]}]}", "network_policy.ingress[0].from[0].except[0]: does not lie within"},
		"policy port":            {"", "network_policy: {ingress: [{ports: [https]}]}", "network_policy.ingress[0].ports[0]: those are http, metrics"},
		"spread key":             {"", "topology_spread: [{topology_key: 'a b'}]", "topology_spread[0].topology_key: is not valid"},
		"spread twice":           {"", "topology_spread: [{topology_key: a}, {topology_key: a}]", "topology_spread[1].topology_key: already"},
		"min domains":            {"", "topology_spread: [{topology_key: a, min_domains: 2}]", "topology_spread[0].min_domains: needs when_unsatisfiable"},
		"toleration of nothing":  {"", "tolerations: [{effect: NoSchedule}]", "tolerations[0].key: is not set"},
		"toleration value":       {"", "tolerations: [{key: a, operator: Exists, value: b}]", "tolerations[0].value: no meaning"},
		"toleration seconds":     {"", "tolerations: [{key: a, value: b, toleration_seconds: 5}]", "tolerations[0].toleration_seconds: NoExecute"},
		"pull secret twice":      {"", "image_pull_secrets: [a, a]", "image_pull_secrets[1]: is listed already"},
		"user":                   {"", "security_context: {run_as_user: -1}", "security_context.run_as_user: use 0 to"},
		"seccomp":                {"", "security_context: {seccomp_profile: Default}", "security_context.seccomp_profile: none of"},
		"seccomp path":           {"", "security_context: {seccomp_profile: localhost/../a}", "security_context.seccomp_profile: not a path below"},
		"privileged":             {"env:", "security_context: {privileged: true}\n    env:", `containers["api"].security_context.privileged: allow_privilege_escalation`},
		"capability":             {"env:", "security_context: {capabilities: {add: [CAP_CHOWN, chown]}}\n    env:", "containers[\"api\"].security_context.capabilities.add[0]: without the prefix\ncontainers[\"api\"].security_context.capabilities.add[1]: in capitals"},
		"sys admin":              {"env:", "security_context: {capabilities: {add: [SYS_ADMIN]}}\n    env:", `containers["api"].security_context.capabilities.add: SYS_ADMIN`},
	})
}

func TestValidate_ReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	document := strings.NewReplacer("name: api\n", "name: API\n", "200m", "lots", "port: http", "port: https", "kind: Deployment", "kind: Pod").Replace(api)
	fields, _ := field.All(describe(t, document).Validate(kubeversion.Oldest))
	var got []string
	for _, f := range fields {
		got = append(got, f.Path.String())
	}
	want := []string{"name", "kind", `containers["api"].resources.requests["cpu"]`, `containers["api"].startup_probe.http_get.port`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestValidate_NoContainersIsAnError(t *testing.T) {
	t.Parallel()
	w := workload.Workload{Name: "a", Namespace: "b", Kind: workload.Deployment}
	fields, _ := field.All(w.Validate(kubeversion.Oldest))
	if len(fields) != 1 || fields[0].Path.String() != "containers" {
		t.Errorf("got %v", fields)
	}
}
