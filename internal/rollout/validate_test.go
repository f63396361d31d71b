package rollout_test

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

// delivery is what is validated together.
type delivery struct {
	Strategy rollout.Strategy  `json:"strategy"`
	Traffic  *rollout.Traffic  `json:"traffic"`
	Analysis *rollout.Analysis `json:"analysis"`
}

func (d delivery) validate() error {
	if err := d.Strategy.Validate(field.Root("strategy"), rollout.Deployment); err != nil {
		return err
	}
	if d.Traffic != nil {
		if err := d.Traffic.Validate(field.Root("traffic")); err != nil {
			return err
		}
	}
	if d.Analysis != nil {
		if err := d.Analysis.Validate(field.Root("analysis")); err != nil {
			return err
		}
	}
	return rollout.ValidateTogether(d.Strategy, d.Traffic, d.Analysis)
}

const (
	candidate = "candidate: {images: {api: x}}"
	istio     = "traffic: {provider: istio}"
	success   = "success: {provider: prometheus, address: 'http://prometheus:9090', builtin: success_rate, min: '99'}"
)

// Each row is one thing that cannot be, and the one error that says so at the attribute to blame.
func TestValidate_RefusesWithARemedy(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ document, want string }{
		"two strategies":         {"strategy: {canary: {}, rolling: {}}", "strategy: names rolling and canary: keep one of them"},
		"no strategy":            {"strategy: {engine: native}", "strategy: names no strategy"},
		"unknown engine":         {"strategy: {engine: spinnaker, canary: {}}", `strategy.engine: "spinnaker" is none of native, flagger, argo_rollouts`},
		"rolling by flagger":     {"strategy: {engine: flagger, rolling: {}}", "strategy.engine: is flagger, which moves traffic between two versions"},
		"recreate by argo":       {"strategy: {engine: argo_rollouts, recreate: {}}", "strategy.engine: is argo_rollouts"},
		"steps by hand":          {"strategy: {canary: {steps: [5]}}", "strategy.canary.steps: means nothing to engine native, but to flagger and argo_rollouts"},
		"weight by flagger":      {"strategy: {engine: flagger, canary: {weight: 5}}", "strategy.canary.weight: means nothing to engine flagger, but to native"},
		"pause by flagger":       {"strategy: {engine: flagger, canary: {pause_seconds: 5}}", "strategy.canary.pause_seconds: means nothing to engine flagger, but to argo_rollouts"},
		"webhook by argo":        {"strategy: {engine: argo_rollouts, canary: {}, webhooks: {}}", "strategy.webhooks: means nothing to engine argo_rollouts, but to flagger"},
		"weight of nothing":      {"strategy: {canary: {weight: 5}}", "strategy.canary.weight: is 5, and there is no candidate"},
		"weight over all":        {"strategy: {canary: {weight: 101, " + candidate + "}}", "strategy.canary.weight: is 101: use 0 to 100"},
		"active of nothing":      {"strategy: {blue_green: {active: candidate}}", "strategy.blue_green.active: is candidate, and there is none"},
		"active of another word": {"strategy: {blue_green: {active: blue}}", `strategy.blue_green.active: "blue" is none of stable, candidate`},
		"equal tracks":           {"strategy: {canary: {candidate: {replicas: 2}}}", "strategy.canary.candidate: changes nothing"},
		"steps that fall":        {"strategy: {engine: flagger, canary: {steps: [10, 5]}}\n" + istio, "strategy.canary.steps[1]: is 5: steps are percent"},
		"steps over all":         {"strategy: {engine: flagger, canary: {steps: [101]}}\n" + istio, "strategy.canary.steps[0]: is 101"},
		"no steps":               {"strategy: {engine: flagger, canary: {steps: []}}\n" + istio, "strategy.canary.steps: is empty"},
		"pause and a person":     {"strategy: {engine: argo_rollouts, canary: {pause_seconds: 5, manual: true}}", "strategy.canary.pause_seconds: has no effect"},
		"no conditions":          {"strategy: {ab_test: {match: []}}\n" + istio, "strategy.ab_test.match: is empty"},
		"header and cookie":      {"strategy: {ab_test: {match: [{header: a, cookie: b, exact: c}]}}\n" + istio, "strategy.ab_test.match[0]: set one of header and cookie"},
		"no comparison":          {"strategy: {ab_test: {match: [{header: a}]}}\n" + istio, "strategy.ab_test.match[0]: set one of exact and regex"},
		"bad header":             {"strategy: {ab_test: {match: [{header: 'a b', exact: c}]}}\n" + istio, "strategy.ab_test.match[0].header:"},
		"bad expression":         {"strategy: {ab_test: {match: [{header: a, regex: '('}]}}\n" + istio, "strategy.ab_test.match[0].regex:"},
		"bad webhook":            {"strategy: {engine: flagger, canary: {}, webhooks: {w: {type: now, url: 'http://a'}}}\n" + istio, `strategy.webhooks["w"].type: "now" is none of`},
		"credentials in a URL":   {"strategy: {engine: flagger, canary: {}, webhooks: {w: {type: rollout, url: 'http://u:p@a'}}}\n" + istio, `strategy.webhooks["w"].url:`},

		"no such provider":    {"strategy: {rolling: {}}\ntraffic: {provider: haproxy}", `traffic.provider: "haproxy" is none of`},
		"no gateway":          {"strategy: {rolling: {}}\ntraffic: {provider: gateway_api}", "traffic.gateway: is needed"},
		"no host":             {"strategy: {rolling: {}}\ntraffic: {provider: contour}", "traffic.hosts: is needed"},
		"certificate for any": {"strategy: {rolling: {}}\ntraffic: {provider: skipper, tls_secret: a}", "traffic.hosts: is needed with tls_secret"},
		"host in capitals":    {"strategy: {rolling: {}}\ntraffic: {provider: nginx, hosts: [A.example.com]}", "traffic.hosts[0]:"},
		"host twice":          {"strategy: {rolling: {}}\ntraffic: {provider: nginx, hosts: [a.example.com, a.example.com]}", "traffic.hosts[1]: \"a.example.com\" is there already"},
		"relative path":       {"strategy: {rolling: {}}\ntraffic: {provider: nginx, path_prefix: shop}", "traffic.path_prefix:"},
		"gateway for ingress": {"strategy: {rolling: {}}\ntraffic: {provider: nginx, gateway: a/b}", "traffic.gateway: means nothing to provider nginx"},

		"A/B without provider":     {"strategy: {ab_test: {match: [{header: a, exact: b}], " + candidate + "}}", "strategy.ab_test.match[0]: engine native does not do that over provider none: nothing in front of the Service tells requests apart; use provider gateway_api"},
		"A/B by flagger, traefik":  {"strategy: {engine: flagger, ab_test: {match: [{header: a, exact: b}]}}\ntraffic: {provider: traefik}", "it would send all of them to the new version; use provider gateway_api"},
		"A/B by flagger, skipper":  {"strategy: {engine: flagger, ab_test: {match: [{header: a, exact: b}]}}\ntraffic: {provider: skipper}", "it would send all of them to the new version"},
		"canary by flagger, none":  {"strategy: {engine: flagger, canary: {}}", "Flagger would make it blue-green with 10 checks"},
		"mirror on linkerd":        {"strategy: {canary: {mirror_percent: 5, " + candidate + "}}\ntraffic: {provider: linkerd}", "strategy.canary.mirror_percent: engine native does not do that over provider linkerd: Linkerd refuses the filter"},
		"mirror, flagger, traefik": {"strategy: {engine: flagger, canary: {mirror_percent: 5}}\ntraffic: {provider: traefik}", "stay at weight 0 for ever; use provider istio"},
		"mirror, flagger, gateway": {"strategy: {engine: flagger, canary: {mirror_percent: 5}}\ntraffic: {provider: gateway_api, gateway: a/b}", "strategy.canary.mirror_percent: Flagger over gateway_api mirrors with blue_green alone"},
		"mirror by argo, gateway":  {"strategy: {engine: argo_rollouts, canary: {mirror_percent: 5}}\ntraffic: {provider: gateway_api, gateway: a/b}", "the plugin silently does nothing up to v0.15.0; use provider istio"},
		"header by argo, nginx":    {"strategy: {engine: argo_rollouts, ab_test: {match: [{header: a, exact: b}]}}\ntraffic: {provider: nginx}", "its controller refuses a header step there; use provider istio"},
		"skipper by argo":          {"strategy: {engine: argo_rollouts, canary: {}}\ntraffic: {provider: skipper}", "there is neither support nor a plugin for it"},
		"affinity on nginx":        {"strategy: {engine: flagger, canary: {session_affinity: {cookie_name: a}}}\ntraffic: {provider: nginx}", "strategy.canary.session_affinity: engine flagger does not do that over provider nginx"},
		"cookie value on nginx":    {"strategy: {ab_test: {match: [{cookie: a, exact: insider}], " + candidate + "}}\ntraffic: {provider: nginx}", `ingress-nginx sends a cookie to the canary if its value is always`},
		"two headers on nginx":     {"strategy: {ab_test: {match: [{header: a, exact: b}, {header: c, exact: d}], " + candidate + "}}\ntraffic: {provider: nginx}", "strategy.ab_test.match: ingress-nginx takes one header and one cookie"},
		"matches on contour":       {"strategy: {engine: flagger, ab_test: {match: [{header: a, exact: b}, {header: c, exact: d}]}}\ntraffic: {provider: contour, hosts: [a.b]}", "strategy.ab_test.match: engine flagger does not do that over provider contour"},
		"expression on contour":    {"strategy: {engine: flagger, ab_test: {match: [{header: a, regex: b}]}}\ntraffic: {provider: contour, hosts: [a.b]}", "strategy.ab_test.match[0].regex: engine flagger"},

		"analysis by nobody":      {"strategy: {canary: {}}\nanalysis: {}", "analysis: has no effect"},
		"interval below":          {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {interval_seconds: 9}", "analysis.interval_seconds: is 9"},
		"failures below":          {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {max_failures: -1}", "analysis.max_failures: is -1"},
		"no bound":                {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: prometheus, address: 'http://p', query: q}}}", `analysis.metrics["a"]: has no bound`},
		"bounds crossed":          {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: prometheus, address: 'http://p', query: q, min: '2', max: '1'}}}", `analysis.metrics["a"].min: is more than max`},
		"no number":               {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: prometheus, address: 'http://p', query: q, min: '1e3'}}}", `analysis.metrics["a"].min: "1e3" is no decimal number`},
		"no address":              {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: prometheus, query: q, min: '2'}}}", `analysis.metrics["a"].address: is needed`},
		"no secret":               {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: datadog, query: q, min: '2'}}}", `analysis.metrics["a"].secret: is needed`},
		"no query":                {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: datadog, secret: s, min: '2'}}}", `analysis.metrics["a"].query: is needed`},
		"splunk by argo":          {"strategy: {engine: argo_rollouts, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: splunk, query: q, secret: s, min: '2'}}}", `analysis.metrics["a"].provider: engine argo_rollouts cannot ask splunk: use engine flagger, or provider http`},
		"http by flagger":         {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: http, address: 'http://p', json_path: '{$.a}', min: '2'}}}", `analysis.metrics["a"].provider: engine flagger cannot ask http: use engine argo_rollouts`},
		"builtin on gateway_api":  {"strategy: {engine: flagger, canary: {}}\ntraffic: {provider: gateway_api, gateway: a/b}\nanalysis: {metrics: {" + success + "}}", `analysis.metrics["success"].builtin: there is no ready-made query for provider gateway_api`},
		"builtin beside a query":  {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: prometheus, address: 'http://p', query: q, builtin: success_rate, min: '2'}}}", `analysis.metrics["a"].builtin: has no effect beside query`},
		"splunk without address":  {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: splunk, query: q, secret: s, max: '2'}}}", `analysis.metrics["a"].address: is needed: engine flagger asks splunk with it`},
		"region to prometheus":    {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: prometheus, address: 'http://p', region: r, query: q, max: '2'}}}", `analysis.metrics["a"].region: has no effect`},
		"cloudwatch in words":     {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: cloudwatch, region: r, query: q, max: '2'}}}", `analysis.metrics["a"].query: is no JSON list`},
		"dynatrace by argo":       {"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: dynatrace, address: 'http://p', secret: s, query: q, max: '2'}}}", `analysis.metrics["a"].provider: engine argo_rollouts cannot ask dynatrace: use engine flagger, or provider http`},
		"graphite's password":     {"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: graphite, address: 'http://p', secret: s, query: q, max: '2'}}}", `analysis.metrics["a"].secret: has no effect, because engine argo_rollouts does not take it for graphite`},
		"region by argo":          {"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: cloudwatch, region: r, query: '[]', max: '2'}}}", `analysis.metrics["a"].region: has no effect, because engine argo_rollouts does not take it for cloudwatch (it is the controller's own)`},
		"datadog's address":       {"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: datadog, address: 'http://p', secret: s, query: q, max: '2'}}}", `analysis.metrics["a"].address: has no effect`},
		"template by argo":        {"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: prometheus, address: 'http://p', query: 'up{namespace=\"{{ namespace }}\"}', max: '2'}}}", `analysis.metrics["a"].query: holds {{`},
		"nameless by argo":        {"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: new_relic, secret: s, query: 'SELECT count(*) FROM Transaction', max: '2'}}}", `analysis.metrics["a"].query: does not name its number`},
		"builtin on linkerd":      {"strategy: {engine: argo_rollouts, canary: {}}\ntraffic: {provider: linkerd}\nanalysis: {metrics: {" + success + "}}", `analysis.metrics["success"].builtin: Linkerd names the Deployment`},
		"builtin of a preview":    {"strategy: {engine: argo_rollouts, blue_green: {}}\n" + istio + "\nanalysis: {metrics: {" + success + "}}", `analysis.metrics["success"].builtin: nobody sends requests to the next version before the switch`},
		"too tolerant canary":     {"strategy: {engine: argo_rollouts, canary: {steps: [10, 50]}}\n" + istio + "\nanalysis: {max_failures: 2, metrics: {" + success + "}}", "analysis.max_failures: is 2, and a rollout looks at a metric 2 times"},
		"too tolerant checks":     {"strategy: {engine: argo_rollouts, ab_test: {match: [{header: a, exact: b}], checks: 3}}\n" + istio + "\nanalysis: {max_failures: 3, metrics: {" + success + "}}", "analysis.max_failures: is 3, and a rollout looks at a metric 3 times"},
		"prefix by argo, istio":   {"strategy: {engine: argo_rollouts, ab_test: {match: [{header: a, exact: b}]}}\ntraffic: {provider: istio, path_prefix: /shop}", "traffic.path_prefix: has no effect on the requests that match"},
		"builtin of another word": {"strategy: {engine: flagger, canary: {}}\n" + istio + "\nanalysis: {metrics: {a: {provider: prometheus, address: 'http://p', builtin: errors, min: '2'}}}", `analysis.metrics["a"].builtin: "errors" is none of`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := read(t, tt.document).validate()
			if err == nil {
				t.Fatal("nothing is refused")
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v\nwant one error with %s", err, tt.want)
			}
		})
	}
}

func TestValidate_TakesWhatWorks(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		"strategy: {rolling: {}}",
		"strategy: {rolling: {}}\ntraffic: {provider: none}",
		"strategy: {blue_green: {active: candidate, " + candidate + "}}",
		"strategy: {canary: {weight: 10, " + candidate + "}}",
		"strategy: {canary: {weight: 100, mirror_percent: 100, " + candidate + "}}\n" + istio,
		"strategy: {ab_test: {match: [{header: a, exact: b}, {cookie: canary, exact: always}], " + candidate + "}}\ntraffic: {provider: nginx, hosts: ['*.example.com'], path_prefix: /}",
		"strategy: {engine: flagger, canary: {steps: [1, 100], session_affinity: {cookie_name: a}}}\n" + istio + "\nanalysis: {metrics: {" + success + "}}",
		"strategy: {engine: flagger, blue_green: {checks: 10, mirror_percent: 20}}\ntraffic: {provider: gateway_api, gateway: infra/public}",
		"strategy: {engine: flagger, blue_green: {}}",
		"strategy: {engine: argo_rollouts, canary: {manual: true}}",
		"strategy: {engine: argo_rollouts, canary: {manual: true}}\n" + istio + "\nanalysis: {max_failures: 100, metrics: {" + success + "}}", // as long as a person lets it
		"strategy: {engine: argo_rollouts, canary: {steps: [10, 50], pause_seconds: 90}}\n" + istio + "\nanalysis: {max_failures: 2, metrics: {" + success + "}}",
		"strategy: {engine: argo_rollouts, canary: {steps: [10, 50], mirror_percent: 5}}\n" + istio + "\nanalysis: {max_failures: 2, metrics: {" + success + "}}",
		"strategy: {engine: argo_rollouts, ab_test: {match: [{header: a, exact: b}, {cookie: c, exact: d}]}}\ntraffic: {provider: gateway_api, gateway: a/b, path_prefix: /shop}",
		"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: new_relic, secret: s, query: 'SELECT count(*) AS `value` FROM Transaction', max: '2'}}}",
		"strategy: {engine: argo_rollouts, canary: {}}\nanalysis: {metrics: {a: {provider: influxdb, secret: s, query: q, max: '2'}}}",
		"strategy: {engine: argo_rollouts, blue_green: {auto_promotion: false}}\nanalysis: {metrics: {logs: {provider: http, address: 'https://splunk:8089/x', json_path: '{$.results[0].count}', max: '0'}}}",
	} {
		if err := read(t, document).validate(); err != nil {
			t.Errorf("%s: %v", document, err)
		}
	}
}

func read(t *testing.T, document string) delivery {
	t.Helper()
	var d delivery
	if err := yaml.UnmarshalStrict([]byte(document), &d); err != nil {
		t.Fatal(err)
	}
	return d
}
