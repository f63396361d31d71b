package registry

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

// platformsAtOnce bounds how many images of an index are read at the same time. Requests are bounded by host as well.
const platformsAtOnce = 8

// platformImage is the manifest and config of one platform.
type platformImage struct {
	platform imagefacts.Platform
	digest   string
	manifest *v1.Manifest
	config   *v1.ConfigFile
}

// readImage reads the document with the digest and the images that it names, for the platforms that are wanted (none: all).
func readImage(ctx context.Context, src source, digest string, want []imagefacts.Platform) (imagefacts.Image, error) {
	doc, err := readDocument(ctx, src, digest)
	if err != nil {
		return imagefacts.Image{}, err
	}
	var have []imagefacts.Platform
	var images []*platformImage
	if doc.Manifest != nil {
		have, images, err = readSingle(ctx, src, digest, doc.Manifest, want)
	} else {
		have, images, err = readIndex(ctx, src, doc.Index, want)
	}
	if err != nil {
		return imagefacts.Image{}, err
	}
	image := imagefacts.Image{
		Digest: digest, MediaType: doc.MediaType,
		Platforms: imagefacts.Names(have), Images: map[string]imagefacts.Facts{},
	}
	for _, i := range images {
		facts, err := imagefacts.New(i.digest, i.manifest, i.config)
		if err != nil {
			return imagefacts.Image{}, invalid(i.digest, err)
		}
		image.Images[i.platform.String()] = facts
	}
	return image, nil
}

// readSingle reads a single image. Its platform stands in its config, and registries serve it whatever platform is asked for.
func readSingle(ctx context.Context, src source, digest string, manifest *v1.Manifest, want []imagefacts.Platform) ([]imagefacts.Platform, []*platformImage, error) {
	config, platform, err := readConfig(ctx, src, manifest)
	if err != nil {
		return nil, nil, err
	}
	have := []imagefacts.Platform{platform}
	if _, err := imagefacts.Select(have, want); err != nil {
		return nil, nil, err
	}
	return have, []*platformImage{{platform, digest, manifest, config}}, nil
}

func readIndex(ctx context.Context, src source, index *v1.IndexManifest, want []imagefacts.Platform) ([]imagefacts.Platform, []*platformImage, error) {
	byPlatform, err := platformsOf(ctx, src, imagefacts.Entries(index))
	if err != nil {
		return nil, nil, err
	}
	if len(byPlatform) == 0 {
		return nil, nil, &Error{Kind: ErrMediaType, Found: "the index names no image of any platform", Remedy: "build and push the image again"}
	}
	have := make([]imagefacts.Platform, len(byPlatform))
	for i, e := range byPlatform {
		have[i] = e.Platform
	}
	chosen, err := imagefacts.Select(have, want)
	if err != nil {
		return nil, nil, err
	}
	wanted := map[imagefacts.Platform]bool{}
	for _, p := range chosen {
		wanted[p] = true
	}
	images := make([]*platformImage, 0, len(chosen))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(platformsAtOnce)
	for _, e := range byPlatform {
		if !wanted[e.Platform] {
			continue
		}
		image := &platformImage{platform: e.Platform, digest: e.Descriptor.Digest.String()}
		images = append(images, image)
		group.Go(func() error { return image.read(ctx, src) })
	}
	return have, images, group.Wait()
}

// platformsOf completes the entries that do not state a platform with that of their config, and leaves out those that turn
// out to be no images.
func platformsOf(ctx context.Context, src source, entries []imagefacts.Entry) ([]imagefacts.Entry, error) {
	var complete []imagefacts.Entry
	seen := map[imagefacts.Platform]bool{}
	for _, e := range entries {
		if e.Platform == (imagefacts.Platform{}) {
			image := platformImage{digest: e.Descriptor.Digest.String()}
			err := image.read(ctx, src)
			if errors.Is(err, ErrMediaType) {
				continue
			}
			if err != nil {
				return nil, err
			}
			e.Platform = imagefacts.PlatformOf(image.config.Platform())
		}
		if !seen[e.Platform] {
			seen[e.Platform] = true
			complete = append(complete, e)
		}
	}
	return complete, nil
}

// read fills in the manifest and the config.
func (i *platformImage) read(ctx context.Context, src source) error {
	doc, err := readDocument(ctx, src, i.digest)
	if err != nil {
		return err
	}
	if doc.Manifest == nil {
		return invalid(i.digest, errors.New("the index calls it an image, but it is an index"))
	}
	i.manifest = doc.Manifest
	i.config, _, err = readConfig(ctx, src, doc.Manifest)
	return err
}

func readDocument(ctx context.Context, src source, digest string) (imagefacts.Document, error) {
	raw, err := src.read(ctx, manifests, digest)
	if err != nil {
		return imagefacts.Document{}, err
	}
	doc, err := imagefacts.ParseDocument(raw)
	var mediaType *imagefacts.MediaTypeError
	switch {
	case errors.As(err, &mediaType):
		return imagefacts.Document{}, &Error{
			Kind: ErrMediaType, Cause: err, Remedy: mediaType.Reason,
			Found: fmt.Sprintf("%s has the media type %q", digest, mediaType.MediaType),
		}
	case err != nil:
		return imagefacts.Document{}, invalid(digest, err)
	}
	return doc, nil
}

func readConfig(ctx context.Context, src source, manifest *v1.Manifest) (*v1.ConfigFile, imagefacts.Platform, error) {
	digest := manifest.Config.Digest.String()
	raw, err := src.read(ctx, configs, digest)
	if err != nil {
		return nil, imagefacts.Platform{}, err
	}
	config, platform, err := imagefacts.ParseConfig(raw)
	if err != nil {
		return nil, imagefacts.Platform{}, invalid(digest, err)
	}
	return config, platform, nil
}

func invalid(digest string, err error) *Error {
	return &Error{
		Kind: ErrInvalid, Cause: err,
		Found:  fmt.Sprintf("%s: %v", digest, err),
		Remedy: "the content is what was pushed, but it is broken; build and push the image again",
	}
}
