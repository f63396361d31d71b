package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLargest_FindsAProcessByItsProgram(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if peak := largest(program); peak < 1<<20 {
		t.Errorf("this test's own peak memory is %d bytes, want at least a MiB", peak)
	}
	if peak := largest(filepath.Join(t.TempDir(), "other")); peak != 0 {
		t.Errorf("a program that does not run has a peak of %d bytes", peak)
	}
}
