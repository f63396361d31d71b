package main

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

func TestWatch_MeasuresAProcessByItsProgram(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stop := watch(program)
	const work = 50 * time.Millisecond
	for rounds := 0; processorTime(t) < work; rounds++ {
		runtime.KeepAlive(rounds)
	}
	if used := stop(); used.peak < 1<<20 || used.cpu < work-tick || used.cpu > time.Minute {
		t.Errorf("this test took %+v, want more than a MiB and %s of processor time", used, work)
	}

	stop = watch(filepath.Join(t.TempDir(), "other"))
	if used := stop(); used.known() || used.cpu != 0 {
		t.Errorf("a program that does not run took %+v", used)
	}
}

// processorTime is what this process has taken so far, by the kernel's account.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
