package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// cosignSuffixes end the tags under which cosign before version 3 keeps what belongs to an image.
// Source: cosign v2.4.1, pkg/oci/remote/remote.go, SignatureTagSuffix, AttestationTagSuffix and SBOMTagSuffix.
var cosignSuffixes = []string{".sig", ".att", ".sbom"}

// referrers copies what refers to a manifest, to the manifests that it names, and to what was copied so.
func (j *copyJob) referrers(ctx context.Context, digest string, depth int) error {
	doc, err := j.read(ctx, digest)
	if err != nil {
		return err
	}
	for _, child := range doc.manifests {
		if err := j.referrers(ctx, child.Digest.String(), depth); err != nil {
			return err
		}
	}
	found, err := j.client.source(j.from).referrers(ctx, digest, nil)
	if err != nil {
		return about(j.from, err)
	}
	for _, r := range found {
		if err := j.manifest(ctx, r.Digest, "", depth+1); err != nil {
			return err
		}
		if err := j.list(ctx, digest, r.Digest); err != nil {
			return err
		}
		j.count(func(c *Copied) { c.Referrers++ })
		if err := j.referrers(ctx, r.Digest, depth+1); err != nil {
			return err
		}
	}
	return j.cosignTags(ctx, digest, depth)
}

// list makes sure that the destination lists a referrer: by its API, or by the tag that takes its place.
// Source: OCI distribution specification v1.1.1, "Pushing Manifests with Subject".
func (j *copyJob) list(ctx context.Context, subject, referrer string) error {
	listed, supported, err := j.at.referrersByAPI(ctx, subject)
	if err != nil || supported {
		return err
	}
	tag := strings.ReplaceAll(subject, ":", "-")
	answer, err := j.at.get(ctx, j.at.repo, j.at.path(j.at.repo, manifests.path, tag), manifests.limit)
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return err
	default:
		if listed, err = j.at.parseReferrers(answer.body); err != nil {
			return err
		}
	}
	for _, d := range listed {
		if d.Digest.String() == referrer {
			return nil
		}
	}
	entry, err := j.entry(ctx, referrer)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(v1.IndexManifest{SchemaVersion: 2, MediaType: types.OCIImageIndex, Manifests: append(listed, entry)})
	if err != nil {
		return err
	}
	return j.put(ctx, document{digest: digestOf(raw), raw: raw, mediaType: string(types.OCIImageIndex)}, tag)
}

// entry describes a referrer for a list.
func (j *copyJob) entry(ctx context.Context, digest string) (v1.Descriptor, error) {
	doc, err := j.read(ctx, digest)
	if err != nil {
		return v1.Descriptor{}, err
	}
	hash, err := v1.NewHash(digest)
	return v1.Descriptor{
		MediaType: types.MediaType(doc.mediaType), Digest: hash, Size: int64(len(doc.raw)),
		ArtifactType: cmp.Or(doc.artifactType, doc.mediaType), Annotations: doc.annotations,
	}, err
}

// cosignTags copies what cosign keeps under tags that it makes of the digest.
func (j *copyJob) cosignTags(ctx context.Context, digest string, depth int) error {
	for _, suffix := range cosignSuffixes {
		tag := strings.ReplaceAll(digest, ":", "-") + suffix
		ref, err := j.from.WithTag(tag)
		if err != nil {
			return err
		}
		found, err := j.client.source(ref).resolve(ctx)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return about(ref, err)
		}
		if err := j.manifest(ctx, found.digest, tag, depth+1); err != nil {
			return err
		}
		j.count(func(c *Copied) { c.Referrers++ })
	}
	return nil
}
