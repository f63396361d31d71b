package chart_test

import (
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/chart"
)

// functions are all that a template may call. None decides, and none depends on
// the clock, on chance, on the network, on a cluster or on the machine.
var functions = []string{"include", "indent", "int64", "nindent", "quote", "toYaml", "toYamlPretty", "trimPrefix"}

// surroundings are fields of the root that would let a rendering depend on the release or on Helm.
var surroundings = []string{"Release", "Chart", "Files", "Capabilities", "Template", "Subcharts"}

type templateFile struct {
	name, text string
	trees      map[string]*parse.Tree
}

func templates(t *testing.T) []templateFile {
	t.Helper()
	paths, err := fs.Glob(chart.Files(), "templates/*")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	var files []templateFile
	for _, file := range paths {
		data, err := fs.ReadFile(chart.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, templateFile{path.Base(file), string(data), parseTemplate(t, file, string(data))})
	}
	return files
}

func parseTemplate(t *testing.T, name, text string) map[string]*parse.Tree {
	t.Helper()
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, "", "", trees); err != nil {
		t.Fatal(err)
	}
	return trees
}

// visit calls f for every node below a node.
func visit(node reflect.Value, f func(parse.Node)) {
	switch node.Kind() { //nolint:exhaustive // the other kinds hold no nodes
	case reflect.Pointer, reflect.Interface:
		if node.IsNil() || node.Type() == reflect.TypeFor[*parse.Tree]() {
			return
		}
		if n, ok := reflect.TypeAssert[parse.Node](node); ok && node.Kind() == reflect.Pointer {
			f(n)
		}
		visit(node.Elem(), f)
	case reflect.Struct:
		for _, field := range node.Fields() {
			if field.CanInterface() {
				visit(field, f)
			}
		}
	case reflect.Slice:
		for i := range node.Len() {
			visit(node.Index(i), f)
		}
	}
}

// problems returns what in a template goes against the package's rule: decisions
// in Go, text in templates.
func problems(trees map[string]*parse.Tree) []string {
	var found []string
	conditions := 0
	for _, tree := range trees {
		visit(reflect.ValueOf(tree.Root), func(node parse.Node) {
			switch n := node.(type) {
			case *parse.IdentifierNode:
				if !slices.Contains(functions, n.Ident) {
					found = append(found, "calls "+n.Ident)
				}
			case *parse.FieldNode:
				if slices.Contains(surroundings, n.Ident[0]) {
					found = append(found, "reads ."+n.Ident[0])
				}
			case *parse.IfNode:
				conditions++
			}
		})
	}
	if conditions > 3 {
		found = append(found, "has more than three conditions")
	}
	return found
}

func TestTemplates_DecideNothing(t *testing.T) {
	t.Parallel()
	for _, file := range templates(t) {
		for _, problem := range problems(file.trees) {
			t.Errorf("%s %s", file.name, problem)
		}
	}
}

func TestTemplates_DecisionsAreSeen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{{ .a | default "b" }}`:                                                       "calls default",
		`{{ range .x }}{{ with .y }}{{ now }}{{ end }}{{ end }}`:                       "calls now",
		`{{ define "p" }}{{ include (tpl .z .) . }}{{ end }}`:                          "calls tpl",
		`name: {{ .Release.Name }}`:                                                    "reads .Release",
		`{{ if .a }}{{ end }}{{ if .b }}{{ end }}{{ if .c }}{{ else if .d }}{{ end }}`: "has more than three conditions",
		`{{ lookup "v1" "Secret" "a" "b" }}`:                                           "calls lookup",
	} {
		if got := problems(parseTemplate(t, "t", text)); !slices.Contains(got, want) {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
}

var kindLine = regexp.MustCompile(`(?m)^kind: ([A-Za-z]+)$`)

func TestTemplates_OneKindPerFile(t *testing.T) {
	t.Parallel()
	for _, file := range templates(t) {
		kinds := kindLine.FindAllStringSubmatch(file.text, -1)
		if strings.HasPrefix(file.name, "_") {
			if len(kinds) > 0 {
				t.Errorf("%s is a shared part and names a kind", file.name)
			}
			continue
		}
		if file.name == "customobject.yaml" { // its kinds are values
			continue
		}
		if len(kinds) != 1 || strings.ToLower(kinds[0][1])+".yaml" != file.name {
			t.Errorf("%s names the kinds %v", file.name, kinds)
		}
		if lines := strings.Count(file.text, "\n"); lines > 60 {
			t.Errorf("%s has %d lines: move a part of it to a shared one", file.name, lines)
		}
	}
}
