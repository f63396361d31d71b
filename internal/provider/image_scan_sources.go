package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/scanreport"
)

// createdKey is the annotation that says when an artifact was made. Source: OCI image specification v1.1.1, annotations.md.
const createdKey = "org.opencontainers.image.created"

// maxAttachments bounds how many attached documents are looked at.
const maxAttachments = 50

// scanned is the image for which a result is wanted.
type scanned struct {
	scanreport.Image
	ref      imageref.Reference // pinned
	platform string
}

// resultReader reads results of other tools.
type resultReader struct {
	scans imageScanner
	today time.Time
}

// read returns a report that is about the image and not too old, and where it came from.
func (r resultReader) read(ctx context.Context, source resultSource, image scanned) (scanreport.Report, string, error) {
	report, from, err := r.document(ctx, source, image)
	if err != nil {
		return scanreport.Report{}, "", err
	}
	if err = report.Check(image.Image); err == nil {
		err = report.CheckAge(r.today, source.maxAge)
	}
	if err != nil {
		return scanreport.Report{}, "", fmt.Errorf("%s: %w", from, err)
	}
	if report.Tool != "" {
		from += " (" + report.Tool + ")"
	}
	return report, from, nil
}

// document gets a report from where it is.
func (r resultReader) document(ctx context.Context, source resultSource, image scanned) (scanreport.Report, string, error) {
	switch {
	case source.program != nil && image.ref.IsLayout():
		return scanreport.Report{}, "", fmt.Errorf("%w: trivy is run on images in registries, and %s is on the local disk", scanreport.ErrReport, image.ref)
	case source.program != nil:
		raw, err := source.program.Scan(ctx, image.ref.Repository()+"@"+image.Manifest, image.platform)
		if err != nil {
			return scanreport.Report{}, "", err
		}
		report, err := scanreport.Parse(raw)
		if err == nil && report.Format != scanreport.Trivy {
			err = fmt.Errorf("%w: the executable printed %s", scanreport.ErrReport, report.Format)
		}
		return report, source.program.Path, err
	case source.format != "":
		return r.attached(ctx, source.format, image)
	default:
		raw, err := readBounded(source.file)
		if err != nil {
			return scanreport.Report{}, "", err
		}
		report, err := scanreport.Parse(raw)
		if err != nil {
			return scanreport.Report{}, "", fmt.Errorf("%s: %w", source.file, err)
		}
		if report.Created.IsZero() {
			report.Created = source.created
		}
		return report, source.file, nil
	}
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", scanreport.ErrReport, err)
	}
	defer f.Close() //nolint:errcheck // The file is only read.
	raw, err := io.ReadAll(io.LimitReader(f, scanreport.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", scanreport.ErrReport, err)
	}
	return raw, nil
}

// attached returns the newest report of a format that refers to the image and is about it.
func (r resultReader) attached(ctx context.Context, format scanreport.Format, image scanned) (scanreport.Report, string, error) {
	artifacts, err := r.artifacts(ctx, image)
	if err != nil {
		return scanreport.Report{}, "", err
	}
	var best scanreport.Report
	var from string
	var refused error
	for _, artifact := range artifacts {
		for _, layer := range artifact.Layers {
			report, err := r.attachment(ctx, image.ref, artifact, layer)
			if errors.Is(err, scanreport.ErrReport) || (err == nil && report.Format != format) {
				continue // Something else that refers to the image, such as a signature.
			}
			if err != nil {
				return scanreport.Report{}, "", err
			}
			if err := report.Check(image.Image); err != nil {
				refused = fmt.Errorf("%s: %w", artifact.Digest, err)
				continue
			}
			if from == "" || report.Created.After(best.Created) {
				best, from = report, artifact.Digest
			}
		}
	}
	switch {
	case from != "":
		return best, from, nil
	case refused != nil:
		return scanreport.Report{}, "", refused
	default:
		return scanreport.Report{}, "", fmt.Errorf("%w: no document of the format %q refers to the image, neither to %s nor to %s", scanreport.ErrReport, format, image.Index, image.Manifest)
	}
}

// artifacts are what refers to the index or to the platform's manifest, and cosign's attestations of both, each once.
func (r resultReader) artifacts(ctx context.Context, image scanned) ([]registry.Artifact, error) {
	digests := []string{image.Manifest, image.Index}
	slices.Sort(digests)
	var found []registry.Artifact
	for _, digest := range slices.Compact(digests) {
		subject, err := image.ref.Untagged().WithDigest(digest)
		if err != nil {
			return nil, err
		}
		referrers, err := r.scans.Referrers(ctx, subject)
		if err != nil {
			return nil, err
		}
		for _, referrer := range referrers[:min(len(referrers), maxAttachments)] {
			ref, err := image.ref.Untagged().WithDigest(referrer.Digest)
			if err != nil {
				continue
			}
			artifact, err := r.scans.Artifact(ctx, ref)
			if err != nil {
				return nil, err
			}
			if artifact.Subject == digest {
				found = append(found, artifact)
			}
		}
		attestations, err := r.cosignAttestations(ctx, image.ref, digest)
		if err != nil {
			return nil, err
		}
		found = append(found, attestations...)
	}
	return found, nil
}

// cosignAttestations are under a tag made of the digest. Source: sigstore/cosign v2, specs/SIGNATURE_SPEC.md, "Tag-based discovery".
func (r resultReader) cosignAttestations(ctx context.Context, ref imageref.Reference, digest string) ([]registry.Artifact, error) {
	if ref.IsLayout() {
		return nil, nil
	}
	tagged, err := ref.Untagged().WithTag(strings.ReplaceAll(digest, ":", "-") + ".att")
	if err != nil {
		return nil, err
	}
	artifact, err := r.scans.Artifact(ctx, tagged)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []registry.Artifact{artifact}, nil
}

// attachment reads one layer of an artifact as a report.
func (r resultReader) attachment(ctx context.Context, ref imageref.Reference, artifact registry.Artifact, layer registry.ArtifactLayer) (scanreport.Report, error) {
	raw, err := r.scans.Attachment(ctx, ref, layer, scanreport.MaxBytes)
	if errors.Is(err, registry.ErrTooLarge) {
		return scanreport.Report{}, fmt.Errorf("%w: %w", scanreport.ErrReport, err)
	}
	if err != nil {
		return scanreport.Report{}, err
	}
	report, err := scanreport.Parse(raw)
	if err != nil {
		return scanreport.Report{}, err
	}
	if created, err := time.Parse(time.RFC3339, artifact.Annotations[createdKey]); err == nil && report.Created.IsZero() {
		report.Created = created.UTC()
	}
	if artifact.Subject != "" && len(report.Digests) == 0 {
		report.Digests = []string{artifact.Subject} // The registry's own link says which image it is about.
	}
	return report, nil
}
