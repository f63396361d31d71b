package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// version is the version that the golden cases are rendered for.
func version(t testing.TB) kubeversion.Version {
	t.Helper()
	v, err := kubeversion.Parse(kubernetesVersion)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// use is how a description asks for a feature.
type use struct {
	change func(*workload.Workload)
	path   string // of the error on a version that lacks the feature
	text   string // of a line in the manifests on a version that has it
}

// onAPI makes a change of a workload from one of its container api.
func onAPI(change func(*workload.Container)) func(*workload.Workload) {
	return func(w *workload.Workload) {
		c := w.Containers["api"]
		change(&c)
		w.Containers["api"] = c
	}
}

// uses has an entry for each feature: a version that some description does not depend on
// would be a dead row of the table.
var uses = map[kubeversion.Feature]use{
	kubeversion.RelaxedEnvNames: {
		onAPI(func(c *workload.Container) { c.Env = map[string]string{"a b[c]": "d"} }), `containers["api"].env["a b[c]"]`, `name: a b[c]`,
	},
	kubeversion.HPATolerance: {
		func(w *workload.Workload) {
			w.Autoscaling = &workload.Autoscaling{MinReplicas: 2, MaxReplicas: 4, CPUUtilization: new(int32(50)), Behavior: &workload.Behavior{
				ScaleUp: &workload.ScalingRules{Tolerance: new("0.05")},
			}}
		}, "autoscaling.behavior.scale_up.tolerance", "tolerance: 50m",
	},
	kubeversion.HPAScaleToZero: {
		func(w *workload.Workload) {
			w.Autoscaling = &workload.Autoscaling{MaxReplicas: 4, Metrics: map[string]workload.Metric{
				"queue": {External: &workload.ExternalMetric{Name: "queue_length", AverageValue: new("5")}},
			}}
		}, "autoscaling.min_replicas", "minReplicas: 0",
	},
	kubeversion.SameTrafficDistribution: {
		func(w *workload.Workload) { w.Service = &workload.Service{TrafficDistribution: new("PreferSameNode")} },
		"service.traffic_distribution", "trafficDistribution: PreferSameNode",
	},
	kubeversion.RelaxedServiceNames: {func(w *workload.Workload) { w.Name = "4web" }, "name", `name: "4web"`},
	kubeversion.StatefulSetMaxUnavailable: {
		func(w *workload.Workload) {
			w.Kind = workload.StatefulSet
			w.Strategy = &rollout.Strategy{Rolling: &rollout.Rolling{MaxUnavailable: new(rollout.Quantity("2"))}}
		},
		"strategy.rolling.max_unavailable", "maxUnavailable: 2",
	},
	kubeversion.ZeroSleep: {
		onAPI(func(c *workload.Container) {
			c.Lifecycle = &workload.Lifecycle{PreStop: &workload.Hook{Sleep: &workload.Sleep{}}}
		}), `containers["api"].lifecycle.pre_stop.sleep.seconds`, "seconds: 0",
	},
	kubeversion.SupplementalGroupsPolicy: {
		func(w *workload.Workload) {
			w.SecurityContext = &workload.PodSecurityContext{SupplementalGroupsPolicy: new("Strict")}
		}, "security_context.supplemental_groups_policy", "supplementalGroupsPolicy: Strict",
	},
	kubeversion.SELinuxChangePolicy: {
		func(w *workload.Workload) {
			w.SecurityContext = &workload.PodSecurityContext{SELinuxChangePolicy: new("Recursive")}
		}, "security_context.selinux_change_policy", "seLinuxChangePolicy: Recursive",
	},
	kubeversion.SELinuxMountOption: {
		func(w *workload.Workload) {
			w.SecurityContext = &workload.PodSecurityContext{SELinuxChangePolicy: new("MountOption")}
		}, "security_context.selinux_change_policy", "seLinuxChangePolicy: MountOption",
	},
	kubeversion.TrustBundles: {
		func(w *workload.Workload) {
			w.Volumes = map[string]workload.Volume{"trust": {Projected: &workload.ProjectedVolume{Sources: []workload.ProjectedSource{
				{ClusterTrustBundle: &workload.ProjectedTrustBundle{SignerName: new("example.com/mesh"), Path: "ca.crt"}},
			}}}}
			onAPI(func(c *workload.Container) {
				c.VolumeMounts = map[string]workload.VolumeMount{"/trust": {Volume: "trust"}}
			})(w)
		},
		`volumes["trust"].projected.sources[0].cluster_trust_bundle`, "labelSelector: {}",
	},
	kubeversion.VolumeAttributesClass: {
		func(w *workload.Workload) {
			w.Kind = workload.StatefulSet
			w.VolumeClaims = map[string]workload.VolumeClaim{"data": {Storage: "1Gi", VolumeAttributesClassName: new("gold")}}
			onAPI(func(c *workload.Container) {
				c.VolumeMounts = map[string]workload.VolumeMount{"/data": {Volume: "data"}}
			})(w)
		},
		`volume_claims["data"].volume_attributes_class_name`, "volumeAttributesClassName: gold",
	},
	kubeversion.HostUsers: {func(w *workload.Workload) { w.HostUsers = new(false) }, "host_users", "hostUsers: false"},
	kubeversion.ProcMount: {
		onAPI(func(c *workload.Container) { c.SecurityContext = &workload.SecurityContext{ProcMount: new("Default")} }),
		`containers["api"].security_context.proc_mount`, "procMount: Default",
	},
	kubeversion.ResizePolicy: {
		onAPI(func(c *workload.Container) { c.ResizePolicy = map[string]string{"cpu": "NotRequired"} }),
		`containers["api"].resize_policy`, "restartPolicy: NotRequired",
	},
	kubeversion.PodResources: {
		func(w *workload.Workload) { w.Resources = &workload.Resources{Limits: map[string]string{"cpu": "7"}} }, "resources", `cpu: "7"`,
	},
	kubeversion.RelaxedSearches: {
		func(w *workload.Workload) { w.DNSConfig = &workload.DNSConfig{Searches: []string{"a_b.example.com"}} },
		"dns_config.searches[0]", "- a_b.example.com",
	},
	kubeversion.HostnameOverride: {
		func(w *workload.Workload) { w.HostnameOverride = new("api.example.com") }, "hostname_override", "hostnameOverride: api.example.com",
	},
	kubeversion.ImageVolumes: {
		func(w *workload.Workload) {
			w.Volumes = map[string]workload.Volume{"models": {Image: &workload.ImageVolume{Reference: w.Containers["api"].Image}}}
			onAPI(func(c *workload.Container) {
				c.VolumeMounts = map[string]workload.VolumeMount{"/models": {Volume: "models"}}
			})(w)
		},
		`volumes["models"].image`, "image:\n            pullPolicy: IfNotPresent",
	},
}

// TestFeatures asks for each feature on the last version without it and on the first one with it.
func TestFeatures(t *testing.T) {
	t.Parallel()
	for _, feature := range kubeversion.Features() {
		t.Run(feature.String(), func(t *testing.T) {
			t.Parallel()
			use, there := uses[feature]
			if !there {
				t.Fatal("no use is known")
			}
			w := input(t, "minimal-deployment")
			use.change(&w)

			var major, minor int
			if _, err := fmt.Sscanf(feature.Since().String(), "%d.%d", &major, &minor); err != nil {
				t.Fatal(err)
			}
			_, err := render.Render(w, render.Options{KubernetesVersion: fmt.Sprintf("%d.%d", major, minor-1)})
			fields, others := field.All(err)
			if len(fields) != 1 || len(others) != 0 || fields[0].Path.String() != use.path {
				t.Errorf("before %s: %v, want one error at %s", feature.Since(), err, use.path)
			}

			result, err := render.Render(w, render.Options{KubernetesVersion: feature.Since().String()})
			if err != nil {
				t.Fatalf("with %s: %v", feature.Since(), err)
			}
			if text := stream(result); !strings.Contains(text, use.text) {
				t.Errorf("%q is not in the manifests:\n%s", use.text, text)
			}
		})
	}
}
