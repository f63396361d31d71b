package registry_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
)

// checkFaultsPage compares the documentation page with the table of faults and what the client said to them. It is written to
// templates/, from where terraform-plugin-docs copies it to docs/.
func checkFaultsPage(t *testing.T, messages []string) {
	t.Helper()
	page := faultsPage(messages)
	for _, folder := range []string{"templates", "docs"} {
		golden.Check(t, filepath.Join("..", "..", folder, "guides", "when-registries-fail.md"), page)
	}
}

const faultsHead = `---
page_title: "When registries fail"
subcategory: ""
description: |-
  What can go wrong between the provider and a registry, how often is asked again, and what you read.
---

<!-- Generated from the tests of internal/registry by "make golden". Do not edit. -->

# When registries fail

Each row of these tables is a test: an image of one platform with one layer is read with all of its contents, by its tag, while
something goes wrong. The numbers are the requests that were made for the tag (` + "`HEAD`" + `), the manifest, the config and the layer, and for
tokens, to the registry and its mirror together, with ` + "`max_retries = 2`" + `; the default, 4, adds two to those that are repeated for ever.

After each of them the cache is looked through: it holds nothing whose digest is not its name, and no result for a layer that was not
read to its end. The same cache then leads to the same answers as none.
`

func faultsPage(messages []string) string {
	var b strings.Builder
	b.WriteString(faultsHead)
	section := ""
	for i, row := range faultRows() {
		if row.section != section {
			section = row.section
			fmt.Fprintf(&b, "\n## %s\n\n| What happens | tag | manifest | config | layer | tokens | What you read |\n|---|---|---|---|---|---|---|\n", section)
		}
		says := "No error."
		if messages[i] != "" {
			says = "`" + messages[i] + "`."
		}
		if row.note != "" {
			says += " " + row.note
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row.happens, strings.Join(strings.Fields(row.requests), " | "), strings.ReplaceAll(says, "|", "\\|"))
	}
	return b.String()
}

var (
	longDigest = regexp.MustCompile(`sha256:([0-9a-f]{7})[0-9a-f]{57}`)
	ownAddress = regexp.MustCompile(`127\.0\.0\.1:\d+->`)
)

// anonymous returns what an error says, with the names of hosts that are not of this machine.
func (w *faultWorld) anonymous(err error) string {
	if err == nil {
		return ""
	}
	text := strings.NewReplacer(w.registry.Host(), "registry.example.com", w.mirror.Host(), "mirror.example.com", w.storage.Host(), "storage.example.com").Replace(err.Error())
	return longDigest.ReplaceAllString(ownAddress.ReplaceAllString(text, ""), "sha256:$1…")
}
