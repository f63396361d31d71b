package hardening_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// Patches of the base that several cases begin with.
const (
	noAutoscaler = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: api, namespace: shop}, $patch: delete}\n---\n"
	noBudget     = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: api, namespace: shop}, $patch: delete}\n---\n"
	ofDeployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: shop}, spec: "
	ofContainer  = ofDeployment + "{template: {spec: {containers: [{name: api, "
	ofPolicy     = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: api, namespace: shop}, spec: "
	ofBudget     = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: api, namespace: shop}, spec: "
)

// TestCheck_Borders holds the rules to values next to those of the fixtures,
// where one value is judged by several rules or by none.
func TestCheck_Borders(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		patch string
		want  []string
	}{
		"one replica needs no budget, spread or anti-affinity": {
			noAutoscaler + noBudget + ofDeployment + "{replicas: 1, template: {spec: {affinity: null, topologySpreadConstraints: null}}}}",
			[]string{"replicas"},
		},
		"two replicas need all of them": {
			noAutoscaler + noBudget + ofDeployment + "{replicas: 2, template: {spec: {affinity: null, topologySpreadConstraints: null}}}}",
			[]string{"disruption-budget", "pod-anti-affinity", "zone-spread"},
		},
		"recreating one pod interrupts no more than one pod does": {
			noAutoscaler + ofDeployment + "{replicas: 1, strategy: {type: Recreate, rollingUpdate: null}}}",
			[]string{"replicas"},
		},
		"recreating two pods": {
			noAutoscaler + ofDeployment + "{replicas: 2, strategy: {type: Recreate, rollingUpdate: null}}}",
			[]string{"recreate-downtime"},
		},
		"a budget below the only pod": {noAutoscaler + ofDeployment + "{replicas: 1}}\n---\n" + ofBudget + "{maxUnavailable: null, minAvailable: 0}}", []string{"replicas"}},
		"a budget of more than all":   {ofBudget + "{maxUnavailable: null, minAvailable: 4}}", []string{"node-drain"}},
		"a budget that is no number":  {ofBudget + "{maxUnavailable: some}}", []string{"node-drain"}},
		"one percent is a pod":        {ofBudget + "{maxUnavailable: 1%}}", nil},
		"66 % of three are two":       {ofBudget + "{maxUnavailable: null, minAvailable: 66%}}", nil},

		"anti-affinity towards other namespaces": {
			ofDeployment + "{template: {spec: {affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: " +
				"[{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, namespaces: [store], labelSelector: {}}}, " +
				"{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, namespaceSelector: {matchLabels: {team: store}}, labelSelector: {}}}]}}}}}}",
			[]string{"pod-anti-affinity"},
		},
		"a size limit of nothing is none": {ofDeployment + "{template: {spec: {volumes: [{name: cache, emptyDir: {sizeLimit: 0}}]}}}}", []string{"empty-dir-size-limit"}},

		"no sleep and no grace":        {ofDeployment + "{template: {spec: {terminationGracePeriodSeconds: 0, containers: [{name: api, lifecycle: null}]}}}}", nil},
		"a sleep just below the grace": {ofContainer + "lifecycle: {preStop: {sleep: {seconds: 34}}}}]}}}}", nil},
		"a word that is not the program": {
			ofContainer + "lifecycle: {preStop: {sleep: null, exec: {command: [sh, -c, nosleep 90; echo sleep-90]}}}}]}}}}", nil,
		},

		"policy types by what is written": {
			ofPolicy + "{policyTypes: null, egress: [{to: [{namespaceSelector: {}}, {ipBlock: {cidr: 203.0.113.0/24}}]}]}}", nil,
		},
		"one range left out of all": {
			ofPolicy + "{egress: [{to: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}}", nil,
		},
		"DNS by a range of ports":           {ofPolicy + "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 50, endPort: 60}, {port: 53, endPort: 53, protocol: UDP}]}]}}", nil},
		"ranges beside the port":            {ofPolicy + "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 54, endPort: 60}, {port: 1, endPort: 52, protocol: UDP}]}]}}", []string{"network-policy-dns"}},
		"every port over one protocol":      {ofPolicy + "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{protocol: UDP}, {port: 443}]}]}}", []string{"network-policy-dns"}},
		"every port over both protocols":    {ofPolicy + "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{protocol: UDP}, {protocol: TCP}]}]}}", nil},
		"DNS by the names of its ports":     {ofPolicy + "{egress: [{to: [{namespaceSelector: {}}], ports: [{port: dns, protocol: UDP}, {port: dns-tcp}]}]}}", []string{"egress-limited"}},
		"other names are not DNS":           {ofPolicy + "{egress: [{to: [{namespaceSelector: {}}], ports: [{port: metrics, protocol: UDP}, {port: http}]}]}}", []string{"network-policy-dns", "egress-limited"}},
		"all ports of the own namespace":    {ofPolicy + "{egress: [{to: [{podSelector: {}}]}]}}", []string{"network-policy-dns", "egress-limited"}},
		"all ports of an address":           {ofPolicy + "{egress: [{to: [{ipBlock: {cidr: 203.0.113.7/32}}]}]}}", []string{"network-policy-dns"}},
		"one port of an address is not DNS": {ofPolicy + "{egress: [{to: [{namespaceSelector: {}}]}, {to: [{ipBlock: {cidr: 203.0.113.7/32}}], ports: [{port: 5432}]}]}}", nil},
		"one port of an address is DNS":     {ofPolicy + "{egress: [{to: [{namespaceSelector: {}}]}, {to: [{ipBlock: {cidr: 203.0.113.7/32}}], ports: [{port: 53}]}]}}", []string{"egress-limited"}},
		"an unreadable address range":       {ofPolicy + "{egress: [{to: [{namespaceSelector: {}}, {ipBlock: {cidr: all}}]}]}}", nil},

		"kinds that no rule looks at": {
			"{apiVersion: v1, kind: Node, metadata: {name: x}}\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: x}}\n---\n{apiVersion: example.com/v1, kind: X, metadata: {name: x}}", nil,
		},
	} {
		var got []string
		for _, f := range hardening.Check(patchBase(t, name, tt.patch), hardening.Given{}) {
			got = append(got, f.RuleID)
		}
		if diff := cmp.Diff(tt.want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: rules broken (-want +got):\n%s", name, diff)
		}
	}
}
