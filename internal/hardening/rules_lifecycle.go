package hardening

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

var lifecycleRules = []Rule{
	{
		ID:          "pre-stop-grace",
		Severity:    Error,
		Title:       "The sleep before the stop signal leaves time to stop.",
		Attribute:   "pre_stop_sleep_seconds",
		Remediation: "make `pre_stop_sleep_seconds`, or the container's `lifecycle.pre_stop`, shorter or `termination_grace_period_seconds` longer (left out, it is 30 s more than the sleep)",
		InYAML:      "make the hook in `lifecycle.preStop` shorter or `terminationGracePeriodSeconds` longer",
		Rationale:   "The grace period begins before the preStop hook, not after it. A hook that takes all of it leaves the application to be killed in the middle of its requests.",
		Source:      "kubernetes@v1.36.1 pkg/apis/core/validation validateSleepAction and pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer",
		NoException: "the API server refuses a sleep action that is longer than the grace period, and the kubelet cuts every other hook off at its end",
		check:       eachContainer(checkPreStop),
	},
	{
		ID:          "startup-budget",
		Severity:    Error,
		Title:       "A pod may take as long to start as its startup probe allows without failing the rollout.",
		Attribute:   "progress_deadline_seconds",
		Remediation: "raise `progress_deadline_seconds` above the startup probe's time plus `min_ready_seconds`, or lower the probe's `failure_threshold` or `period_seconds`",
		InYAML:      "raise `progressDeadlineSeconds` above the startup probe's time plus `minReadySeconds`, or lower the probe's `failureThreshold` or `periodSeconds`",
		Rationale:   "A rollout that sees no new pod ready within the deadline is reported as failed, and delivery controllers roll it back, while the probe would still have waited.",
		Source:      "Kubernetes documentation, concepts/workloads/controllers/deployment, \"Progress Deadline Seconds\"; fluxcd/flagger@v1.44.0 pkg/canary/deployment_ready.go isDeploymentReady",
		check:       eachContainer(checkStartupBudget),
	},
	{
		ID:          "rollout-strategy",
		Severity:    Error,
		Title:       "The Deployment says how a new version replaces the old one.",
		Attribute:   "strategy",
		Remediation: "remove what `patches` change in the Deployment's strategy, and use `strategy`",
		InYAML:      "set `type` and, for RollingUpdate, `rollingUpdate.maxSurge` and `rollingUpdate.maxUnavailable` in the Deployment's `strategy`",
		Rationale: "How much capacity a rollout takes away is a decision to be reviewed. A strategy that was only defaulted also cannot be changed to Recreate by server-side apply: the API server refuses " +
			"the defaulted rollingUpdate that stays behind.",
		Source: "Kubernetes documentation, concepts/workloads/controllers/deployment, \"Strategy\"; kubernetes/kubernetes#24198",
		check:  eachPod(checkStrategy),
	},
	{
		ID:          "recreate-downtime",
		Severity:    Warning,
		Title:       "A rollout leaves the workload running.",
		Attribute:   "strategy",
		Remediation: "use `strategy = { rolling = {} }` unless two versions must never run at once",
		InYAML:      "set `strategy.type: RollingUpdate`",
		Rationale:   "Recreate stops every old pod before the first new one starts: each rollout is an outage, whatever the number of replicas, and disruption budgets do not count for it.",
		Source:      "Kubernetes documentation, concepts/workloads/controllers/deployment, \"Recreate Deployment\"",
		check:       checkRecreate,
	},
}

func checkPreStop(c *container, report report) {
	grace := orDefault(c.pod.spec.TerminationGracePeriodSeconds, corev1.DefaultTerminationGracePeriodSeconds)
	sleep := preStopSleep(orDefault(c.Lifecycle, corev1.Lifecycle{}).PreStop)
	if sleep > 0 && sleep >= seconds(grace) {
		report(c.at("lifecycle.preStop"), "container %q sleeps for %s before it is told to stop, and is killed %d s after the beginning of that sleep", c.Name, sleep, grace)
	}
}

// seconds returns a number of seconds, or the longest time that there is.
func seconds(n int64) time.Duration {
	const longest = math.MaxInt64 / int64(time.Second)
	return time.Duration(min(n, longest)) * time.Second
}

// preStopSleep returns how long a hook sleeps: as an action of its own, or by the
// program sleep, alone or in a shell's script.
func preStopSleep(hook *corev1.LifecycleHandler) time.Duration {
	switch {
	case hook == nil:
		return 0
	case hook.Sleep != nil:
		return seconds(hook.Sleep.Seconds)
	case hook.Exec == nil:
		return 0
	}
	var sum time.Duration
	for _, found := range sleepCommand.FindAllStringSubmatch(strings.Join(hook.Exec.Command, " "), -1) {
		if amount, err := strconv.ParseFloat(found[1], 64); err == nil {
			sum += time.Duration(amount * float64(sleepUnits[found[2]]))
		}
	}
	return sum
}

var (
	sleepCommand = regexp.MustCompile(`(?:^|[\s/;&|(])sleep\s+([0-9]{1,6}(?:\.[0-9]{1,6})?)([smhd]?)(?:$|[\s;&|)])`)
	sleepUnits   = map[string]time.Duration{"": time.Second, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
)

// defaultProgressDeadline is the deadline of a Deployment and of a Rollout that set none, in seconds.
// Source: kubernetes@v1.36.1 pkg/apis/apps/v1/defaults.go SetDefaults_Deployment;
// argoproj/argo-rollouts@v1.10.1 utils/defaults/defaults.go DefaultProgressDeadlineSeconds.
const defaultProgressDeadline int32 = 600

func checkStartupBudget(c *container, report report) {
	if c.pod.deadline == nil || c.StartupProbe == nil {
		return
	}
	probe := withDefaults(*c.StartupProbe)
	budget := int64(probe.InitialDelaySeconds) + int64(probe.FailureThreshold)*int64(probe.PeriodSeconds)
	ready, deadline := c.pod.minReady, *c.pod.deadline
	if total := budget + int64(ready); total >= int64(deadline) {
		report(c.at("startupProbe"), "container %q may take %d s to start (initialDelaySeconds %d + failureThreshold %d × periodSeconds %d) and %d s to count as ready, but the rollout has failed after progressDeadlineSeconds %d",
			c.Name, budget, probe.InitialDelaySeconds, probe.FailureThreshold, probe.PeriodSeconds, ready, deadline)
	}
}

func checkStrategy(p *pod, report report) {
	if p.deployment == nil {
		return
	}
	switch strategy := p.deployment.Spec.Strategy; {
	case strategy.Type == "":
		report(p.whole().at("spec.strategy"), "the strategy is not set, so it is whatever Kubernetes takes by default")
	case strategy.Type == appsv1.RollingUpdateDeploymentStrategyType &&
		(strategy.RollingUpdate == nil || strategy.RollingUpdate.MaxSurge == nil || strategy.RollingUpdate.MaxUnavailable == nil):
		report(p.whole().at("spec.strategy.rollingUpdate"), "the rolling update does not say both maxSurge and maxUnavailable, so Kubernetes takes 25%% for what is missing")
	}
}

func checkRecreate(in *inventory, report report) {
	for _, p := range in.pods {
		if p.deployment == nil || p.deployment.Spec.Strategy.Type != appsv1.RecreateDeploymentStrategyType {
			continue
		}
		if _, highest, _, ok := in.scale(p); ok && highest > 1 {
			report(p.whole().at("spec.strategy"), "the strategy is Recreate, so all of up to %d pods are gone until the new ones are ready", highest)
		}
	}
}
