package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func workloadDeliveryAttributes() attributes {
	return attributes{
		"traffic":  trafficAttribute(),
		"analysis": analysisAttribute(),
	}
}

func strategyAttribute() schema.SingleNestedAttribute {
	return object("How a new version replaces the old one. Exactly one of `rolling`, `recreate`, `on_delete`, `blue_green`, `canary` and `ab_test` is set; the last three are for a Deployment. Default is `rolling`. "+
		"See [Deployment strategies](../guides/strategies.md).", attributes{
		"engine": text("Who moves traffic between two versions: `native` (plain objects: every step is a change in a plan), `flagger` or `argo_rollouts`. Default is `native`."),
		"rolling": object("Replaces pods a few at a time.", attributes{
			"max_surge": text("Pods, or percent of the pods (rounded up), that may exist above the wanted number. Default is `\"25%\"` for a Deployment, " +
				"and `\"0\"` for a DaemonSet unless `max_unavailable` is zero, then `\"1\"`. A StatefulSet has none."),
			"max_unavailable": text("Pods, or percent of the pods (rounded down, for a DaemonSet up), that may be missing meanwhile. Default is `\"0\"` for a Deployment: capacity never drops; " +
				"`\"1\"` for a DaemonSet unless `max_surge` is more than zero, then `\"0\"`; and none for a StatefulSet, which replaces one pod at a time."),
			"partition": integer("Ordinal from which on the pods of a StatefulSet are replaced; those below it keep the old version. Default is `0`: all are replaced. Only a StatefulSet has it."),
		}),
		"recreate":  object("Stops every old pod before the first new one starts: there is downtime. Only a Deployment has it.", attributes{}),
		"on_delete": object("Replaces a pod when somebody deletes it. A StatefulSet or DaemonSet has it.", attributes{}),
		"blue_green": object("Runs both versions whole and switches all traffic at once.", attributes{
			"active":                   text("Version that has the traffic: `stable` or `candidate`. Engine native alone. Default is `stable`."),
			"candidate":                candidateAttribute("The next version. Engine native alone: the others take it from the change itself. Default is none."),
			"checks":                   integer("Number of checks before a controller switches: by Flagger always, by Argo Rollouts where there are metrics. Default is `10`."),
			"mirror_percent":           integer("Share of the requests, in percent, that the next version gets a copy of; its answers are thrown away. Only for requests that may be made twice. Default is none."),
			"auto_promotion":           flag("Whether Argo Rollouts switches by itself once the next version is ready; if not, somebody promotes it. Default is `true`."),
			"scale_down_delay_seconds": integer("Seconds that Argo Rollouts keeps the old version after the switch. Default is `30`."),
		}),
		"canary": object("Moves traffic to the next version a share at a time.", attributes{
			"weight":         integer("Share of the traffic, in percent, that the candidate gets. Engine native alone. Default is `0`."),
			"candidate":      candidateAttribute("The next version. Engine native alone: the others take it from the change itself. Default is none."),
			"steps":          schema.ListAttribute{Optional: true, ElementType: types.Int32Type, MarkdownDescription: "Shares of the traffic, in percent, that a controller goes through. Default is `[5, 10, 25, 50]`."},
			"pause_seconds":  integer("Seconds that Argo Rollouts stays on each step. Default is `interval_seconds` of the analysis."),
			"manual":         flag("Whether Argo Rollouts waits on each step for somebody to promote. Default is `false`."),
			"mirror_percent": integer("Share of the requests, in percent, that the candidate gets a copy of; its answers are thrown away. Only for requests that may be made twice. Default is none."),
			"session_affinity": object("Cookie by which a client stays with the version that it reached (Flagger). Default is none.", attributes{
				"cookie_name":     requiredText("Name of the cookie."),
				"max_age_seconds": integer("Seconds that the cookie holds. Default is `86400`."),
			}),
		}),
		"ab_test": object("Sends the requests that match to the next version, and all others to the stable one.", attributes{
			"match": schema.ListNestedAttribute{
				Required: true, MarkdownDescription: "Conditions, of which one must hold.",
				NestedObject: schema.NestedAttributeObject{Attributes: attributes{
					"header": text("Name of a header. Either it or `cookie` is set."),
					"cookie": text("Name of a cookie. Either it or `header` is set."),
					"exact":  text("Value to be equal to. Either it or `regex` is set."),
					"regex":  text("Regular expression (RE2) for the whole value. Either it or `exact` is set."),
				}},
			},
			"candidate": candidateAttribute("The next version. Engine native alone: the others take it from the change itself. Default is none."),
			"checks":    integer("Number of checks before a controller promotes the next version. Default is `10`."),
		}),
		"webhooks": objectMap("Calls that Flagger makes, by a name of yours: load tests, confirmations, rollbacks. Default is none.", attributes{
			"type":            requiredText("When it is called: `confirm-rollout`, `pre-rollout`, `rollout`, `confirm-traffic-increase`, `confirm-promotion`, `post-rollout`, `rollback` or `event`."),
			"url":             requiredText("URL that is called."),
			"timeout_seconds": integer("Seconds that the answer may take. Default is `10`."),
			"metadata":        textMap("What is sent along, such as `cmd` for Flagger's load tester. Default is nothing."),
		}),
		"alerts": objectMap("Where Flagger tells what it does, by a name of yours. Default is nowhere.", attributes{
			"provider": requiredText("System: `slack`, `msteams`, `discord`, `rocket` or `gchat`."),
			"severity": text("Least severity that is told: `info`, `warn` or `error`. Default is `error`."),
			"secret":   requiredText("Name of the Secret whose key `address` is the URL of the system."),
			"channel":  text("Channel of the system. Default is that of the URL."),
		}),
	})
}

func candidateAttribute(description string) schema.SingleNestedAttribute {
	return object(description, attributes{
		"images": textMap("Image of a container, pinned by its digest, by the container's name. Default is the container's own."),
		"env": schema.MapAttribute{
			Optional: true, ElementType: types.MapType{ElemType: types.StringType},
			MarkdownDescription: "Environment variables of a container, by the container's name; they win over its own. Default is the container's own.",
		},
		"resources": objectMap("Requests and limits of a container, by the container's name; each wins over its own. Default is the container's own.", attributes{
			"requests": textMap("Requests by resource. Default is the container's own."),
			"limits":   textMap("Limits by resource. Default is the container's own."),
		}),
		"replicas": integer("Number of the candidate's pods. Default is the share of a canary, rounded up, and as many as the stable version for the others."),
	})
}

func trafficAttribute() schema.SingleNestedAttribute {
	return object("How requests reach the workload: a route at a gateway, an ingress or in a mesh. Default is through the Service alone.", attributes{
		"provider":        requiredText("What routes the requests: `none`, `gateway_api`, `istio`, `linkerd`, `nginx`, `traefik`, `contour`, `skipper`, `gloo` or `app_mesh`."),
		"gateway":         text("Gateway that requests come in by, as `namespace/name`: of the Gateway API, which needs one, or of Istio. Default, with Istio, is the mesh."),
		"listener":        text("Listener of the Gateway. Default is all of them."),
		"ingress_class":   text("Class of the ingress. Default is `nginx` for provider nginx, and the controller's own for the others."),
		"entry_points":    texts("Entry points of Traefik. Default is Traefik's own."),
		"hosts":           texts("Host names of the requests. Default is any; provider contour needs one."),
		"path_prefix":     text("How the paths of the requests begin. Default is `/`."),
		"port":            text("Name of the container port that gets the requests. Default is the only one, or `http`."),
		"tls_secret":      text("Secret with the certificate, where the route has it and not the gateway. Default is none."),
		"timeout_seconds": integer("Seconds that a request may take. Default is the provider's."),
		"retries":         integer("Number of times that a failed request is tried again. Default is the provider's."),
		"annotations":     textMap("Annotations of the route. Default is none."),
	})
}

func analysisAttribute() schema.SingleNestedAttribute {
	return object("Metrics by which Flagger or Argo Rollouts goes on, or back. Default is none.", attributes{
		"interval_seconds": integer("Seconds between two looks at the metrics, and on each step. Default is `60`."),
		"max_failures":     integer("Number of looks at a metric that may fail before the rollout goes back. Flagger waits on a step while they fail, and Argo Rollouts goes on. Default is `0`."),
		"metrics": objectMap("Numbers that must lie in a range, by a name of yours. Default is none.", attributes{
			"provider":  requiredText("System that is asked: `prometheus`, `datadog`, `splunk`, `cloudwatch`, `new_relic`, `dynatrace`, `graphite`, `influxdb` or `http` (any JSON endpoint)."),
			"address":   text("URL of the system. Prometheus, Graphite and http need it, and by Flagger InfluxDB, Dynatrace and Splunk; Argo Rollouts has that of Datadog and InfluxDB in the Secret."),
			"query":     text("Query in the system's own language. Either it or `builtin` is set."),
			"builtin":   text("Ready-made query of Prometheus for the traffic provider: `success_rate` (percent of the requests without a server error) or `latency_p99_seconds`."),
			"secret":    text("Name of the Secret with the credentials; [the guide](../guides/strategies.md#metrics) lists the keys that each engine looks for. Datadog, Splunk, New Relic and Dynatrace need it, and by Argo Rollouts InfluxDB."),
			"region":    text("Region of CloudWatch. Flagger needs it; Argo Rollouts has its own."),
			"json_path": text("Where the number stands in the answer of http, which needs it, such as `{$.data.count}`."),
			"min":       text("Least value that passes, a number. Default is none."),
			"max":       text("Largest value that passes, a number. Default is none."),
		}),
	})
}
