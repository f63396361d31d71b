package registry_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

// signedImage is what cosign has signed for the files in testdata/cosign: cosign v3.1.3 with keys of three kinds, once as
// it does by itself, once with --new-bundle-format=false, once with --registry-referrers-mode=oci-1-1, and "attest" as well.
// The private keys were thrown away.
var signedImage = registrytest.Index("linux/amd64", "linux/arm64")

const (
	cyclonedx = "https://cyclonedx.org/bom"
	cosignDir = "testdata/cosign"
)

// put stores something in the server's repository shop/api, byte for byte.
func put(t *testing.T, method, url, mediaType string, body []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", mediaType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("%s %s: %s", method, url, resp.Status)
	}
}

// pushCosign stores the image and those manifests of cosign whose names the pattern matches.
func pushCosign(t *testing.T, srv *registrytest.Server, pattern string) string {
	t.Helper()
	digest := srv.Push(t, "shop/api:1.4.2", signedImage)
	base := "http://" + srv.Host() + "/v2/shop/api/"
	for _, path := range glob(t, "blobs/*") {
		put(t, http.MethodPost, base+"blobs/uploads/?digest=sha256:"+filepath.Base(path), "application/octet-stream", readFile(t, path))
	}
	for _, path := range glob(t, "manifests/"+pattern) {
		raw, name := readFile(t, path), filepath.Base(path)
		if !strings.Contains(name, ".") {
			name = "sha256:" + name
		}
		put(t, http.MethodPut, base+"manifests/"+name, "application/vnd.oci.image.manifest.v1+json", raw)
	}
	return digest
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(cosignDir, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	return paths
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func publicKey(t *testing.T, name string) signature.Key {
	t.Helper()
	key, err := signature.ParseKey(string(readFile(t, filepath.Join(cosignDir, name+".pub"))))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// What cosign itself has made is proof, in each of its forms and for each kind of key.
func TestVerify_WhatCosignSigns(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pattern string
		types   []string
		keys    map[string]int // proofs by key
	}{
		"tags":                       {"*.*", nil, map[string]int{"ecdsa": 1, "rsa": 1, "ed25519": 1}},
		"tags, attestation":          {"*.*", []string{cyclonedx}, map[string]int{"ecdsa": 2}},
		"bundles and OCI 1.1":        {"*[0-9a-f]", nil, map[string]int{"ecdsa": 2, "rsa": 1, "ed25519": 1}},
		"bundles with attestation":   {"*[0-9a-f]", []string{cyclonedx}, map[string]int{"ecdsa": 3}},
		"all at once":                {"*", []string{cyclonedx}, map[string]int{"ecdsa": 5}},
		"attestation alone in a tag": {"*.att", []string{cyclonedx}, map[string]int{"ecdsa": 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t, registrytest.WithReferrers())
			ref := mustRef(t, srv.Host()+"/shop/api:1.4.2@"+pushCosign(t, srv, tt.pattern))
			for key, want := range tt.keys {
				proofs, err := newClient(t).Verify(t.Context(), ref, []signature.Key{publicKey(t, key)}, tt.types)
				if (err == nil) != (want > 0) || len(proofs) != want {
					t.Errorf("%s: got %v, %v; want %d", key, proofs, err, want)
				}
			}
		})
	}
}

// An SBOM that nobody asked for is not read, and the registry is asked for nothing else than what stands beside the image.
func TestVerify_ReadsNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithReferrers())
	digest := pushCosign(t, srv, "*")
	srv.Attach(t, "shop/api", digest, sbom("of another tool"))
	before := len(srv.Requests())
	if _, err := newClient(t).Verify(t.Context(), mustRef(t, srv.Host()+"/shop/api@"+digest), []signature.Key{publicKey(t, "rsa")}, nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range srv.Requests()[before:] {
		if strings.HasSuffix(r.Path, ".att") || strings.Contains(r.Path, "d43a98bbd6f440eb") {
			t.Errorf("an attestation was asked for: %s", r)
		}
	}
}

func TestVerify_OtherKeysAndOtherImages(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithReferrers())
	digest := pushCosign(t, srv, "*.sig")
	other := srv.Push(t, "shop/api:2", registrytest.Index("linux/amd64"))
	stolen := readFile(t, glob(t, "manifests/*.sig")[0])
	put(t, http.MethodPut, "http://"+srv.Host()+"/v2/shop/api/manifests/"+strings.ReplaceAll(other, ":", "-")+".sig", "application/vnd.oci.image.manifest.v1+json", stolen)
	unsigned := srv.Push(t, "shop/api:3", registrytest.Single("linux/amd64"))
	stranger, err := signature.ParseKey("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=\n-----END PUBLIC KEY-----\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		digest string
		key    signature.Key
		want   error
	}{
		"by another key":            {digest, stranger, signature.ErrOtherKey},
		"copied from another image": {other, publicKey(t, "ecdsa"), signature.ErrOtherDigest},
		"none":                      {unsigned, publicKey(t, "ecdsa"), signature.ErrNone},
	} {
		if _, err := newClient(t).Verify(t.Context(), mustRef(t, srv.Host()+"/shop/api@"+tt.digest), []signature.Key{tt.key}, nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := srv.Count("", "/tags/list"); n != 0 {
		t.Errorf("tags were listed %d times to look for a signature", n)
	}
}

// A list of referrers can name what belongs to another image, and a registry can be down, altered or full.
func TestVerify_WhenThingsGoWrong(t *testing.T) {
	t.Parallel()
	key := publicKey(t, "rsa")
	for name, tt := range map[string]struct {
		prepare func(t *testing.T, srv *registrytest.Server, digest string)
		want    error
	}{
		"registry is down": {func(_ *testing.T, srv *registrytest.Server, _ string) {
			srv.Inject(registrytest.Status(503, "UNAVAILABLE", "down"))
		}, registry.ErrServer},
		"not allowed to list": {func(_ *testing.T, srv *registrytest.Server, _ string) {
			srv.Inject(registrytest.Status(403, "DENIED", "no").On("GET", "/referrers/"))
		}, registry.ErrForbidden},
		"altered signature": {func(_ *testing.T, srv *registrytest.Server, _ string) {
			srv.Inject(registrytest.Custom(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { fmt.Fprint(w, "altered") }).On("GET", "/blobs/"))
		}, registry.ErrDigestMismatch},
		"referrer of another image": {func(t *testing.T, srv *registrytest.Server, _ string) {
			t.Helper()
			other := srv.Push(t, "shop/api:other", registrytest.Single("linux/amd64"))
			strange := srv.Attach(t, "shop/api", other, registrytest.Artifact{Type: signatureType, MediaType: signatureType, Content: "{}"})
			list, err := json.Marshal(map[string]any{"manifests": []any{map[string]any{"digest": strange, "artifactType": signatureType}}})
			if err != nil {
				t.Fatal(err)
			}
			srv.Inject(registrytest.Custom(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
				w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
				_, _ = w.Write(list)
			}).On("GET", "/referrers/"))
		}, signature.ErrNone},
		"payload too large": {func(t *testing.T, srv *registrytest.Server, digest string) {
			t.Helper()
			srv.PushArtifact(t, "shop/api:"+strings.ReplaceAll(digest, ":", "-")+".sig", registrytest.Artifact{
				Type: signatureType, MediaType: signature.PayloadType, Content: strings.Repeat(" ", 65<<10),
			})
		}, signature.ErrUnreadable},
		"too many": {func(t *testing.T, srv *registrytest.Server, digest string) {
			t.Helper()
			raw := []byte("{}")
			sum := sha256.Sum256(raw)
			put(t, http.MethodPost, "http://"+srv.Host()+"/v2/shop/api/blobs/uploads/?digest=sha256:"+hex.EncodeToString(sum[:]), "application/octet-stream", raw)
			layer := fmt.Sprintf(`{"mediaType":%q,"size":2,"digest":"sha256:%x"}`, signature.BundleType, sum)
			manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}`, layer, strings.Repeat(layer+",", 200)+layer)
			put(t, http.MethodPut, "http://"+srv.Host()+"/v2/shop/api/manifests/"+strings.ReplaceAll(digest, ":", "-")+".sig", "application/vnd.oci.image.manifest.v1+json", []byte(manifest))
		}, registry.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t, registrytest.WithReferrers())
			digest := srv.Push(t, "shop/api:1", signedImage)
			if name == "altered signature" || name == "not allowed to list" {
				pushCosign(t, srv, "*")
			}
			tt.prepare(t, srv, digest)
			proofs, err := newClient(t).Verify(context.Background(), mustRef(t, srv.Host()+"/shop/api@"+digest), []signature.Key{key}, nil)
			if !errors.Is(err, tt.want) || proofs != nil {
				t.Errorf("got %v, %v; want %v", proofs, err, tt.want)
			}
		})
	}
	if _, err := newClient(t).Verify(t.Context(), mustRef(t, "registry.invalid/a:1"), []signature.Key{key}, nil); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("a reference without digest: got %v", err)
	}
}

// An image in a layout is verified by what refers to it there, without any network.
func TestVerify_OfALayout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	digest := registrytest.WriteLayout(t, dir, "1", signedImage)
	bundle := readFile(t, filepath.Join(cosignDir, "blobs", bundleOf(t, "rsa")))
	want := registrytest.AttachToLayout(t, dir, digest, registrytest.Artifact{Type: signatureType, MediaType: signatureType, Content: string(bundle)})
	key := publicKey(t, "rsa")
	proofs, err := newClient(t).Verify(t.Context(), mustRef(t, "oci-layout:"+dir+"@"+digest), []signature.Key{key}, nil)
	if diff := cmp.Diff([]signature.Proof{{KeyID: key.ID(), Origin: want}}, proofs); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// bundleOf returns the name of the blob that is a signature by the key, in a bundle.
func bundleOf(t *testing.T, key string) string {
	t.Helper()
	for _, path := range glob(t, "blobs/*") {
		check := signature.NewCheck("sha256:ae40fcdfc2b2d9088150c3ce9520f0e3e3c496ab7bc69a79bcf023ec1453a127", []signature.Key{publicKey(t, key)}, nil)
		check.Add(signature.Document{MediaType: signature.BundleType, Content: readFile(t, path)})
		if _, err := check.Result(); err == nil {
			return filepath.Base(path)
		}
	}
	t.Fatalf("no bundle is signed by %s", key)
	return ""
}
