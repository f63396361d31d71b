package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// refNameKey is the annotation by which a layout names its manifests.
// Source: OCI image specification v1.1.1, image-layout.md and annotations.md.
const refNameKey = "org.opencontainers.image.ref.name"

// layout reads from an OCI image layout directory. A relative path is relative to the working directory of the process.
// Its content passes the same bounds and the same verification as a registry's.
type layout struct{ ref imageref.Reference }

// resolve returns the digest of the manifest with the reference's tag or, without a tag, of the only manifest.
func (l *layout) resolve(context.Context) (resolved, error) {
	index, err := l.index()
	if err != nil {
		return resolved{}, err
	}
	var found []v1.Descriptor
	for _, d := range index.Manifests {
		if l.ref.Tag() == "" || tagOf(d) == l.ref.Tag() {
			found = append(found, d)
		}
	}
	switch {
	case len(found) == 1:
		return resolved{digest: found[0].Digest.String()}, nil
	case len(found) == 0:
		return resolved{}, &Error{
			Kind:   ErrNotFound,
			Found:  fmt.Sprintf("index.json names no manifest with this tag; it names %d others", len(index.Manifests)),
			Remedy: "check the tag, or build the image into the layout",
		}
	default:
		return resolved{}, &Error{
			Kind:   ErrInvalid,
			Found:  fmt.Sprintf("index.json names %d manifests that it could be", len(found)),
			Remedy: "write oci-layout:PATH:tag with a tag that only one has, or oci-layout:PATH@digest",
		}
	}
}

// tags returns the names of the manifests that have one.
func (l *layout) tags(context.Context, int) ([]string, bool, error) {
	index, err := l.index()
	if err != nil {
		return nil, false, err
	}
	var tags []string
	for _, d := range index.Manifests {
		if tag := tagOf(d); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags, false, nil
}

// tagOf returns a manifest's tag. Some tools annotate the tag alone and some the whole reference; both are read.
func tagOf(d v1.Descriptor) string {
	name := d.Annotations[refNameKey]
	if strings.Contains(name, ":") {
		if ref, err := imageref.Parse(name); err == nil {
			return ref.Tag()
		}
	}
	return name
}

// read returns a blob.
func (l *layout) read(_ context.Context, kind content, digest string) ([]byte, error) {
	algorithm, digits, _ := strings.Cut(digest, ":")
	path := filepath.Join(l.ref.LayoutPath(), "blobs", algorithm, digits)
	raw, err := readVerified(path, digest, kind.limit)
	switch {
	case errors.Is(err, ErrDigestMismatch):
		return nil, &Error{
			Kind:   ErrDigestMismatch,
			Found:  fmt.Sprintf("the file %s does not match its name: %v", path, err),
			Remedy: "nothing of it was used; build or copy the layout again",
		}
	case errors.Is(err, ErrTooLarge):
		return nil, &Error{
			Kind:   ErrTooLarge,
			Found:  fmt.Sprintf("the file %s is larger than %d bytes", path, kind.limit),
			Remedy: "no image needs so much; check that the layout holds an image",
		}
	case err != nil:
		return nil, unreadable(err, "the layout is not complete; build or copy it again")
	}
	return raw, nil
}

// index reads index.json, after it has seen that this is a layout of the version that we know.
func (l *layout) index() (*v1.IndexManifest, error) {
	raw, err := l.readFile("oci-layout")
	if err != nil {
		return nil, unreadable(err, "write the directory that holds the files oci-layout and index.json, relative to where Terraform runs")
	}
	var marker struct {
		Version string `json:"imageLayoutVersion"`
	}
	if err := json.Unmarshal(raw, &marker); err != nil || marker.Version != "1.0.0" {
		return nil, &Error{
			Kind:   ErrInvalid,
			Found:  "the file oci-layout does not say imageLayoutVersion 1.0.0",
			Remedy: "build the layout again with a tool that writes OCI image layouts",
		}
	}
	raw, err = l.readFile("index.json")
	if err != nil {
		return nil, unreadable(err, "the layout is not complete; build or copy it again")
	}
	index, err := v1.ParseIndexManifest(bytes.NewReader(raw))
	if err != nil || len(index.Manifests) > imagefacts.MaxIndexEntries {
		return nil, &Error{
			Kind:   ErrInvalid,
			Found:  fmt.Sprintf("index.json is not an index of at most %d manifests", imagefacts.MaxIndexEntries),
			Remedy: "build or copy the layout again",
		}
	}
	return index, nil
}

// readFile reads a file of the layout that has no digest.
func (l *layout) readFile(name string) ([]byte, error) {
	f, err := os.Open(filepath.Join(l.ref.LayoutPath(), name))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // The file is only read.
	raw, err := io.ReadAll(io.LimitReader(f, maxManifestBytes+1))
	if err == nil && len(raw) > maxManifestBytes {
		err = fmt.Errorf("%s has more than %d bytes", name, maxManifestBytes)
	}
	return raw, err
}

func unreadable(err error, remedy string) *Error {
	kind := ErrInvalid
	if errors.Is(err, fs.ErrNotExist) {
		kind = ErrNotFound
	}
	return &Error{Kind: kind, Found: err.Error(), Remedy: remedy, Cause: err}
}
