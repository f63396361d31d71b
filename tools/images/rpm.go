package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	rpmdb "github.com/anchore/go-rpmdb/pkg"
	_ "modernc.org/sqlite" // go-rpmdb reads SQLite through database/sql

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// checkRPM reads the databases of ten distributions that go-rpmdb brings for its own tests, with both readers.
func checkRPM(ctx context.Context) error {
	out, err := command(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/anchore/go-rpmdb")
	if err != nil {
		return err
	}
	var failures []error
	for _, name := range []string{"Packages", "Packages.db", "rpmdb.sqlite"} {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(out), "pkg/testdata/*", name))
		if err != nil {
			return err
		}
		for _, file := range files {
			failures = append(failures, checkRPMDatabase(file))
		}
	}
	return errors.Join(failures...)
}

func checkRPMDatabase(file string) error {
	db, err := rpmdb.Open(file)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // It is only read.
	theirs, err := db.ListPackages()
	if err != nil {
		return err
	}
	var want []string
	for _, p := range theirs {
		if p.Name == "gpg-pubkey" {
			continue // a key, which both find and only this provider leaves out
		}
		version := p.Version + "-" + p.Release
		if p.Epoch != nil && *p.Epoch != 0 {
			version = fmt.Sprintf("%d:%s", *p.Epoch, version)
		}
		want = append(want, strings.Join([]string{p.Name, version, p.Arch, p.Vendor, p.Modularitylabel, p.SourceRpm}, "|"))
	}
	raw, err := os.Open(file) //nolint:gosec // a file of a module
	if err != nil {
		return err
	}
	defer raw.Close() //nolint:errcheck // It is only read.
	ours, err := packages.ReadRPM(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var got []string
	for _, p := range ours {
		source := p.SourceName + "-" + p.SourceVersion + ".src.rpm"
		got = append(got, strings.Join([]string{p.Name, p.Version, p.Arch, p.Vendor, p.Modularity, source}, "|"))
	}
	return equalLists("RPM and go-rpmdb: "+filepath.Base(filepath.Dir(file)), got, want)
}

// checkInstalledRPMs holds the packages that are read in an image against those that rpm lists in its tree.
func checkInstalledRPMs(ctx context.Context, i image) error {
	file, err := os.Open(filepath.Join(i.root, "var/lib/rpm/rpmdb.sqlite"))
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // It is only read.
	list, err := packages.ReadRPM(file)
	if err != nil {
		return err
	}
	var got []string
	for _, p := range list {
		got = append(got, strings.Join([]string{p.Name, p.Version, p.Arch, p.Vendor}, "|"))
	}
	out, err := command(ctx, "", "rpm", rpmOf(i.root, "-qa", "--qf", "%{NAME}|%{VERSION}-%{RELEASE}|%{ARCH}|%{VENDOR}\n")...)
	if err != nil {
		return err
	}
	return equalLists(i.name+": packages and rpm", got, strings.Split(strings.TrimSpace(out), "\n"))
}
