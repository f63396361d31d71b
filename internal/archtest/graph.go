package archtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Graph is what imports what in a module and all that it depends on.
type Graph struct {
	// Module is the module's path.
	Module string
	// Imports maps each package to those that it imports itself.
	Imports map[string][]string
	// Standard holds the packages of the standard library.
	Standard map[string]bool
}

// Load asks the go command for the graph of the module in dir.
func Load(ctx context.Context, dir string) (Graph, error) {
	module, err := run(ctx, dir, "list", "-m")
	if err != nil {
		return Graph{}, err
	}
	listed, err := run(ctx, dir, "list", "-deps", "-json=ImportPath,Imports,Standard", "./...")
	if err != nil {
		return Graph{}, err
	}
	graph := Graph{
		Module:   strings.TrimSpace(string(module)),
		Imports:  make(map[string][]string),
		Standard: make(map[string]bool),
	}
	decoder := json.NewDecoder(bytes.NewReader(listed))
	for {
		var listed struct {
			ImportPath string
			Imports    []string
			Standard   bool
		}
		err := decoder.Decode(&listed)
		if errors.Is(err, io.EOF) {
			return graph, nil
		}
		if err != nil {
			return Graph{}, fmt.Errorf("read what go list printed: %w", err)
		}
		graph.Imports[listed.ImportPath] = listed.Imports
		graph.Standard[listed.ImportPath] = listed.Standard
	}
}

// run runs the go command in dir and returns what it printed.
func run(ctx context.Context, dir string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return out, nil
}

// relative turns an import path of the module into the table's form, and
// leaves other paths as they are.
func (g Graph) relative(importPath string) string {
	if importPath == g.Module {
		return "."
	}
	return strings.TrimPrefix(importPath, g.Module+"/")
}

// own tells whether a package is one of the module.
func (g Graph) own(importPath string) bool {
	return importPath == g.Module || strings.HasPrefix(importPath, g.Module+"/")
}

// chain returns the shortest path of imports from a package to one that target
// accepts, in the table's form, or nil if there is none.
func (g Graph) chain(from string, target func(string) bool) []string {
	cameFrom := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range g.Imports[queue[0]] {
			if _, seen := cameFrom[next]; seen {
				continue
			}
			cameFrom[next] = queue[0]
			if target(next) {
				return g.path(cameFrom, next)
			}
			queue = append(queue, next)
		}
	}
	return nil
}

// path follows cameFrom back from a package to where the search began.
func (g Graph) path(cameFrom map[string]string, to string) []string {
	var path []string
	for at := to; at != ""; at = cameFrom[at] {
		path = append([]string{g.relative(at)}, path...)
	}
	return path
}
