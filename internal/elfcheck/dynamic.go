package elfcheck

import (
	"bytes"
	"debug/elf"
	"errors"
	"io"
)

// dynamic is the dynamic section: tags with their values.
type dynamic struct {
	read   bool // false: there is none, or it could not be read
	values map[elf.DynTag][]uint64
}

func (d dynamic) has(tag elf.DynTag) bool { return len(d.values[tag]) > 0 }

func (d dynamic) flag(tag elf.DynTag, bit uint64) bool {
	for _, v := range d.values[tag] {
		if v&bit != 0 {
			return true
		}
	}
	return false
}

// texts returns the strings of a tag, those that can be read and printed.
func (d dynamic) texts(f *elf.File, tag elf.DynTag) []string {
	var texts []string
	table := d.stringTable(f)
	if table == nil {
		return nil
	}
	for _, offset := range d.values[tag] {
		buffer := make([]byte, maxTextBytes)
		n, err := table.ReadAt(buffer, int64(min(offset, 1<<62)))
		if err != nil && !errors.Is(err, io.EOF) {
			continue
		}
		text, _, found := bytes.Cut(buffer[:n], []byte{0})
		if !found {
			continue
		}
		if s := printable(string(text)); s != "" {
			texts = append(texts, s)
		}
	}
	return texts
}

// stringTable finds the strings of the dynamic section by their address, since section headers may be stripped.
func (d dynamic) stringTable(f *elf.File) io.ReaderAt {
	if !d.has(elf.DT_STRTAB) {
		return nil
	}
	address := d.values[elf.DT_STRTAB][0]
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && address >= p.Vaddr && address-p.Vaddr < p.Filesz {
			start := int64(address - p.Vaddr)
			return io.NewSectionReader(p, start, int64(p.Filesz)-start)
		}
	}
	return nil
}

// readDynamic reads the segment PT_DYNAMIC.
func readDynamic(f *elf.File) dynamic {
	for _, p := range f.Progs {
		if p.Type != elf.PT_DYNAMIC {
			continue
		}
		if p.Filesz > maxDynBytes {
			return dynamic{}
		}
		raw := make([]byte, p.Filesz)
		if _, err := p.ReadAt(raw, 0); err != nil && !errors.Is(err, io.EOF) {
			return dynamic{}
		}
		return parseDynamic(f, raw)
	}
	return dynamic{}
}

func parseDynamic(f *elf.File, raw []byte) dynamic {
	d := dynamic{read: true, values: map[elf.DynTag][]uint64{}}
	word := 8
	if f.Class == elf.ELFCLASS32 {
		word = 4
	}
	for len(raw) >= 2*word {
		var tag, value uint64
		if word == 4 {
			tag, value = uint64(f.ByteOrder.Uint32(raw)), uint64(f.ByteOrder.Uint32(raw[4:]))
		} else {
			tag, value = f.ByteOrder.Uint64(raw), f.ByteOrder.Uint64(raw[8:])
		}
		if elf.DynTag(tag) == elf.DT_NULL {
			break
		}
		if key := elf.DynTag(tag); len(d.values[key]) < maxNeeded {
			d.values[key] = append(d.values[key], value)
		}
		raw = raw[2*word:]
	}
	return d
}
