package registry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// largeImage has a layer of about ten million bytes, more than two checkpoints of an upload.
func largeImage() registrytest.Image {
	var content strings.Builder
	for i := range 1 << 20 {
		fmt.Fprintf(&content, "%09d\n", i)
	}
	image := registrytest.Single("linux/amd64")
	image.Layers = [][]registrytest.File{{{Path: "app", Content: content.String()}}}
	return image
}

// pair is a source with an image, and an empty destination.
func pair(t *testing.T, image registrytest.Image, options ...registrytest.Option) (from, to *registrytest.Server, source imageref.Reference) {
	t.Helper()
	from, to = registrytest.Start(t), registrytest.Start(t, options...)
	digest := from.Push(t, "shop/api:1.4.2", image)
	return from, to, mustRef(t, from.Host()+"/shop/api:1.4.2@"+digest)
}

// mustBeWhole reads an image with all its layers, by the given reference, with a client of its own.
func mustBeWhole(t *testing.T, ref imageref.Reference, digest string, edit ...func(*registry.Config)) {
	t.Helper()
	c := newClient(t, edit...)
	image := mustImage(t, c, ref)
	if image.Digest != digest {
		t.Fatalf("%s is %s, want %s", ref, image.Digest, digest)
	}
	for _, platform := range image.Platforms {
		if _, err := c.Contents(t.Context(), ref, mustPlatform(t, platform)); err != nil {
			t.Errorf("%s of %s: %v", platform, ref, err)
		}
	}
}

func TestCopy_EverythingWithTheSameDigest(t *testing.T) {
	t.Parallel()
	docker, attested := registrytest.Index("linux/amd64", "linux/arm/v7"), registrytest.Index("linux/amd64", "linux/arm64")
	docker.Docker, attested.Attest = true, true
	for name, tt := range map[string]struct {
		image registrytest.Image
		tag   string
		want  registry.Copied
	}{
		"index":             {registrytest.Index("linux/amd64", "linux/arm64"), ":1.4.2", registry.Copied{Manifests: 4, Blobs: 4}},
		"single":            {registrytest.Single("linux/amd64"), ":stable", registry.Copied{Manifests: 2, Blobs: 2}},
		"without tag":       {registrytest.Single("linux/amd64"), "", registry.Copied{Manifests: 1, Blobs: 2}},
		"docker":            {docker, ":1", registry.Copied{Manifests: 4, Blobs: 4}},
		"with attestations": {attested, ":1", registry.Copied{Manifests: 5, Blobs: 6}},
		"large":             {largeImage(), ":1", registry.Copied{Manifests: 2, Blobs: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, to, source := pair(t, tt.image)
			target := mustRef(t, to.Host()+"/mirror/api"+tt.tag)
			got, err := newClient(t).Copy(t.Context(), source, target, registry.CopyOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Bytes == 0 {
				t.Error("no byte was counted")
			}
			children := 0
			if !strings.HasSuffix(name, "single") && got.Manifests > 2 {
				children = got.Manifests - 2
			}
			if len(got.Children) != children {
				t.Errorf("got %d children, want %d", len(got.Children), children)
			}
			got.Bytes, got.Children = 0, nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("copied (-want +got):\n%s", diff)
			}
			if tt.tag == "" {
				target = withDigest(t, target, source.Digest())
			}
			mustBeWhole(t, target, source.Digest())

			to.ForgetRequests()
			again, err := newClient(t).Copy(t.Context(), source, target, registry.CopyOptions{})
			if err != nil || again.Manifests+again.Blobs+again.Mounted != 0 || to.Count("POST", "")+to.Count("PUT", "")+to.Count("PATCH", "") != 0 {
				t.Errorf("the second copy sent %+v, %v", again, err)
			}
		})
	}
}

func TestCopy_FromALayout(t *testing.T) {
	t.Parallel()
	to, dir := registrytest.Start(t), t.TempDir()
	digest := registrytest.WriteLayout(t, dir, "1.4.2", registrytest.Index("linux/amd64", "linux/arm64"))
	target := mustRef(t, to.Host()+"/shop/api:1.4.2")
	if _, err := newClient(t).Copy(t.Context(), mustRef(t, "oci-layout:"+dir+":1.4.2@"+digest), target, registry.CopyOptions{Referrers: true}); err != nil {
		t.Fatal(err)
	}
	mustBeWhole(t, target, digest)
}

// A platform that the destination has lost is sent again although the index is there.
func TestCopy_MendsAnIncompleteImage(t *testing.T) {
	t.Parallel()
	_, to, source := pair(t, registrytest.Index("linux/amd64", "linux/arm64"))
	target := mustRef(t, to.Host()+"/mirror/api:1")
	c := newClient(t)
	if _, err := c.Copy(t.Context(), source, target, registry.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	arm := mustImage(t, newClient(t), source).Images["linux/arm64"].Digest
	if err := c.Delete(t.Context(), withDigest(t, target, arm)); err != nil {
		t.Fatal(err)
	}
	got, err := c.Copy(t.Context(), source, target, registry.CopyOptions{})
	if err != nil || got.Manifests != 1 || got.Blobs != 0 {
		t.Errorf("got %+v, %v; want one manifest sent", got, err)
	}
	mustBeWhole(t, target, source.Digest())
}

// A connection that breaks costs what was lost, not the whole blob, if the registry keeps it.
func TestCopy_BrokenUploadGoesOn(t *testing.T) {
	t.Parallel()
	const after = 5 << 20 // beyond the first checkpoint
	for name, tt := range map[string]struct {
		keep, restarts bool
		times          int
		kind           error
	}{
		"kept":           {true, false, 1, nil},
		"kept, twice":    {true, false, 2, nil},
		"forgotten":      {false, true, 2, nil},
		"forgotten ever": {false, true, 1000, registry.ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, to, source := pair(t, largeImage())
			to.Inject(registrytest.BreakUploads(after, tt.times, tt.keep)...)
			target := mustRef(t, to.Host()+"/mirror/api:1")
			c := newClient(t)
			_, err := c.Copy(t.Context(), source, target, registry.CopyOptions{})
			if !errors.Is(err, tt.kind) {
				t.Fatalf("got %v, want %v", err, tt.kind)
			}
			ranges := 0
			for _, r := range to.Requests() {
				if r.Method == http.MethodPatch && r.Header.Get("Content-Range") != "" {
					ranges++
				}
			}
			if (ranges > 0) == tt.restarts {
				t.Errorf("%d uploads were taken up", ranges)
			}
			if err != nil { // What was sent before is not sent again.
				to.Repair()
				if _, err := c.Copy(t.Context(), source, target, registry.CopyOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			mustBeWhole(t, target, source.Digest())
		})
	}
}

// Whatever goes wrong, what can be found at the destination is whole, and another try succeeds.
func TestCopy_WhenThingsGoWrong(t *testing.T) {
	t.Parallel()
	tamper := registrytest.Alter(func(b []byte) []byte {
		b = bytes.Clone(b)
		b[len(b)/2] ^= 1
		return b
	})
	for name, tt := range map[string]struct {
		source, destination []registrytest.Fault
		kind                error // nil: it works in the end
		texts               []string
	}{
		"source alters a layer":       {source: []registrytest.Fault{tamper.On("GET", "/blobs/")}, kind: registry.ErrDigestMismatch, texts: []string{"SOURCE", "nothing of it was stored"}},
		"source alters the manifest":  {source: []registrytest.Fault{tamper.On("GET", "/manifests/")}, kind: registry.ErrDigestMismatch, texts: []string{"SOURCE"}},
		"source breaks off":           {source: []registrytest.Fault{registrytest.Truncate().On("GET", "/blobs/").First(2)}},
		"source breaks off for ever":  {source: []registrytest.Fault{registrytest.Truncate().On("GET", "/blobs/")}, kind: registry.ErrUnreachable, texts: []string{"SOURCE", "broke the connection"}},
		"source forbids":              {source: []registrytest.Fault{registrytest.Status(403, "DENIED", "no").On("GET", "/blobs/")}, kind: registry.ErrForbidden, texts: []string{"SOURCE"}},
		"source lost a layer":         {source: []registrytest.Fault{registrytest.Status(404, "BLOB_UNKNOWN", "gone").On("GET", "/blobs/")}, kind: registry.ErrNotFound, texts: []string{"SOURCE"}},
		"429 once":                    {destination: []registrytest.Fault{registrytest.TooManyRequests().On("POST", "").First(1), registrytest.TooManyRequests().On("PATCH", "").First(1), registrytest.TooManyRequests().On("PUT", "").First(1)}},
		"429 while sending, for ever": {destination: []registrytest.Fault{registrytest.TooManyRequests().On("PATCH", "")}, kind: registry.ErrRateLimited, texts: []string{"DESTINATION", "429"}},
		"500 twice":                   {destination: []registrytest.Fault{registrytest.Status(500, "UNKNOWN", "oops").On("PUT", "").First(2)}},
		"reset at the end":            {destination: []registrytest.Fault{registrytest.Reset().On("PUT", "/blobs/").First(2)}},
		"read-only":                   {destination: []registrytest.Fault{registrytest.Status(405, "UNSUPPORTED", "read-only").On("POST", "")}, kind: registry.ErrServer, texts: []string{"DESTINATION", "pull-through cache"}},
		"no right to push":            {destination: []registrytest.Fault{registrytest.Status(403, "DENIED", "pull only").On("POST", "")}, kind: registry.ErrForbidden, texts: []string{"DESTINATION", "push to mirror/api"}},
		"no such repository":          {destination: []registrytest.Fault{registrytest.Status(404, "NAME_UNKNOWN", "create it").On("POST", "")}, kind: registry.ErrNotFound, texts: []string{"DESTINATION", "create mirror/api first"}},
		"too large for a proxy":       {destination: []registrytest.Fault{registrytest.Status(413, "X", "y").On("PATCH", "")}, kind: registry.ErrServer, texts: []string{"DESTINATION", "refuses content of this size"}},
		"manifest refused":            {destination: []registrytest.Fault{registrytest.Status(400, "MANIFEST_INVALID", "I know better").On("PUT", "/manifests/")}, kind: registry.ErrServer, texts: []string{"DESTINATION", "I know better"}},
		"manifest changed":            {destination: []registrytest.Fault{registrytest.SetHeader("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64)).On("PUT", "/manifests/")}, kind: registry.ErrDigestMismatch, texts: []string{"DESTINATION", "must not change manifests"}},
		"other bytes are read back":   {destination: []registrytest.Fault{tamper.On("GET", "/manifests/")}, kind: registry.ErrDigestMismatch, texts: []string{"DESTINATION"}},
		"tag stays where it is":       {destination: []registrytest.Fault{registrytest.Status(201, "", "").On("PUT", "/manifests/1")}, kind: registry.ErrDigestMismatch, texts: []string{"DESTINATION", "for the tag 1"}},
		"sent to another host":        {destination: []registrytest.Fault{registrytest.Redirect("http://localhost:1", "x").On("PUT", "/manifests/")}, kind: registry.ErrServer, texts: []string{"never sent on to another host"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to, source := pair(t, registrytest.Index("linux/amd64", "linux/arm64"))
			from.Inject(tt.source...)
			to.Inject(tt.destination...)
			target := mustRef(t, to.Host()+"/mirror/api:1")
			dir := t.TempDir()
			_, err := newClient(t, withCache(dir)).Copy(t.Context(), source, target, registry.CopyOptions{})
			if !errors.Is(err, tt.kind) {
				t.Fatalf("got %v, want %v", err, tt.kind)
			}
			for _, text := range tt.texts {
				text = strings.NewReplacer("SOURCE", source.String()+":", "DESTINATION", target.String()+":").Replace(text)
				if !strings.Contains(err.Error(), text) {
					t.Errorf("the error %q lacks %q", err, text)
				}
			}
			cachedFiles(t, dir) // fails if something wrong is kept
			from.Repair()
			to.Repair()
			if has, presenceErr := newClient(t).Presence(t.Context(), withDigest(t, target, source.Digest())); presenceErr == nil && has.IsComplete() {
				mustBeWhole(t, withDigest(t, target, source.Digest()), source.Digest())
			}
			if _, err := newClient(t, withCache(dir)).Copy(t.Context(), source, target, registry.CopyOptions{}); err != nil {
				t.Fatalf("after the repair: %v", err)
			}
			mustBeWhole(t, target, source.Digest())
		})
	}
}

// One request at a time is enough, also from a registry to itself: no request waits for another that waits for it.
func TestCopy_WithOneRequestAtATime(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	digest := srv.Push(t, "shop/api:1", largeImage())
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{MaxConcurrentRequests: 1}))
	// The store has blobs for all repositories in one place.
	srv.Inject(registrytest.Status(404, "BLOB_UNKNOWN", "not here").On("HEAD", "/mirror"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	errs := make(chan error)
	for i := range 4 {
		go func() {
			_, err := c.Copy(ctx, mustRef(t, srv.Host()+"/shop/api:1@"+digest), mustRef(t, fmt.Sprintf("%s/mirror%d", srv.Host(), i)), registry.CopyOptions{})
			errs <- err
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestCopy_MountsFromTheSameRegistry(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithBearerAuth("ci", "pass-word"))
	digest := srv.Push(t, "shop/api:1", registrytest.Single("linux/amd64"))
	srv.Inject(registrytest.Status(404, "BLOB_UNKNOWN", "not here").On("HEAD", "/mirror/api/blobs/"),
		registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.URL.Query().Get("from") == "shop/api" && r.Header.Get("Authorization") != "" {
				w.WriteHeader(http.StatusCreated)
				return
			}
			next.ServeHTTP(w, r)
		}).On("POST", "/blobs/uploads/"))
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{Username: "ci", Password: "pass-word"}))
	got, err := c.Copy(t.Context(), mustRef(t, srv.Host()+"/shop/api:1@"+digest), mustRef(t, srv.Host()+"/mirror/api:1"), registry.CopyOptions{})
	if err != nil || got.Mounted != 2 || got.Blobs != 0 || srv.Count("PATCH", "") != 0 {
		t.Errorf("got %+v, %v and %d uploads; want two blobs mounted", got, err, srv.Count("PATCH", ""))
	}
	asked := ""
	for _, r := range srv.Requests() {
		if r.Path == registrytest.TokenPath && strings.Contains(r.Query, "push") {
			asked = r.Query
		}
	}
	if !strings.Contains(asked, "repository%3Ashop%2Fapi%3Apull") {
		t.Errorf("the token was asked for with %q", asked)
	}
}

func TestCopy_TokensThatExpire(t *testing.T) {
	t.Parallel()
	from, to, source := pair(t, registrytest.Index("linux/amd64", "linux/arm64"), registrytest.WithTLS(), registrytest.WithBearerAuth("ci", "pass-word"))
	for _, method := range []string{"POST", "PATCH", "PUT"} {
		to.Inject(registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			to.ExpireTokens()
			next.ServeHTTP(w, r)
		}).On(method, "/blobs/").First(1))
	}
	settings := withRegistry(to.Host(), registry.RegistryConfig{Username: "ci", Password: "pass-word", CACertificatePEM: to.CertificatePEM()})
	target := mustRef(t, to.Host()+"/mirror/api:1")
	if _, err := newClient(t, settings).Copy(t.Context(), source, target, registry.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	mustBeWhole(t, target, source.Digest(), settings)
	for _, r := range from.Requests() {
		if r.Header.Get("Authorization") != "" {
			t.Errorf("%s carried the destination's credentials to the source", r)
		}
	}
}

func TestCopy_Referrers(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrytest.Option{"API": {registrytest.WithReferrers()}, "tag": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to, source := pair(t, registrytest.Index("linux/amd64", "linux/arm64"), options...)
			arm := mustImage(t, newClient(t), source).Images["linux/arm64"].Digest
			first := from.Attach(t, "shop/api", source.Digest(), sbom("one"))
			second := from.Attach(t, "shop/api", source.Digest(), sbom("two"))
			ofArm := from.Attach(t, "shop/api", arm, sbom("arm"))
			onFirst := from.Attach(t, "shop/api", first, registrytest.Artifact{Type: signatureType, MediaType: signatureType, Content: "signed"})
			cosign := strings.ReplaceAll(source.Digest(), ":", "-") + ".sig"
			signature := from.PushArtifact(t, "shop/api:"+cosign, registrytest.Artifact{Type: signatureType, MediaType: signatureType, Content: "cosign"})
			target := mustRef(t, to.Host()+"/mirror/api:1")
			got, err := newClient(t).Copy(t.Context(), source, target, registry.CopyOptions{Referrers: true})
			if err != nil || got.Referrers != 5 {
				t.Fatalf("got %+v, %v; want five referrers", got, err)
			}
			c := newClient(t)
			for subject, want := range map[string][]string{source.Digest(): {first, second}, arm: {ofArm}, first: {onFirst}} {
				found, err := c.Referrers(t.Context(), withDigest(t, target, subject))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(digestsOf(found)))); diff != "" {
					t.Errorf("referrers of %s (-want +got):\n%s", subject, diff)
				}
				for _, r := range found {
					if r.ArtifactType == "" || r.SizeBytes == 0 {
						t.Errorf("the list says %+v", r)
					}
					if _, err := c.Artifact(t.Context(), withDigest(t, target, r.Digest)); err != nil {
						t.Error(err)
					}
				}
			}
			if got, err := c.Digest(t.Context(), mustRef(t, to.Host()+"/mirror/api:"+cosign)); got != signature || err != nil {
				t.Errorf("cosign's tag: got %q, %v", got, err)
			}
			without := mustRef(t, to.Host()+"/plain/api:1")
			if plain, err := newClient(t).Copy(t.Context(), source, without, registry.CopyOptions{}); plain.Referrers != 0 || err != nil {
				t.Errorf("not asked for: got %+v, %v", plain, err)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithBearerAuth("ci", "pass-word"))
	digest := srv.Push(t, "shop/api:1", registrytest.Single("linux/amd64"))
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{Username: "ci", Password: "pass-word"}))
	ref := mustRef(t, srv.Host()+"/shop/api:1@"+digest)
	for range 2 { // The second time it is gone already.
		if err := c.Delete(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		if has, err := c.Presence(t.Context(), ref.Untagged(), digest); err == nil && has.IsComplete() {
			t.Error("the image is still there")
		}
	}
	srv.Inject(registrytest.Status(405, "UNSUPPORTED", "no").On("DELETE", ""))
	if err := c.Delete(t.Context(), ref); !errors.Is(err, registry.ErrServer) || !strings.Contains(err.Error(), "deleting may have to be switched on") {
		t.Errorf("got %v", err)
	}
}

// A copy says in the log how far it is, and nothing that is secret.
func TestCopy_Log(t *testing.T) {
	t.Parallel()
	_, to, source := pair(t, registrytest.Single("linux/amd64"), registrytest.WithBasicAuth("ci", "correct-horse-battery"))
	var log bytes.Buffer
	c := newClient(t, withRegistry(to.Host(), registry.RegistryConfig{Username: "ci", Password: "correct-horse-battery"}), func(c *registry.Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if _, err := c.Copy(t.Context(), source, mustRef(t, to.Host()+"/a:1"), registry.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"copying an image", "copied a blob", "copied a manifest", "copied an image", "blobs=2"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log.String())
		}
	}
	if strings.Contains(log.String(), "correct-horse") {
		t.Error("the password is in the log")
	}
}

// A registry that has stored a blob and could not say so is not sent it again.
func TestCopy_LostAnswerToTheEndOfAnUpload(t *testing.T) {
	t.Parallel()
	_, to, source := pair(t, registrytest.Single("linux/amd64"))
	to.Inject(registrytest.Custom(func(_ http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}).On("PUT", "/blobs/").First(1))
	target := mustRef(t, to.Host()+"/mirror/api:1")
	if _, err := newClient(t).Copy(t.Context(), source, target, registry.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := to.Count("PATCH", ""); n != 2 {
		t.Errorf("two blobs were sent %d times", n)
	}
	mustBeWhole(t, target, source.Digest())
}

// What was missing before a copy, or there before a deletion, is looked for anew.
func TestCopy_ForgetsWhatWasMissing(t *testing.T) {
	t.Parallel()
	_, to, source := pair(t, registrytest.Single("linux/amd64"))
	target := mustRef(t, to.Host()+"/mirror/api")
	pinned := withDigest(t, target, source.Digest())
	c := newClient(t)
	expect := func(want bool) {
		t.Helper()
		if has, err := c.Presence(t.Context(), pinned); err != nil || has.IsComplete() != want {
			t.Errorf("got %+v, %v; want it there: %v", has, err, want)
		}
	}
	expect(false)
	if _, err := c.Copy(t.Context(), source, target, registry.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	expect(true)
	if err := c.Delete(t.Context(), pinned); err != nil {
		t.Fatal(err)
	}
	expect(false)
}
