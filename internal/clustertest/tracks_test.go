//go:build cluster

package clustertest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// tracks are the versions of one workload that run side by side.
type tracks struct {
	all  *trial   // every object
	each []*trial // the objects of each version
}

// hasTracks reports whether there are two versions.
func hasTracks(manifests []manifest.Manifest) bool {
	n := 0
	for range objectsOf[*appsv1.Deployment](&trial{manifests: manifests}) {
		n++
	}
	return n > 1
}

// tracksOf takes the objects of a workload apart by the version that they are of.
func tracksOf(t *testing.T, namespace string, manifests []manifest.Manifest) tracks {
	t.Helper()
	all := tracks{all: &trial{namespace: namespace, manifests: manifests}}
	for _, m := range manifests {
		deployment, ok := m.Object.(*appsv1.Deployment)
		if !ok {
			continue
		}
		track := &trial{namespace: namespace}
		for _, m := range manifests {
			object, err := meta.Accessor(m.Object)
			if err != nil {
				t.Fatal(err)
			}
			if object.GetLabels()[workload.LabelName] == deployment.Name {
				track.manifests = append(track.manifests, m)
			}
		}
		track.runner = runnerOf(t, track.manifests)
		all.each = append(all.each, track)
	}
	if len(all.each) == 0 {
		t.Fatal("no Deployment")
	}
	return all
}

// await waits until every version is rolled out, and notes its pods.
func (ts tracks) await(t *testing.T) {
	t.Helper()
	for _, track := range ts.each {
		track.awaitRollout(t)
		eventually(t, "pods of "+track.runner.metadata.Name, func(ctx context.Context) error {
			var err error
			track.pods, err = track.selected(ctx, &metav1.LabelSelector{MatchLabels: map[string]string{workload.LabelName: track.runner.metadata.Name}})
			if err == nil && len(track.pods) < int(track.leastPods()) {
				err = fmt.Errorf("there are %d, want at least %d", len(track.pods), track.leastPods())
			}
			return err
		})
	}
}

// check looks at what must be true of the versions together: budgets, policies and autoscalers know
// the pods of their own, and each Service leads to all pods that its selector is for, and to some.
func (ts tracks) check(t *testing.T) {
	t.Helper()
	for _, track := range ts.each {
		track.checkAutoscaler(t)
		track.checkBudget(t)
		track.checkNetworkPolicy(t)
	}
	for declared := range objectsOf[*corev1.Service](ts.all) {
		var want []string
		for _, track := range ts.each {
			if labels.SelectorFromSet(declared.Spec.Selector).Matches(labels.Set(track.runner.template.Labels)) {
				want = append(want, track.pods...)
			}
		}
		slices.Sort(want)
		if len(want) == 0 {
			t.Errorf("Service %s selects no version", declared.Name)
		}
		eventually(t, "Service "+declared.Name, func(ctx context.Context) error {
			got, err := ts.all.endpoints(ctx, declared.Name)
			if err == nil && !slices.Equal(want, got.Pods) {
				err = errors.New("endpoints (-want +got):\n" + cmp.Diff(want, got.Pods))
			}
			return err
		})
		statistics.services.Add(1)
	}
}

// tryTracks is tryManifests for a workload of two versions.
func tryTracks(t *testing.T, namespace string, manifests []manifest.Manifest) {
	t.Helper()
	createNamespace(t, namespace, true)
	ts := tracksOf(t, namespace, manifests)
	createPrerequisites(t, namespace, ts.each[0].runner.pod().Spec)
	create(t, pods, namespace, stranger())
	ts.all.apply(t)
	ts.await(t)
	ts.check(t)
	ts.all.checkSecondApply(t)
	if t.Failed() {
		return
	}
	for _, track := range ts.each {
		track.count(true)
	}
	for range objectsOf[*unstructured.Unstructured](ts.all) {
		statistics.custom.Add(1)
	}
}

// A step is one plan of a native strategy: what the user wrote after the step before.
type step struct {
	name   string
	change func(*workload.Workload)
}

const (
	oldImage = "registry.example.com/shop/api:1.4.2@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	badImage = "registry.example.com/shop/api:1.6.0@sha256:5bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1"
	newImage = "registry.example.com/shop/api:1.5.0@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1"
)

// TestNativeWalks walks through the native strategies from a plain rolling workload to the
// promoted next version, and back from a bad one. Each step is applied over the one before, then what
// is no longer there is deleted, as Terraform and GitOps controllers do. No step may touch a field that
// cannot change, and the workload's Service has ready endpoints all the time.
func TestNativeWalks(t *testing.T) {
	t.Parallel()
	walks := maps.Clone(nativeWalks)
	for _, p := range rollout.Providers() {
		if p != rollout.NoProvider {
			walks["shares-"+strings.ReplaceAll(string(p), "_", "-")] = shares(p)
		}
	}
	for name, walk := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			namespace := "walk-" + name
			createNamespace(t, namespace, true)
			var before []manifest.Manifest
			var watched *watch
			for _, step := range walk {
				w := plainAPI(t, namespace)
				step.change(&w)
				result, err := render.Render(w, render.Options{KubernetesVersion: version.String()})
				if err != nil {
					t.Fatalf("%s: %v", step.name, err)
				}
				ts := tracksOf(t, namespace, result.Manifests)
				ts.all.apply(t)
				deleteOthers(t, namespace, before, result.Manifests)
				ts.await(t)
				ts.check(t)
				if watched == nil {
					watched = watchEndpoints(t, ts.all, "api")
				}
				if t.Failed() {
					t.Fatalf("after the step %q", step.name)
				}
				before = result.Manifests
			}
			watched.stop(t)
			statistics.walks.Add(1)
		})
	}
}

// plainAPI is the workload that every walk begins with.
func plainAPI(t *testing.T, namespace string) workload.Workload {
	t.Helper()
	w := goldenWorkload(t, "route-gateway-api-rolling")
	w.Namespace, w.Traffic = namespace, nil
	return w
}

// watch looks at a Service all the time.
type watch struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
	looks  int
	empty  []string
}

func watchEndpoints(t *testing.T, tr *trial, service string) *watch {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &watch{cancel: cancel}
	w.done.Go(func() {
		for ctx.Err() == nil {
			if n, err := tr.readyEndpoints(ctx, service); err == nil {
				w.looks++
				if n == 0 {
					w.empty = append(w.empty, time.Now().Format(time.TimeOnly))
				}
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	t.Cleanup(cancel)
	return w
}

// stop ends the watch and tells what it saw.
func (w *watch) stop(t *testing.T) {
	t.Helper()
	w.cancel()
	w.done.Wait()
	if w.looks < 5 {
		t.Errorf("the Service was looked at only %d times", w.looks)
	}
	if len(w.empty) > 0 {
		t.Errorf("the Service had no ready endpoint at %v (of %d looks)", w.empty, w.looks)
	}
}

// deleteOthers deletes the objects of before that are not among those of now.
func deleteOthers(t *testing.T, namespace string, before, now []manifest.Manifest) {
	t.Helper()
	for _, m := range before {
		if slices.ContainsFunc(now, func(n manifest.Manifest) bool { return n.Key == m.Key }) {
			continue
		}
		resource, err := cluster.Resource(m.Object.GetObjectKind().GroupVersionKind())
		if err != nil {
			t.Fatal(err)
		}
		object, err := meta.Accessor(m.Object)
		if err != nil {
			t.Fatal(err)
		}
		if err := cluster.Delete(t.Context(), resource, namespace, object.GetName()); err != nil {
			t.Fatal(err)
		}
	}
}

// readyEndpoints counts the ready endpoints of a Service.
func (tr *trial) readyEndpoints(ctx context.Context, service string) (int, error) {
	list, err := clustertest.List[discoveryv1.EndpointSlice](ctx, cluster, endpointSlices, tr.namespace)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, slice := range list {
		if slice.Labels[discoveryv1.LabelServiceName] != service {
			continue
		}
		for _, endpoint := range slice.Endpoints {
			if valueOr(endpoint.Conditions.Ready, true) {
				n++
			}
		}
	}
	return n, nil
}

// nativeWalks are the walks, by name. Both end as they began, on another image or on the same.
var nativeWalks = map[string][]step{
	"blue-green": {
		{"plain", func(*workload.Workload) {}},
		{"start", blueGreen(oldImage, rollout.Stable, newImage)},
		{"switch", blueGreen(oldImage, rollout.Next, newImage)},
		{"move the image up", blueGreen(newImage, rollout.Next, newImage)},
		{"switch to stable", blueGreen(newImage, rollout.Stable, newImage)},
		{"promoted", func(w *workload.Workload) { setImage(w, newImage) }},
	},
	"blue-green-back": {
		{"plain", func(*workload.Workload) {}},
		{"start", blueGreen(oldImage, rollout.Stable, newImage)},
		{"switch", blueGreen(oldImage, rollout.Next, newImage)},
		{"back", blueGreen(oldImage, rollout.Stable, newImage)},
		{"given up", func(*workload.Workload) {}},
	},
	"canary-by-pods": {
		{"plain", func(*workload.Workload) {}},
		{"start", canary("", oldImage, 0)}, {"25", canary("", oldImage, 25)}, {"50", canary("", oldImage, 50)}, {"100", canary("", oldImage, 100)},
		{"move the image up", canary("", newImage, 100)}, {"back to stable", canary("", newImage, 0)},
		{"promoted", func(w *workload.Workload) { setImage(w, newImage) }},
	},
	"canary-gateway": {
		{"plain", func(*workload.Workload) {}},
		{"route", routed(rollout.GatewayAPI)},
		{"start", canary(rollout.GatewayAPI, oldImage, 0)}, {"10", canary(rollout.GatewayAPI, oldImage, 10)},
		{"50", canary(rollout.GatewayAPI, oldImage, 50)}, {"100", canary(rollout.GatewayAPI, oldImage, 100)},
		{"move the image up", canary(rollout.GatewayAPI, newImage, 100)}, {"back to stable", canary(rollout.GatewayAPI, newImage, 0)},
		{"promoted", func(w *workload.Workload) { setImage(w, newImage); routed(rollout.GatewayAPI)(w) }},
	},
	"canary-istio-back": {
		{"plain", func(*workload.Workload) {}},
		{"start", canary(rollout.Istio, oldImage, 0)}, {"10", canary(rollout.Istio, oldImage, 10)}, {"back", canary(rollout.Istio, oldImage, 0)},
		{"given up", routed(rollout.Istio)},
	},
	"ab-test-traefik": {
		{"plain", func(*workload.Workload) {}},
		{"start", func(w *workload.Workload) {
			routed(rollout.Traefik)(w)
			w.Strategy = &rollout.Strategy{ABTest: &rollout.ABTest{
				Match: []rollout.Match{{Header: new("X-Canary"), Exact: new("insider")}}, Candidate: next(newImage),
			}}
		}},
		{"promoted", func(w *workload.Workload) { setImage(w, newImage); routed(rollout.Traefik)(w) }},
	},
}

// shares is a canary over a traffic provider, from a plain route to a promoted version.
func shares(p rollout.Provider) []step {
	return []step{
		{"route", routed(p)}, {"start", canary(p, oldImage, 0)}, {"20", canary(p, oldImage, 20)}, {"100", canary(p, oldImage, 100)},
		{"move the image up", canary(p, newImage, 100)}, {"back to stable", canary(p, newImage, 0)},
		{"promoted", func(w *workload.Workload) { setImage(w, newImage); routed(p)(w) }},
	}
}

func next(image string) *rollout.Candidate {
	return &rollout.Candidate{Images: map[string]string{"api": image}}
}

func setImage(w *workload.Workload, image string) {
	c := w.Containers["api"]
	c.Image = image
	w.Containers["api"] = c
}

func routed(p rollout.Provider) func(*workload.Workload) {
	return func(w *workload.Workload) {
		w.Traffic = &rollout.Traffic{Provider: p, Hosts: []string{"api.example.com"}}
		switch p {
		case rollout.GatewayAPI, rollout.Istio:
			w.Traffic.Gateway = new("infra/public")
		case rollout.Linkerd, rollout.AppMesh: // requests come from within the mesh
			w.Traffic.Hosts = nil
		default:
		}
	}
}

func blueGreen(image string, active rollout.Track, candidate string) func(*workload.Workload) {
	return func(w *workload.Workload) {
		setImage(w, image)
		w.Strategy = &rollout.Strategy{BlueGreen: &rollout.BlueGreen{Active: &active, Candidate: next(candidate)}}
	}
}

func canary(p rollout.Provider, image string, weight int32) func(*workload.Workload) {
	return func(w *workload.Workload) {
		if p != "" {
			routed(p)(w)
		}
		setImage(w, image)
		w.Strategy = &rollout.Strategy{Canary: &rollout.Canary{Weight: &weight, Candidate: next(newImage)}}
	}
}
