//go:build cluster

package clustertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

// flaggerWitness is a strategy that we refuse, and what Flagger would do if we wrote it down for it all the same.
type flaggerWitness struct {
	strategy rollout.Strategy
	provider rollout.Provider
	// feature is the cell of the table of capabilities whose reason is witnessed, or refusal what we say where
	// two features do not go together.
	feature rollout.Feature
	refusal string
	// signs are what Flagger says of the Canary, and how often, by the time that it is looked at. NAME stands
	// for the name and namespace of the Canary.
	signs map[string]int
	// shown is what the route has shown by then.
	shown []string
	// written is the first rule's conditions that Flagger has written by then, as JSON; see [writtenBy].
	written string
}

const (
	secondCheck = "Advance NAME canary iteration 2/20"
	insider     = `{"exact":"insider","name":"x-canary"}`
)

func flaggerWitnesses() map[string]flaggerWitness {
	canary := func(c rollout.Canary) rollout.Strategy {
		c.Steps = []int32{20, 50}
		return rollout.Strategy{Canary: &c}
	}
	abTest := func(matches ...rollout.Match) rollout.Strategy {
		return rollout.Strategy{ABTest: &rollout.ABTest{Match: matches, Checks: new(int32(20))}}
	}
	header := rollout.Match{Header: new("X-Canary"), Exact: new("insider")}
	second := rollout.Match{Header: new("X-Beta"), Exact: new("yes")}
	regex := rollout.Match{Header: new("X-Canary"), Regex: new("in.*")}
	cookie := rollout.Match{Cookie: new("canary"), Exact: new("always")}
	mirrored := canary(rollout.Canary{MirrorPercent: new(int32(50))})

	everybody, nobody, matched := []string{"100/0", "0/100"}, []string{"100/0"}, []string{"100/0", "match 1"}
	checked, stuck := map[string]int{secondCheck: 1}, map[string]int{"Advance NAME canary weight 0": 5}
	const primaryAlone = `{"weighted":{"services":[{"name":"api-primary","namespace":"NAMESPACE","port":80,"weight":100}]}}`
	return map[string]flaggerWitness{
		"ab-test-traefik": {strategy: abTest(header), provider: rollout.Traefik, feature: rollout.Header, signs: checked, shown: everybody},
		"ab-test-skipper": {strategy: abTest(cookie), provider: rollout.Skipper, feature: rollout.Cookie, signs: checked, shown: everybody},
		"ab-test-none": {strategy: abTest(header), provider: rollout.NoProvider, feature: rollout.Header, shown: nobody, signs: map[string]int{
			secondCheck: 1, "A/B testing is not supported when using the kubernetes provider": 1,
		}},
		"canary-none": {strategy: canary(rollout.Canary{}), provider: rollout.NoProvider, feature: rollout.Weight, shown: nobody, signs: map[string]int{
			"Advance NAME canary iteration 2/10": 1, "Progressive traffic is not supported when using the kubernetes provider": 1,
		}},
		"canary-mirrored-traefik": {strategy: mirrored, provider: rollout.Traefik, feature: rollout.Mirror, signs: stuck, shown: nobody, written: primaryAlone},
		"canary-mirrored-contour": {strategy: mirrored, provider: rollout.Contour, feature: rollout.Mirror, signs: stuck, shown: nobody},
		"canary-mirrored-gateway": {strategy: mirrored, provider: rollout.GatewayAPI, refusal: "stays at weight 0 for ever", signs: stuck, shown: nobody},
		"blue-green-mirrored-traefik": {
			strategy: rollout.Strategy{BlueGreen: &rollout.BlueGreen{Checks: new(int32(20)), MirrorPercent: new(int32(50))}},
			provider: rollout.Traefik, feature: rollout.Mirror, signs: checked, shown: nobody, written: primaryAlone,
		},
		"canary-sticky-traefik": {
			strategy: canary(rollout.Canary{SessionAffinity: &rollout.SessionAffinity{CookieName: "version"}}),
			provider: rollout.Traefik, feature: rollout.StickySession, signs: map[string]int{"Advance NAME canary weight 20": 1}, shown: []string{"100/0", "80/20"},
			written: `{"weighted":{"services":[{"name":"api-primary","namespace":"NAMESPACE","port":80,"weight":80},{"name":"api-canary","namespace":"NAMESPACE","port":80,"weight":20}]}}`,
		},
		"several-contour": {
			strategy: abTest(header, second), provider: rollout.Contour, feature: rollout.SeveralMatches, signs: checked, shown: matched,
			written: `[{"header":` + insider + `,"prefix":"/"},{"header":{"exact":"yes","name":"x-beta"},"prefix":"/"}]`,
		},
		"regex-contour": {
			strategy: abTest(regex), provider: rollout.Contour, feature: rollout.RegexMatch, signs: checked, shown: matched,
			written: `[{"header":{"name":"x-canary"},"prefix":"/"}]`,
		},
		"cookie-contour": {
			strategy: abTest(cookie), provider: rollout.Contour, feature: rollout.Cookie, signs: checked, shown: matched,
			written: `[{"header":{"name":"cookie"},"prefix":"/"}]`,
		},
		"several-gloo": {
			strategy: abTest(header, second), provider: rollout.Gloo, feature: rollout.SeveralMatches, signs: checked, shown: matched,
			written: `[{"headers":[{"name":"x-canary","value":"insider"},{"name":"x-beta","value":"yes"}]}]`,
		},
		"several-app-mesh": {
			strategy: abTest(header, second), provider: rollout.AppMesh, feature: rollout.SeveralMatches, signs: checked, shown: matched,
			written: `{"headers":[{"match":{"exact":"insider"},"name":"x-canary"},{"match":{"exact":"yes"},"name":"x-beta"}],"prefix":"/"}`,
		},
		"several-nginx": {
			strategy: abTest(header, second), provider: rollout.Nginx, refusal: "ingress-nginx takes one header and one cookie", signs: checked, shown: matched,
			written: `{"canary":"true","canary-by-header":"x-beta","canary-by-header-value":"yes","canary-weight":"0"}`,
		},
	}
}

func (w flaggerWitness) run(t *testing.T, namespace string, numbers *metrics, address string, flagger *clustertest.Controller) {
	engine := rollout.Flagger
	w.strategy.Engine = &engine
	f := flaggerFlow{strategy: w.strategy, traffic: trafficOver(w.provider)}
	refusal := w.refusal
	if w.feature != "" {
		cell := rollout.Capability(engine, w.provider, w.feature)
		if refusal = cell.Reason; cell.Support != rollout.No {
			t.Fatalf("the table has %s over %s as %s", w.feature, w.provider, cell.Support)
		}
	}
	createNamespace(t, namespace, true)
	numbers.set(namespace, 99)
	f.renderRefused(t, namespace, address, oldImage, refusal).apply(t)
	f.await(t, namespace, "Initialized")

	f.renderRefused(t, namespace, address, newImage, refusal).apply(t)
	name := "api." + namespace
	seen := f.follow(t, namespace, "Flagger to say "+fmt.Sprint(w.signs), func(unstructured.Unstructured) bool {
		log := flagger.Log()
		return !slices.ContainsFunc(slices.Collect(maps.Keys(w.signs)), func(sign string) bool {
			return countLines(log, `"`+name+`"`, strings.ReplaceAll(sign, "NAME", name)) < w.signs[sign]
		})
	})
	if !slices.Equal(seen, w.shown) {
		t.Errorf("the route showed %q, want %q", seen, w.shown)
	}
	if w.written != "" {
		got, err := writtenBy(t.Context(), namespace, w.provider)
		if want := strings.ReplaceAll(w.written, "NAMESPACE", namespace); err != nil || got != want {
			t.Errorf("Flagger has written %s (%v), want %s", got, err, want)
		}
	}
	checkUnfinished(t, namespace)
	if !t.Failed() {
		statistics.witnesses.Add(1)
	}
}

// renderRefused wants our validation to refuse the strategy for the given reason, and returns what we would
// write if it did not.
func (f flaggerFlow) renderRefused(t *testing.T, namespace, address, image, reason string) *trial {
	t.Helper()
	result, err := render.Render(f.workload(t, namespace, address, image), render.Options{KubernetesVersion: version.String(), Incomplete: true})
	if err == nil || reason == "" || !strings.Contains(err.Error(), reason) {
		t.Fatalf("validation says %v, and not %q", err, reason)
	}
	return &trial{namespace: namespace, manifests: result.Manifests}
}

// checkUnfinished wants the analysis to go on without a failed check, and the old version in production: nothing
// of what is witnessed would stop a rollout.
func checkUnfinished(t *testing.T, namespace string) {
	t.Helper()
	canary, err := clustertest.Get[unstructured.Unstructured](t.Context(), cluster, canaries, namespace, "api")
	if err != nil {
		t.Fatal(err)
	}
	if phase, failed := dig(canary.Object, "status.phase"), dig(canary.Object, "status.failedChecks"); phase != "Progressing" || failed != int64(0) {
		t.Errorf("the Canary is %v, after %v failed checks", phase, failed)
	}
	primary, err := clustertest.Get[appsv1.Deployment](t.Context(), cluster, deployments, namespace, "api-primary")
	if err != nil {
		t.Fatal(err)
	}
	if image := primary.Spec.Template.Spec.Containers[0].Image; image != oldImage {
		t.Errorf("production runs %s already", image)
	}
}

// countLines counts the lines with all of the given parts.
func countLines(text string, parts ...string) int {
	n := 0
	for line := range strings.Lines(text) {
		if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(line, part) }) {
			n++
		}
	}
	return n
}

// writtenBy returns, as JSON, the conditions of the first rule of a provider's object; of a TraefikService,
// which has none, all of its spec, and of an Ingress the annotations about the next version.
func writtenBy(ctx context.Context, namespace string, p rollout.Provider) (string, error) {
	var found any
	if p == rollout.Nginx {
		object, err := clustertest.Get[unstructured.Unstructured](ctx, cluster, ingresses, namespace, "api-canary")
		if err != nil {
			return "", err
		}
		annotations := map[string]string{}
		for key, value := range object.GetAnnotations() {
			if short, ours := strings.CutPrefix(key, "nginx.ingress.kubernetes.io/"); ours {
				annotations[short] = value
			}
		}
		found = annotations
	} else {
		s := shapes[p]
		object, err := clustertest.Get[unstructured.Unstructured](ctx, cluster, s.resource, namespace, "api")
		if err != nil {
			return "", err
		}
		for _, rule := range many(dig(object.Object, s.rules))[:1] {
			found = dig(rule, s.matches)
		}
	}
	text, err := json.Marshal(found)
	return string(text), err
}

// witnessRecreate shows why recreate has no engine: Flagger hands the Deployment's strategy on to production,
// all of whose pods then go at once when a version is promoted. With our rolling strategy they never do.
func witnessRecreate(t *testing.T, namespace string, numbers *metrics, address string, recreate bool) {
	engine := rollout.Flagger
	f := flaggerFlow{strategy: rollout.Strategy{Engine: &engine, BlueGreen: &rollout.BlueGreen{Checks: new(int32(1))}}}
	rendered := func(image string) *trial {
		tr := f.render(t, namespace, address, image)
		for i, m := range tr.manifests {
			if _, ok := m.Object.(*appsv1.Deployment); ok && recreate {
				tr.manifests[i].Text = recreated(t, m.Text)
			}
		}
		return tr
	}
	refused := flaggerFlow{strategy: rollout.Strategy{Engine: &engine, Recreate: &rollout.Recreate{}}}
	refused.renderRefused(t, namespace, address, oldImage, "which moves traffic between two versions: set blue_green, canary or ab_test")

	createNamespace(t, namespace, true)
	numbers.set(namespace, 99)
	rendered(oldImage).apply(t)
	f.await(t, namespace, "Initialized")
	tr := &trial{namespace: namespace}
	tr.checkProduction(t, oldImage)
	watched := watchEndpoints(t, tr, "api")
	rendered(newImage).apply(t)
	f.await(t, namespace, "Succeeded")
	tr.checkProduction(t, newImage)
	if !recreate {
		watched.stop(t) // with Recreate it is out for a moment only, since a pod that is played is ready at once
	}
	events, err := clustertest.List[corev1.Event](t.Context(), cluster, corev1.SchemeGroupVersion.WithResource("events"), namespace)
	if err != nil {
		t.Fatal(err)
	}
	gone := slices.ContainsFunc(events, func(e corev1.Event) bool {
		return e.InvolvedObject.Name == "api-primary" && strings.HasPrefix(e.Message, "Scaled down replica set") && strings.HasSuffix(e.Message, fmt.Sprintf("from %d to 0", productionPods))
	})
	if gone != recreate {
		t.Fatalf("all pods of production went at once: %v, want %v", gone, recreate)
	}
	statistics.witnesses.Add(1)
}

// recreated returns the text of a Deployment with the strategy Recreate.
func recreated(t *testing.T, text string) string {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	spec, _ := dig(object, "spec").(map[string]any)
	spec["strategy"] = map[string]any{"type": "Recreate"}
	changed, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}
