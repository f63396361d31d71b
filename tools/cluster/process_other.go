//go:build !linux

package main

import "syscall"

// tiedToParent has no counterpart outside Linux: there, programs outlive a
// cluster command that is killed instead of interrupted.
func tiedToParent() *syscall.SysProcAttr { return nil }
