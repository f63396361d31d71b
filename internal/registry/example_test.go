package registry_test

import (
	"context"
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func ExampleClient_Image() {
	srv := registrytest.New()
	defer srv.Close()
	digest, err := srv.PushImage("shop/api:1.4.2", registrytest.Index("linux/amd64", "linux/arm64"))
	if err != nil {
		panic(err)
	}
	client, err := registry.New(registry.Config{MaxRetries: registry.DefaultMaxRetries})
	if err != nil {
		panic(err)
	}
	ref, err := imageref.Parse(srv.Host() + "/shop/api:1.4.2")
	if err != nil {
		panic(err)
	}
	image, err := client.Image(context.Background(), ref)
	if err != nil {
		panic(err)
	}
	fmt.Println(image.Digest == digest, image.Platforms)
	fmt.Println(image.Images["linux/amd64"].User)
	// Output:
	// true [linux/amd64 linux/arm64]
	// 65532:65532
}
