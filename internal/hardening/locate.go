package hardening

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// attributes leads from the fields of rendered objects to the attributes of
// seaworthy_workload that decide about them. A row holds for its field and all
// below it, and the longest one counts. [*] stands for a name and [#] for a
// number, in the same order on both sides. The kind "pod" is the pod template of
// any kind, and no kind is every kind. A row of containers is one of init_containers too,
// which stand in a list: there the name stands for the number, since a finding does not know it.
var attributes = []struct{ kind, field, attribute string }{
	{"", "metadata.namespace", "namespace"},
	{"", "metadata.labels", "labels"},
	{"", "metadata.annotations", "annotations"},

	{"Deployment", "spec.replicas", "replicas"},
	{"Deployment", "spec.selector", "name"},
	{"Deployment", "spec.strategy", "strategy"},
	{"Deployment", "spec.minReadySeconds", "min_ready_seconds"},
	{"Deployment", "spec.progressDeadlineSeconds", "progress_deadline_seconds"},
	{"Deployment", "spec.revisionHistoryLimit", "revision_history_limit"},

	{"Rollout", "spec.replicas", "replicas"},
	{"Rollout", "spec.selector", "name"},
	{"Rollout", "spec.strategy", "strategy"},
	{"Rollout", "spec.minReadySeconds", "min_ready_seconds"},
	{"Rollout", "spec.progressDeadlineSeconds", "progress_deadline_seconds"},
	{"Rollout", "spec.revisionHistoryLimit", "revision_history_limit"},

	{"StatefulSet", "spec.replicas", "replicas"},
	{"StatefulSet", "spec.selector", "name"},
	{"StatefulSet", "spec.serviceName", "name"},
	{"StatefulSet", "spec.podManagementPolicy", "pod_management_policy"},
	{"StatefulSet", "spec.persistentVolumeClaimRetentionPolicy", "persistent_volume_claim_retention_policy"},
	{"StatefulSet", "spec.volumeClaimTemplates", "volume_claims"},
	{"StatefulSet", "spec.volumeClaimTemplates[*]", "volume_claims[*]"},
	{"StatefulSet", "spec.volumeClaimTemplates[*].spec.accessModes", "volume_claims[*].access_modes"},
	{"StatefulSet", "spec.volumeClaimTemplates[*].spec.resources", "volume_claims[*].storage"},
	{"StatefulSet", "spec.updateStrategy", "strategy"},
	{"StatefulSet", "spec.minReadySeconds", "min_ready_seconds"},
	{"StatefulSet", "spec.revisionHistoryLimit", "revision_history_limit"},

	{"DaemonSet", "spec.selector", "name"},
	{"DaemonSet", "spec.updateStrategy", "strategy"},
	{"DaemonSet", "spec.minReadySeconds", "min_ready_seconds"},
	{"DaemonSet", "spec.revisionHistoryLimit", "revision_history_limit"},

	{"Job", "spec", "job"},
	{"Job", "spec.completions", "job.completions"},
	{"Job", "spec.parallelism", "job.parallelism"},
	{"Job", "spec.completionMode", "job.completion_mode"},
	{"Job", "spec.backoffLimit", "job.backoff_limit"},
	{"Job", "spec.backoffLimitPerIndex", "job.backoff_limit_per_index"},
	{"Job", "spec.maxFailedIndexes", "job.max_failed_indexes"},
	{"Job", "spec.activeDeadlineSeconds", "job.active_deadline_seconds"},
	{"Job", "spec.ttlSecondsAfterFinished", "job.ttl_seconds_after_finished"},
	{"Job", "spec.podFailurePolicy", "job.pod_failure_policy"},
	{"Job", "spec.podFailurePolicy.rules[#]", "job.pod_failure_policy.rules[#]"},
	{"Job", "spec.successPolicy", "job.success_policy"},
	{"Job", "spec.podReplacementPolicy", "job.pod_replacement_policy"},
	{"Job", "spec.suspend", "job.suspend"},
	{"CronJob", "spec", "cron"},
	{"CronJob", "spec.schedule", "cron.schedule"},
	{"CronJob", "spec.timeZone", "cron.time_zone"},
	{"CronJob", "spec.concurrencyPolicy", "cron.concurrency_policy"},
	{"CronJob", "spec.startingDeadlineSeconds", "cron.starting_deadline_seconds"},
	{"CronJob", "spec.successfulJobsHistoryLimit", "cron.successful_jobs_history_limit"},
	{"CronJob", "spec.failedJobsHistoryLimit", "cron.failed_jobs_history_limit"},
	{"CronJob", "spec.suspend", "cron.suspend"},
	{"CronJob", "spec.jobTemplate.spec", "job"},
	{"CronJob", "spec.jobTemplate.spec.backoffLimit", "job.backoff_limit"},
	{"CronJob", "spec.jobTemplate.spec.activeDeadlineSeconds", "job.active_deadline_seconds"},
	{"CronJob", "spec.jobTemplate.spec.ttlSecondsAfterFinished", "job.ttl_seconds_after_finished"},
	{"pod", "spec.restartPolicy", "job.restart_policy"},

	{"pod", "metadata.labels", "pod_labels"},
	{"pod", "metadata.annotations", "pod_annotations"},
	{"pod", "spec.serviceAccountName", "service_account.name"},
	{"pod", "spec.automountServiceAccountToken", "service_account.automount_token"},
	{"pod", "spec.terminationGracePeriodSeconds", "termination_grace_period_seconds"},
	{"pod", "spec.affinity", "affinity"},
	{"pod", "spec.hostAliases", "host_aliases"},
	{"pod", "spec.hostUsers", "host_users"},
	{"pod", "spec.shareProcessNamespace", "share_process_namespace"},
	{"pod", "spec.enableServiceLinks", "enable_service_links"},
	{"pod", "spec.dnsConfig", "dns_config"},
	{"pod", "spec.resources", "resources"},
	{"pod", "spec.topologySpreadConstraints", "topology_spread"},
	{"pod", "spec.topologySpreadConstraints[#]", "topology_spread[#]"},
	{"pod", "spec.nodeSelector", "node_selector"},
	{"pod", "spec.tolerations", "tolerations"},
	{"pod", "spec.securityContext", "security_context"},
	{"pod", "spec.securityContext.runAsUser", "security_context.run_as_user"},
	{"pod", "spec.securityContext.runAsGroup", "security_context.run_as_group"},
	{"pod", "spec.securityContext.runAsNonRoot", "security_context.run_as_non_root"},
	{"pod", "spec.securityContext.fsGroup", "security_context.fs_group"},
	{"pod", "spec.securityContext.supplementalGroups", "security_context.supplemental_groups"},
	{"pod", "spec.securityContext.seccompProfile", "security_context.seccomp_profile"},
	{"pod", "spec.securityContext.appArmorProfile", "security_context.app_armor_profile"},
	{"pod", "spec.securityContext.seLinuxOptions", "security_context.selinux_options"},
	{"pod", "spec.securityContext.sysctls", "security_context.sysctls"},
	{"pod", "spec.securityContext.sysctls[*]", "security_context.sysctls[*]"},

	{"pod", "spec.volumes", "volumes"},
	{"pod", "spec.volumes[*]", "volumes[*]"},
	{"pod", "spec.volumes[*].emptyDir", "volumes[*].empty_dir"},
	{"pod", "spec.volumes[*].emptyDir.sizeLimit", "volumes[*].empty_dir.size_limit"},
	{"pod", "spec.volumes[*].hostPath", "volumes[*].host_path"},
	{"pod", "spec.volumes[*].image", "volumes[*].image"},

	{"pod", "spec.containers[*]", `containers[*]`},
	{"pod", "spec.containers[*].image", `containers[*].image`},
	{"pod", "spec.containers[*].imagePullPolicy", `containers[*].image_pull_policy`},
	{"pod", "spec.containers[*].command", `containers[*].command`},
	{"pod", "spec.containers[*].args", `containers[*].args`},
	{"pod", "spec.containers[*].ports", `containers[*].ports`},
	{"pod", "spec.containers[*].env", `containers[*].env`},
	{"pod", "spec.containers[*].env[*]", `containers[*].env[*]`},
	{"pod", "spec.containers[*].envFrom", `containers[*].env_from`},
	{"pod", "spec.containers[*].envFrom[#]", `containers[*].env_from[#]`},
	{"pod", "spec.containers[*].lifecycle", `containers[*].lifecycle`},
	{"pod", "spec.containers[*].resources", `containers[*].resources`},
	{"pod", "spec.containers[*].resources.requests", `containers[*].resources.requests`},
	{"pod", "spec.containers[*].resources.limits", `containers[*].resources.limits`},
	{"pod", "spec.containers[*].volumeMounts", `containers[*].volume_mounts`},

	{"pod", "spec.containers[*].startupProbe", `containers[*].startup_probe`},
	{"pod", "spec.containers[*].startupProbe.httpGet.port", `containers[*].startup_probe.http_get.port`},
	{"pod", "spec.containers[*].startupProbe.tcpSocket.port", `containers[*].startup_probe.tcp_socket.port`},
	{"pod", "spec.containers[*].startupProbe.grpc.port", `containers[*].startup_probe.grpc.port`},
	{"pod", "spec.containers[*].readinessProbe", `containers[*].readiness_probe`},
	{"pod", "spec.containers[*].readinessProbe.httpGet.port", `containers[*].readiness_probe.http_get.port`},
	{"pod", "spec.containers[*].readinessProbe.tcpSocket.port", `containers[*].readiness_probe.tcp_socket.port`},
	{"pod", "spec.containers[*].readinessProbe.grpc.port", `containers[*].readiness_probe.grpc.port`},
	{"pod", "spec.containers[*].livenessProbe", `containers[*].liveness_probe`},
	{"pod", "spec.containers[*].livenessProbe.httpGet.port", `containers[*].liveness_probe.http_get.port`},
	{"pod", "spec.containers[*].livenessProbe.tcpSocket.port", `containers[*].liveness_probe.tcp_socket.port`},
	{"pod", "spec.containers[*].livenessProbe.grpc.port", `containers[*].liveness_probe.grpc.port`},

	{"pod", "spec.containers[*].securityContext", `containers[*].security_context`},
	{"pod", "spec.containers[*].securityContext.runAsUser", `containers[*].security_context.run_as_user`},
	{"pod", "spec.containers[*].securityContext.runAsGroup", `containers[*].security_context.run_as_group`},
	{"pod", "spec.containers[*].securityContext.runAsNonRoot", `containers[*].security_context.run_as_non_root`},
	{"pod", "spec.containers[*].securityContext.readOnlyRootFilesystem", `containers[*].security_context.read_only_root_filesystem`},
	{"pod", "spec.containers[*].securityContext.allowPrivilegeEscalation", `containers[*].security_context.allow_privilege_escalation`},
	{"pod", "spec.containers[*].securityContext.privileged", `containers[*].security_context.privileged`},
	{"pod", "spec.containers[*].securityContext.seccompProfile", `containers[*].security_context.seccomp_profile`},
	{"pod", "spec.containers[*].securityContext.appArmorProfile", `containers[*].security_context.app_armor_profile`},
	{"pod", "spec.containers[*].securityContext.seLinuxOptions", `containers[*].security_context.selinux_options`},
	{"pod", "spec.containers[*].securityContext.procMount", `containers[*].security_context.proc_mount`},
	{"pod", "spec.containers[*].securityContext.capabilities", `containers[*].security_context.capabilities`},
	{"pod", "spec.containers[*].securityContext.capabilities.add", `containers[*].security_context.capabilities.add`},
	{"pod", "spec.containers[*].securityContext.capabilities.add[#]", `containers[*].security_context.capabilities.add[#]`},
	{"pod", "spec.containers[*].securityContext.capabilities.drop", `containers[*].security_context.capabilities.drop`},

	{"HorizontalPodAutoscaler", "", "autoscaling"},
	{"HorizontalPodAutoscaler", "spec.minReplicas", "autoscaling.min_replicas"},
	{"HorizontalPodAutoscaler", "spec.maxReplicas", "autoscaling.max_replicas"},
	{"HorizontalPodAutoscaler", "spec.metrics", "autoscaling.metrics"},
	{"HorizontalPodAutoscaler", "spec.metrics[cpu]", "autoscaling.cpu_utilization"},
	{"HorizontalPodAutoscaler", "spec.metrics[memory]", "autoscaling.memory_utilization"},
	{"HorizontalPodAutoscaler", "spec.behavior", "autoscaling.behavior"},

	{"ScaledObject", "", "autoscaling"},
	{"ScaledObject", "spec.minReplicaCount", "autoscaling.min_replicas"},
	{"ScaledObject", "spec.maxReplicaCount", "autoscaling.max_replicas"},
	{"ScaledObject", "spec.idleReplicaCount", "autoscaling.keda.idle_replica_count"},
	{"ScaledObject", "spec.pollingInterval", "autoscaling.keda.polling_interval_seconds"},
	{"ScaledObject", "spec.cooldownPeriod", "autoscaling.keda.cooldown_period_seconds"},
	{"ScaledObject", "spec.fallback", "autoscaling.keda.fallback"},
	{"ScaledObject", "spec.advanced.horizontalPodAutoscalerConfig.behavior", "autoscaling.behavior"},
	{"ScaledObject", "spec.advanced.scalingModifiers", "autoscaling.keda.scaling_modifiers"},
	{"ScaledObject", "spec.triggers", "autoscaling.keda.triggers"},
	{"ScaledObject", "spec.triggers[cpu]", "autoscaling.cpu_utilization"},
	{"ScaledObject", "spec.triggers[memory]", "autoscaling.memory_utilization"},
	{"ScaledObject", "spec.triggers[*]", "autoscaling.keda.triggers[*]"},

	{"PodMonitor", "", "monitoring.prometheus"},
	{"PodMonitor", "metadata.labels", "monitoring.prometheus.labels"},
	{"ServiceMonitor", "", "monitoring.prometheus"},
	{"ServiceMonitor", "metadata.labels", "monitoring.prometheus.labels"},
	{"PrometheusRule", "", "alerts"},
	{"PrometheusRule", "metadata.labels", "alerts.labels"},

	{"VerticalPodAutoscaler", "", "vertical_autoscaling"},
	{"VerticalPodAutoscaler", "spec.resourcePolicy", "vertical_autoscaling.containers"},

	{"PodDisruptionBudget", "", "disruption_budget"},
	{"PodDisruptionBudget", "spec.maxUnavailable", "disruption_budget.max_unavailable"},
	{"PodDisruptionBudget", "spec.minAvailable", "disruption_budget.min_available"},
	{"PodDisruptionBudget", "spec.unhealthyPodEvictionPolicy", "disruption_budget.unhealthy_pod_eviction_policy"},

	{"NetworkPolicy", "", "network_policy"},
	{"NetworkPolicy", "spec.ingress", "network_policy.ingress"},
	{"NetworkPolicy", "spec.egress", "network_policy.egress"},

	{"Ingress", "", "traffic"},
	{"Ingress", "spec.tls", "traffic.tls_secret"},
	{"Ingress", "spec.rules", "traffic.hosts"},

	{"Service", "", "service"},
	{"Service", "spec.type", "service.type"},
	{"Service", "spec.clusterIP", "service.cluster_ip"},
	{"Service", "spec.publishNotReadyAddresses", "service.publish_not_ready_addresses"},
	{"Service", "spec.internalTrafficPolicy", "service.internal_traffic_policy"},
	{"Service", "spec.externalTrafficPolicy", "service.external_traffic_policy"},
	{"Service", "spec.trafficDistribution", "service.traffic_distribution"},
	{"Service", "spec.sessionAffinity", "service.session_affinity"},
	{"Service", "spec.sessionAffinityConfig", "service.session_affinity_timeout_seconds"},
	{"Service", "spec.ipFamilyPolicy", "service.ip_family_policy"},
	{"Service", "spec.ipFamilies", "service.ip_families"},
	{"Service", "spec.loadBalancerClass", "service.load_balancer_class"},
	{"Service", "spec.loadBalancerSourceRanges", "service.load_balancer_source_ranges"},
	{"Service", "spec.allocateLoadBalancerNodePorts", "service.allocate_load_balancer_node_ports"},
	{"Service", "spec.healthCheckNodePort", "service.health_check_node_port"},
	{"Service", "metadata.labels", "service.labels"},

	{"ConfigMap", "data", "config_files"},

	{"ServiceAccount", "", "service_account"},
	{"ServiceAccount", "automountServiceAccountToken", "service_account.automount_token"},
}

// templates are where the kinds hold their pod template.
var templates = []string{"spec.template.", "spec.jobTemplate.spec.template."}

// Blame returns the findings over the objects of a workload as its author needs
// them: each with the attribute to blame, and with what to change there.
func Blame(findings []Finding) []Finding {
	blamed := slices.Clone(findings)
	for i := range blamed {
		rule, _ := find(blamed[i].RuleID)
		blamed[i].Path, blamed[i].Remediation = Locate(blamed[i]), rule.Remediation
	}
	return blamed
}

// Locate returns the attribute of seaworthy_workload to blame for a finding over
// the objects rendered for a workload. It always finds one: where the finding's
// field has no attribute, it is the one that the rule names.
func Locate(f Finding) field.Path {
	kind, _, _ := strings.Cut(f.Object, "/")
	kind, _, _ = strings.Cut(kind, ".")
	at := f.Field
	for _, template := range templates {
		if rest, found := strings.CutPrefix(at, template); found {
			kind, at = "pod", rest
			break
		}
	}
	steps := splitField(at)
	best, length := []string(nil), -1
	var values []string
	for _, row := range attributeRows() {
		if row.kind != kind && row.kind != "" || len(row.field) <= length {
			continue
		}
		if captured, ok := matchSteps(row.field, steps); ok {
			best, length, values = row.attribute, len(row.field), captured
		}
	}
	if best == nil {
		rule, _ := find(f.RuleID)
		best = splitField(rule.Attribute)
	}
	return toPath(best, values)
}

// matchSteps reports whether the steps begin with a row's, and returns what its wildcards stand for.
func matchSteps(row, steps []string) (captured []string, ok bool) {
	if len(row) > len(steps) {
		return nil, false
	}
	for i, want := range row {
		key, isKey := bracketed(steps[i])
		switch want {
		case "[*]", "[#]":
			if _, err := strconv.Atoi(key); !isKey || want == "[#]" && err != nil {
				return nil, false
			}
			captured = append(captured, key)
		default:
			if want != steps[i] {
				return nil, false
			}
		}
	}
	return captured, true
}

// toPath makes an attribute path, with the captured values for its wildcards.
func toPath(steps, values []string) field.Path {
	var path field.Path
	for _, step := range steps {
		switch step {
		case "[*]":
			path, values = path.Key(values[0]), values[1:]
		case "[#]":
			i, _ := strconv.Atoi(values[0]) // matchSteps captures numbers only
			path, values = path.Index(i), values[1:]
		default:
			path = path.Attr(step)
		}
	}
	return path
}

func bracketed(step string) (key string, ok bool) {
	key, ok = strings.CutPrefix(step, "[")
	return strings.TrimSuffix(key, "]"), ok
}

type attributeRow struct {
	kind             string
	field, attribute []string
}

// attributeRows is the table, taken apart once.
var attributeRows = sync.OnceValue(func() []attributeRow {
	const containers, inits = "spec.containers", "spec.initContainers"
	rows := make([]attributeRow, 0, 2*len(attributes))
	for _, row := range attributes {
		rows = append(rows, attributeRow{row.kind, splitField(row.field), splitField(row.attribute)})
		if below, found := strings.CutPrefix(row.field, containers); found && strings.HasPrefix(row.attribute, "containers") {
			rows = append(rows, attributeRow{row.kind, splitField(inits + below), splitField("init_" + row.attribute)})
		}
	}
	return append(rows, attributeRow{"pod", splitField(inits), []string{"init_containers"}})
})
