//go:build cluster

package clustertest_test

import (
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// podParts are what pods say of themselves beside their containers and place.
var podParts = []part{
	func(g generator, w *workload.Workload) { w.Affinity = g.affinity() },
	func(g generator, w *workload.Workload) {
		facts := workload.ImageFacts{
			User: maybe(g, "", "65532", "app:app"), RunsAsRoot: maybe(g, true, false), Entrypoint: []string{"/main"},
			Command: []string{"--serve"}, ExposedPorts: []string{"8080/tcp"}, Shells: []string{"/bin/sh", "/bin/bash"},
		}
		for _, name := range slices.Sorted(maps.Keys(w.Containers)) {
			w.ImageFacts = map[string]workload.ImageFacts{name: facts}
		}
	},
	func(g generator, w *workload.Workload) { w.SchedulerName = maybe(g, "batch", "default-scheduler") },
	func(g generator, w *workload.Workload) { w.HostUsers = maybe(g, true, false) },
	func(g generator, w *workload.Workload) { w.ShareProcessNamespace = maybe(g, true, false) },
	func(g generator, w *workload.Workload) { w.EnableServiceLinks = maybe(g, true, false) },
	func(g generator, w *workload.Workload) {
		w.Resources = maybe(g,
			workload.Resources{Requests: map[string]string{"cpu": "40"}},
			workload.Resources{Limits: map[string]string{"memory": "4Ti"}, Requests: map[string]string{"memory": "8G"}})
	},
	func(g generator, w *workload.Workload) {
		w.DNSPolicy = maybe(g, "ClusterFirst", "Default", "None")
		w.DNSConfig = maybe(g,
			workload.DNSConfig{Nameservers: pick(g, []string{"10.0.0.53"}, []string{"10.0.0.53", "2001:db8::53", "::1"})},
			workload.DNSConfig{Searches: pick(g, []string{"example.com."}, []string{"a_b", "."})},
			workload.DNSConfig{Options: some(g, 2, func() (string, string) { return pick(g, "ndots", "edns0"), pick(g, "", "2") })})
	},
	func(g generator, w *workload.Workload) {
		w.HostAliases = some(g, 2, func() (string, workload.HostAlias) {
			return pick(g, "10.1.2.3", "2001:db8::1"), workload.HostAlias{Hostnames: pick(g, []string{"a"}, []string{"legacy", "legacy.example.com"})}
		})
	},
	func(g generator, w *workload.Workload) {
		w.Hostname, w.Subdomain = maybe(g, "web", "0"), maybe(g, "web", "0-0")
		w.SetHostnameAsFQDN, w.HostnameOverride = maybe(g, true, false), maybe(g, "web.example.com")
	},
}

// hookParts are what containers do at their beginning and end.
var hookParts = []part{
	inContainer(func(g generator, c *workload.Container) {
		c.Lifecycle = maybe(g, workload.Lifecycle{PostStart: g.hook(c.Ports), PreStop: g.hook(c.Ports)})
	}),
	inContainer(func(g generator, c *workload.Container) {
		c.ResizePolicy = some(g, 2, func() (string, string) {
			return pick(g, "cpu", "memory"), pick(g, "NotRequired", "RestartContainer")
		})
	}),
	inContainer(func(g generator, c *workload.Container) {
		c.TerminationMessagePath = maybe(g, "/dev/last", "/a b")
		c.TerminationMessagePolicy = maybe(g, "File", "FallbackToLogsOnError")
	}),
}

func (g generator) hook(ports map[string]workload.Port) *workload.Hook {
	hooks := []workload.Hook{
		{Exec: &workload.Exec{Command: []string{"true", g.text()}}},
		{Sleep: &workload.Sleep{Seconds: pick[int64](g, 0, 1, 5)}},
	}
	for _, name := range sortedKeys(ports) {
		hooks = append(hooks, workload.Hook{HTTPGet: &workload.HTTPGet{
			Port: name, Path: maybe(g, "/drain", "/a b"), Scheme: maybe(g, "HTTP", "HTTPS"),
			Headers: some(g, 1, func() (string, string) { return "X-Hook", g.text() }),
		}})
	}
	return maybe(g, hooks...)
}

func (g generator) appArmorProfile() *string {
	return maybe(g, "RuntimeDefault", "Unconfined", "localhost/k8s-api")
}

func (g generator) seLinuxOptions() *workload.SELinuxOptions {
	return maybe(g,
		workload.SELinuxOptions{Level: new("s0:c1,c2"), Type: maybe(g, "container_t", "spc_t")},
		workload.SELinuxOptions{User: new("system_u"), Role: maybe(g, "system_r")})
}

// affinity draws what the nodes of the cluster fulfil.
func (g generator) affinity() *workload.Affinity {
	return maybe(g,
		workload.Affinity{NodeAffinity: &workload.NodeAffinity{Required: []workload.NodeTerm{
			{MatchExpressions: []workload.NodeRequirement{g.nodeRequirement()}},
			{MatchFields: otherNodes()},
		}}},
		workload.Affinity{NodeAffinity: &workload.NodeAffinity{Preferred: []workload.WeightedNodeTerm{
			{Weight: pick[int32](g, 1, 100), NodeTerm: workload.NodeTerm{MatchExpressions: []workload.NodeRequirement{g.nodeRequirement(), g.nodeRequirement()}}},
			{Weight: pick[int32](g, 1, 100), NodeTerm: workload.NodeTerm{MatchFields: otherNodes()}},
		}}},
		workload.Affinity{PodAffinity: &workload.PodAffinity{Preferred: []workload.WeightedPodTerm{{Weight: 1, PodTerm: g.podTerm()}}}},
		workload.Affinity{
			PodAffinity:     &workload.PodAffinity{Required: []workload.PodTerm{g.nearOwn()}},
			PodAntiAffinity: &workload.PodAffinity{Preferred: []workload.WeightedPodTerm{{Weight: 100, PodTerm: g.podTerm()}}},
		},
		workload.Affinity{PodAntiAffinity: &workload.PodAffinity{Required: []workload.PodTerm{g.farFromNobody()}}})
}

// otherNodes is a requirement that every node fulfils.
func otherNodes() []workload.NodeRequirement {
	return []workload.NodeRequirement{{Key: "metadata.name", Operator: "NotIn", Values: []string{"no-such-node"}}}
}

// nearOwn draws a term that the first pod of a workload fulfils by itself, and each
// later one wherever it is: all nodes are in one region.
func (g generator) nearOwn() workload.PodTerm {
	return workload.PodTerm{
		TopologyKey:    "topology.kubernetes.io/region",
		PodLabels:      pick(g, nil, map[string]string{workload.LabelManagedBy: "seaworthy"}),
		PodExpressions: pick(g, nil, []workload.LabelExpression{{Key: workload.LabelName, Operator: "NotIn", Values: []string{"nobody"}}}),
		Namespaces:     pick(g, nil, []string{"data", "more"}), NamespaceLabels: map[string]string{},
		MatchLabelKeys: pick(g, nil, []string{"pod-template-hash"}), MismatchLabelKeys: pick(g, nil, []string{"tenant"}),
	}
}

// farFromNobody draws a term that selects no pod of the cluster.
func (g generator) farFromNobody() workload.PodTerm {
	return workload.PodTerm{
		TopologyKey: "kubernetes.io/hostname", PodLabels: map[string]string{"none": "such"},
		PodExpressions: pick(g, nil, []workload.LabelExpression{{Key: "tier", Operator: "In", Values: []string{"none"}}}),
		Namespaces:     pick(g, nil, []string{"data", "more"}), NamespaceLabels: pick(g, nil, map[string]string{}, map[string]string{"team": "data"}),
		MatchLabelKeys: pick(g, nil, []string{"pod-template-hash"}), MismatchLabelKeys: pick(g, nil, []string{"tenant", "app"}),
	}
}

func (g generator) nodeRequirement() workload.NodeRequirement {
	return pick(g,
		workload.NodeRequirement{Key: "kubernetes.io/arch", Operator: "In", Values: []string{"amd64", "arm64"}},
		workload.NodeRequirement{Key: "a.b/c", Operator: pick(g, "Exists", "DoesNotExist")},
		workload.NodeRequirement{Key: "cores", Operator: pick(g, "Gt", "Lt"), Values: []string{pick(g, "8", "-1")}})
}

func (g generator) podTerm() workload.PodTerm {
	return workload.PodTerm{
		TopologyKey:    pick(g, "kubernetes.io/hostname", "topology.kubernetes.io/zone"),
		PodLabels:      pick(g, nil, map[string]string{}, map[string]string{"app": "cache"}),
		PodExpressions: pick(g, nil, []workload.LabelExpression{{Key: "tier", Operator: "In", Values: []string{"a", ""}}}),
		Namespaces:     pick(g, nil, []string{"data", "more"}), NamespaceLabels: pick(g, nil, map[string]string{}, map[string]string{"team": "data"}),
		MatchLabelKeys: pick(g, nil, []string{"pod-template-hash"}), MismatchLabelKeys: pick(g, nil, []string{"tenant", "app"}),
	}
}
