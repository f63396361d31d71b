package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

// Limits on what is read to find signatures. An image that is signed with every rebuild of its index has tens of them.
const (
	maxSignatureDocuments = 200
	maxSignatureBytes     = 256 << 20
)

// payloadBytes bounds a payload in the simple signing form, which has some hundreds of bytes.
const payloadBytes = 64 << 10

// predicateKey is where cosign repeats the predicate type of a bundle. Source: sigstore/cosign v3, specs/BUNDLE_SPEC.md.
const predicateKey = "dev.sigstore.bundle.predicateType"

// Verify proves that the image of the pinned reference is signed by one of the keys, and has an attestation of each of the predicate
// types by one of them. The error is an *Error, the context's, or a *signature.Error that says what was found instead.
//
// Signatures are looked for where cosign puts them: under tags made of the digest, "sha256-<hex>.sig" and ".att" (cosign 2), and
// among what refers to the digest (cosign 3, and cosign 2 in its OCI 1.1 mode). A layout has only the latter. Nothing but
// the image's repository, or its mirrors, is asked.
func (c *Client) Verify(ctx context.Context, ref imageref.Reference, keys []signature.Key, predicateTypes []string) ([]signature.Proof, error) {
	if !ref.IsPinned() {
		return nil, notPinned(ref)
	}
	s := &signatureSearch{client: c, ref: ref, check: signature.NewCheck(ref.Digest(), keys, predicateTypes), wanted: predicateTypes}
	if err := s.tags(ctx); err != nil {
		return nil, err
	}
	if err := s.referrers(ctx); err != nil {
		return nil, err
	}
	proofs, err := s.check.Result()
	if err != nil && s.full {
		return nil, about(ref, &Error{
			Kind:   ErrTooLarge,
			Found:  fmt.Sprintf("there are more than %d signatures and attestations of the image, or more than %d bytes of them, and no proof among those that were read", maxSignatureDocuments, maxSignatureBytes),
			Remedy: "delete those that are not needed (cosign clean)",
		})
	}
	return proofs, err
}

// signatureSearch hands what it finds to a check.
type signatureSearch struct {
	client *Client
	ref    imageref.Reference
	check  *signature.Check
	wanted []string
	read   int
	bytes  int64
	full   bool
}

// tags looks under the tags that stand for the digest.
// Source: sigstore/cosign v2, specs/SIGNATURE_SPEC.md, "Tag-based discovery".
func (s *signatureSearch) tags(ctx context.Context) error {
	if s.ref.IsLayout() {
		return nil
	}
	suffixes := []string{".sig"}
	if len(s.wanted) > 0 {
		suffixes = append(suffixes, ".att")
	}
	for _, suffix := range suffixes {
		tagged, err := s.ref.Untagged().WithTag(strings.ReplaceAll(s.ref.Digest(), ":", "-") + suffix)
		if err != nil {
			return err
		}
		artifact, err := s.tagged(ctx, tagged)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err == nil {
			err = s.layers(ctx, tagged.Tag(), artifact)
		}
		if err != nil {
			return about(s.ref, err)
		}
	}
	return nil
}

// tagged reads the artifact under a tag that need not be there, so no list of tags is asked for to name similar ones.
func (s *signatureSearch) tagged(ctx context.Context, ref imageref.Reference) (Artifact, error) {
	now, err := s.client.source(ref).resolve(ctx)
	if err != nil {
		return Artifact{}, err
	}
	pinned, err := ref.WithDigest(now.digest)
	if err != nil {
		return Artifact{}, err
	}
	return s.client.Artifact(ctx, pinned)
}

// referrers looks through what refers to the digest. What lists say of types only keeps SBOMs that nobody asked for from being
// read: a wrong word there can hide a document and prove nothing.
func (s *signatureSearch) referrers(ctx context.Context) error {
	list, err := s.client.Referrers(ctx, s.ref)
	if err != nil {
		return err
	}
	for _, referrer := range list {
		if !s.mayProve(referrer) {
			continue
		}
		ref, err := s.ref.Untagged().WithDigest(referrer.Digest)
		if err != nil {
			continue // A digest that no manifest can have.
		}
		artifact, err := s.client.Artifact(ctx, ref)
		if err != nil {
			return err
		}
		if artifact.Subject != s.ref.Digest() {
			continue
		}
		if err := s.layers(ctx, referrer.Digest, artifact); err != nil {
			return err
		}
	}
	return nil
}

// mayProve leaves out attestations of types that nobody asked for, and what is neither signature nor attestation, as far as
// the list tells. Some registries list no types, and some the type of the empty config.
func (s *signatureSearch) mayProve(r Referrer) bool {
	if said := r.Annotations[predicateKey]; said != "" && !s.check.Wants(said) {
		return false
	}
	return r.ArtifactType == "" || slices.ContainsFunc([]string{"sigstore", "cosign", "dsse", "in-toto", "vnd.oci.empty"}, func(part string) bool {
		return strings.Contains(r.ArtifactType, part)
	})
}

// layers hands the documents of an artifact to the check.
func (s *signatureSearch) layers(ctx context.Context, origin string, artifact Artifact) error {
	for _, layer := range artifact.Layers {
		limit := int64(signature.MaxDocumentBytes)
		switch {
		case layer.MediaType == signature.PayloadType:
			limit = payloadBytes
		case layer.MediaType == signature.EnvelopeType && len(s.wanted) == 0:
			continue
		case layer.MediaType != signature.EnvelopeType && !strings.HasPrefix(layer.MediaType, signature.BundleType):
			continue
		}
		if s.read++; s.read > maxSignatureDocuments || s.bytes+layer.SizeBytes > maxSignatureBytes {
			s.full = true
			return nil
		}
		document := signature.Document{Origin: origin, MediaType: layer.MediaType, Signature: layer.Annotations[signature.SignatureKey]}
		var err error
		document.Content, err = s.client.Attachment(ctx, s.ref, layer, limit)
		switch {
		case errors.Is(err, ErrTooLarge):
			s.check.Unreadable(origin, fmt.Errorf("its document has %d bytes, more than %d", layer.SizeBytes, limit))
			continue
		case err != nil:
			return err
		}
		s.bytes += int64(len(document.Content))
		s.check.Add(document)
	}
	return nil
}
