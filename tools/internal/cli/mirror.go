package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// ProviderVersion is the version under which the mirror offers the provider
// that was built from the work tree.
const ProviderVersion = "0.1.0"

// address is the provider's source address without its host.
const address = "seaworthy-dev/seaworthy"

// hosts are the registry hosts that the CLIs complete a short address with.
var hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// Mirror is a folder that `init` installs the provider from.
type Mirror struct {
	// Dir is the mirror's root.
	Dir string
	// Binary is the built provider.
	Binary string
}

// BuildProvider builds the provider of the module in root and lays it out in
// dir as an unpacked filesystem mirror.
// Source of the layout: "Provider Installation" in Terraform's CLI
// configuration documentation, HOSTNAME/NAMESPACE/TYPE/VERSION/TARGET.
func BuildProvider(ctx context.Context, root, dir string) (Mirror, error) {
	target := runtime.GOOS + "_" + runtime.GOARCH
	name := "terraform-provider-seaworthy_v" + ProviderVersion + exeSuffix()
	var mirror Mirror
	for i, host := range hosts {
		folder := filepath.Join(dir, host, address, ProviderVersion, target)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return Mirror{}, err
		}
		binary := filepath.Join(folder, name)
		if i > 0 {
			if err := os.Link(mirror.Binary, binary); err != nil {
				return Mirror{}, err
			}
			continue
		}
		build := Build{Dir: root, Package: ".", LinkerFlags: "-X main.version=" + ProviderVersion, Output: binary}
		if err := build.Run(ctx, io.Discard); err != nil {
			return Mirror{}, err
		}
		mirror = Mirror{Dir: dir, Binary: binary}
	}
	return mirror, nil
}

// config is a CLI configuration that knows no other place to install from, so
// that a run never needs the network.
func (m Mirror) config() string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", m.Dir)
}

// exeSuffix is what the operating system wants at the end of a program's name.
func exeSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
