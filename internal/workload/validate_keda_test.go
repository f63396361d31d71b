package workload_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func scaledByKEDA(low, rest string) string {
	return "autoscaling: {min_replicas: " + low + ", max_replicas: 9, " + rest + "}"
}

const queue = "triggers: {q: {type: kafka, metadata: {topic: a}}}"

func TestValidate_WhatKEDAAccepts(t *testing.T) {
	t.Parallel()
	for name, addition := range map[string]string{
		"no pods while idle":     scaledByKEDA("0", "keda: {cooldown_period_seconds: 0, polling_interval_seconds: 1, "+queue+"}"),
		"idle below the minimum": scaledByKEDA("2", "keda: {idle_replica_count: 0, cooldown_period_seconds: 5, initial_cooldown_period_seconds: 5, "+queue+"}"),
		"shares alone":           scaledByKEDA("2", "cpu_utilization: 50, keda: {}"),
		"polling for a cache":    scaledByKEDA("2", "keda: {polling_interval_seconds: 5, triggers: {q: {type: kafka, metadata: {}, use_cached_metrics: true}}}"),
		"amount of memory":       scaledByKEDA("2", "keda: {triggers: {m: {type: memory, metric_type: AverageValue, metadata: {value: 100Mi}}}}"),
		"formula and fallback":   scaledByKEDA("2", "keda: {scaling_modifiers: {formula: q * 2, target: '5'}, fallback: {failure_threshold: 3, replicas: 4, behavior: scalingModifiers}, "+queue+"}"),
		"recommendation":         "vertical_autoscaling: {}",
		"bounded recommendation": "vertical_autoscaling: {containers: {api: {min_allowed: {cpu: 50m}, max_allowed: {cpu: 1}}, '*': {mode: 'Off'}}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := describe(t, api+addition).Validate(kubeversion.Oldest); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidate_BlamesKEDA(t *testing.T) {
	t.Parallel()
	const at = "autoscaling.keda."
	trigger := func(t string) string { return scaledByKEDA("1", "keda: {triggers: {q: {"+t+"}}}") }
	checkBlamed(t, map[string]blamed{
		"metrics of an autoscaler": {"", scaledByKEDA("1", "metrics: {a: {external: {name: a, value: 1}}}, keda: {"+queue+"}"), "autoscaling.metrics: describe a trigger"},
		"no trigger":               {"", scaledByKEDA("1", "keda: {}"), at + "triggers: is empty"},
		"name of a share":          {"", scaledByKEDA("1", "cpu_utilization: 50, keda: {triggers: {cpu: {type: kafka, metadata: {}}}}"), at + `triggers["cpu"]: rename it`},
		"type":                     {"", trigger("type: '', metadata: {}"), at + `triggers["q"].type: is empty`},
		"share of a queue":         {"", trigger("type: kafka, metric_type: Utilization, metadata: {}"), at + `triggers["q"].metric_type: use AverageValue`},
		"value of cpu":             {"", trigger("type: cpu, metric_type: Value, metadata: {}"), at + `triggers["q"].metric_type: is no target of cpu`},
		"kind of target":           {"", trigger("type: kafka, metric_type: Share, metadata: {}"), at + `triggers["q"].metric_type: none of AverageValue`},
		"cache of cron":            {"", trigger("type: cron, use_cached_metrics: true, metadata: {}"), at + `triggers["q"].use_cached_metrics: is not for`},
		"credentials":              {"", trigger("type: kafka, metadata: {}, authentication_ref: {name: '', kind: Secret}"), at + `triggers["q"].authentication_ref.name: is empty` + "\n" + at + `triggers["q"].authentication_ref.kind: none of`},
		"idle of one":              {"", scaledByKEDA("2", "keda: {idle_replica_count: 1, "+queue+"}"), at + "idle_replica_count: use 0 to 0"},
		"idle below nothing":       {"", scaledByKEDA("0", "keda: {idle_replica_count: 0, "+queue+"}"), at + "idle_replica_count: which is 0 already"},
		"periods of nothing":       {"", scaledByKEDA("1", "keda: {cooldown_period_seconds: 5, polling_interval_seconds: 5, "+queue+"}"), at + "cooldown_period_seconds: go down to none\n" + at + "polling_interval_seconds: go down to none"},
		"negative periods":         {"", scaledByKEDA("0", "keda: {cooldown_period_seconds: -1, polling_interval_seconds: 0, "+queue+"}"), at + "polling_interval_seconds: use 1 or more\n" + at + "cooldown_period_seconds: use 0 or more"},
		"nothing to wake up":       {"", scaledByKEDA("0", "cpu_utilization: 50, keda: {}"), "autoscaling.min_replicas: add a trigger of another type"},
		"fallback of cpu":          {"", scaledByKEDA("1", "cpu_utilization: 50, keda: {fallback: {failure_threshold: 3, replicas: -1}}"), at + "fallback.replicas: use 0 or more\n" + at + "fallback: add a trigger"},
		"fallback behavior":        {"", scaledByKEDA("1", "keda: {fallback: {failure_threshold: 3, replicas: 1, behavior: scalingModifiers}, "+queue+"}"), at + "fallback.behavior: needs scaling_modifiers"},
		"formula":                  {"", scaledByKEDA("1", "keda: {scaling_modifiers: {formula: '', target: '0', activation_target: x}, "+queue+"}"), at + "scaling_modifiers.formula: is empty\n" + at + "scaling_modifiers.target: above zero\n" + at + "scaling_modifiers.activation_target: is no number"},
		"formula of cpu":           {"", scaledByKEDA("1", "cpu_utilization: 50, keda: {scaling_modifiers: {formula: '1', target: '1'}}"), at + "scaling_modifiers: other than cpu and memory"},
		"bounds of nobody":         {"", "vertical_autoscaling: {containers: {x: {}}}", `vertical_autoscaling.containers["x"]: those are api`},
		"bounds off":               {"", "vertical_autoscaling: {containers: {api: {mode: 'Off', min_allowed: {cpu: 1}}}}", `vertical_autoscaling.containers["api"].mode: no effect`},
		"bounds crossed":           {"", "vertical_autoscaling: {containers: {api: {min_allowed: {cpu: 2}, max_allowed: {cpu: 1}}}}", `vertical_autoscaling.containers["api"].min_allowed["cpu"]: lower it`},
		"bounds of disks":          {"", "vertical_autoscaling: {containers: {api: {max_allowed: {ephemeral-storage: 1Gi}}}}", `vertical_autoscaling.containers["api"].max_allowed["ephemeral-storage"]: use cpu or memory`},
		"fine bounds":              {"", "vertical_autoscaling: {containers: {api: {max_allowed: {cpu: 100u, memory: 100m}}}}", `vertical_autoscaling.containers["api"].max_allowed["cpu"]: whole thousandths` + "\n" + `vertical_autoscaling.containers["api"].max_allowed["memory"]: whole bytes`},
		"controlled":               {"", "vertical_autoscaling: {containers: {api: {controlled_resources: [disk, cpu, cpu]}, '*': {controlled_resources: []}}}", `vertical_autoscaling.containers["*"].controlled_resources: is empty` + "\n" + `vertical_autoscaling.containers["api"].controlled_resources[0]: none of` + "\n" + `vertical_autoscaling.containers["api"].controlled_resources[2]: listed already`},
	})
}
