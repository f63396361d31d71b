package chart

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"

	helmchart "helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
)

// Without "all:" Go leaves out files that begin with an underscore, which are
// the chart's shared parts.
//
//go:embed all:files
var embedded embed.FS

// Files returns the chart's files, for a user who wants the chart itself:
// os.CopyFS(dir, chart.Files()).
func Files() fs.FS {
	files, err := fs.Sub(embedded, "files")
	if err != nil {
		panic(err) // only for a name that is no path, and ours is a constant
	}
	return files
}

// Load returns the chart. It is parsed once; callers share it and must not
// change it.
func Load() (*helmchart.Chart, error) { return load() }

var load = sync.OnceValues(func() (*helmchart.Chart, error) {
	var files []*loader.BufferedFile
	err := fs.WalkDir(Files(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Files(), path)
		files = append(files, &loader.BufferedFile{Name: path, Data: data})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("embedded chart: %w", err)
	}
	loaded, err := loader.LoadFiles(files)
	if err != nil {
		return nil, fmt.Errorf("embedded chart: %w", err)
	}
	return loaded, nil
})
