package workload

import (
	_ "embed" // for the list of time zones
	"slices"
	"strings"
)

// The names of the IANA time zone database, release 2025c, as the Go toolchain 1.26
// carries them (lib/time/zoneinfo.zip); the database is in the public domain. The list
// is our own, because time.LoadLocation would ask the machine that plans.
//
//go:embed timezones.txt
var timeZones string

// findTimeZone reports whether a time zone has the name, and returns the name that
// differs from it in case only, where there is one.
func findTimeZone(name string) (found bool, similar string) {
	names := strings.Fields(timeZones)
	if slices.Contains(names, name) {
		return true, ""
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) }); i >= 0 {
		return false, names[i]
	}
	return false, ""
}
