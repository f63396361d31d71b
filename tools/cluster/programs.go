package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

// programs are the built programs of a cluster.
type programs struct {
	// version is Kubernetes' version, such as "v1.36.1".
	version string
	// path holds each program's file by its name.
	path map[string]string
	// stages are the files that tell kwok how nodes and pods come to life.
	stages []string
	// definitions are of the custom resources that the cluster knows.
	definitions []definition
}

// buildPrograms builds what an earlier call has not built yet. Kubernetes is that
// of the folder kubernetes, or of kubernetes-<minor> if a minor version is given.
func buildPrograms(ctx context.Context, tools, minor string, log io.Writer) (programs, error) {
	folder := func(name string) string { return filepath.Join(tools, "cluster", name) }
	release := "kubernetes"
	if minor != "" {
		release += "-" + minor
	}
	kubernetes, err := requiredModule(ctx, folder(release), "k8s.io/kubernetes")
	if err != nil {
		return programs{}, err
	}
	kwok, err := requiredModule(ctx, folder("kwok"), "sigs.k8s.io/kwok")
	if err != nil {
		return programs{}, err
	}
	built := programs{version: kubernetes.Version, path: make(map[string]string)}
	builds := []cli.Build{
		{Dir: folder("etcd"), Package: ".", LinkerFlags: "-s -w"},
		{Dir: folder("kwok"), Package: "sigs.k8s.io/kwok/cmd/kwok", LinkerFlags: "-s -w"},
	}
	for _, name := range []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler"} {
		builds = append(builds, cli.Build{
			Dir: folder(release), Package: "k8s.io/kubernetes/cmd/" + name, LinkerFlags: "-s -w " + versionFlags(built.version),
		})
	}
	for _, build := range builds {
		name := filepath.Base(build.Package)
		if build.Package == "." {
			name = filepath.Base(build.Dir)
		}
		key, err := contentKey(build.Dir)
		if err != nil {
			return programs{}, err
		}
		if build.Output, err = cli.CachePath("cluster", filepath.Base(build.Dir)+"-"+key, name); err != nil {
			return programs{}, err
		}
		if _, err := os.Stat(build.Output); err != nil {
			fmt.Fprintf(log, "Building %s into %s (minutes of CPU time, once).\n", name, build.Output)
		}
		if err := build.Once(ctx, log); err != nil {
			return programs{}, err
		}
		built.path[name] = build.Output
	}
	if built.stages, err = stageFiles(kwok.Dir); err != nil {
		return programs{}, err
	}
	built.stages = append(built.stages, filepath.Join(folder("stages"), "pvc-provision.yaml"))
	built.definitions, err = findDefinitions(ctx, folder("crds"))
	return built, err
}

// versionFlags make a program of Kubernetes report its version, without which
// clients would take it for v0.0.0.
// Source: kubernetes@v1.36.1 hack/lib/version.sh kube::version::ldflags.
func versionFlags(version string) string {
	major, minor, _ := strings.Cut(strings.TrimPrefix(semver.MajorMinor(version), "v"), ".")
	const variable = "k8s.io/component-base/version."
	return fmt.Sprintf("-X %sgitVersion=%s -X %sgitMajor=%s -X %sgitMinor=%s", variable, version, variable, major, variable, minor)
}

// module is a module that another one requires.
type module struct {
	// Path is the module's path.
	Path string
	// Version is the required version.
	Version string
	// Dir is the folder of its files.
	Dir string
}

// requiredModule returns a module that the go.mod in dir asks for.
func requiredModule(ctx context.Context, dir, path string) (module, error) {
	found, err := requiredModules(ctx, dir, path)
	if err != nil {
		return module{}, err
	}
	return found[0], nil
}

// requiredModules returns modules in the versions that the go.mod in dir asks
// for, downloaded if they were not.
func requiredModules(ctx context.Context, dir string, paths ...string) ([]module, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"mod", "download", "-json"}, paths...)...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go mod download %s in %s: %w\n%s", strings.Join(paths, " "), dir, err, out)
	}
	found := make([]module, len(paths))
	decoder := json.NewDecoder(bytes.NewReader(out))
	for i := range found {
		if err := decoder.Decode(&found[i]); err != nil {
			return nil, fmt.Errorf("go mod download in %s: %w", dir, err)
		}
	}
	return found, nil
}

// contentKey tells states of a module apart by its files' bytes.
func contentKey(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d\n%s", filepath.Base(file), len(content), content)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}

// stageFiles returns the files of kwok's module by which nodes become ready and
// stay so, and pods become ready at once. Without any kwok does nothing.
func stageFiles(dir string) ([]string, error) {
	var stages []string
	for _, set := range []string{"node/fast", "node/heartbeat-with-lease", "pod/fast"} {
		files, err := filepath.Glob(filepath.Join(dir, "kustomize", "stage", filepath.FromSlash(set), "*.yaml"))
		if err != nil {
			return nil, err
		}
		files = slices.DeleteFunc(files, func(file string) bool { return filepath.Base(file) == "kustomization.yaml" })
		if len(files) == 0 {
			return nil, fmt.Errorf("kwok's module has no stages in kustomize/stage/%s of %s", set, dir)
		}
		stages = append(stages, files...)
	}
	return stages, nil
}
