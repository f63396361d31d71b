package main

import (
	"archive/tar"
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func TestPush_ServesAMultiPlatformImage(t *testing.T) {
	registry, err := startRegistry(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { registry.Close() })
	index, err := buildIndex(t.Context(), "server", "1.4.1")
	if err != nil {
		t.Fatal(err)
	}
	digest, err := registry.Push(t.Context(), "shop/api", "1.4.1", index)
	if err != nil {
		t.Fatal(err)
	}

	ref, err := name.ParseReference(registry.Host + "/shop/api:1.4.1")
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := remote.Get(ref)
	if err != nil {
		t.Fatal(err)
	}
	if descriptor.Digest != digest || !descriptor.MediaType.IsIndex() {
		t.Errorf("the tag leads to %s (%s), want the index %s", descriptor.Digest, descriptor.MediaType, digest)
	}
	for _, platform := range platforms {
		image, err := remote.Image(ref, remote.WithPlatform(platform))
		if err != nil {
			t.Fatalf("%s: %v", platform, err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatalf("%s: %v", platform, err)
		}
		if config.Architecture != platform.Architecture || config.Config.User != nonRoot || !config.Created.Equal(created.Time) {
			t.Errorf("%s: config says architecture %s, user %s, created %s",
				platform, config.Architecture, config.Config.User, config.Created)
		}
		if _, ok := config.Config.ExposedPorts["8080/tcp"]; !ok {
			t.Errorf("%s: port 8080 is not exposed", platform)
		}
		if platform.OS == runtime.GOOS && platform.Architecture == runtime.GOARCH {
			runServer(t, image)
		}
	}
}

func TestBuildIndex_SameVersionSameDigestOtherVersionOtherDigest(t *testing.T) {
	digests := make(map[string]v1.Hash)
	for _, build := range []struct{ name, version string }{
		{"first", "1.4.2"}, {"again", "1.4.2"}, {"rebuilt", "1.4.2+2"},
	} {
		index, err := buildIndex(t.Context(), "server", build.version)
		if err != nil {
			t.Fatal(err)
		}
		if digests[build.name], err = index.Digest(); err != nil {
			t.Fatal(err)
		}
	}
	if digests["first"] != digests["again"] {
		t.Errorf("two builds of one version: %s and %s, want the same digest", digests["first"], digests["again"])
	}
	if digests["first"] == digests["rebuilt"] {
		t.Errorf("a rebuild with other content has the same digest %s", digests["first"])
	}
}

// runServer unpacks the image's program, runs it as Kubernetes would, asks it
// for its version and ends it.
func runServer(t *testing.T, image v1.Image) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), unpack(t, image))
	cmd.Env = []string{"ADDRESS=127.0.0.1:0"}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	if !lines.Scan() {
		t.Fatal("the server said nothing")
	}
	_, address, _ := strings.Cut(lines.Text(), "listens on ")
	answer, err := http.Get("http://" + address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "shop api 1.4.1\n" {
		t.Errorf("GET / = %q, %v", body, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v after SIGTERM, want exit code 0", err)
	}
}

// unpack writes the program of the image's only layer to a file.
func unpack(t *testing.T, image v1.Image) string {
	t.Helper()
	files := mutate.Extract(image)
	defer files.Close()
	reader := tar.NewReader(files)
	header, err := reader.Next()
	if err != nil || header.Name != "server" || header.Mode != 0o555 {
		t.Fatalf("the image's first file is %+v, %v, want server with mode 555", header, err)
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "server")
	if err := os.WriteFile(program, content, 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}
