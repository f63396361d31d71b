package packages

import (
	"debug/buildinfo"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

// GoStandardLibrary is the name under which the standard library of a Go binary is listed, as vulnerability databases do.
const GoStandardLibrary = "stdlib"

// develVersion is what stands for the version of code that was built from a work tree.
const develVersion = "(devel)"

// ReadGoBinary reads the modules that a Go binary was built from, its own and Go's standard library included. It returns
// nothing for a binary that holds no build information, as packers leave it; that the binary is Go's is then all that is known.
func ReadGoBinary(r io.ReaderAt) (list []Package, err error) {
	defer func() {
		// debug/buildinfo reads hostile files more carefully than debug/elf, which it uses.
		if v := recover(); v != nil {
			list, err = nil, fmt.Errorf("Go's build information is damaged: %v", v)
		}
	}()
	info, err := buildinfo.Read(r)
	if err != nil {
		return nil, nil //nolint:nilerr // There is no build information, see above.
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(info.GoVersion, "go"), " ")
	if list, err = appendChecked(list, Package{Ecosystem: Golang, Name: GoStandardLibrary, Version: version}); err != nil {
		return nil, err
	}
	modules := info.Deps
	if info.Main.Path != "" {
		modules = append([]*debug.Module{&info.Main}, modules...)
	}
	for _, m := range modules {
		p := Package{Ecosystem: Golang, Name: m.Path, Version: m.Version}
		switch r := m.Replace; {
		case r != nil && r.Version != "" && r.Version != develVersion:
			p.Name, p.Version = r.Path, r.Version
		case r != nil || p.Version == develVersion:
			p.Version = ""
		}
		if list, err = appendChecked(list, p); err != nil {
			return nil, err
		}
	}
	return list, nil
}
