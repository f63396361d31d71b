package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// peakMemory is a process's largest resident set in bytes; 0 is not known.
type peakMemory int64

// sampling is how often processes are looked at. The kernel keeps the peak
// itself, so only a process that ends within this time after its peak is read
// too low.
const sampling = 20 * time.Millisecond

// highWater is the line of /proc/PID/status that holds the peak.
var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// watchMemory looks at all processes that run the program at path until the
// returned function is called, which returns the largest peak among them.
func watchMemory(path string) func() peakMemory {
	var peak peakMemory
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(sampling)
		defer tick.Stop()
		for {
			peak = max(peak, largest(path))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	})
	return func() peakMemory {
		close(done)
		watch.Wait()
		return peak
	}
}

// largest is the largest peak among the running processes of the program.
func largest(path string) peakMemory {
	var peak peakMemory
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return 0
	}
	for _, link := range links {
		// Processes end while they are looked at: an unreadable one counts
		// for nothing.
		if target, err := os.Readlink(link); err != nil || target != path {
			continue
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
		if err != nil {
			continue
		}
		if found := highWater.FindSubmatch(status); found != nil {
			kibibytes, err := strconv.ParseInt(string(found[1]), 10, 64)
			if err == nil {
				peak = max(peak, peakMemory(kibibytes<<10))
			}
		}
	}
	return peak
}
