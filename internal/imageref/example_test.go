package imageref_test

import (
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

func ExampleParse() {
	ref, err := imageref.Parse("nginx:1.27")
	if err != nil {
		panic(err)
	}
	fmt.Println(ref)

	pinned, err := ref.WithDigest("sha256:0a399eb16751829e1af26fea27b20c3ec28d7ab1fb72182879dcae1cca21206a")
	if err != nil {
		panic(err)
	}
	fmt.Println(pinned.Pinned())
	// Output:
	// docker.io/library/nginx:1.27
	// docker.io/library/nginx:1.27@sha256:0a399eb16751829e1af26fea27b20c3ec28d7ab1fb72182879dcae1cca21206a
}

func ExampleReference_FloatingReason() {
	for _, s := range []string{"nginx", "nginx:latest", "nginx:1", "nginx:1.27.3"} {
		ref, err := imageref.Parse(s)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %q\n", s, ref.FloatingReason())
	}
	// Output:
	// nginx: "there is no tag, which registries read as \"latest\""
	// nginx:latest: "tag \"latest\" is moved by its publisher from build to build"
	// nginx:1: "tag \"1\" is a major version alone and moves with every minor release"
	// nginx:1.27.3: ""
}
