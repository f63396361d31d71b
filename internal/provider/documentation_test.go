package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/provider"
)

// Whatever the provider registers has an example and a page, and there is no
// example and no page for anything else.
func TestDocumentation_IsCompleteAndHasNoOrphans(t *testing.T) {
	t.Parallel()
	schema, err := providerserver.NewProtocol6(provider.New("test")())().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var resources, dataSources, functions []string
	for name := range schema.ResourceSchemas {
		resources = append(resources, name)
	}
	for name := range schema.DataSourceSchemas {
		dataSources = append(dataSources, name)
	}
	for name := range schema.Functions {
		functions = append(functions, name)
	}
	for _, kind := range []struct {
		folder     string
		registered []string
		files      []string // of each example
	}{
		{"resources", resources, []string{"resource.tf", "import.sh", "import-by-string-id.tf"}},
		{"data-sources", dataSources, []string{"data-source.tf"}},
		{"functions", functions, []string{"function.tf"}},
	} {
		var pages []string
		for _, name := range kind.registered {
			for _, file := range kind.files {
				mustExist(t, filepath.Join(examplesDir, kind.folder, name, file))
			}
			page := strings.TrimPrefix(name, "seaworthy_") + ".md"
			mustExist(t, filepath.Join(repositoryRoot, "docs", kind.folder, page))
			pages = append(pages, page)
		}
		noOthers(t, filepath.Join(examplesDir, kind.folder), kind.registered)
		noOthers(t, filepath.Join(repositoryRoot, "docs", kind.folder), pages)
	}
	mustExist(t, filepath.Join(examplesDir, "provider", "provider.tf"))
	mustExist(t, filepath.Join(repositoryRoot, "docs", "index.md"))
}

// The table in examples/README.md leads to every folder beside it.
func TestDocumentation_ExamplesAreListed(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile(filepath.Join(examplesDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range namesIn(t, examplesDir) {
		if name != "README.md" && !strings.Contains(string(list), "]("+name+")") {
			t.Errorf("examples/README.md does not lead to %s", name)
		}
	}
}

func mustExist(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%v: write the example, and run make generate for its page", err)
	}
}

// noOthers fails for everything in a folder that is not in wanted.
func noOthers(t *testing.T, dir string, wanted []string) {
	t.Helper()
	for _, name := range namesIn(t, dir) {
		if !slices.Contains(wanted, name) {
			t.Errorf("%s belongs to nothing that the provider has: delete it", filepath.Join(dir, name))
		}
	}
}

func namesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
