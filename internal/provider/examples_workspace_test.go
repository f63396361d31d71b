package provider_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const (
	repositoryRoot = "../.."
	examplesDir    = repositoryRoot + "/examples"
)

// examples is a copy of examples/ whose images are in a registry on loopback.
type examples struct {
	dir      string // of the copy
	plugins  string // where init finds the built provider
	registry *registrytest.Server
	env      []string

	mu   sync.Mutex
	kept []string // paths of the manifests that are kept, see keepManifests
}

// note remembers the path of manifests that are kept.
func (e *examples) note(path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept = append(e.kept, path)
}

func prepareExamples(t *testing.T) *examples {
	t.Helper()
	home := t.TempDir()
	e := &examples{dir: filepath.Join(home, "examples"), plugins: filepath.Join(home, "plugins"), registry: registrytest.Start(t)}
	e.buildProvider(t)
	e.copy(t)
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "SEAWORTHY_") {
			e.env = append(e.env, entry)
		}
	}
	e.env = append(e.env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color", "TF_CLI_CONFIG_FILE="+os.DevNull,
		"DOCKER_CONFIG="+home, "SEAWORTHY_CACHE_DIR="+filepath.Join(home, "cache"),
		// What examples ask their users for.
		"TF_VAR_registry="+e.registry.Host(), "TF_VAR_registry_password=secret",
		"SEAWORTHY_VULNERABILITY_DATABASE_PATH="+provideAdvisories(t, home))
	return e
}

// debianLayers are the layers of images that are scanned.
var debianLayers = [][]registrytest.File{{
	{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=\"12\"\n"},
	{Path: "var/lib/dpkg/status", Content: "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 3.0.11-1~deb12u2\n"},
}}

// provideAdvisories writes the database of vulnerabilities that the examples are run with. It is new, whenever that is.
func provideAdvisories(t *testing.T, home string) string {
	t.Helper()
	dir := filepath.Join(home, "advisories")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	advisorytest.Database{
		Advisories: map[string]advisorytest.Packages{"debian 12": {"openssl": {"CVE-2023-5678": {"FixedVersion": "3.0.13-1~deb12u1"}}}},
		Severities: map[string]map[string]int{"CVE-2023-5678": {"nvd": 2}},
		UpdatedAt:  time.Now(),
	}.WriteDir(t, dir)
	return dir
}

// buildProvider lays the provider out as init expects it in a plugin directory.
// Source: Terraform documentation, "Provider Installation", filesystem mirrors:
// HOSTNAME/NAMESPACE/TYPE/VERSION/TARGET. The hosts are those that Terraform and
// OpenTofu complete a short source address with.
func (e *examples) buildProvider(t *testing.T) {
	t.Helper()
	var first string
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(e.plugins, host, "seaworthy-dev", "seaworthy", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		binary := filepath.Join(dir, "terraform-provider-seaworthy")
		if runtime.GOOS == "windows" {
			binary += ".exe"
		}
		if first != "" {
			if err := os.Link(first, binary); err != nil {
				t.Fatal(err)
			}
			continue
		}
		build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
		build.Dir = repositoryRoot
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build the provider: %v\n%s", err, out)
		}
		first = binary
	}
}

var (
	// taggedImage matches an image reference with a tag, wherever it is written.
	taggedImage = regexp.MustCompile(`"([a-z0-9-]+(?:\.[a-z0-9-]+)+|\$\{var\.registry\})/([a-z0-9._/-]+):([\w.-]+)(?:@sha256:[0-9a-f]+)?"`)
	// untaggedImage matches the argument ref without a tag, perhaps followed by version.
	untaggedImage = regexp.MustCompile(`ref\s*=\s*"([a-z0-9.-]+)/([a-z0-9._/-]+)"(?:\s+version\s*=\s*"~> ([0-9.]+)")?`)
	// mirrorOfImages matches the argument mirrors with one element, host/prefix.
	mirrorOfImages = regexp.MustCompile(`mirrors\s*=\s*\["([a-z0-9.-]+/[a-z0-9._/-]+)"\]`)
	// exampleHost matches a registry of no matter whom in front of a path, where copy has not been before.
	exampleHost = regexp.MustCompile(`(^|[^/a-z0-9.-])((?:[a-z0-9-]+\.)+example\.com)/`)
)

// copy copies examples/, without what a run in place may have left there, and
// pushes the images that its configurations name. A reference docker.io/… becomes
// 127.0.0.1:port/docker.io/… in the copy, see original.
func (e *examples) copy(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(examplesDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(examplesDir, path)
		target := filepath.Join(e.dir, relative)
		switch name := entry.Name(); {
		case err != nil:
			return err
		case name == ".terraform":
			return fs.SkipDir
		case name == ".terraform.lock.hcl" || strings.Contains(name, ".tfstate"):
			return nil
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if filepath.Ext(path) == ".tf" {
			content = []byte(e.provideImages(t, string(content)))
		}
		if strings.Contains(string(content), "seaworthy_image_mirror") {
			content = exampleHost.ReplaceAll(content, []byte("${1}"+e.registry.Host()+"/${2}/")) // where to copy to, and import from
		}
		return os.WriteFile(target, content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// provideImages pushes the images that a configuration names, and returns the
// configuration with references to them.
func (e *examples) provideImages(t *testing.T, text string) string {
	t.Helper()
	mirror := mirrorOfImages.FindStringSubmatch(text)
	for _, m := range append(taggedImage.FindAllStringSubmatch(text, -1), untaggedImage.FindAllStringSubmatch(text, -1)...) {
		host, repository, tag := m[1], m[2], m[3]
		switch {
		case tag == "":
			tag = "latest" // as registries read a reference without tag
		case strings.HasPrefix(m[0], "ref"):
			tag = firstVersion(tag)
		}
		if !strings.HasPrefix(host, "$") {
			text = strings.ReplaceAll(text, `"`+host+`/`, `"`+e.registry.Host()+`/`+host+`/`)
			text = strings.ReplaceAll(text, `"`+host+`"`, `"`+e.registry.Host()+`"`)
			repository = host + "/" + repository
		}
		image := repository + ":" + tag
		content := registrytest.BaseImage(repository).WithContent(image)
		if strings.Contains(text, "seaworthy_image_scan") {
			content.Layers = debianLayers
		}
		digest := e.registry.Push(t, image, content)
		if mirror != nil {
			e.registry.Push(t, mirror[1]+"/"+image, content)
		}
		if strings.Contains(text, "verify = {") {
			e.registry.Sign(t, repository, digest, examplePublisher)
		}
	}
	if mirror != nil {
		text = strings.ReplaceAll(text, `"`+mirror[1]+`"`, `"`+e.registry.Host()+`/`+mirror[1]+`"`)
	}
	return text
}

// examplePublisher is whose key is examples/data-sources/seaworthy_image/cosign.pub.
const examplePublisher registrytest.Publisher = "seaworthy example"

// original undoes in text what copy did to references.
func (e *examples) original(text string) string {
	return strings.ReplaceAll(text, e.registry.Host()+"/", "")
}

// firstVersion returns the lowest version that satisfies "~> version".
func firstVersion(version string) string {
	return version + strings.Repeat(".0", 2-strings.Count(version, "."))
}

// run runs the CLI in a folder of the copy, expects success and returns what it
// wrote to standard output.
func (e *examples) run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cli := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), args...)
	cli.Dir = filepath.Join(e.dir, dir)
	cli.Env = e.env
	var stdout, stderr strings.Builder
	cli.Stdout, cli.Stderr = &stdout, &stderr
	if err := cli.Run(); err != nil {
		t.Fatalf("%s in examples/%s: %v\n%s%s", strings.Join(args, " "), dir, err, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// configurations returns the folders that a user may apply: all with a
// configuration that are no module of another.
func (e *examples) configurations(t *testing.T) []string {
	t.Helper()
	return e.folders(t, "*.tf", func(dir string) (string, bool) {
		return dir, !slices.Contains(strings.Split(dir, "/"), "modules")
	})
}

// testedModules returns the modules that have tests.
func (e *examples) testedModules(t *testing.T) []string {
	t.Helper()
	return e.folders(t, "*.tftest.hcl", func(dir string) (string, bool) { return strings.TrimSuffix(dir, "/tests"), true })
}

// folders returns what choose makes of the folders that hold a file like
// pattern, each once; there must be one.
func (e *examples) folders(t *testing.T, pattern string, choose func(dir string) (string, bool)) []string {
	t.Helper()
	var folders []string
	for _, file := range e.files(t, pattern) {
		if dir, ok := choose(filepath.ToSlash(filepath.Dir(file))); ok && !slices.Contains(folders, dir) {
			folders = append(folders, dir)
		}
	}
	if len(folders) == 0 {
		t.Fatalf("no folder in examples/ holds a file %s", pattern)
	}
	return folders
}

// files returns the paths within the copy of the files like pattern.
func (e *examples) files(t *testing.T, pattern string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(e.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(e.dir, path)
		if matches, _ := filepath.Match(pattern, entry.Name()); matches {
			files = append(files, relative)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
