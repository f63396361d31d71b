package imagefacts

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// lastPlaceholderYear is the last year that builders write for reproducibility instead of the time of the build:
// 1970 (Bazel, Jib, ko, SOURCE_DATE_EPOCH=0) and 1980 (Cloud Native Buildpacks).
const lastPlaceholderYear = 1980

// Keys by which a builder names the base image, as an annotation or a label.
// Source: OCI image specification v1.1.1, annotations.md.
const (
	baseNameKey   = "org.opencontainers.image.base.name"
	baseDigestKey = "org.opencontainers.image.base.digest"
)

// Facts is what the manifest and the config say of the image for one platform.
type Facts struct {
	// Digest is that of the platform's own manifest, and ConfigDigest that of its config, which some tools call the image's ID.
	Digest       string
	ConfigDigest string
	// SizeBytes is the sum of the layers as they are stored and transferred, that is compressed. The config and the
	// manifest (a few KiB) are not in it.
	SizeBytes int64
	// LayerCount is the number of layers.
	LayerCount int
	// Layers are the layers, the lowest first.
	Layers []Layer
	// Created is the time of the build in RFC 3339, UTC. It is empty if unknown, which includes the fixed dates
	// of 1970 and 1980 that reproducible builders write.
	Created string
	// User is the user of the config, exactly as written: "", "65532", "65532:65532", "nginx".
	User string
	// RunsAsRoot reports whether the image starts as user ID 0, see the function RunsAsRoot.
	RunsAsRoot bool
	Entrypoint []string
	Command    []string
	WorkingDir string
	// ExposedPorts are the declared ports with their protocol, such as "8080/tcp", sorted by number.
	ExposedPorts []string
	// EnvNames are the names of the environment variables, sorted. Values are not kept: they may be secrets.
	EnvNames []string
	Labels   map[string]string
	// BaseName and BaseDigest name the base image as the builder stated it, or are empty.
	BaseName   string
	BaseDigest string
}

// Layer is one layer of an image, as its manifest has it.
type Layer struct {
	// Digest is that of the layer as it is stored, that is compressed.
	Digest    string
	SizeBytes int64
	// DiffID is the digest of the uncompressed content, as the config has it; empty if the config does not say.
	DiffID string
}

// ParseConfig reads an image config and its platform.
func ParseConfig(raw []byte) (*v1.ConfigFile, Platform, error) {
	config, err := v1.ParseConfigFile(bytes.NewReader(raw))
	if err != nil {
		return nil, Platform{}, fmt.Errorf("the image config is not valid: %w", err)
	}
	if config.OS == "" || config.Architecture == "" {
		return nil, Platform{}, fmt.Errorf("the image config names no operating system or no architecture")
	}
	return config, PlatformOf(config.Platform()), nil
}

// New collects the facts of one platform from its manifest, the manifest's digest and its config.
func New(digest string, manifest *v1.Manifest, config *v1.ConfigFile) (Facts, error) {
	var size int64
	layers := make([]Layer, 0, len(manifest.Layers))
	for i, layer := range manifest.Layers {
		if layer.Size < 0 || size+layer.Size < size {
			return Facts{}, fmt.Errorf("layer %d has the impossible size %d", i, layer.Size)
		}
		size += layer.Size
		layers = append(layers, Layer{Digest: layer.Digest.String(), SizeBytes: layer.Size, DiffID: diffID(config, len(manifest.Layers), i)})
	}
	base := func(key string) string {
		if v := manifest.Annotations[key]; v != "" {
			return v
		}
		return config.Config.Labels[key]
	}
	return Facts{
		Digest:       digest,
		ConfigDigest: configDigest(manifest),
		SizeBytes:    size,
		LayerCount:   len(manifest.Layers),
		Layers:       layers,
		Created:      createdText(config.Created.Time),
		User:         config.Config.User,
		RunsAsRoot:   RunsAsRoot(config.Config.User),
		Entrypoint:   config.Config.Entrypoint,
		Command:      config.Config.Cmd,
		WorkingDir:   config.Config.WorkingDir,
		ExposedPorts: exposedPorts(config.Config.ExposedPorts),
		EnvNames:     envNames(config.Config.Env),
		Labels:       config.Config.Labels,
		BaseName:     base(baseNameKey),
		BaseDigest:   base(baseDigestKey),
	}, nil
}

// diffID is empty where the config does not have one for each layer.
func diffID(config *v1.ConfigFile, layers, i int) string {
	if len(config.RootFS.DiffIDs) != layers || config.RootFS.DiffIDs[i].Hex == "" {
		return ""
	}
	return config.RootFS.DiffIDs[i].String()
}

// configDigest is empty for a manifest that names no config.
func configDigest(manifest *v1.Manifest) string {
	if manifest.Config.Digest.Hex == "" {
		return ""
	}
	return manifest.Config.Digest.String()
}

// RunsAsRoot reports whether a config's user ("user", "user:group", either by name or number) is known to be user ID 0: it
// is empty, 0 or root. Any other number is not. Any other name is taken not to be root, although the image's /etc/passwd may map
// it to 0: only the layers can tell, and Kubernetes refuses a named user under runAsNonRoot for that very reason.
func RunsAsRoot(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	if name == "" || name == "root" {
		return true
	}
	id, err := strconv.ParseInt(name, 10, 64)
	return err == nil && id == 0
}

func createdText(created time.Time) string {
	if created.Year() <= lastPlaceholderYear {
		return ""
	}
	return created.UTC().Format(time.RFC3339)
}

// exposedPorts sorts by port number, then by protocol. A port without protocol is TCP.
func exposedPorts(ports map[string]struct{}) []string {
	names := make([]string, 0, len(ports))
	for port := range ports {
		if !strings.Contains(port, "/") {
			port += "/tcp"
		}
		names = append(names, port)
	}
	slices.SortFunc(names, func(a, b string) int {
		if byNumber := portNumber(a) - portNumber(b); byNumber != 0 {
			return byNumber
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(names)
}

// portNumber is zero for what is not a number, such as the range "8000-8010/tcp", which then sorts first.
func portNumber(port string) int {
	number, _, _ := strings.Cut(port, "/")
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

func envNames(env []string) []string {
	names := map[string]struct{}{}
	for _, pair := range env {
		name, _, _ := strings.Cut(pair, "=")
		names[name] = struct{}{}
	}
	return slices.Sorted(maps.Keys(names))
}
