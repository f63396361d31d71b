package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Check compares a module's graph with the table and returns one sentence for
// each violation, sorted.
func Check(graph Graph, rows []Row) []string {
	var violations []string
	for importPath := range graph.Imports {
		if !graph.own(importPath) {
			continue
		}
		name := graph.relative(importPath)
		if slices.Contains(Nameless, path.Base(name)) {
			violations = append(violations, fmt.Sprintf("%s: the name says nothing of what the package is about; name it for its subject", name))
		}
		row, ok := row(rows, name)
		if !ok {
			violations = append(violations, fmt.Sprintf("%s has no row in the import table; add one to internal/archtest/table.go and to DESIGN.md", name))
			continue
		}
		violations = append(violations, checkImports(graph, rows, row, importPath)...)
		violations = append(violations, checkReach(graph, row, importPath)...)
	}
	slices.Sort(violations)
	return violations
}

// checkImports looks at what a package imports itself.
func checkImports(graph Graph, rows []Row, importer Row, importPath string) []string {
	var violations []string
	for _, imported := range graph.Imports[importPath] {
		name := graph.relative(imported)
		switch {
		case graph.Standard[imported]:
			if importer.Pure && slices.Contains(Impure, name) {
				violations = append(violations, fmt.Sprintf("%s imports %s, but the package does no I/O; let its caller hand in the data", importer.Package, name))
			}
		case !covers(importer.Allowed, name):
			violations = append(violations, fmt.Sprintf("%s imports %s, which its row of the import table does not allow", importer.Package, name))
		case graph.own(imported):
			if below, ok := row(rows, name); ok && !importer.mayStandOn(below) {
				violations = append(violations, fmt.Sprintf("%s (level %d) imports %s (level %d): imports go down", importer.Package, importer.Level, name, below.Level))
			}
		}
	}
	return violations
}

// checkReach looks at what a package's imports lead to.
func checkReach(graph Graph, row Row, importPath string) []string {
	var violations []string
	for _, never := range row.Never {
		chain := graph.chain(importPath, func(reached string) bool { return covers([]string{never}, graph.relative(reached)) })
		if chain == nil {
			continue
		}
		violations = append(violations, fmt.Sprintf("%s must never reach %s: %s", row.Package, never, strings.Join(chain, " imports ")))
	}
	return violations
}

// covers tells whether importPath is one of the prefixes or lies below one.
func covers(prefixes []string, importPath string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool {
		rest, ok := strings.CutPrefix(importPath, prefix)
		return ok && (rest == "" || rest[0] == '/')
	})
}
