package workload

import (
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// carriable fails for text that is valid, but that the way through Helm and YAML
// changes or loses.
//
//   - U+2028 and U+2029 break a line in YAML 1.1 and are text in YAML 1.2.
//   - U+FFFE and U+FFFF are no characters of YAML.
//   - Text of several lines that begins with a tab is written as a block, where the
//     tab would be indentation, which readers refuse (go.yaml.in/yaml/v3@v3.0.5,
//     behind Helm's toYamlPretty).
//   - Helm deletes "<no value>" from everything it renders, since Go's templates
//     print it for a missing value (helm.sh/helm/v3@v3.22.0 pkg/engine/engine.go).
func (c *checks) carriable(p field.Path, value string) {
	if i := strings.IndexAny(value, "\u2028\u2029\ufffe\uffff"); i >= 0 {
		r := []rune(value[i:])[0]
		c.fail(p, "holds the character %U, on which YAML readers disagree: remove it", r)
	}
	if strings.HasPrefix(value, "\t") && strings.Contains(value, "\n") {
		c.fail(p, "begins with a tab and has several lines, which YAML readers refuse: begin it with another character")
	}
	const noValue = "<no value>"
	if strings.Contains(value, noValue) {
		c.fail(p, "holds %q, which Helm deletes wherever it stands: write it differently", noValue)
	}
}

// noHook fails for annotations that make an object a Helm hook: hooks are no part of
// what Helm renders, so the object would be missing.
func (c *checks) noHook(p field.Path, key string) {
	if key == "helm.sh/hook" || strings.HasPrefix(key, "helm.sh/hook-") {
		c.fail(p, "marks a hook of a Helm release, and there is no release here: remove it")
	}
}
