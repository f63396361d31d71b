package patch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pmezard/go-difflib/difflib"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/patch"
)

func manifests(t testing.TB) []manifest.Manifest {
	t.Helper()
	return withOwner(t, "apps/v1", "Deployment")
}

// withOwner returns the manifests with the Deployment as an object of another kind that has the same fields.
func withOwner(t testing.TB, version, kind string) []manifest.Manifest {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "manifests.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := manifest.Parse(strings.Replace(string(data), "apiVersion: apps/v1\nkind: Deployment\n", "apiVersion: "+version+"\nkind: "+kind+"\n", 1))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// changes returns the lines that differ, without their surroundings.
func changes(t testing.TB, before, after []manifest.Manifest) string {
	t.Helper()
	join := func(all []manifest.Manifest) []string {
		var lines []string
		for _, m := range all {
			lines = append(lines, difflib.SplitLines(m.Text)...)
		}
		return lines
	}
	diff, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{A: join(before), B: join(after)})
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for line := range strings.Lines(diff) {
		if !strings.HasPrefix(line, "@@") && strings.Trim(line, "\n") != "" {
			changed = append(changed, line)
		}
	}
	return strings.Join(changed, "")
}

// TestApply_ChangesTheLinesThatItMeans holds each patch to the lines that it changes.
func TestApply_ChangesTheLinesThatItMeans(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		patch patch.Patch
		want  string
	}{
		"a field": {
			patch.Patch{Target: "Deployment/api", StrategicMerge: "spec: {template: {spec: {terminationGracePeriodSeconds: 60}}}"},
			"-      terminationGracePeriodSeconds: 35\n+      terminationGracePeriodSeconds: 60\n",
		},
		"a field of an element that has a name": {
			patch.Patch{Target: "Deployment.apps/shop/api", StrategicMerge: "spec: {template: {spec: {containers: [{name: api, env: [{name: LOG_LEVEL, value: debug}]}]}}}"},
			"-              value: \"info\"\n+              value: debug\n",
		},
		"the first field of an element": {
			patch.Patch{Target: "Deployment/api", JSONPatch: "[{op: replace, path: /spec/template/spec/containers/0/ports/0/name, value: web}]"},
			"-            - name: http\n+            - name: web\n",
		},
		"a new field": {
			patch.Patch{Target: "Deployment/api", StrategicMerge: "spec: {template: {spec: {containers: [{name: proxy, stdin: true}]}}}"},
			"+          stdin: true\n",
		},
		"a new part": {
			patch.Patch{Target: "Deployment/api", StrategicMerge: "spec: {template: {spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: 'on'}]}}}}"},
			"+        sysctls:\n+          - name: net.ipv4.tcp_syncookies\n+            value: \"on\"\n",
		},
		"a new element": {
			patch.Patch{Target: "Deployment/api", JSONPatch: "- op: add\n  path: /spec/template/spec/containers/0/env/-\n  value: {name: 'N', value: '1'}\n"},
			"+            - name: \"N\"\n+              value: \"1\"\n",
		},
		"an element in front": {
			patch.Patch{Target: "Deployment/api", JSONPatch: "[{op: add, path: /spec/template/spec/containers/0/env/0, value: {name: A, value: a}}]"},
			"+            - name: A\n+              value: a\n",
		},
		"an element that goes": {
			patch.Patch{Target: "Deployment/api", StrategicMerge: "spec: {template: {spec: {containers: [{name: proxy, $patch: delete}]}}}"},
			"-        - name: \"proxy\"\n-          image: \"registry.example.com/shop/proxy:2.0.0\"\n",
		},
		"a field that goes": {
			patch.Patch{Target: "Deployment/api", StrategicMerge: "metadata: {annotations: {note: null}}"},
			"-  annotations:\n-    note: |\n-      two\n-      lines\n+  annotations: {}\n",
		},
		"an element in a list that is not indented": {
			patch.Patch{Target: "Deployment/api", JSONPatch: "[{op: replace, path: /spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0/weight, value: 50}]"},
			"-            weight: 100\n+            weight: 50\n",
		},
		"in flow style": {
			patch.Patch{Target: "Deployment/api", JSONPatch: "[{op: remove, path: /spec/template/spec/containers/0/args/0}]"},
			"-          args: [\"--verbose\", \"--port=8080\"]\n+          args:\n+            - --port=8080\n",
		},
		"a list in another order": {
			patch.Patch{Target: "Deployment/api", JSONPatch: "[{op: move, from: /spec/template/spec/containers/0/env/0, path: /spec/template/spec/containers/0/env/1}]"},
			"+            - name: \"Y\"\n+              value: \"y\"\n-            - name: \"Y\"\n-              value: \"y\"\n",
		},
		"a custom resource by a merge patch": {
			patch.Patch{Target: "Widget.example.com/shop/api", StrategicMerge: "spec: {parts: [{name: c}], size: 1.50}"},
			"-    - name: a\n-    - name: b\n+    - name: c\n+  size: 1.5\n",
		},
		"a patch that names its object": {
			patch.Patch{Target: "Service/api", StrategicMerge: "apiVersion: v1\nkind: Service\nmetadata: {name: api, annotations: {a: b}}\n"},
			"+  annotations:\n+    a: b\n",
		},
		"JSON": {
			patch.Patch{Target: "Service/api", StrategicMerge: `{"spec": {"ports": [{"port": 80, "appProtocol": "http"}]}}`},
			"+      appProtocol: http\n",
		},
		"what is tested first": {
			patch.Patch{Target: "Service/api", JSONPatch: "[{op: test, path: /spec/type, value: ClusterIP}, {op: add, path: /spec/publishNotReadyAddresses, value: true}]"},
			"+  publishNotReadyAddresses: true\n",
		},
	} {
		before := manifests(t)
		after, err := patch.Apply(before, []patch.Patch{tt.patch})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, changes(t, manifests(t), after)); diff != "" {
			t.Errorf("%s: lines changed (-want +got):\n%s", name, diff)
		}
		if changes(t, manifests(t), before) != "" {
			t.Errorf("%s: the manifests that were given have changed", name)
		}
		checkRollout(t, name, tt.patch, tt.want)
	}
}

// checkRollout wants a patch of a Deployment to do the same to a Rollout of Argo Rollouts.
func checkRollout(t *testing.T, name string, p patch.Patch, want string) {
	t.Helper()
	before := withOwner(t, "argoproj.io/v1alpha1", "Rollout")
	p.Target = strings.NewReplacer("Deployment.apps", "Rollout.argoproj.io", "Deployment/", "Rollout/").Replace(p.Target)
	after, err := patch.Apply(before, []patch.Patch{p})
	if err != nil {
		t.Errorf("%s, of a Rollout: %v", name, err)
		return
	}
	if diff := cmp.Diff(want, changes(t, before, after)); diff != "" {
		t.Errorf("%s, of a Rollout: lines changed (-want +got):\n%s", name, diff)
	}
}

func TestApply_Refuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		patch patch.Patch
		want  string
	}{
		"an object that does not exist": {
			patch.Patch{Target: "Deployment/web", StrategicMerge: "spec: {replicas: 2}"},
			`patches[0].target: there is no manifest "Deployment/web" to be patched: use one of Deployment.apps/shop/api, Service/shop/api, Widget.example.com/shop/api`,
		},
		"what changes nothing": {
			patch.Patch{Target: "Deployment/api", StrategicMerge: "spec: {replicas: 3}"},
			"patches[0].strategic_merge: changes nothing, because the manifest is so already: remove the patch",
		},
		"another name":        {patch.Patch{Target: "Service/api", StrategicMerge: "metadata: {name: web}"}, "patches[0].strategic_merge: changes metadata.name, which names the object: a patch cannot"},
		"another namespace":   {patch.Patch{Target: "Service/api", JSONPatch: "[{op: remove, path: /metadata/namespace}]"}, "patches[0].json_patch: changes metadata.namespace, which names the object: a patch cannot"},
		"another kind":        {patch.Patch{Target: "Service/api", StrategicMerge: "kind: Secret"}, "patches[0].strategic_merge: changes kind, which names the object: a patch cannot"},
		"another API":         {patch.Patch{Target: "Deployment/api", StrategicMerge: "apiVersion: apps/v1beta1"}, "patches[0].strategic_merge: changes apiVersion, which names the object: a patch cannot"},
		"selectors":           {patch.Patch{Target: "Service/api", StrategicMerge: "spec: {selector: {tier: front}}"}, "patches[0].strategic_merge: changes spec.selector, which ties the Service to the workload's pods: a patch cannot"},
		"its own selector":    {patch.Patch{Target: "Deployment/api", StrategicMerge: "spec: {selector: {matchLabels: {tier: front}}}"}, "patches[0].strategic_merge: changes spec.selector, which ties the object to its pods: a patch cannot"},
		"the whole object":    {patch.Patch{Target: "Service/api", StrategicMerge: "$patch: delete"}, "patches[0].strategic_merge: changes apiVersion, which names the object: a patch cannot"},
		"a field unknown":     {patch.Patch{Target: "Service/api", StrategicMerge: "spec: {tpye: NodePort}"}, `unknown field "spec.tpye"`},
		"a custom type":       {patch.Patch{Target: "Service/api", StrategicMerge: "spec: {ports: yes}"}, "patches[0].strategic_merge: "},
		"what is no part":     {patch.Patch{Target: "Service/api", StrategicMerge: "- a\n"}, "patches[0].strategic_merge: is not a part of an object"},
		"what is no YAML":     {patch.Patch{Target: "Service/api", StrategicMerge: "a: b: c"}, "patches[0].strategic_merge: is not valid YAML"},
		"two documents":       {patch.Patch{Target: "Service/api", StrategicMerge: "spec: {type: NodePort}\n---\nspec: {type: LoadBalancer}\n"}, "patches[0].strategic_merge: "},
		"a key that is twice": {patch.Patch{Target: "Service/api", StrategicMerge: "spec: {type: NodePort}\nspec: {type: LoadBalancer}\n"}, `key "spec" already set`},
		"no list":             {patch.Patch{Target: "Service/api", JSONPatch: "op: remove\npath: /spec\n"}, "patches[0].json_patch: is not a list of operations"},
		"an unknown op":       {patch.Patch{Target: "Service/api", JSONPatch: "[{op: delete, path: /spec/type}]"}, "patches[0].json_patch: operation 0 has no op: use add, remove, replace, move, copy or test"},
		"no value":            {patch.Patch{Target: "Service/api", JSONPatch: "[{op: add, path: /spec/type}]"}, "patches[0].json_patch: operation 0 (add) has no value"},
		"a member too many":   {patch.Patch{Target: "Service/api", JSONPatch: "[{op: remove, path: /spec/type, vaule: x}]"}, `operation 0 (remove) has the member "vaule", which no operation has`},
		"a path that is not":  {patch.Patch{Target: "Service/api", JSONPatch: "[{op: remove, path: /spec/type}, {op: replace, path: /spec/none/x, value: 1}]"}, "patches[0].json_patch: operation 1 (replace): "},
		"a test that fails":   {patch.Patch{Target: "Service/api", JSONPatch: "[{op: test, path: /spec/type, value: hunter2}]"}, "patches[0].json_patch: operation 0 (test): "},
		"status":              {patch.Patch{Target: "Deployment/api", StrategicMerge: "status: {replicas: 3}"}, "patches[0].strategic_merge: changes status, which is what the cluster reports"},
	} {
		before := manifests(t)
		after, err := patch.Apply(before, []patch.Patch{tt.patch})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows a value: %v", name, err)
		}
		if changed := changes(t, before, after); changed != "" {
			t.Errorf("%s: changed all the same:\n%s", name, changed)
		}
	}
}

// Patches are applied in their order, each to what the others made of it.
func TestApply_InOrder(t *testing.T) {
	t.Parallel()
	after, err := patch.Apply(manifests(t), []patch.Patch{
		{Target: "Service/api", StrategicMerge: "metadata: {annotations: {a: one}}"},
		{Target: "Service/none", StrategicMerge: "metadata: {annotations: {a: b}}"},
		{Target: "Service/api", JSONPatch: "[{op: test, path: /metadata/annotations/a, value: one}, {op: replace, path: /metadata/annotations/a, value: two}]"},
	})
	if err == nil || strings.Contains(err.Error(), "patches[2]") || !strings.Contains(err.Error(), "patches[1].target") {
		t.Errorf("error: %v", err)
	}
	if got, want := changes(t, manifests(t), after), "+  annotations:\n+    a: two\n"; got != want {
		t.Errorf("changed:\n%s", got)
	}
}

// A patch that doubles a part of the object again and again ends at what an API server takes.
func TestApply_BoundsGrowth(t *testing.T) {
	t.Parallel()
	bomb := "- {op: add, path: /spec/a, value: " + strings.Repeat("x", 1000) + "}\n"
	for i := range 40 {
		bomb += fmt.Sprintf("- {op: copy, from: /spec, path: /spec/a%d}\n", i)
	}
	_, err := patch.Apply(manifests(t), []patch.Patch{{Target: "Widget/api", JSONPatch: bomb}})
	if err == nil || !strings.Contains(err.Error(), "larger than an API server takes") {
		t.Errorf("error: %v", err)
	}
}

func FuzzApply(f *testing.F) {
	f.Add("spec: {replicas: 2}", true)
	f.Add("[{op: add, path: /spec/template/spec/containers/0/env/0, value: {name: A, value: a}}]", false)
	f.Add("spec: {template: {spec: {containers: [{name: api, $patch: delete}]}}}", true)
	f.Add("metadata: {annotations: {note: |\n  a\n\n  b\n}}", true)
	f.Fuzz(func(t *testing.T, text string, strategic bool) {
		p := patch.Patch{Target: "Deployment/api", JSONPatch: text}
		if strategic {
			p = patch.Patch{Target: "Deployment/api", StrategicMerge: text}
		}
		if text == "" {
			return
		}
		before := manifests(t)
		after, err := patch.Apply(before, []patch.Patch{p})
		for i, m := range after {
			if m.Key != before[i].Key {
				t.Fatalf("%s became %s", before[i].Key, m.Key)
			}
		}
		if changed := changes(t, before, after); err != nil && changed != "" {
			t.Fatalf("an error (%v) and a change:\n%s", err, changed)
		}
	})
}
