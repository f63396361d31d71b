package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

func configMap(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n  namespace: shop\n"
}

func keys(manifests []manifest.Manifest) []string {
	var keys []string
	for _, m := range manifests {
		keys = append(keys, m.Key)
	}
	return keys
}

func TestParse_SplitsAStream(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string]string{
		"helm's output":           "---\n# Source: chart/templates/a.yaml\n" + configMap("a") + "---\n# Source: chart/templates/b.yaml\n" + configMap("b"),
		"no leading separator":    configMap("a") + "---\n" + configMap("b"),
		"no newline at the end":   configMap("a") + "---\n" + strings.TrimSuffix(configMap("b"), "\n"),
		"windows line ends":       strings.ReplaceAll(configMap("a")+"---\n"+configMap("b"), "\n", "\r\n"),
		"old mac line ends":       strings.ReplaceAll(configMap("a")+"---\n"+configMap("b"), "\n", "\r"),
		"byte order mark":         "\ufeff" + configMap("a") + "---\n" + configMap("b"),
		"comment after separator": configMap("a") + "--- # the second\n" + configMap("b"),
		"document end markers":    configMap("a") + "...\n---\n" + configMap("b") + "...\n",
		"empty documents":         "---\n---\n# nothing here\n---\n" + configMap("a") + "---\n\n---\nnull\n---\n" + configMap("b") + "---\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			manifests, err := manifest.Parse(stream)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, m := range manifests {
				got[m.Key] = m.Text
			}
			want := map[string]string{"ConfigMap/shop/a": configMap("a"), "ConfigMap/shop/b": configMap("b")}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"ConfigMap/shop/a", "ConfigMap/shop/b"}, keys(manifests)); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParse_EmptyStreamsHoldNothing(t *testing.T) {
	t.Parallel()
	for _, stream := range []string{"", "\n", "---", "# a comment", "---\n...\n"} {
		if manifests, err := manifest.Parse(stream); err != nil || len(manifests) > 0 {
			t.Errorf("Parse(%q) = %v, %v", stream, keys(manifests), err)
		}
	}
}

func TestParse_SeparatorInsideAScalarIsText(t *testing.T) {
	t.Parallel()
	manifests, err := manifest.Parse(configMap("a") + "data:\n  text: |\n    ---\n    ...\n  ---: dashes\n")
	if err != nil || len(manifests) != 1 {
		t.Fatalf("%v, %v", keys(manifests), err)
	}
}

func TestParse_CommentsStayInTheText(t *testing.T) {
	t.Parallel()
	text := "# why this exists\n" + configMap("a") + "# the end\n"
	manifests, err := manifest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, manifests[0].Text); diff != "" {
		t.Error(diff)
	}
}

func TestParse_DecodesIntoTheTypeOfTheKind(t *testing.T) {
	t.Parallel()
	manifests, err := manifest.Parse("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n" +
		"---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: api, namespace: shop}\nspec: {anything: [1, 2]}\n")
	if err != nil {
		t.Fatal(err)
	}
	deployment, ok := manifests[0].Object.(*appsv1.Deployment)
	if !ok || deployment.Name != "api" || deployment.Kind != "Deployment" {
		t.Errorf("a Deployment decoded as %T %v", manifests[0].Object, manifests[0].Object)
	}
	route, ok := manifests[1].Object.(*unstructured.Unstructured)
	if !ok || route.GetNamespace() != "shop" {
		t.Errorf("an HTTPRoute decoded as %T %v", manifests[1].Object, manifests[1].Object)
	}
	if diff := cmp.Diff([]string{"Deployment.apps/api", "HTTPRoute.gateway.networking.k8s.io/shop/api"}, keys(manifests)); diff != "" {
		t.Error(diff)
	}
}

func TestParse_ListStandsForItsItems(t *testing.T) {
	t.Parallel()
	manifests, err := manifest.Parse("apiVersion: v1\nkind: List\nitems:\n" +
		"- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n- {apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}}\n")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Namespace/shop", "Service/shop/api"}, keys(manifests)); diff != "" {
		t.Error(diff)
	}
	if want := "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"; manifests[0].Text != want {
		t.Errorf("text of an item:\n%s", manifests[0].Text)
	}
}

func TestAsRollout_TakesWhatHasPodsOfItsOwn(t *testing.T) {
	t.Parallel()
	const head = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: api, namespace: shop}\n"
	for stream, want := range map[string]bool{
		head + "spec: {replicas: 3, selector: {matchLabels: {a: b}}, template: {spec: {containers: [{name: api}]}}}\n": true,
		head + "spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: api}}\n":                             false,
		strings.Replace(head, "argoproj.io", "example.com", 1) + "spec: {template: {}}\n":                              false,
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n":                                               false,
	} {
		manifests, err := manifest.Parse(stream)
		if err != nil {
			t.Fatal(err)
		}
		rollout, is := manifest.AsRollout(manifests[0].Object)
		if is != want {
			t.Errorf("%s: %t, want %t", stream, is, want)
		}
		if is && (*rollout.Spec.Replicas != 3 || rollout.Namespace != "shop" || rollout.Spec.Template.Spec.Containers[0].Name != "api" || rollout.Spec.Selector.MatchLabels["a"] != "b") {
			t.Errorf("the Rollout is read as %+v", rollout)
		}
	}
}

func TestParse_Refuses(t *testing.T) {
	t.Parallel()
	deployment := "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\n"
	anchors := "data:\n  a: &a " + strings.Repeat("x", 10_000) + "\n"
	for i := range 400 {
		anchors += fmt.Sprintf("  k%d: *a\n", i)
	}
	for name, tt := range map[string]struct {
		stream string
		want   []string // parts of the error, in order
	}{
		"unknown fields, all of them": {
			deployment + "spec: {replica: 3, template: {spec: {contaners: []}}}\n",
			[]string{"document 1 (Deployment.apps/shop/api)", `unknown field "spec.replica"`, `unknown field "spec.template.spec.contaners"`},
		},
		"unknown fields of a Rollout's pods": {
			"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: api, namespace: shop}\nspec: {anything: 1, template: {spec: {contaners: []}}}\n",
			[]string{"document 1 (Rollout.argoproj.io/shop/api)", `unknown field "template.spec.contaners"`},
		},
		"field with other letter case":  {deployment + "Spec: {}\n", []string{`unknown field "Spec"`}},
		"duplicate key":                 {deployment + "spec: {}\nspec: {}\n", []string{"document 1: ", `key "spec" already set`}},
		"duplicate key, custom kind":    {"apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\na: 1\na: 2\n", []string{`key "a" already set`}},
		"wrong type":                    {deployment + "spec: {replicas: three}\n", []string{"(Deployment.apps/shop/api)", "replicas"}},
		"misspelt kind":                 {strings.Replace(deployment, "Deployment", "Deploymnt", 1), []string{"Deploymnt.apps/shop/api", `apps/v1 has no kind "Deploymnt"`}},
		"two documents for one object":  {deployment + "---\n" + deployment, []string{"document 2: Deployment.apps/shop/api is in document 1 already"}},
		"no kind":                       {"apiVersion: v1\nmetadata: {name: a}\n", []string{"apiVersion or kind is missing"}},
		"no name":                       {"apiVersion: v1\nkind: Service\nmetadata: {namespace: shop}\n", []string{"(Service)", "metadata.name is missing"}},
		"name with a slash":             {"apiVersion: v1\nkind: Service\nmetadata: {name: a/b}\n", []string{`"a/b" cannot name a Service`}},
		"a list with a type of its own": {"apiVersion: apps/v1\nkind: DeploymentList\nitems: []\n", []string{"(DeploymentList.apps)", "metadata.name is missing"}},
		"not an object":                 {"- a\n- b\n", []string{"document 1: no Kubernetes object"}},
		"not YAML":                      {configMap("a") + "---\na: [\n", []string{"document 2: ", "yaml"}},
		"text behind a separator":       {"--- {a: 1}\n", []string{"text follows a document marker"}},
		"separator behind NEL":          {configMap("a") + "# \u0085---\u0085kind: Secret\n", []string{`"\u0085"`, "readers disagree"}},
		"separator behind PS":           {configMap("a") + "# \u2029---\n", []string{`"\u2029"`}},
		"an item of a list":             {"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}, spc: {}}\n", []string{"document 1, item 1 (Service/a)", `unknown field "spc"`}},
		"control character":             {configMap("a") + "data: {a: \"\x01\"}\n", []string{"control characters"}},
		"aliases that grow":             {configMap("a") + anchors, []string{"aliases expand"}},
		"alias that holds itself":       {"apiVersion: v1\nkind: ConfigMap\nmetadata: &a {name: a, self: *a}\n", []string{"aliases expand"}},
		"document over the limit":       {configMap("a") + "# " + strings.Repeat("x", manifest.MaxDocument), []string{"more than an API server takes"}},
		"stream over the limit":         {strings.Repeat("#\n", manifest.MaxStream/2+1), []string{"split the stream"}},
		"problems of several documents": {"a: 1\n---\n" + deployment + "x: 1\n", []string{"document 1: ", "document 2 "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			manifests, err := manifest.Parse(tt.stream)
			if err == nil || manifests != nil {
				t.Fatalf("taken: %v, %v", keys(manifests), err)
			}
			rest := err.Error()
			for _, part := range tt.want {
				_, after, found := strings.Cut(rest, part)
				if !found {
					t.Fatalf("error lacks %q:\n%v", part, err)
				}
				rest = after
			}
		})
	}
}

func TestParse_TakesSmallAliases(t *testing.T) {
	t.Parallel()
	manifests, err := manifest.Parse("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: &l {app: a}\n  annotations: *l\n")
	if err != nil {
		t.Fatal(err)
	}
	config, ok := manifests[0].Object.(*corev1.ConfigMap)
	if !ok || config.Annotations["app"] != "a" {
		t.Errorf("decoded as %v", manifests[0].Object)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", configMap("a"), "---\n...\n", "a: &a [*a]", "- \u0085---", "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{}]}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		manifests, err := manifest.Parse(stream)
		if err != nil {
			return
		}
		// The texts alone hold the same objects: nothing was lost or joined in splitting.
		var again strings.Builder
		for _, m := range manifests {
			again.WriteString("---\n" + m.Text)
		}
		second, err := manifest.Parse(again.String())
		if err != nil {
			t.Fatalf("the texts do not parse again: %v\n%s", err, again.String())
		}
		for _, all := range [][]manifest.Manifest{manifests, second} {
			for i := range all {
				all[i].Line = 0 // not of the object, but of the stream
			}
		}
		if diff := cmp.Diff(manifests, second); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}

func TestParse_KnowsLines(t *testing.T) {
	t.Parallel()
	manifests, err := manifest.Parse("# A comment.\n---\n\n# Source: chart/templates/a.yaml\n\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n...\n" +
		"{apiVersion: v1, kind: Namespace, metadata: {name: b}}\r\n---\r\n{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Namespace, metadata: {name: c}}]}\n")
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, m := range manifests {
		lines = append(lines, m.Line)
	}
	if diff := cmp.Diff([]int{6, 10, 12}, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
