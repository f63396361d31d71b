// Command images builds real images from Debian's packages and holds what the provider reads in them against other tools: the
// package list against dpkg-query and rpm, ELF hardening against checksec, RPM databases against anchore/go-rpmdb, and efficiency
// against dive.
// It then prints the comparison of all images, read cold and warm.
//
//	go -C tools/images run . [-dir DIR] [-suites trixie,bookworm]
//
// It runs as root on Debian, and installs the tools that it needs with apt-get. What was built is kept in DIR (default: the
// user's cache directory), so that a second run only reads.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

func run() error {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := flag.String("dir", filepath.Join(cache, "seaworthy-test-images"), "where images are built and kept")
	suites := flag.String("suites", "trixie", "Debian suites to build, separated by commas")
	sample := flag.Int("elf-sample", 60, "how many binaries of each suite are shown to checksec")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	w := &workshop{dir: *dir}
	if err := w.prepare(ctx); err != nil {
		return err
	}
	images, err := w.buildAll(ctx, strings.Split(*suites, ","))
	if err != nil {
		return err
	}
	var failures []error
	for _, image := range images {
		failures = append(failures, checkPackages(ctx, image), checkELF(ctx, image, *sample))
	}
	failures = append(failures, checkEfficiency(), checkRPM(ctx), compare(ctx, w.dir, images))
	return errors.Join(failures...)
}
