package registrytest

import (
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Created is the time at which every image claims to have been built.
var Created = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Image describes an image or an index. Make one with Single or Index.
type Image struct {
	// Platforms of the index, or the one platform of a single image.
	Platforms []string
	// Content distinguishes images: two with different content have different digests.
	Content string
	// Docker selects Docker's media types instead of OCI's.
	Docker bool
	// Attest adds a BuildKit attestation ("unknown/unknown") to an index.
	Attest bool
	// Layers are the files of each layer, the lowest first, and make the image's content in place of Content.
	Layers [][]File
	// Config changes the config of each platform's image.
	Config func(platform string, config *v1.ConfigFile)

	single bool
}

// Single describes an image for one platform, without an index.
func Single(platform string) Image { return Image{Platforms: []string{platform}, single: true} }

// Index describes an image for several platforms.
func Index(platforms ...string) Image { return Image{Platforms: platforms} }

// WithContent returns a copy with other content, and so with another digest.
func (i Image) WithContent(content string) Image {
	i.Content = content
	return i
}

// taggable is what a registry stores under a tag.
type taggable interface {
	Digest() (v1.Hash, error)
	RawManifest() ([]byte, error)
}

// build makes the v1.Image or v1.ImageIndex that i describes.
func (i Image) build() (taggable, error) {
	if i.single {
		return i.platformImage(i.Platforms[0])
	}
	mediaType := types.OCIImageIndex
	if i.Docker {
		mediaType = types.DockerManifestList
	}
	index := mutate.IndexMediaType(empty.Index, mediaType)
	for _, platform := range i.Platforms {
		p, err := v1.ParsePlatform(platform)
		if err != nil {
			return nil, err
		}
		image, err := i.platformImage(platform)
		if err != nil {
			return nil, err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: p}})
	}
	if i.Attest {
		image, err := i.platformImage("unknown/unknown")
		if err != nil {
			return nil, err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{
			Platform:    &v1.Platform{OS: "unknown", Architecture: "unknown"},
			Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"},
		}})
	}
	return index, nil
}

func (i Image) platformImage(platform string) (v1.Image, error) {
	p, err := v1.ParsePlatform(platform)
	if err != nil {
		return nil, err
	}
	manifestType, configType, layerType := types.OCIManifestSchema1, types.OCIConfigJSON, types.OCILayer
	if i.Docker {
		manifestType, configType, layerType = types.DockerManifestSchema2, types.DockerConfigJSON, types.DockerLayer
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, manifestType), configType)
	layers := i.Layers
	if layers == nil {
		layers = [][]File{{{Path: "app", Content: platform + "\n" + i.Content, Mode: 0o555}}}
	}
	for _, files := range layers {
		compressed, diffID, err := layer(files)
		if err != nil {
			return nil, err
		}
		image, err = mutate.AppendLayers(image, fixedLayer{static.NewLayer(compressed, layerType), diffID})
		if err != nil {
			return nil, err
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Variant, config.OSVersion = p.OS, p.Architecture, p.Variant, p.OSVersion
	config.Created = v1.Time{Time: Created}
	config.Config = v1.Config{User: "65532:65532", Entrypoint: []string{"/app"}, WorkingDir: "/", Env: []string{"PATH=/bin"}}
	if i.Config != nil {
		i.Config(platform, config)
	}
	return mutate.ConfigFile(image, config)
}

// fixedLayer is a static layer whose diff ID is that of the uncompressed archive, as it is for a real layer.
type fixedLayer struct {
	v1.Layer
	diffID v1.Hash
}

func (l fixedLayer) DiffID() (v1.Hash, error) { return l.diffID, nil }

var _ partial.WithDiffID = fixedLayer{}
