package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// checkPackages holds the packages that are read in an image against those that dpkg-query lists in its tree.
func checkPackages(ctx context.Context, i image) error {
	if i.hasRPM {
		return checkInstalledRPMs(ctx, i)
	}
	if !i.hasDpkg {
		return nil
	}
	file, err := os.Open(filepath.Join(i.root, "var/lib/dpkg/status"))
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // It is only read.
	list, err := packages.ReadDpkg(file)
	if err != nil {
		return err
	}
	var got []string
	for _, p := range list {
		got = append(got, strings.Join([]string{p.Name, p.Version, p.Arch, p.SourceName, p.SourceVersion}, " "))
	}
	out, err := command(ctx, "", "dpkg-query", "--admindir="+filepath.Join(i.root, "var/lib/dpkg"), "-W",
		"-f=${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n")
	if err != nil {
		return err
	}
	want := strings.Split(strings.TrimSpace(out), "\n")
	return equalLists(i.name+": packages and dpkg-query", got, want)
}

// equalLists compares lists whose order does not matter, and prints how many are equal.
func equalLists(what string, got, want []string) error {
	slices.Sort(got)
	slices.Sort(want)
	for _, line := range want {
		if !slices.Contains(got, line) {
			return fmt.Errorf("%s: %q is missing; %d are read and %d expected", what, line, len(got), len(want))
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s: %d are read and %d expected", what, len(got), len(want))
	}
	fmt.Printf("%s: %d of %d equal\n", what, len(got), len(want))
	return nil
}
