package archtest

import (
	"fmt"
	"strings"
)

// shorthands are how the table for readers writes long prefixes.
var shorthands = strings.NewReplacer(
	"internal/", "",
	containers, "go-containerregistry",
	kubernetesTypes, "apimachinery",
	hashicorp+"/terraform-", "terraform-",
	helm+"/v3/pkg/", "Helm ",
	helm, "Helm",
	hashicorp, "HashiCorp modules",
)

// Markdown writes the table as DESIGN.md shows it.
func Markdown(rows []Row) string {
	var text strings.Builder
	text.WriteString("| package | level | does I/O | may import beyond the standard library | must never reach |\n|---|---|---|---|---|\n")
	for _, row := range rows {
		level, impure := fmt.Sprint(row.Level), "yes"
		if row.Level == TestsOnly {
			level = "tests"
		}
		if row.Pure {
			impure = "no"
		}
		name := strings.TrimPrefix(row.Package, "internal/")
		if name == "." {
			name = "main"
		}
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n", name, level, impure, list(row.Allowed), list(row.Never))
	}
	return text.String()
}

// list writes import paths as one cell.
func list(paths []string) string {
	if len(paths) == 0 {
		return "–"
	}
	return shorthands.Replace(strings.Join(paths, ", "))
}
