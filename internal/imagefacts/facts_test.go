package imagefacts_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

const configJSON = `{"os":"linux","architecture":"arm64","variant":"v8","created":"2026-03-01T12:00:00.5+02:00","config":{
	"User":"65532:65532","Entrypoint":["/app"],"Cmd":["serve","--port=8080"],"WorkingDir":"/srv",
	"ExposedPorts":{"8080/tcp":{},"53/udp":{},"9090":{},"53/tcp":{}},
	"Env":["PATH=/bin","API_TOKEN=hunter2","EMPTY=","PATH=/usr/bin","BARE"],
	"Labels":{"org.opencontainers.image.base.name":"label.example.com/base:1","org.opencontainers.image.base.digest":"sha256:label"}}}`

func TestNew(t *testing.T) {
	t.Parallel()
	config, platform, err := imagefacts.ParseConfig([]byte(configJSON))
	if err != nil {
		t.Fatal(err)
	}
	if platform.String() != "linux/arm64/v8" {
		t.Errorf("platform %q", platform)
	}
	manifest := &v1.Manifest{
		Config:      v1.Descriptor{Digest: v1.Hash{Algorithm: "sha256", Hex: "config"}},
		Layers:      []v1.Descriptor{{Size: 1000, Digest: v1.Hash{Algorithm: "sha256", Hex: "low"}}, {Size: 234, Digest: v1.Hash{Algorithm: "sha256", Hex: "high"}}},
		Annotations: map[string]string{"org.opencontainers.image.base.name": "docker.io/library/debian:13-slim"},
	}
	got, err := imagefacts.New(digest, manifest, config)
	if err != nil {
		t.Fatal(err)
	}
	want := imagefacts.Facts{
		Digest: digest, ConfigDigest: "sha256:config", SizeBytes: 1234, LayerCount: 2, Created: "2026-03-01T10:00:00Z",
		Layers: []imagefacts.Layer{{Digest: "sha256:low", SizeBytes: 1000}, {Digest: "sha256:high", SizeBytes: 234}},
		User:   "65532:65532", RunsAsRoot: false,
		Entrypoint: []string{"/app"}, Command: []string{"serve", "--port=8080"}, WorkingDir: "/srv",
		ExposedPorts: []string{"53/tcp", "53/udp", "8080/tcp", "9090/tcp"},
		EnvNames:     []string{"API_TOKEN", "BARE", "EMPTY", "PATH"},
		Labels: map[string]string{
			"org.opencontainers.image.base.name":   "label.example.com/base:1",
			"org.opencontainers.image.base.digest": "sha256:label",
		},
		BaseName: "docker.io/library/debian:13-slim", BaseDigest: "sha256:label",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestNew_ImpossibleSizes(t *testing.T) {
	t.Parallel()
	for name, layers := range map[string][]v1.Descriptor{
		"negative": {{Size: -1}},
		"overflow": {{Size: math.MaxInt64}, {Size: 1}},
	} {
		if got, err := imagefacts.New(digest, &v1.Manifest{Layers: layers}, &v1.ConfigFile{}); err == nil {
			t.Errorf("%s: got %+v, want an error", name, got)
		}
	}
}

func TestNew_PlaceholderDatesAreUnknown(t *testing.T) {
	t.Parallel()
	for in, want := range map[time.Time]string{
		{}:                      "",
		time.Unix(0, 0):         "",
		time.Unix(315532801, 0): "", // 1980-01-01T00:00:01Z, Cloud Native Buildpacks.
		time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC): "2026-03-01T00:00:00Z",
	} {
		got, err := imagefacts.New(digest, &v1.Manifest{}, &v1.ConfigFile{Created: v1.Time{Time: in}})
		if err != nil || got.Created != want {
			t.Errorf("%v: got %q, %v; want %q", in, got.Created, err, want)
		}
	}
}

func TestRunsAsRoot(t *testing.T) {
	t.Parallel()
	for user, want := range map[string]bool{
		"": true, "0": true, "root": true, "0:0": true, "root:root": true, "0:65532": true, "00": true, ":65532": true,
		"65532": false, "65532:0": false, "1": false, "nginx": false, "nonroot:nonroot": false, "rooty": false,
	} {
		if got := imagefacts.RunsAsRoot(user); got != want {
			t.Errorf("RunsAsRoot(%q) = %v, want %v", user, got, want)
		}
	}
}

func TestParseConfig_Refused(t *testing.T) {
	t.Parallel()
	for in, reason := range map[string]string{
		"[]":                       "not valid",
		`{"os":"linux"}`:           "no architecture",
		`{"architecture":"amd64"}`: "no operating system",
	} {
		if _, _, err := imagefacts.ParseConfig([]byte(in)); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: got %v, want an error with %q", in, err, reason)
		}
	}
}
