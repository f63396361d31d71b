package workload

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // not the machine's
)

func TestTimeZones_CanAllBeLoaded(t *testing.T) {
	t.Parallel()
	names := strings.Fields(timeZones)
	if len(names) < 500 {
		t.Errorf("only %d names", len(names))
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}

func TestFindTimeZone_KnowsSlipsOfCase(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Europe/Berlin": "", "europe/berlin": "Europe/Berlin", "utc": "UTC", "Mars/Olympus": ""} {
		if found, similar := findTimeZone(name); similar != want || found != (name == "Europe/Berlin") {
			t.Errorf("%s: %t, %q", name, found, similar)
		}
	}
}
