package elfcheck

import (
	"cmp"
	"strings"
)

// State is an answer.
type State string

// The answers. Unknown means that the binary can not tell, or that the question has no meaning for it.
const (
	Yes     State = "yes"
	No      State = "no"
	Unknown State = "unknown"
)

// stateOf returns Yes or No.
func stateOf(yes bool) State {
	if yes {
		return Yes
	}
	return No
}

// Relro is how much of a binary's relocation data is read-only after loading.
type Relro string

// The degrees of RELRO.
const (
	RelroFull    Relro = "full"
	RelroPartial Relro = "partial"
	RelroNone    Relro = "none"
	RelroUnknown Relro = "unknown"
)

// Binary is what one ELF executable or library says of itself.
type Binary struct {
	// Library is true for a shared object that is not an executable.
	Library bool `json:"library,omitempty"`
	// Static is true for a binary without an interpreter and without needed libraries.
	Static bool `json:"static,omitempty"`
	// Go is true for a binary that Go's compiler made.
	Go bool `json:"go,omitempty"`
	// PIE is whether an executable can be loaded at any address; Unknown for libraries, which always can.
	PIE State `json:"pie"`
	// NX is whether the stack is not executable.
	NX State `json:"nx"`
	// Relro is the degree of RELRO.
	Relro Relro `json:"relro"`
	// Canary is whether the stack protector is there.
	Canary State `json:"canary"`
	// Fortify is whether checked variants of C functions are called.
	Fortify State `json:"fortify"`
	// RPath and RunPath are the library search paths, as written, or empty.
	RPath   string `json:"rpath,omitempty"`
	RunPath string `json:"runpath,omitempty"`
	// Interpreter is the dynamic loader that the binary asks for, or empty.
	Interpreter string `json:"interpreter,omitempty"`
	// Needed are the libraries that the binary asks for.
	Needed []string `json:"needed,omitempty"`
}

// UnsafePath returns the first part of RPATH or RUNPATH that others may be able to write to, or whose meaning depends on
// where the program is started: a relative directory, an empty part (the working directory, "."), or one below /tmp, /var/tmp, /dev/shm or /home.
func (b Binary) UnsafePath() string {
	for _, list := range []string{b.RPath, b.RunPath} {
		if list == "" {
			continue
		}
		for part := range strings.SplitSeq(list, ":") {
			if isUnsafeDirectory(part) {
				return cmp.Or(part, ".")
			}
		}
	}
	return ""
}

func isUnsafeDirectory(dir string) bool {
	if strings.HasPrefix(dir, "$ORIGIN") || strings.HasPrefix(dir, "${ORIGIN}") {
		return false
	}
	if !strings.HasPrefix(dir, "/") {
		return true
	}
	for _, below := range []string{"/tmp", "/var/tmp", "/dev/shm", "/home"} {
		if dir == below || strings.HasPrefix(dir, below+"/") {
			return true
		}
	}
	return false
}
