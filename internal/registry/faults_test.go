package registry_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// struck says which requests a fault strikes: by method and a part of the path.
type struck struct{ method, path string }

// faultWorld is where a fault strikes: a registry that asks for tokens, with an image of one platform and one layer, a mirror in front of it, and a
// host that the registry may redirect to.
type faultWorld struct {
	registry, mirror, storage *registrytest.Server
	digest, config, layer     string
	head, manifest            struck // requests for the tag, and for the manifest
	configBlob, layerBlob     struck
}

// faultRow is one thing that goes wrong.
type faultRow struct {
	// section and happens are for readers of the page.
	section, happens string
	// mirrored puts the mirror, which has the image, in front of the registry.
	mirrored bool
	inject   func(w *faultWorld)
	kind     error    // nil: it works in the end
	texts    []string // all must be in the error, besides the reference
	// requests are those for the tag, the manifest, the config, the layer and for tokens; those to the mirror are counted, too.
	requests string
	// note is what else there is to know.
	note string
}

func strike(s *registrytest.Server, at struck, f registrytest.Fault) {
	s.Inject(f.On(at.method, at.path))
}

// altered changes one bit of content.
func altered() registrytest.Fault {
	return registrytest.Alter(func(b []byte) []byte {
		b = bytes.Clone(b)
		b[len(b)/2] ^= 1
		return b
	})
}

func oversized(n int) registrytest.Fault {
	return registrytest.Alter(func([]byte) []byte { return bytes.Repeat([]byte(" "), n) })
}

// expiring makes every token worthless before the request is looked at.
func expiring(s *registrytest.Server) registrytest.Fault {
	return registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		s.ExpireTokens()
		next.ServeHTTP(w, r)
	})
}

const (
	sectionBusy     = "Registries that are busy or broken"
	sectionBytes    = "Content that is damaged or forged"
	sectionTime     = "Answers that do not come"
	sectionAccess   = "Access"
	sectionRedirect = "Redirects"
	sectionMirror   = "Mirrors"
)

// faultRows is the table. The page of the documentation is made of it.
func faultRows() []faultRow {
	return []faultRow{
		{sectionBusy, "Nothing goes wrong.", false, func(*faultWorld) {}, nil, nil, "1 1 1 1 1", ""},
		{sectionBusy, "429 once, without `Retry-After`.", false, func(w *faultWorld) { strike(w.registry, w.head, registrytest.TooManyRequests().First(1)) }, nil, nil, "2 1 1 1 1", "The wait doubles from half a second on."},
		{sectionBusy, "429 once, with `Retry-After: 1`.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.TooManyRequests("Retry-After: 1").First(1))
		}, nil, nil, "1 1 1 2 1", "The registry's word counts."},
		{sectionBusy, "429 for ever.", false, func(w *faultWorld) { strike(w.registry, w.head, registrytest.TooManyRequests()) }, registry.ErrRateLimited, []string{"answered 429 Too Many Requests 3 times", "wait"}, "3 0 0 0 1", ""},
		{sectionBusy, "429 with `Retry-After: 3600`, and what the limit is.", false, func(w *faultWorld) {
			strike(w.registry, w.head, registrytest.TooManyRequests("Retry-After: 3600", "RateLimit-Limit: 100;w=21600", "RateLimit-Remaining: 0;w=21600"))
		}, registry.ErrRateLimited, []string{"asks to wait 1h0m0s", "limit is 100;w=21600, remaining 0;w=21600", "mirror"}, "1 0 0 0 1", "Nobody waits an hour for a plan, so it ends at once."},
		{sectionBusy, "500 twice.", false, func(w *faultWorld) {
			strike(w.registry, w.configBlob, registrytest.Status(500, "UNKNOWN", "oops").First(2))
		}, nil, nil, "1 1 3 1 1", ""},
		{sectionBusy, "503 for ever.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Status(503, "UNAVAILABLE", "maintenance until noon"))
		}, registry.ErrServer, []string{"answered 503 Service Unavailable 3 times: UNAVAILABLE: maintenance until noon", "try again later"}, "1 1 1 3 1", ""},
		{sectionBusy, "Connections are reset before an answer, twice.", false, func(w *faultWorld) { strike(w.registry, w.manifest, registrytest.Reset().First(2)) }, nil, nil, "1 3 1 1 1", ""},
		{sectionBusy, "Connections are reset in the middle of a config, for ever.", false, func(w *faultWorld) { strike(w.registry, w.configBlob, registrytest.Truncate()) }, registry.ErrUnreachable, []string{"broke the connection 3 times"}, "1 1 3 0 1", ""},
		{sectionBusy, "A connection is reset in the middle of a layer.", false, func(w *faultWorld) { strike(w.registry, w.layerBlob, registrytest.Truncate().First(1)) }, nil, nil, "1 1 1 2 1", "Only the rest is asked for again."},
		{sectionBusy, "Connections are reset in the middle of a layer, for ever.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Truncate())
		}, registry.ErrUnreachable, []string{"broke the connection 3 times"}, "1 1 1 3 1", ""},
		{sectionBusy, "The answer is a page for people with status 418.", false, func(w *faultWorld) {
			w.registry.Inject(registrytest.Status(418, "TEAPOT", "short and stout").On("", "/manifests/"))
		}, registry.ErrServer, []string{"418 I'm a teapot", "short and stout"}, "1 1 0 0 1", ""},

		{sectionBytes, "The manifest is altered.", false, func(w *faultWorld) { strike(w.registry, w.manifest, altered()) }, registry.ErrDigestMismatch, []string{"sent content with the digest sha256:", "nothing of it was used"}, "1 1 0 0 1", "Altered content is not asked for again: it would hide an attack."},
		{sectionBytes, "The config is altered.", false, func(w *faultWorld) { strike(w.registry, w.configBlob, altered()) }, registry.ErrDigestMismatch, []string{"nothing of it was used"}, "1 1 1 0 1", ""},
		{sectionBytes, "A layer is altered.", false, func(w *faultWorld) { strike(w.registry, w.layerBlob, altered()) }, registry.ErrDigestMismatch, []string{"nothing of it was used"}, "1 1 1 1 1", ""},
		{sectionBytes, "A layer ends too early, without an error.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Alter(func(b []byte) []byte { return b[:len(b)/2] }))
		}, registry.ErrDigestMismatch, []string{"nothing of it was used"}, "1 1 1 1 1", ""},
		{sectionBytes, "A layer does not end.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Alter(func(b []byte) []byte { return append(bytes.Clone(b), bytes.Repeat([]byte("x"), 1<<20)...) }))
		}, registry.ErrDigestMismatch, nil, "1 1 1 1 1", "No more is read than one byte beyond the size that the image states."},
		{sectionBytes, "HEAD names the digest of something that is not there.", false, func(w *faultWorld) {
			strike(w.registry, w.head, registrytest.SetHeader("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64)))
		}, registry.ErrNotFound, []string{"MANIFEST_UNKNOWN", "the image names content that is not there"}, "1 1 0 0 1", "A header is only used to ask for the content."},
		{sectionBytes, "HEAD names no digest.", false, func(w *faultWorld) {
			strike(w.registry, w.head, registrytest.SetHeader("Docker-Content-Digest", ""))
		}, nil, nil, "1 1 1 1 1", "The digest is computed from the manifest."},
		{sectionBytes, "The manifest is larger than 4 MiB.", false, func(w *faultWorld) { strike(w.registry, w.manifest, oversized(4<<20+1)) }, registry.ErrTooLarge, []string{"more than 4194304 bytes"}, "1 1 0 0 1", ""},
		{sectionBytes, "The config is larger than 8 MiB.", false, func(w *faultWorld) { strike(w.registry, w.configBlob, oversized(8<<20+1)) }, registry.ErrTooLarge, []string{"more than 8388608 bytes"}, "1 1 1 0 1", ""},
		{sectionBytes, "The config is gone.", false, func(w *faultWorld) {
			strike(w.registry, w.configBlob, registrytest.Status(404, "BLOB_UNKNOWN", "blob unknown to registry"))
		}, registry.ErrNotFound, []string{"BLOB_UNKNOWN: blob unknown to registry", "push it again"}, "1 1 1 0 1", ""},
		{sectionBytes, "The layer is gone.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Status(404, "BLOB_UNKNOWN", "blob unknown to registry"))
		}, registry.ErrNotFound, []string{"BLOB_UNKNOWN: blob unknown to registry"}, "1 1 1 1 1", ""},

		{sectionTime, "No answer at all.", false, func(w *faultWorld) { strike(w.registry, w.head, registrytest.Hang()) }, registry.ErrUnreachable, []string{"did not answer in time", "request_timeout_seconds"}, "1 0 0 0 1", "Not asked again: a time limit is waited for once."},
		{sectionTime, "The manifest drips, a byte at a time.", false, func(w *faultWorld) { strike(w.registry, w.manifest, registrytest.Drip(20*time.Millisecond)) }, registry.ErrUnreachable, []string{"did not answer in time"}, "1 1 0 0 1", "A manifest or config must come as a whole within `request_timeout_seconds`."},
		{sectionTime, "A layer drips, a byte at a time.", false, func(w *faultWorld) { strike(w.registry, w.layerBlob, registrytest.Drip(20*time.Millisecond)) }, registry.ErrUnreachable, []string{"did not answer in time"}, "1 1 1 1 1", "Layers may take as long as they need, but 256 KiB must come within each `request_timeout_seconds`."},

		{sectionAccess, "A token expires.", false, func(w *faultWorld) { strike(w.registry, w.layerBlob, expiring(w.registry).First(1)) }, nil, nil, "1 1 1 2 2", "A new one is asked for, and the request repeated."},
		{sectionAccess, "Tokens are worthless when they arrive.", false, func(w *faultWorld) { w.registry.Inject(expiring(w.registry).On("", "/manifests/")) }, registry.ErrUnauthorized, []string{"401 Unauthorized"}, "2 2 0 0 3", ""},
		{sectionAccess, "401 with the registry's own words.", false, func(w *faultWorld) {
			w.registry.Inject(registrytest.Status(401, "UNAUTHORIZED", "who are you").On("", "/manifests/"))
		}, registry.ErrUnauthorized, []string{"401 Unauthorized: UNAUTHORIZED: who are you", "check registries["}, "1 1 0 0 1", ""},
		{sectionAccess, "403.", false, func(w *faultWorld) {
			w.registry.Inject(registrytest.Status(403, "DENIED", "not your repository").On("", "/manifests/"))
		}, registry.ErrForbidden, []string{"403 Forbidden: DENIED: not your repository"}, "1 1 0 0 1", ""},

		{sectionRedirect, "A layer is redirected to another host, as large registries do.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Redirect(w.storage.URL(), "signature=secret"))
		}, nil, nil, "1 1 1 1 1", "Credentials stay behind, and the signature in the address is in no log."},
		{sectionRedirect, "The other host refuses.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Redirect(w.storage.URL(), "signature=secret"))
			w.storage.Inject(registrytest.Status(403, "DENIED", "expired"))
		}, registry.ErrForbidden, []string{"redirects to STORAGE", "expired"}, "1 1 1 1 1", ""},
		{sectionRedirect, "The other host serves other bytes.", false, func(w *faultWorld) {
			strike(w.registry, w.layerBlob, registrytest.Redirect(w.storage.URL(), "signature=secret"))
			w.storage.Inject(altered())
		}, registry.ErrDigestMismatch, []string{"nothing of it was used"}, "1 1 1 1 1", ""},
		{sectionRedirect, "A redirect leads round in circles.", false, func(w *faultWorld) {
			w.registry.Inject(registrytest.Redirect("", "again").On("", "/manifests/"))
		}, registry.ErrServer, []string{"redirects"}, "6 0 0 0 1", ""},

		{sectionMirror, "The mirror is down.", true, func(w *faultWorld) { w.mirror.Inject(registrytest.Reset()) }, nil, nil, "1 1 1 1 1", "The registry is asked in its place. The log has a warning."},
		{sectionMirror, "The mirror is rate limited.", true, func(w *faultWorld) {
			w.mirror.Inject(registrytest.TooManyRequests("Retry-After: 3600").On("", "/cache/"))
		}, nil, nil, "2 2 2 2 1", "Each request goes on to the registry, at once."},
		{sectionMirror, "The mirror lies: its layer is altered.", true, func(w *faultWorld) { strike(w.mirror, w.layerBlob, altered()) }, registry.ErrDigestMismatch, []string{"MIRROR", "nothing of it was used"}, "1 1 1 1 0", "The registry is not asked in its place: a mirror that serves other bytes must be seen."},
		{sectionMirror, "The mirror lies: its manifest is altered.", true, func(w *faultWorld) { strike(w.mirror, w.manifest, altered()) }, registry.ErrDigestMismatch, []string{"MIRROR", "nothing of it was used"}, "1 1 0 0 0", ""},
		{sectionMirror, "The mirror has lost the layer.", true, func(w *faultWorld) {
			strike(w.mirror, w.layerBlob, registrytest.Status(404, "BLOB_UNKNOWN", "collected"))
		}, nil, nil, "1 1 1 2 1", ""},
	}
}

// TestFaults holds the client to the table: what the user reads, how often anybody is asked, and that nothing wrong is kept.
func TestFaults(t *testing.T) {
	t.Parallel()
	messages := make([]string, len(faultRows()))
	t.Run("rows", func(t *testing.T) {
		for i, row := range faultRows() {
			t.Run(row.happens, func(t *testing.T) {
				t.Parallel()
				messages[i] = row.run(t)
			})
		}
	})
	if !t.Failed() {
		checkFaultsPage(t, messages)
	}
}

// run lets the fault strike and returns the error, as the page shows it.
func (row faultRow) run(t *testing.T) string {
	w := newFaultWorld(t)
	row.inject(w)
	dir := t.TempDir()
	ref, platform := mustRef(t, w.registry.Host()+"/shop/api:1.4.2"), mustPlatform(t, "linux/amd64")
	client := func() *registry.Client {
		settings := registry.RegistryConfig{Username: "ci", Password: "pass-word"}
		if row.mirrored {
			settings.Mirrors = []string{w.mirror.Host() + "/cache"}
		}
		return newClient(t, withCache(dir), withRegistry(w.registry.Host(), settings), row.patience)
	}
	_, err := client().Contents(t.Context(), ref, platform)
	if !errors.Is(err, row.kind) {
		t.Fatalf("got %v, want %v", err, row.kind)
	}
	for _, text := range row.texts {
		if text = strings.NewReplacer("MIRROR", w.mirror.Host(), "STORAGE", w.storage.Host()).Replace(text); !strings.Contains(err.Error(), text) {
			t.Errorf("the error %q lacks %q", err, text)
		}
	}
	if row.kind != nil && !strings.HasPrefix(err.Error(), ref.String()+": ") {
		t.Errorf("the error %q does not name the reference", err)
	}
	if got := w.requests(); got != row.requests {
		t.Errorf("requests for tag, manifest, config, layer and tokens: got %s, want %s", got, row.requests)
	}
	for _, r := range w.storage.Requests() {
		if r.Header.Get("Authorization") != "" {
			t.Errorf("%s carried credentials to another host", r)
		}
	}
	cachedFiles(t, dir) // fails if something wrong is kept
	if results, globErr := filepath.Glob(filepath.Join(dir, fmt.Sprintf("layers-v%d", contents.AnalyserVersion), "sha256", "*")); globErr != nil || (row.kind != nil && len(results) > 0) {
		t.Errorf("what was found in a layer that could not be read is kept: %v, %v", results, globErr)
	}
	// When it is over, the same cache leads to the same as none.
	w.registry.Repair()
	w.mirror.Repair()
	w.storage.Repair()
	got, repairedErr := client().Contents(t.Context(), ref, platform)
	dir = ""
	want, wantErr := client().Contents(t.Context(), ref, platform)
	if diff := cmp.Diff(want, got); diff != "" || repairedErr != nil || wantErr != nil {
		t.Errorf("after the repair: %v, %v (-want +got):\n%s", repairedErr, wantErr, diff)
	}
	return w.anonymous(err)
}

// patience shortens the time limit where it is what is tested.
func (row faultRow) patience(c *registry.Config) {
	if row.section == sectionTime {
		c.RequestTimeout = 2 * time.Second
	}
}

func newFaultWorld(t *testing.T) *faultWorld {
	t.Helper()
	w := &faultWorld{registry: registrytest.Start(t, registrytest.WithBearerAuth("ci", "pass-word")), mirror: registrytest.Start(t), storage: registrytest.Start(t)}
	image := registrytest.Single("linux/amd64")
	image.Layers = [][]registrytest.File{{{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=\"13\"\n"}, {Path: "app", Content: strings.Repeat("0123456789", 100_000)}}}
	w.digest = w.registry.Push(t, "shop/api:1.4.2", image)
	w.mirror.Push(t, "cache/shop/api:1.4.2", image)
	w.storage.Push(t, "shop/api:1.4.2", image)
	c := newClient(t)
	ref := mustRef(t, w.mirror.Host()+"/cache/shop/api:1.4.2")
	mustImage(t, c, ref)
	artifact, err := c.Artifact(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	w.layer = artifact.Layers[0].Digest
	for _, r := range w.mirror.Requests() {
		if _, digest, ok := strings.Cut(r.Path, "/blobs/"); ok {
			w.config = digest
		}
	}
	w.mirror.ForgetRequests()
	w.head, w.manifest = struck{"HEAD", "/manifests/"}, struck{"GET", "/manifests/"}
	w.configBlob, w.layerBlob = struck{"GET", w.config}, struck{"GET", w.layer}
	return w
}

// requests counts those to the registry and its mirror: for the tag, the manifest, the config, the layer and for tokens.
func (w *faultWorld) requests() string {
	var counts []string
	for _, of := range []struck{w.head, w.manifest, w.configBlob, w.layerBlob, {"", registrytest.TokenPath}} {
		counts = append(counts, fmt.Sprint(w.registry.Count(of.method, of.path)+w.mirror.Count(of.method, of.path)))
	}
	return strings.Join(counts, " ")
}
