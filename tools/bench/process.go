package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// usage is what the processes of one program took.
type usage struct {
	// peak is the largest resident set of one of them, in bytes.
	peak int64
	// cpu is the processor time of all of them.
	cpu time.Duration
}

// known tells whether anything was seen: there is no /proc on every system.
func (u usage) known() bool { return u.peak > 0 }

const (
	// sampling is how often processes are looked at. The kernel keeps the peak
	// and the sum itself, so only the last moments of a process are missed.
	sampling = 20 * time.Millisecond
	// tick is the unit of processor times in /proc. Source: proc_pid_stat(5);
	// the kernel shows 100 ticks a second on every architecture that Go has.
	tick = 10 * time.Millisecond
)

// highWater is the line of /proc/PID/status that holds the peak.
var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// watch looks at all processes that run the program at path until the returned
// function is called, which returns what they took.
func watch(path string) func() usage {
	seen := make(map[string]usage)
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		ticker := time.NewTicker(sampling)
		defer ticker.Stop()
		for {
			look(path, seen)
			select {
			case <-done:
				look(path, seen)
				return
			case <-ticker.C:
			}
		}
	})
	return func() usage {
		close(done)
		watching.Wait()
		var total usage
		for _, process := range seen {
			total.peak = max(total.peak, process.peak)
			total.cpu += process.cpu
		}
		return total
	}
}

// look writes what each running process of the program has taken so far.
func look(path string, seen map[string]usage) {
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return
	}
	for _, link := range links {
		// Processes end while they are looked at: what cannot be read any more
		// keeps its last figures.
		if target, err := os.Readlink(link); err != nil || target != path {
			continue
		}
		process := filepath.Dir(link)
		if now, ok := readUsage(process); ok {
			seen[process] = now
		}
	}
}

// readUsage reads the figures of one process from its folder in /proc.
func readUsage(process string) (usage, bool) {
	status, err := os.ReadFile(filepath.Join(process, "status"))
	if err != nil {
		return usage{}, false
	}
	stat, err := os.ReadFile(filepath.Join(process, "stat"))
	if err != nil {
		return usage{}, false
	}
	peak := highWater.FindSubmatch(status)
	// The second field, in parentheses, may hold spaces; user and system time
	// are the 14th and 15th field, the 12th and 13th after it.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if peak == nil || len(fields) < 13 {
		return usage{}, false
	}
	kibibytes, peakErr := strconv.ParseInt(string(peak[1]), 10, 64)
	user, userErr := strconv.ParseInt(string(fields[11]), 10, 64)
	system, systemErr := strconv.ParseInt(string(fields[12]), 10, 64)
	if peakErr != nil || userErr != nil || systemErr != nil {
		return usage{}, false
	}
	return usage{peak: kibibytes << 10, cpu: time.Duration(user+system) * tick}, true
}
