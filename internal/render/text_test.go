package render_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// nasty are texts that YAML, Helm or a careless template would change.
var nasty = []string{
	"", " ", "a", "y", "n", "Yes", "no", "on", "OFF", "true", "null", "~", "1e3", "0777", "0o14", "0x1F", "0b1", "1_000", "12:30:45", "1.10",
	".inf", ".NaN", "2001-01-01", "<<", "=", "-", "- a", "a: b", "a #b", "# a", "? a", ": a", "!a", "!!binary YQ==", "&a", "*a", "%a", "@a", "`a", "|", ">",
	"[a", "{a", "{{ .Values }}", "{{", "<no value>", "a\n<no value>", "---", "a\n---\nb", "\n---\n", "...", "a\n...\n", "# Source: a",
	"trailing ", " leading", "tab\t", "\ta", "a\n", "\n", "\n\n", "a\n\n", " a\n b", "  a\nb\n", "a\nb \n", "\n a", "a\r\nb", "a\rb", "\r", "a\n\tb", "\ta\nb", "\t\n", "\n\ta", "\ta\rb",
	"\u0085", "a\nb\u0085c", "\u2028", "a\u2028b\nc", "\u2029", "\ufeff", "\ufeffa\nb", "\u00a0", "\u200b", "\x00", "\x07", "\x1b[0m", "\x7f", "\u009f",
	"\xff", "a\xc3", "\xed\xa0\x80", "\ufffd", "\ufffe", "\uffff", "😀", "e\u0301", "\"", "'", "\\", "\\n", "a\"b\\c'd", "$(HOME)", "${HOME}", "%s",
	strings.Repeat("word ", 40), "a\n" + strings.Repeat("word ", 40) + "\n", strings.Repeat("a", 300),
}

const deploymentKey = "Deployment.apps/shop/api"

// where picks the item of a list whose name is as given.
type where struct{ name string }

// textField is one place of a description that takes text, and where the text is
// found in the manifests.
type textField struct {
	blame  func(s string) field.Path
	set    func(w *workload.Workload, s string)
	object string
	at     func(s string) []any
	want   func(s string) string
}

func fixed(path field.Path) func(string) field.Path { return func(string) field.Path { return path } }

func steps(at ...any) func(string) []any { return func(string) []any { return at } }

func same(s string) string { return s }

// isThere expects the constant value of a field whose key is the text.
func isThere(string) string { return "here" }

var (
	api     = field.Root("containers").Key("api")
	podAt   = []any{"spec", "template", "spec"}
	firstAt = append(podAt[:3:3], "containers", where{"api"})
)

func below(parent []any, at ...any) func(string) []any {
	return steps(append(slices.Clip(parent), at...)...)
}

func container(w *workload.Workload, change func(c *workload.Container)) {
	c := w.Containers["api"]
	change(&c)
	w.Containers = maps.Clone(w.Containers)
	w.Containers["api"] = c
}

func put[V any](m *map[string]V, key string, value V) {
	*m = maps.Clone(*m)
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = value
}

func metadataFields() []textField {
	const key = "example.com/text"
	return []textField{
		{
			fixed(field.Root("annotations").Key(key)), func(w *workload.Workload, s string) { put(&w.Annotations, key, s) },
			deploymentKey, steps("metadata", "annotations", key), same,
		},
		{
			field.Root("annotations").Key, func(w *workload.Workload, s string) { put(&w.Annotations, s, "here") },
			"NetworkPolicy.networking.k8s.io/shop/api", func(s string) []any { return []any{"metadata", "annotations", s} }, isThere,
		},
		{
			fixed(field.Root("pod_annotations").Key(key)), func(w *workload.Workload, s string) { put(&w.PodAnnotations, key, s) },
			deploymentKey, steps("spec", "template", "metadata", "annotations", key), same,
		},
		{
			fixed(field.Root("labels").Key(key)), func(w *workload.Workload, s string) { put(&w.Labels, key, s) },
			"PodDisruptionBudget.policy/shop/api", steps("metadata", "labels", key), same,
		},
		{
			field.Root("labels").Key, func(w *workload.Workload, s string) { put(&w.Labels, s, "here") },
			"ServiceAccount/shop/account", func(s string) []any { return []any{"metadata", "labels", s} }, isThere,
		},
		{
			fixed(field.Root("pod_labels").Key("pod")), func(w *workload.Workload, s string) { put(&w.PodLabels, "pod", s) },
			deploymentKey, steps("spec", "template", "metadata", "labels", "pod"), same,
		},
		{
			fixed(field.Root("service").Attr("annotations").Key(key)), func(w *workload.Workload, s string) { put(&w.Service.Annotations, key, s) },
			"Service/shop/api", steps("metadata", "annotations", key), same,
		},
		{
			fixed(field.Root("service_account").Attr("annotations").Key(key)), func(w *workload.Workload, s string) { put(&w.ServiceAccount.Annotations, key, s) },
			"ServiceAccount/shop/account", steps("metadata", "annotations", key), same,
		},
	}
}

func processFields() []textField {
	return []textField{
		{
			fixed(api.Attr("command").Index(0)),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { c.Command = []string{s, "last"} })
			},
			deploymentKey, below(firstAt, "command", 0), same,
		},
		{
			fixed(api.Attr("args").Index(1)),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { c.Args = []string{"first", s} })
			},
			deploymentKey, below(firstAt, "args", 1), same,
		},
		{
			fixed(api.Attr("working_dir")),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { c.WorkingDir = new("/" + s) })
			},
			deploymentKey, below(firstAt, "workingDir"), func(s string) string { return "/" + s },
		},
		{
			fixed(api.Attr("env").Key("TEXT")),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { put(&c.Env, "TEXT", s) })
			},
			deploymentKey, below(firstAt, "env", where{"TEXT"}, "value"), same,
		},
		{
			api.Attr("env").Key,
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { put(&c.Env, s, "here") })
			},
			deploymentKey, func(s string) []any { return below(firstAt, "env", where{s}, "value")(s) }, isThere,
		},
		{
			fixed(api.Attr("env_from_secret").Key("SECRET").Attr("key")),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) {
					put(&c.EnvFromSecret, "SECRET", workload.SecretKey{Secret: "name", Key: s})
				})
			},
			deploymentKey, below(firstAt, "env", where{"SECRET"}, "valueFrom", "secretKeyRef", "key"), same,
		},
		{
			fixed(api.Attr("env_from_secret").Key("OTHER").Attr("secret")),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { put(&c.EnvFromSecret, "OTHER", workload.SecretKey{Secret: s, Key: "key"}) })
			},
			deploymentKey, below(firstAt, "env", where{"OTHER"}, "valueFrom", "secretKeyRef", "name"), same,
		},
		{
			func(s string) field.Path { return api.Attr("writable_paths").Key("/" + s) },
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { put(&c.WritablePaths, "/"+s, "1Mi") })
			},
			deploymentKey, below(firstAt, "volumeMounts", 0, "mountPath"), func(s string) string { return "/" + s },
		},
		{
			fixed(api.Attr("security_context").Attr("capabilities").Attr("add").Index(0)),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) {
					c.SecurityContext = &workload.SecurityContext{Capabilities: &workload.Capabilities{Add: []string{s}}}
				})
			},
			deploymentKey, below(firstAt, "securityContext", "capabilities", "add", 0), same,
		},
	}
}

func probeFields() []textField {
	get := api.Attr("startup_probe").Attr("http_get")
	setGet := func(change func(*workload.HTTPGet, string)) func(*workload.Workload, string) {
		return func(w *workload.Workload, s string) {
			container(w, func(c *workload.Container) {
				handler := *c.StartupProbe.HTTPGet
				change(&handler, s)
				c.StartupProbe = &workload.Probe{HTTPGet: &handler}
			})
		}
	}
	return []textField{
		{
			fixed(get.Attr("path")), setGet(func(h *workload.HTTPGet, s string) { h.Path = new("/" + s) }),
			deploymentKey, below(firstAt, "startupProbe", "httpGet", "path"), func(s string) string { return "/" + s },
		},
		{
			fixed(get.Attr("headers").Key("X-Text")), setGet(func(h *workload.HTTPGet, s string) { put(&h.Headers, "X-Text", s) }),
			deploymentKey, below(firstAt, "startupProbe", "httpGet", "httpHeaders", where{"X-Text"}, "value"), same,
		},
		{
			get.Attr("headers").Key, setGet(func(h *workload.HTTPGet, s string) { put(&h.Headers, s, "here") }),
			deploymentKey,
			func(s string) []any {
				return below(firstAt, "startupProbe", "httpGet", "httpHeaders", where{s}, "value")(s)
			}, isThere,
		},
		{
			fixed(api.Attr("readiness_probe").Attr("grpc").Attr("service")),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) {
					c.ReadinessProbe = &workload.Probe{GRPC: &workload.GRPC{Port: "http", Service: &s}}
				})
			},
			deploymentKey, below(firstAt, "readinessProbe", "grpc", "service"), same,
		},
		{
			fixed(api.Attr("liveness_probe").Attr("exec").Attr("command").Index(1)),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) {
					c.LivenessProbe = &workload.Probe{Exec: &workload.Exec{Command: []string{"sh", s}}}
				})
			},
			deploymentKey, below(firstAt, "livenessProbe", "exec", "command", 1), same,
		},
		{
			api.Attr("ports").Key,
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) { put(&c.Ports, s, workload.Port{ContainerPort: 9999}) })
			},
			"Service/shop/api", func(s string) []any { return []any{"spec", "ports", where{s}, "targetPort"} }, same,
		},
		{
			fixed(api.Attr("ports").Key("http").Attr("app_protocol")),
			func(w *workload.Workload, s string) {
				container(w, func(c *workload.Container) {
					put(&c.Ports, "http", workload.Port{ContainerPort: 8080, AppProtocol: &s})
				})
			},
			"Service/shop/api", steps("spec", "ports", where{"http"}, "appProtocol"), same,
		},
	}
}

func podFields() []textField {
	peers := []any{"spec", "egress", 2, "to", 0}
	egress := field.Root("network_policy").Attr("egress").Index(0).Attr("to").Index(0)
	return []textField{
		{
			fixed(field.Root("security_context").Attr("seccomp_profile")),
			func(w *workload.Workload, s string) {
				w.SecurityContext = &workload.PodSecurityContext{SeccompProfile: new("localhost/" + s)}
			},
			deploymentKey, below(podAt, "securityContext", "seccompProfile", "localhostProfile"), same,
		},
		{
			fixed(field.Root("node_selector").Key("disk")), func(w *workload.Workload, s string) { put(&w.NodeSelector, "disk", s) },
			deploymentKey, below(podAt, "nodeSelector", "disk"), same,
		},
		{
			field.Root("node_selector").Key, func(w *workload.Workload, s string) { put(&w.NodeSelector, s, "here") },
			deploymentKey, func(s string) []any { return below(podAt, "nodeSelector", s)(s) }, isThere,
		},
		{
			fixed(field.Root("tolerations").Index(0).Attr("value")),
			func(w *workload.Workload, s string) { w.Tolerations[0].Value = &s },
			deploymentKey, below(podAt, "tolerations", 0, "value"), same,
		},
		{
			fixed(field.Root("tolerations").Index(1).Attr("key")),
			func(w *workload.Workload, s string) { w.Tolerations[1].Key = &s },
			deploymentKey, below(podAt, "tolerations", 1, "key"), same,
		},
		{
			fixed(field.Root("topology_spread").Index(0).Attr("topology_key")),
			func(w *workload.Workload, s string) { w.TopologySpread = []workload.TopologySpread{{TopologyKey: s}} },
			deploymentKey, below(podAt, "topologySpreadConstraints", 0, "topologyKey"), same,
		},
		{
			fixed(field.Root("priority_class_name")), func(w *workload.Workload, s string) { w.PriorityClassName = &s },
			deploymentKey, below(podAt, "priorityClassName"), same,
		},
		{
			fixed(field.Root("runtime_class_name")), func(w *workload.Workload, s string) { w.RuntimeClassName = &s },
			deploymentKey, below(podAt, "runtimeClassName"), same,
		},
		{
			fixed(field.Root("image_pull_secrets").Index(0)), func(w *workload.Workload, s string) { w.ImagePullSecrets = []string{s} },
			deploymentKey, below(podAt, "imagePullSecrets", 0, "name"), same,
		},
		{
			fixed(egress.Attr("pod_labels").Key("app")),
			func(w *workload.Workload, s string) { put(&w.NetworkPolicy.Egress[0].To[0].PodLabels, "app", s) },
			"NetworkPolicy.networking.k8s.io/shop/api", below(peers, "podSelector", "matchLabels", "app"), same,
		},
		{
			egress.Attr("namespace_labels").Key,
			func(w *workload.Workload, s string) { put(&w.NetworkPolicy.Egress[0].To[0].NamespaceLabels, s, "here") },
			"NetworkPolicy.networking.k8s.io/shop/api",
			func(s string) []any { return below(peers, "namespaceSelector", "matchLabels", s)(s) }, isThere,
		},
	}
}

func textFields() []textField {
	var all []textField
	for _, fields := range [][]textField{metadataFields(), processFields(), probeFields(), podFields(), volumeFields(), customFields()} {
		all = append(all, fields...)
	}
	return all
}

// textBase is a workload that every text field has a place in.
func textBase() workload.Workload {
	return withCustom(workload.Workload{
		Name: "api", Namespace: "shop", Kind: workload.Deployment,
		Containers: map[string]workload.Container{"api": {
			Image:        "registry.example.com/shop/api:1.4.2",
			Ports:        map[string]workload.Port{"http": {ContainerPort: 8080}},
			StartupProbe: &workload.Probe{HTTPGet: &workload.HTTPGet{Port: "http"}},
		}},
		Service:     &workload.Service{},
		ConfigFiles: map[string]workload.ConfigFile{"/etc/text": {}},
		// The name does not follow the text, so that the object can be found.
		ConfigMapNameOverride: new("files"),
		ServiceAccount:        &workload.ServiceAccount{Name: new("account")},
		Tolerations:           []workload.Toleration{{Key: new("dedicated")}, {Key: new("other")}},
		NetworkPolicy: &workload.NetworkPolicy{Egress: []workload.EgressRule{{To: []workload.Peer{
			{NamespaceLabels: map[string]string{"team": "data"}},
		}}}},
	})
}

// checkText puts s into every field that takes it, renders once, and reads every
// manifest with three YAML readers: each must find s where it belongs.
func checkText(t *testing.T, s string) {
	t.Helper()
	all := textBase()
	var taken []textField
	for _, f := range textFields() {
		single := textBase()
		f.set(&single, s)
		fields, others := field.All(single.Validate(version(t)))
		if len(others) > 0 {
			t.Fatalf("%s: refused without a path: %v", f.blame(s), others)
		}
		for _, refused := range fields {
			if !refused.Path.HasPrefix(f.blame(s)) {
				t.Errorf("%q in %s is blamed on %s", s, f.blame(s), refused)
			}
		}
		if len(fields) == 0 {
			f.set(&all, s)
			taken = append(taken, f)
		}
	}
	result, err := render.Render(all, render.Options{KubernetesVersion: kubernetesVersion})
	if err != nil {
		t.Fatalf("%q passes validation, but: %v", s, err)
	}
	for reader, read := range yamlReaders {
		trees := map[string]any{}
		for _, m := range result.Manifests {
			tree, err := read(m.Text)
			if err != nil {
				t.Fatalf("%s cannot read %s: %v\n%s", reader, m.Key, err, m.Text)
			}
			trees[m.Key] = tree
		}
		for _, f := range taken {
			got, want := lookUp(trees[f.object], f.at(s)), f.want(s)
			if got == nil {
				got = "" // Kubernetes' types leave out what is empty
			}
			if reader == "terraform" {
				want = cty.NormalizeString(want)
			}
			if text, isText := got.(string); !isText || text != want {
				t.Errorf("%s: %q in %s came back to %s as %T %q", f.object, s, f.blame(s), reader, got, got)
			}
		}
	}
}

// lookUp follows steps into a tree: a key, an index, or the item with a name.
// Terraform's reader writes keys in Unicode's normal form, as it does all text.
func lookUp(tree any, at []any) any {
	for _, step := range at {
		switch step := step.(type) {
		case string:
			m, _ := tree.(map[string]any)
			value, found := m[step]
			if !found {
				value = m[cty.NormalizeString(step)]
			}
			tree = value
		case int:
			l, _ := tree.([]any)
			if step >= len(l) {
				return nil
			}
			tree = l[step]
		case where:
			l, _ := tree.([]any)
			tree = nil
			for _, item := range l {
				if m, _ := item.(map[string]any); m["name"] == step.name || m["name"] == cty.NormalizeString(step.name) {
					tree = item
				}
			}
		default:
			panic(fmt.Sprintf("no step: %T", step))
		}
	}
	return tree
}

func TestRender_TextComesBackUnchangedOrIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range nasty {
		checkText(t, s)
	}
}

// A field that refuses everything would make the tests around it pass without a reason.
func TestTextFields_TakeText(t *testing.T) {
	t.Parallel()
	for _, f := range textFields() {
		takes := false
		for _, s := range nasty {
			w := textBase()
			f.set(&w, s)
			takes = takes || s != "" && w.Validate(version(t)) == nil
		}
		if !takes {
			t.Errorf("%s takes no text", f.blame("<text>"))
		}
	}
}

func FuzzRender_Text(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(checkText)
}
