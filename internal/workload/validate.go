package workload

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// Validate returns every violation, each a [*field.Error] at the attribute to
// blame, joined; nil if there is none. What is asked for must exist in the given
// version of Kubernetes; a default that does not is left out by whoever decides it.
func (w Workload) Validate(version kubeversion.Version) error {
	c := &checks{version: version}
	w.validateIdentity(c)
	w.validateKindFields(c)
	w.validateContainers(c)
	w.validateVolumes(c)
	w.validateMounts(c)
	w.validateConfigFiles(c)
	w.validateScaling(c)
	w.validateRollout(c)
	w.validateStateful(c)
	w.validateJob(c)
	w.validateCron(c)
	w.validateService(c)
	w.validateServiceAccount(c)
	w.validateNetworkPolicy(c)
	w.validateMonitoring(c)
	w.validateAlerts(c)
	w.validateScheduling(c)
	w.validateSecurityContext(c)
	w.validateImageFacts(c)
	w.validateLifecycle(c)
	w.validateNaming(c)
	w.validatePodResources(c)
	w.validatePatches(c)
	w.validateDelivery(c)
	return c.err()
}

func (w Workload) validateIdentity(c *checks) {
	// The name is also a label value and, with a Service, a DNS label of its own.
	c.kubernetes(field.Root("name"), w.Name, validation.IsDNS1123Label(w.Name))
	w.validateServiceName(c)
	c.kubernetes(field.Root("namespace"), w.Namespace, validation.IsDNS1123Label(w.Namespace))
	if !slices.Contains(Kinds(), w.Kind) {
		c.fail(field.Root("kind"), "%q is not supported: use %s", w.Kind, strings.TrimPrefix(listKinds(Kinds()), "a "))
	}
	w.validateNameLength(c)
	c.labels(field.Root("labels"), w.Labels, w.IdentityLabels())
	c.labels(field.Root("pod_labels"), w.PodLabels, w.IdentityLabels())
	c.annotations(field.Root("annotations"), w.Annotations, nil)
	c.annotations(field.Root("pod_annotations"), w.PodAnnotations, w.Annotations)
	for _, id := range sorted(w.Exceptions) {
		c.text(field.Root("exceptions").Key(id), w.Exceptions[id])
	}
}

// validateServiceName looks at the names of Services, where the workload has any.
func (w Workload) validateServiceName(c *checks) {
	hasService := w.HasService() || w.Kind == StatefulSet
	if !hasService || c.version.Has(kubeversion.RelaxedServiceNames) ||
		len(validation.IsDNS1123Label(w.Name)) > 0 || len(validation.IsDNS1035Label(w.Name)) == 0 {
		return
	}
	remedy := "rename it, or set service = { enabled = false }"
	if w.Kind == StatefulSet {
		remedy = "rename it, since a StatefulSet always has one"
	}
	c.fail(field.Root("name"), "%q cannot name a Service, whose name begins with a letter before Kubernetes %s: %s",
		w.Name, kubeversion.RelaxedServiceNames.Since(), remedy)
}

// longestName is how long a name may be where Kubernetes or we add eleven characters:
//
//   - The pods of a StatefulSet carry the label controller-revision-hash, the name with a
//     dash and a hash of up to ten digits. Source: kubernetes@v1.36.1
//     pkg/controller/history ControllerRevisionName and pkg/controller/statefulset/stateful_set_utils.go
//     setPodRevision; kubernetes/kubernetes#64023.
//   - A CronJob calls its Jobs by its name and the time. Source: kubernetes@v1.36.1
//     pkg/apis/batch/validation ValidateCronJobCreate.
//   - A Job's name ends in a hash of what cannot be changed, which package render adds.
const longestName = 63 - len("-4294967295")

func (w Workload) validateNameLength(c *checks) {
	short := w.Kind == StatefulSet || w.Kind == CronJob || w.Kind == Job
	if short && len(w.Name) > longestName {
		c.failResting(field.Root("name"), []field.Path{field.Root("kind")}, "has %d characters: a %s takes at most %d, because its pods or jobs have longer names", len(w.Name), w.Kind, longestName)
	}
}

func (w Workload) validateRollout(c *checks) {
	if w.Strategy != nil && w.Kind.Has("strategy") {
		if err := w.Strategy.Validate(field.Root("strategy"), w.Kind.controller()); err != nil {
			c.errs = append(c.errs, err)
		}
		if w.Kind == StatefulSet && valueOf(w.Strategy.Rolling).MaxUnavailable != nil {
			c.needs(field.Root("strategy").Attr("rolling").Attr("max_unavailable"), kubeversion.StatefulSetMaxUnavailable)
		}
	}
	between(c, field.Root("termination_grace_period_seconds"), w.TerminationGracePeriodSeconds, 0, longestDeadline)
	between(c, field.Root("pre_stop_sleep_seconds"), w.PreStopSleepSeconds, 0, longestDeadline-defaultDrain)
	atLeast(c, field.Root("min_ready_seconds"), w.MinReadySeconds, 0)
	atLeast(c, field.Root("revision_history_limit"), w.RevisionHistoryLimit, 0)
	// Source: kubernetes@v1.36.1 pkg/apis/apps/validation ValidateDeploymentSpec:
	// progressDeadlineSeconds must be greater than minReadySeconds.
	d := w.WithDefaults()
	if w.Kind == Deployment && *d.ProgressDeadlineSeconds <= *d.MinReadySeconds {
		c.fail(field.Root("progress_deadline_seconds"),
			"is %d, but a pod counts only after min_ready_seconds = %d: no rollout could succeed; make the deadline longer",
			*d.ProgressDeadlineSeconds, *d.MinReadySeconds)
	}
}

func (w Workload) validateServiceAccount(c *checks) {
	if w.ServiceAccount == nil {
		return
	}
	p := field.Root("service_account")
	c.optionalName(p.Attr("name"), w.ServiceAccount.Name)
	c.annotations(p.Attr("annotations"), w.ServiceAccount.Annotations, w.Annotations)
	if w.CreatesServiceAccount() {
		return
	}
	if w.ServiceAccount.Name == nil {
		c.fail(p.Attr("name"), "is not set, but create = false: name the account that exists")
	}
	if w.ServiceAccount.Annotations != nil {
		c.fail(p.Attr("annotations"), "would have no effect with create = false: annotate the account where it is made")
	}
}
