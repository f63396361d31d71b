// Command terraform-provider-seaworthy is a Terraform provider that resolves
// container images to digests and renders hardened Kubernetes manifests while
// Terraform plans. Terraform starts it; a person starts it only to debug it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/provider"
)

// address is the provider's source address in Terraform's public registry.
const address = "registry.terraform.io/seaworthy-dev/seaworthy"

// version is set by the linker (see .goreleaser.yml).
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve one debugger session and print the settings by which Terraform attaches to it")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println("terraform-provider-seaworthy", version)
		return
	}
	options := providerserver.ServeOpts{Address: address, Debug: *debug, ProtocolVersion: 6}
	if err := providerserver.Serve(context.Background(), provider.New(version), options); err != nil {
		log.Fatal(err)
	}
}
