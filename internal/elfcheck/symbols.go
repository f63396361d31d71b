package elfcheck

import (
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"strings"
)

// errTooLarge says that a table is larger than what is read.
var errTooLarge = errors.New("the table is too large")

// symbolNames returns the names of all symbols of a table. That a binary has no such table is no error.
//
// The names are read as one block and not symbol by symbol as debug/elf does, which takes 50 bytes for each.
func symbolNames(f *elf.File, kind elf.SectionType) ([]string, error) {
	table := f.SectionByType(kind)
	if table == nil || table.Type == elf.SHT_NOBITS {
		return nil, nil
	}
	if int(table.Link) >= len(f.Sections) {
		return nil, errors.New("the table has no names")
	}
	strs := f.Sections[table.Link]
	if strs.Flags&elf.SHF_COMPRESSED != 0 || strs.FileSize > maxSymbolBytes {
		return nil, errTooLarge
	}
	raw := make([]byte, strs.FileSize)
	if _, err := strs.ReadAt(raw, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var names []string
	for name := range bytes.SplitSeq(raw, []byte{0}) {
		// Only names that answer a question are kept.
		if s := string(name); bytes.HasPrefix(name, []byte("__")) || fortifiable[s] {
			names = append(names, s)
		}
	}
	if len(names) == 0 && len(raw) > 1 {
		names = append(names, "")
	}
	return names, nil
}

// fortify concludes from the imported names.
func fortify(imports []string) State {
	state := Unknown
	for _, name := range imports {
		base, isChecked := strings.CutSuffix(strings.TrimPrefix(name, "__"), "_chk")
		switch {
		case isChecked && strings.HasPrefix(name, "__") && (fortifiable[base] || strings.HasPrefix(base, "isoc")):
			return Yes
		case fortifiable[name]:
			state = No
		}
	}
	return state
}

// fortifiable are the C functions for which glibc has a checked variant, __NAME_chk.
// Source: glibc 2.36, debug/Versions and debug/*_chk.c.
var fortifiable = set(`asprintf confstr dprintf explicit_bzero fdelt fgets fgets_unlocked fgetws fgetws_unlocked fprintf fread
fread_unlocked fwprintf getcwd getdomainname getgroups gethostname getlogin_r gets getwd longjmp mbsnrtowcs mbsrtowcs mbstowcs
memcpy memmove mempcpy memset obstack_printf obstack_vprintf open open64 openat openat64 poll ppoll pread pread64 printf
ptsname_r read readlink readlinkat realpath recv recvfrom snprintf sprintf stpcpy stpncpy strcat strcpy strncat strncpy
swprintf syslog ttyname_r vasprintf vdprintf vfprintf vfwprintf vprintf vsnprintf vsprintf vswprintf vsyslog vwprintf wcpcpy
wcpncpy wcrtomb wcscat wcscpy wcsncat wcsncpy wcsnrtombs wcsrtombs wcstombs wctomb wmemcpy wmemmove wmempcpy wmemset wprintf`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
