package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// layersAtOnce bounds how many layers are read at the same time in one process: reading one is a matter of the processor, and
// takes up to 64 MiB.
const layersAtOnce = 2

// Contents reads what is inside the image for one platform, from all of its layers. Layers that were read before, by this
// Client or by an earlier one with the same cache directory, are not read again.
//
// An error is an *Error, or the context's, or holds an *imagefacts.PlatformError if the image lacks the platform. It holds a
// *contents.LimitError if the image can be had but not looked into: what is inside is then unknown.
func (c *Client) Contents(ctx context.Context, ref imageref.Reference, platform imagefacts.Platform) (contents.Contents, error) {
	return c.inside.do(ctx, ref.String()+" "+platform.String(), func(ctx context.Context) (contents.Contents, error) {
		digest, err := c.Digest(ctx, ref)
		if err != nil {
			return contents.Contents{}, err
		}
		found, err := c.readContents(ctx, c.source(ref), digest, platform)
		return found, about(ref, err)
	})
}

func (c *Client) readContents(ctx context.Context, src source, digest string, platform imagefacts.Platform) (contents.Contents, error) {
	image, err := platformOf(ctx, src, digest, platform)
	if err != nil {
		return contents.Contents{}, err
	}
	layers, diffIDs := image.manifest.Layers, image.config.RootFS.DiffIDs
	switch {
	case image.config.OS != "linux":
		return contents.Contents{}, &contents.LimitError{Reason: fmt.Sprintf("the layers of %s images are not read", image.config.OS)}
	case len(layers) != len(diffIDs):
		return contents.Contents{}, invalid(image.digest, fmt.Errorf("the manifest has %d layers and the config %d", len(layers), len(diffIDs)))
	}
	merger := contents.NewMerger()
	for i := len(layers) - 1; i >= 0; i-- {
		layer, err := c.layer(ctx, src, layers[i], diffIDs[i].String())
		if err != nil {
			return contents.Contents{}, err
		}
		if err := merger.Add(layer); err != nil {
			return contents.Contents{}, err
		}
	}
	return merger.Contents(image.config.Config.User), nil
}

// platformOf reads the manifest and config of one platform.
func platformOf(ctx context.Context, src source, digest string, platform imagefacts.Platform) (*platformImage, error) {
	doc, err := readDocument(ctx, src, digest)
	if err != nil {
		return nil, err
	}
	want := []imagefacts.Platform{platform}
	var images []*platformImage
	if doc.Manifest != nil {
		_, images, err = readSingle(ctx, src, digest, doc.Manifest, want)
	} else {
		_, images, err = readIndex(ctx, src, doc.Index, want)
	}
	if err != nil {
		return nil, err
	}
	return images[0], nil
}

// layer returns what one layer brings: from memory, from the cache, or by reading it.
func (c *Client) layer(ctx context.Context, src source, d v1.Descriptor, diffID string) (contents.Layer, error) {
	digest := d.Digest.String()
	if !d.MediaType.IsDistributable() || strings.Contains(string(d.MediaType), "encrypted") {
		return contents.Layer{}, &contents.LimitError{Digest: digest, Reason: fmt.Sprintf("layers of the type %s are not read", d.MediaType)}
	}
	encoded, err := c.layers.do(ctx, digest+" "+diffID, func(ctx context.Context) ([]byte, error) {
		if encoded, ok := c.cache.getResult(digest, diffID); ok {
			return encoded, nil
		}
		encoded, err := c.scan(ctx, src, contents.Blob{Digest: digest, DiffID: diffID, Size: d.Size})
		if err == nil {
			c.cache.putResult(digest, encoded)
		}
		return encoded, err
	})
	if err != nil {
		return contents.Layer{}, err
	}
	return contents.DecodeLayer(encoded, digest, diffID)
}

// scan reads a layer to its end, verified. What is kept is the encoded result, a thousandth of the layer.
func (c *Client) scan(ctx context.Context, src source, blob contents.Blob) ([]byte, error) {
	select {
	case c.scans <- struct{}{}:
		defer func() { <-c.scans }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	stream, err := src.stream(ctx, blob.Digest, 0, blob.Size)
	if err != nil {
		return nil, err
	}
	defer stream.Close() //nolint:errcheck // It is only read.
	c.log.Debug("reading a layer", "digest", blob.Digest, "bytes", blob.Size)
	layer, err := contents.Scan(stream, blob)
	if err != nil {
		return nil, scanError(ctx, hostOf(stream), blob.Digest, err)
	}
	return layer.Encode()
}

// scanError makes an *Error of what went wrong with a layer, unless it is one, or a limit, or the context's end.
func scanError(ctx context.Context, host, digest string, err error) error {
	var known *Error
	var limit *contents.LimitError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &known):
		return known
	case errors.As(err, &limit):
		return limit
	case errors.Is(err, contents.ErrDigest):
		return &Error{
			Kind: ErrDigestMismatch, Cause: err, Found: fmt.Sprintf("%s has other content: %v", host, err),
			Remedy: "nothing of it was used; the layer was changed or damaged, so check the registry or mirror and every proxy before it",
		}
	default:
		return invalid(digest, err)
	}
}
