package workload

import (
	"net/url"
	"reflect"
	"regexp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

func (w Workload) validateAlerts(c *checks) {
	a := w.Alerts
	if a == nil {
		return
	}
	p := field.Root("alerts")
	c.labels(p.Attr("labels"), a.Labels, w.IdentityLabels())
	c.alert(p, a.Severity, nil, a.RunbookURL)
	c.alertLabels(p.Attr("alert_labels"), a.AlertLabels)
	rests := []field.Path{
		field.Root("kind"), field.Root("strategy"), field.Root("autoscaling"), field.Root("disruption_budget"), field.Root("replicas"),
	}
	for _, row := range w.readyMade() {
		at, set := p.Attr(row.Attribute), row.set
		if set == nil {
			continue
		}
		if row.lacks != "" {
			c.failResting(at, rests, "is about %s, which this workload does not have: remove it", row.lacks)
			continue
		}
		if set.Enabled != nil && !*set.Enabled && set.isTuned() {
			c.fail(at.Attr("enabled"), "is false, so what is beside it would have no effect: remove it or enable the alert")
		}
		atLeast(c, at.Attr("threshold"), set.Threshold, 0)
		atLeast(c, at.Attr("for_seconds"), set.ForSeconds, 0)
		c.alert(at, set.Severity, set.Labels, set.RunbookURL)
	}
	for _, name := range sorted(a.Rules) {
		a.Rules[name].validate(c, p.Attr("rules").Key(name), name)
	}
	if len(w.ReadyMadeAlerts()) == 0 && len(a.Rules) == 0 {
		c.failResting(p, append(rests, p.Attr("rules")), "holds no alert: leave one of the ready-made ones on, write one of your own, or remove it")
	}
}

// isTuned reports whether anything but Enabled is set.
func (a ReadyAlert) isTuned() bool {
	a.Enabled = nil
	return !reflect.ValueOf(a).IsZero()
}

func (r AlertRule) validate(c *checks, p field.Path, name string) {
	if name == "" {
		c.fail(p, "has no name: give it one")
	}
	c.text(p, name)
	if r.Expr == "" {
		c.fail(p.Attr("expr"), "is empty: write PromQL")
	}
	c.text(p.Attr("expr"), r.Expr)
	atLeast(c, p.Attr("for_seconds"), r.ForSeconds, 0)
	atLeast(c, p.Attr("keep_firing_for_seconds"), r.KeepFiringForSeconds, 1)
	c.alert(p, r.Severity, r.Labels, r.RunbookURL)
	for _, annotation := range []struct {
		name string
		text *string
	}{{"summary", r.Summary}, {"description", r.Description}} {
		if annotation.text != nil {
			c.text(p.Attr(annotation.name), *annotation.text)
		}
	}
}

// alert checks what every alert may say of itself.
func (c *checks) alert(p field.Path, severity *string, labels map[string]string, runbook *string) {
	if severity != nil {
		if *severity == "" {
			c.fail(p.Attr("severity"), "is empty: name it, such as critical, or leave the attribute out")
		}
		c.text(p.Attr("severity"), *severity)
	}
	c.alertLabels(p.Attr("labels"), labels)
	if runbook != nil {
		c.text(p.Attr("runbook_url"), *runbook)
		if u, err := url.Parse(*runbook); err != nil || u.Scheme == "" || u.Host == "" {
			c.fail(p.Attr("runbook_url"), "%q is no URL: write it like https://runbooks.example.com/api", *runbook)
		}
	}
}

// alertLabel matches the names of labels in Prometheus.
// Source: Prometheus documentation, concepts/data_model, "Metric names and labels".
var alertLabel = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

func (c *checks) alertLabels(p field.Path, labels map[string]string) {
	for _, name := range sorted(labels) {
		at := p.Key(name)
		switch {
		case !alertLabel.MatchString(name):
			c.fail(at, "%q is no label of Prometheus: use letters, digits and _, and begin with no digit", name)
		case name == "severity":
			c.fail(at, "is set by the attribute severity: use that")
		case name == "alertname" || name == "workload":
			c.fail(at, "is set by the alert itself: remove it")
		}
		c.text(at, labels[name])
	}
}
