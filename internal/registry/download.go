package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// Download writes one layer of an artifact in the reference's repository, as it is stored, to w. It is for content that is too large
// for memory ([Client.Attachment]), and is not kept in the cache.
//
// The content is verified only when all of it has been written: if the error is not nil, what was written must be thrown away.
// An error is an *Error, or the context's, or that of w.
func (c *Client) Download(ctx context.Context, ref imageref.Reference, layer ArtifactLayer, w io.Writer) error {
	return about(ref, c.download(ctx, ref, layer, w))
}

func (c *Client) download(ctx context.Context, ref imageref.Reference, layer ArtifactLayer, w io.Writer) error {
	stream, err := c.source(ref).stream(ctx, layer.Digest, 0, layer.SizeBytes)
	if err != nil {
		return err
	}
	defer stream.Close() //nolint:errcheck // It is only read.
	c.log.Debug("downloading", "reference", ref.String(), "digest", layer.Digest, "bytes", layer.SizeBytes)
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(stream, layer.SizeBytes+1))
	if err != nil {
		return err
	}
	if got := "sha256:" + hex.EncodeToString(sum.Sum(nil)); got != layer.Digest || n != layer.SizeBytes {
		return &Error{
			Kind:   ErrDigestMismatch,
			Found:  fmt.Sprintf("asked for %s with %d bytes, got %s with %d bytes", layer.Digest, layer.SizeBytes, got, n),
			Remedy: "nothing of it was used; the content was changed or damaged on the way, so check the registry or mirror and every proxy before it",
		}
	}
	return nil
}
