package workload

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// ConfigFile is a text file that the workload brings along, in a ConfigMap of its own.
type ConfigFile struct {
	Content string `json:"content"`
	// Mode is the file's mode in octal; nil is "0644".
	Mode *string `json:"mode,omitempty"`
	// Containers are the names of the containers that see the file; nil is all of them.
	Containers []string `json:"containers,omitempty"`
}

// ConfigFilesVolume is the name of the volume that holds the config files.
const ConfigFilesVolume = "config-files"

// configMapBytes is how much a ConfigMap may hold.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateConfigMap, pkg/apis/core/types.go MaxSecretSize.
const configMapBytes = 1 << 20

// For reports whether the container of the given name sees the file.
func (f ConfigFile) For(container string) bool {
	return f.Containers == nil || slices.Contains(f.Containers, container)
}

// ConfigFilesHash returns the hash of paths, contents and modes: it changes with each of them.
func (w Workload) ConfigFilesHash() string {
	hash := sha256.New()
	for _, path := range sorted(w.ConfigFiles) {
		f := w.ConfigFiles[path]
		mode := valueOf(f.Mode)
		fmt.Fprintf(hash, "%d:%s%d:%s%d:%s", len(path), path, len(mode), mode, len(f.Content), f.Content)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// ConfigMapName returns the name of the ConfigMap of the config files. It ends in a hash
// of what it holds unless the user named it: old pods then keep what they were made for, also
// after a rollback.
func (w Workload) ConfigMapName() string {
	if w.ConfigMapNameOverride != nil {
		return *w.ConfigMapNameOverride
	}
	const hashLength = 10
	return w.Name + "-" + w.ConfigFilesHash()[:hashLength]
}

// ConfigFileKey returns the key of a path in the ConfigMap. Two paths never have the same:
// "/" is "__", and every other character that a key cannot have, as well as "_", is
// "_" with two hexadecimal digits for each byte.
func ConfigFileKey(path string) string {
	var b strings.Builder
	for i, char := range []byte(strings.TrimPrefix(path, "/")) {
		switch {
		case char == '/':
			b.WriteString("__")
		case char == '.' && i > 0, char == '-', '0' <= char && char <= '9', 'a' <= char && char <= 'z', 'A' <= char && char <= 'Z':
			b.WriteByte(char)
		default:
			fmt.Fprintf(&b, "_%02x", char)
		}
	}
	return b.String()
}

func (w Workload) validateConfigFiles(c *checks) {
	p, total := field.Root("config_files"), 0
	if w.ConfigMapNameOverride != nil {
		at := field.Root("config_map_name")
		c.name(at, *w.ConfigMapNameOverride)
		if len(w.ConfigFiles) == 0 {
			c.failResting(at, []field.Path{p}, "names the ConfigMap of config_files, and there are none: remove it")
		}
	}
	for _, path := range sorted(w.ConfigFiles) {
		file, at := w.ConfigFiles[path], p.Key(path)
		total += len(file.Content)
		c.mountPath(at, path)
		if strings.HasSuffix(path, "/") {
			c.fail(at, "%q is a folder: name the file", path)
		}
		// Source: kubernetes@v1.36.1 apimachinery pkg/util/validation IsConfigMapKey.
		if key := ConfigFileKey(path); len(key) > 253 {
			c.fail(at, "%q is too long for the key of a ConfigMap: shorten it", path)
		}
		c.text(at.Attr("content"), file.Content)
		c.fileMode(at.Attr("mode"), file.Mode)
		if file.Containers != nil && len(file.Containers) == 0 {
			c.fail(at.Attr("containers"), "is empty: leave it out for all containers, or name them")
		}
		for i, name := range file.Containers {
			c.containerName(at.Attr("containers").Index(i), w, name)
			if slices.Index(file.Containers, name) < i {
				c.fail(at.Attr("containers").Index(i), "%q is listed already: remove one", name)
			}
		}
	}
	if total > configMapBytes {
		c.fail(p, "holds %d bytes: a ConfigMap takes at most %d; put large files into the image or a volume", total, configMapBytes)
	}
}

// containerName fails unless the pod has a container of that name.
func (c *checks) containerName(p field.Path, w Workload, name string) {
	var names []string
	for _, container := range w.AllContainers() {
		names = append(names, container.Name)
	}
	if !slices.Contains(names, name) {
		c.failResting(p, []field.Path{field.Root("containers"), field.Root("init_containers")}, "%q is no container of this pod: use one of %s", name, strings.Join(names, ", "))
	}
}
