package workload

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// validateCron holds the rules of kubernetes@v1.36.1 pkg/apis/batch/validation
// validateCronJobSpec. Schedules are read by the library that Kubernetes reads them with.
func (w Workload) validateCron(c *checks) {
	p := field.Root("cron")
	if w.Kind == CronJob && w.Cron == nil {
		c.failResting(p, []field.Path{field.Root("kind")}, "is not set, but a CronJob needs its schedule: write cron = { schedule = \"0 3 * * *\" }")
	}
	if w.Cron == nil {
		return
	}
	c.schedule(p.Attr("schedule"), w.Cron.Schedule)
	if w.Cron.TimeZone != nil {
		c.timeZone(p.Attr("time_zone"), *w.Cron.TimeZone)
	}
	c.oneOf(p.Attr("concurrency_policy"), w.Cron.ConcurrencyPolicy, "Forbid", "Replace", "Allow")
	atLeast(c, p.Attr("successful_jobs_history_limit"), w.Cron.SuccessfulJobsHistoryLimit, 0)
	atLeast(c, p.Attr("failed_jobs_history_limit"), w.Cron.FailedJobsHistoryLimit, 0)
	atLeast(c, p.Attr("starting_deadline_seconds"), w.Cron.StartingDeadlineSeconds, 0)
}

// schedule refuses, beside what Kubernetes does, a schedule that no date ever fits.
func (c *checks) schedule(p field.Path, text string) {
	if strings.Contains(text, "TZ") {
		c.fail(p, "%q names a time zone: use time_zone for that", text)
		return
	}
	schedule, err := cron.ParseStandard(text)
	if err != nil {
		c.fail(p, "%q is no schedule (%s): write five fields, such as \"0 3 * * *\" for three o'clock, or @hourly, @daily, @weekly", text, err)
		return
	}
	// The library looks for the next five years; any beginning does, since a schedule does not name years.
	if schedule.Next(time.Unix(0, 0).UTC()).IsZero() {
		c.fail(p, "%q never comes: no month of any year has such a day", text)
	}
}

func (c *checks) timeZone(p field.Path, name string) {
	switch found, similar := findTimeZone(name); {
	case found:
	case similar != "":
		c.fail(p, "%q is no time zone: write %q", name, similar)
	default:
		c.fail(p, "%q is no time zone of the IANA database: use a name such as \"Europe/Berlin\" or \"Etc/UTC\"", name)
	}
}
