//go:build !linux

package main

import (
	"os"
	"syscall"
)

// tiedToParent has no counterpart outside Linux: there, programs outlive a
// cluster command that is killed instead of interrupted.
func tiedToParent() *syscall.SysProcAttr { return nil }

// peakMemory is known on Linux only.
func peakMemory(*os.ProcessState) int64 { return 0 }
