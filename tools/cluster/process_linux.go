package main

import (
	"os"
	"syscall"
)

// peakMemory is how much memory a program had at most, in bytes.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10 // Linux counts in KiB; see getrusage(2)
}

// tiedToParent makes the kernel end a program when this one dies, however it
// dies, and keeps the terminal's Ctrl-C from it: this program ends the others.
func tiedToParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
