package registry_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const sbomType, signatureType = "application/spdx+json", "application/vnd.dev.sigstore.bundle.v0.3+json"

func sbom(content string) registrytest.Artifact {
	return registrytest.Artifact{Type: sbomType, MediaType: "text/spdx+json", Content: content, Annotations: map[string]string{"made.by": "test"}}
}

func digestsOf(found []registry.Referrer) []string {
	digests := []string{}
	for _, r := range found {
		digests = append(digests, r.Digest)
	}
	return digests
}

// TestReferrers_ByAPIAndByTag finds the same with and without the API, and without an image that has any.
func TestReferrers_ByAPIAndByTag(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrytest.Option{
		"API": {registrytest.WithReferrers()}, "tag": nil,
		"API behind tokens": {registrytest.WithReferrers(), registrytest.WithBearerAuth("", "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t, options...)
			digest := srv.Push(t, "shop/api:1", registrytest.Index("linux/amd64"))
			other := srv.Push(t, "shop/api:2", registrytest.Single("linux/amd64"))
			first := srv.Attach(t, "shop/api", digest, sbom("one"))
			second := srv.Attach(t, "shop/api", digest, registrytest.Artifact{Type: signatureType, MediaType: signatureType, Content: "two"})
			c := newClient(t)
			ref := mustRef(t, srv.Host()+"/shop/api:1@"+digest)
			all, err := c.Referrers(t.Context(), ref)
			if err != nil || len(all) != 2 {
				t.Fatalf("got %v, %v; want two referrers", all, err)
			}
			for kind, want := range map[string][]string{sbomType: {first}, signatureType: {second}, "other/type": {}} {
				got, err := c.Referrers(t.Context(), ref, kind)
				if diff := cmp.Diff(want, digestsOf(got)); diff != "" || err != nil {
					t.Errorf("%s: %v (-want +got):\n%s", kind, err, diff)
				}
			}
			if none, err := c.Referrers(t.Context(), mustRef(t, srv.Host()+"/shop/api@"+other)); len(none) != 0 || err != nil {
				t.Errorf("an image without referrers: got %v, %v", none, err)
			}
			artifact, err := c.Artifact(t.Context(), withDigest(t, ref, first))
			if err != nil || artifact.Subject != digest || artifact.ArtifactType != sbomType || artifact.Annotations["made.by"] != "test" || len(artifact.Layers) != 1 {
				t.Fatalf("got %+v, %v", artifact, err)
			}
			content, err := c.Attachment(t.Context(), ref, artifact.Layers[0], 1<<20)
			if string(content) != "one" || err != nil {
				t.Errorf("got %q, %v", content, err)
			}
			if _, err := c.Attachment(t.Context(), ref, artifact.Layers[0], 2); !errors.Is(err, registry.ErrTooLarge) {
				t.Errorf("over the limit: got %v", err)
			}
		})
	}
}

func withDigest(t *testing.T, ref imageref.Reference, digest string) imageref.Reference {
	t.Helper()
	ref, err := ref.WithDigest(digest)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// A mirror that has the image without what refers to it does not hide a signature; a mirror that is down is passed over.
func TestReferrers_MirrorWithoutThemIsNotBelieved(t *testing.T) {
	t.Parallel()
	origin, first, second, config := mirrored(t)
	image := registrytest.Single("linux/amd64")
	digest := origin.Push(t, "a:1", image)
	first.Push(t, "cache/a:1", image)
	second.Inject(registrytest.Status(503, "UNAVAILABLE", "down"))
	want := origin.Attach(t, "a", digest, sbom("one"))
	got, err := newClient(t, config).Referrers(t.Context(), mustRef(t, origin.Host()+"/a@"+digest))
	if diff := cmp.Diff([]string{want}, digestsOf(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	origin.Inject(registrytest.Status(503, "UNAVAILABLE", "down"))
	if _, err := newClient(t, config).Referrers(t.Context(), mustRef(t, origin.Host()+"/a@"+digest)); !errors.Is(err, registry.ErrServer) {
		t.Errorf("a registry that is down counts as one without referrers: %v", err)
	}
}

func TestReferrers_WhenThingsGoWrong(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>not found</html>"))
	}
	elsewhere := func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
		w.Header().Set("Link", `<https://registry.invalid/v2/a/referrers/x>; rel="next"`)
		_, _ = w.Write([]byte(`{"manifests":[]}`))
	}
	for name, tt := range map[string]struct {
		fault registrytest.Fault
		kind  error // nil: the referrer is found by its tag
		text  string
	}{
		"400 for the API": {registrytest.Status(400, "BAD", "bad"), nil, ""},
		"page for people": {registrytest.Custom(page), nil, ""},
		"401 for the API": {registrytest.Status(401, "UNAUTHORIZED", "no"), registry.ErrUnauthorized, "401"},
		"429 for the API": {registrytest.TooManyRequests(), registry.ErrRateLimited, "429"},
		"list that is not JSON": {registrytest.Custom(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
			_, _ = w.Write([]byte("{"))
		}), registry.ErrServer, "not JSON"},
		"next page at another host": {registrytest.Custom(elsewhere), registry.ErrServer, "another host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			digest := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			want := srv.Attach(t, "a", digest, sbom("one"))
			srv.Inject(tt.fault.On("GET", "/referrers/"))
			got, err := newClient(t).Referrers(context.Background(), mustRef(t, srv.Host()+"/a@"+digest))
			if !errors.Is(err, tt.kind) {
				t.Fatalf("got %v, want %v", err, tt.kind)
			}
			if tt.kind == nil && (len(got) != 1 || got[0].Digest != want) {
				t.Errorf("got %v, want %s", got, want)
			}
			if tt.kind != nil && !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%q lacks %q", err, tt.text)
			}
		})
	}
	if _, err := newClient(t).Referrers(t.Context(), mustRef(t, "registry.invalid/a:1")); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("a reference without digest: got %v", err)
	}
}

func TestReferrers_OfALayout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	digest := registrytest.WriteLayout(t, dir, "1", registrytest.Index("linux/amd64"))
	other := registrytest.WriteLayout(t, dir, "2", registrytest.Single("linux/arm64"))
	registrytest.AttachToLayout(t, dir, other, sbom("of the other"))
	want := registrytest.AttachToLayout(t, dir, digest, sbom("one"))
	got, err := newClient(t).Referrers(t.Context(), mustRef(t, "oci-layout:"+dir+"@"+digest), sbomType)
	if diff := cmp.Diff([]string{want}, digestsOf(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if len(got) == 1 && got[0].Annotations["made.by"] != "test" {
		t.Errorf("annotations: %v", got[0].Annotations)
	}
}
