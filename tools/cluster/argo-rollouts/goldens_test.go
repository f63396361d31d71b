// Package argorollouts_test holds what seaworthy renders for Argo Rollouts against what its
// controller checks and computes: the API server takes almost everything.
package argorollouts_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/validation"
	"github.com/argoproj/argo-rollouts/utils/analysis"
	"github.com/argoproj/argo-rollouts/utils/evaluate"
	ingressutil "github.com/argoproj/argo-rollouts/utils/ingress"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/newrelic/newrelic-client-go/v2/pkg/nrdb"
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// golden is one set of manifests for the controller.
type golden struct {
	rollout    *v1alpha1.Rollout
	referenced validation.ReferencedResources
	templates  []*v1alpha1.AnalysisTemplate
}

func goldens(t *testing.T) map[string]golden {
	t.Helper()
	paths, err := filepath.Glob("../../../internal/render/testdata/argo-*/output.yaml")
	if err != nil || len(paths) < 20 {
		t.Fatalf("goldens: %v (%v)", paths, err)
	}
	all := map[string]golden{}
	for _, path := range paths {
		all[filepath.Base(filepath.Dir(path))] = read(t, path)
	}
	return all
}

func read(t *testing.T, path string) golden {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	services := map[string]*corev1.Service{}
	for document := range strings.SplitSeq("\n"+string(text), "\n---\n") {
		var head metav1.TypeMeta
		if err := yaml.Unmarshal([]byte(document), &head); err != nil {
			t.Fatal(err)
		}
		switch head.Kind {
		case "Rollout":
			g.rollout = decode[v1alpha1.Rollout](t, document)
		case "AnalysisTemplate":
			g.templates = append(g.templates, decode[v1alpha1.AnalysisTemplate](t, document))
		case "Service":
			service := decode[corev1.Service](t, document)
			services[service.Name] = service
		case "Ingress":
			g.referenced.Ingresses = append(g.referenced.Ingresses, *ingressutil.NewIngress(decode[networkingv1.Ingress](t, document)))
		case "VirtualService":
			custom := unstructured.Unstructured{Object: *decode[map[string]any](t, document)}
			if strings.HasPrefix(custom.GetAPIVersion(), "networking.istio.io/") {
				g.referenced.VirtualServices = append(g.referenced.VirtualServices, custom)
			}
		case "VirtualRouter":
			g.referenced.AppMeshResources = append(g.referenced.AppMeshResources, unstructured.Unstructured{Object: *decode[map[string]any](t, document)})
		}
	}
	strategy, kind := g.rollout.Spec.Strategy, validation.BackgroundAnalysis
	roles := map[validation.ServiceType]string{}
	if strategy.BlueGreen != nil {
		kind = validation.PrePromotionAnalysis
		roles[validation.ActiveService], roles[validation.PreviewService] = strategy.BlueGreen.ActiveService, strategy.BlueGreen.PreviewService
		g.referenced.Ingresses, g.referenced.VirtualServices, g.referenced.AppMeshResources = nil, nil, nil // it only looks at those that it changes
	} else {
		roles[validation.StableService], roles[validation.CanaryService] = strategy.Canary.StableService, strategy.Canary.CanaryService
	}
	for role, name := range roles {
		switch service := services[name]; {
		case service != nil:
			g.referenced.ServiceWithType = append(g.referenced.ServiceWithType, validation.ServiceWithType{Service: service, Type: role})
		case name != "":
			t.Errorf("%s: there is no Service %s", path, name)
		}
	}
	if len(g.templates) > 0 {
		g.referenced.AnalysisTemplatesWithType = []validation.AnalysisTemplatesWithType{{AnalysisTemplates: g.templates, TemplateType: kind}}
	}
	return g
}

// decode refuses fields that the controller's types lack, which it would drop.
func decode[T any](t *testing.T, document string) *T {
	t.Helper()
	var object T
	if err := yaml.UnmarshalStrict([]byte(document), &object, yaml.DisallowUnknownFields); err != nil {
		t.Fatal(err)
	}
	return &object
}

// The controller finds nothing wrong with the Rollouts, nor with what they refer to.
func TestGoldens_AreValidToTheController(t *testing.T) {
	t.Parallel()
	for name, g := range goldens(t) {
		if errs := validation.ValidateRollout(g.rollout); len(errs) > 0 {
			t.Errorf("%s: %v", name, errs)
		}
		if errs := validation.ValidateRolloutReferencedResources(g.rollout, g.referenced); len(errs) > 0 {
			t.Errorf("%s: %v", name, errs)
		}
		for _, template := range g.templates {
			if err := analysis.ValidateMetrics(template.Spec.Metrics); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// answers are what the metric systems of the golden answer, as the controller hands it to conditions:
// good, bad, and without a value.
var answers = map[string][3]any{
	"success": {[]float64{99.6}, []float64{12}, []float64{}},
	"queue":   {[]float64{7}, []float64{101}, []float64{}},
	"errors":  {0.1, 0.6, (*float64)(nil)},
	"apdex":   {nrdb.NRDBResult{"value": 0.95}, nrdb.NRDBResult{"value": 1.5}, nrdb.NRDBResult{"other": 1.0}},
	"latency": {
		[]types.MetricDataResult{{Values: []float64{200, 999}}}, []types.MetricDataResult{{Values: []float64{300, 1}}}, []types.MetricDataResult{{}},
	},
	"orders": {[]any{int64(3)}, []any{int64(0)}, []any{}},
	"logs":   {"0", "4", nil},
}

// A number in the range is a look that went well, and one outside or none at all one that failed.
func TestConditions_JudgeAsFlaggerDoes(t *testing.T) {
	t.Parallel()
	judged := 0
	for _, metric := range goldens(t)["argo-every-metric"].templates[0].Spec.Metrics {
		given, known := answers[metric.Name]
		if !known {
			t.Errorf("no answers for metric %s", metric.Name)
		}
		for i, want := range []v1alpha1.AnalysisPhase{v1alpha1.AnalysisPhaseSuccessful, v1alpha1.AnalysisPhaseFailed, v1alpha1.AnalysisPhaseFailed} {
			judged++
			got, err := evaluate.EvaluateResult(given[i], metric, *logrus.NewEntry(logrus.New()))
			if got != want {
				t.Errorf("%s: %v is %s, want %s (%v)", metric.Name, given[i], got, want, err)
			}
		}
	}
	if judged != 3*len(answers) {
		t.Errorf("%d answers were judged, want %d", judged, 3*len(answers))
	}
}
