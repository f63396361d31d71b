package registrytest

import (
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// WriteLayout adds an image to the OCI image layout in dir, which is made if it is not there, and returns the image's
// digest. The tag may be empty.
func WriteLayout(t T, dir, tag string, image Image) string {
	t.Helper()
	built, err := image.build()
	if err != nil {
		t.Fatalf("building %s: %v", tag, err)
	}
	path, err := layout.FromPath(dir)
	if err != nil {
		if path, err = layout.Write(dir, empty.Index); err != nil {
			t.Fatalf("making a layout: %v", err)
		}
	}
	var options []layout.Option
	if tag != "" {
		options = append(options, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": tag}))
	}
	switch artifact := built.(type) {
	case v1.Image:
		err = path.AppendImage(artifact, options...)
	case v1.ImageIndex:
		err = path.AppendIndex(artifact, options...)
	}
	if err != nil {
		t.Fatalf("writing %s to the layout: %v", tag, err)
	}
	digest, err := built.Digest()
	if err != nil {
		t.Fatalf("%v", err)
	}
	return digest.String()
}
