package imagefacts_test

import (
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

func ExampleSelect() {
	index, err := imagefacts.ParsePlatform("linux/arm64/v8")
	if err != nil {
		panic(err)
	}
	node, err := imagefacts.ParsePlatform("linux/s390x")
	if err != nil {
		panic(err)
	}
	_, err = imagefacts.Select([]imagefacts.Platform{index}, []imagefacts.Platform{node})
	fmt.Println(err)
	// Output: the image has no linux/s390x; it has linux/arm64/v8
}
