package elfcheck

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Limits on what is read from a binary. libtorch, among the largest libraries in use, has about 200,000 dynamic symbols
// in 20 MiB of names; what is over the limit makes answers unknown.
const (
	maxSymbolBytes = 8 << 20
	maxDynBytes    = 1 << 20
	maxNeeded      = 512
	maxTextBytes   = 1024
)

// ErrNotBinary says that a file is ELF but neither an executable nor a shared object, such as a kernel module or an
// object file.
var ErrNotBinary = errors.New("neither an executable nor a shared object")

// Magic is how every ELF file begins.
const Magic = elf.ELFMAG

// Inspect reads a binary. The error is ErrNotBinary for other kinds of ELF files; any other error means that the file is
// damaged or that its headers could not be read.
func Inspect(r io.ReaderAt) (b Binary, err error) {
	defer func() {
		// debug/elf is not written for hostile input (golang/go#47653 and others).
		if v := recover(); v != nil {
			b, err = Binary{}, fmt.Errorf("the ELF file is damaged: %v", v)
		}
	}()
	f, err := elf.NewFile(r)
	if err != nil {
		return Binary{}, fmt.Errorf("the ELF file is damaged: %w", err)
	}
	if f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN {
		return Binary{}, ErrNotBinary
	}
	i := &inspection{file: f, dynamic: readDynamic(f), b: Binary{Go: isGo(f)}}
	i.linkage()
	i.layout()
	i.symbols()
	return i.b, nil
}

// inspection is one binary with what several answers need.
type inspection struct {
	file    *elf.File
	dynamic dynamic
	b       Binary
}

func (i *inspection) program(kind elf.ProgType) *elf.Prog {
	for _, p := range i.file.Progs {
		if p.Type == kind {
			return p
		}
	}
	return nil
}

// linkage reads what the binary wants from its loader.
func (i *inspection) linkage() {
	if p := i.program(elf.PT_INTERP); p != nil && p.Filesz <= maxTextBytes {
		text, err := io.ReadAll(io.LimitReader(p.Open(), maxTextBytes))
		if err == nil {
			i.b.Interpreter = printable(strings.TrimRight(string(text), "\x00"))
		}
	}
	for _, name := range i.dynamic.texts(i.file, elf.DT_NEEDED) {
		if len(i.b.Needed) < maxNeeded {
			i.b.Needed = append(i.b.Needed, name)
		}
	}
	i.b.RPath = strings.Join(i.dynamic.texts(i.file, elf.DT_RPATH), ":")
	i.b.RunPath = strings.Join(i.dynamic.texts(i.file, elf.DT_RUNPATH), ":")
	i.b.Static = i.program(elf.PT_INTERP) == nil && len(i.b.Needed) == 0
}

// layout answers what the program headers and the dynamic section say.
func (i *inspection) layout() {
	isPIE := i.dynamic.has(elf.DT_DEBUG) || i.dynamic.flag(elf.DT_FLAGS_1, uint64(elf.DF_1_PIE))
	switch {
	case i.file.Type == elf.ET_EXEC:
		i.b.PIE = No
	case !i.dynamic.read && i.program(elf.PT_DYNAMIC) != nil:
		i.b.PIE = Unknown
	case isPIE:
		i.b.PIE = Yes
	default:
		i.b.PIE, i.b.Library, i.b.Static = Unknown, true, false
	}
	stack := i.program(elf.PT_GNU_STACK)
	i.b.NX = stateOf(stack != nil && stack.Flags&elf.PF_X == 0)
	i.b.Relro = i.relro()
}

func (i *inspection) relro() Relro {
	switch {
	case i.program(elf.PT_GNU_RELRO) == nil:
		return RelroNone
	case i.program(elf.PT_DYNAMIC) != nil && !i.dynamic.read:
		return RelroUnknown
	case i.dynamic.has(elf.DT_BIND_NOW), i.dynamic.flag(elf.DT_FLAGS, uint64(elf.DF_BIND_NOW)), i.dynamic.flag(elf.DT_FLAGS_1, uint64(elf.DF_1_NOW)):
		return RelroFull
	}
	return RelroPartial
}

// symbols answers what names tell. A table that is there but could not be read leaves everything unknown.
func (i *inspection) symbols() {
	i.b.Canary, i.b.Fortify = Unknown, Unknown
	imports, importsErr := symbolNames(i.file, elf.SHT_DYNSYM)
	all, allErr := symbolNames(i.file, elf.SHT_SYMTAB)
	hasGuard := slices.ContainsFunc(imports, isGuard) || slices.ContainsFunc(all, isGuard)
	switch {
	case hasGuard:
		i.b.Canary = Yes
	case i.b.Go && len(i.b.Needed) == 0:
		// Go's own code has no stack protector; only C code linked into it could.
	case importsErr == nil && allErr == nil && len(imports)+len(all) > 0:
		i.b.Canary = No
	}
	if importsErr == nil {
		i.b.Fortify = fortify(imports)
	}
}

// isGuard tells the symbols of the stack protector. Source: checksec 2.6.0, and GCC's -fstack-protector on targets that
// keep the guard in a local alias.
func isGuard(name string) bool {
	return name == "__stack_chk_fail" || name == "__stack_chk_guard" || name == "__stack_chk_fail_local" || name == "__intel_security_cookie"
}

// isGo reports whether Go's linker wrote the file: it leaves a build ID note, and .gopclntab even where it is stripped.
func isGo(f *elf.File) bool {
	for _, name := range []string{".note.go.buildid", ".gopclntab", ".go.buildinfo", ".data.rel.ro.gopclntab"} {
		if f.Section(name) != nil {
			return true
		}
	}
	return false
}

// printable returns text that can stand in a plan, or nothing.
func printable(text string) string {
	if len(text) > maxTextBytes || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return ""
	}
	return text
}
