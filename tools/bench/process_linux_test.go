package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWatch_MeasuresAProcessByItsProgram(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stop := watch(program)
	rounds := 0
	for busy := time.Now(); time.Since(busy) < 100*time.Millisecond; {
		rounds++
	}
	used := stop()
	if used.peak < 1<<20 || used.cpu < 30*time.Millisecond || used.cpu > time.Minute {
		t.Errorf("after %d rounds this test took %+v, want more than a MiB and 30 ms of processor time", rounds, used)
	}

	stop = watch(filepath.Join(t.TempDir(), "other"))
	if used := stop(); used.known() || used.cpu != 0 {
		t.Errorf("a program that does not run took %+v", used)
	}
}
