package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/elfcheck"
)

// checkELF holds what is read in a sample of a tree's binaries against checksec.
func checkELF(ctx context.Context, i image, sample int) error {
	files, err := binaries(i.root)
	if err != nil || len(files) == 0 || strings.HasSuffix(i.name, "-zstd") || strings.HasSuffix(i.name, "-slim") {
		return err // the same files as minbase's
	}
	step := max(1, len(files)/sample)
	checked := 0
	for n := 0; n < len(files); n += step {
		raw, err := os.ReadFile(files[n])
		if err != nil {
			return err
		}
		binary, err := elfcheck.Inspect(bytes.NewReader(raw))
		if errors.Is(err, elfcheck.ErrNotBinary) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", files[n], err)
		}
		out, err := command(ctx, "", "checksec", "--format=csv", "--file="+files[n])
		if err != nil {
			return err
		}
		if difference := compareWithChecksec(binary, strings.Split(strings.TrimSpace(out), ",")); difference != "" {
			return fmt.Errorf("%s: %s; checksec says %s", files[n], difference, strings.TrimSpace(out))
		}
		checked++
	}
	fmt.Printf("%s: ELF hardening and checksec: %d of %d equal (of %d binaries)\n", i.name, checked, checked, len(files))
	return nil
}

// compareWithChecksec returns what differs. Columns: RELRO, canary, NX, PIE, RPATH, RUNPATH, symbols, fortified, counts, file.
// Where the provider says that a binary can not tell, checksec says no.
func compareWithChecksec(b elfcheck.Binary, columns []string) string {
	if len(columns) < 9 {
		return "checksec printed no row"
	}
	relro := map[elfcheck.Relro]string{elfcheck.RelroFull: "Full RELRO", elfcheck.RelroPartial: "Partial RELRO", elfcheck.RelroNone: "No RELRO"}[b.Relro]
	pie := map[elfcheck.State]string{elfcheck.Yes: "PIE enabled", elfcheck.No: "No PIE"}[b.PIE]
	if b.Library {
		pie = "DSO"
	}
	for _, c := range []struct{ name, got, want string }{
		{"RELRO", relro, columns[0]},
		{"canary", pick(b.Canary == elfcheck.Yes, "Canary found", "No Canary found"), columns[1]},
		{"NX", pick(b.NX == elfcheck.Yes, "NX enabled", "NX disabled"), columns[2]},
		{"PIE", pie, columns[3]},
		{"RPATH", pick(b.RPath != "", "RPATH", "No RPATH"), columns[4]},
		{"RUNPATH", pick(b.RunPath != "", "RUNPATH", "No RUNPATH"), columns[5]},
	} {
		if !strings.EqualFold(c.got, strings.TrimSpace(c.want)) {
			return fmt.Sprintf("%s: %q, not %q", c.name, c.got, c.want)
		}
	}
	if fortified := strings.TrimSpace(columns[8]) != "0" && columns[7] == "Yes"; fortified != (b.Fortify == elfcheck.Yes) && b.Fortify != elfcheck.Unknown {
		return fmt.Sprintf("fortify: %s", b.Fortify)
	}
	return ""
}

func pick(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// binaries lists the ELF files of a tree, in the order of names.
func binaries(root string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path) //nolint:gosec // a file of the tree that was built
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // It is only read.
		magic := make([]byte, 4)
		if n, _ := f.Read(magic); n == 4 && string(magic) == elfcheck.Magic {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}
