package main

import "syscall"

// tiedToParent makes the kernel end a program when this one dies, however it
// dies, and keeps the terminal's Ctrl-C from it: this program ends the others.
func tiedToParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
