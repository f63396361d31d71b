package workload_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func TestValidate_RefusesTextThatWouldNotArriveUnchanged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"line separator":      {"a\u2028b", "U+2028"},
		"paragraph separator": {"\u2029", "U+2029"},
		"noncharacter":        {"\ufffe", "U+FFFE"},
		"last noncharacter":   {"é\uffff", "U+FFFF"},
		"a block with a tab":  {"\ta\nb", "begins with a tab"},
		"what Helm deletes":   {"a <no value> b", `"<no value>"`},
		"next line":           {"\u0085", "U+0085"},
		"null":                {"\x00", "U+0000"},
		"half a character":    {"\xc3", "UTF-8"},
		"a surrogate":         {"\xed\xa0\x80", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workload.Workload{Annotations: map[string]string{"example.com/text": tt.text}}
			fields, _ := field.All(w.Validate(kubeversion.Oldest))
			for _, f := range fields {
				if f.Path.String() == `annotations["example.com/text"]` && strings.Contains(f.Message, tt.want) {
					return
				}
			}
			t.Errorf("%q is not refused: %v", tt.text, fields)
		})
	}
}

func TestValidate_RefusesHelmHooks(t *testing.T) {
	t.Parallel()
	w := workload.Workload{Annotations: map[string]string{"helm.sh/hook": "pre-install", "helm.sh/hook-weight": "1", "helm.sh/resource-policy": "keep"}}
	fields, _ := field.All(w.Validate(kubeversion.Oldest))
	var blamed []string
	for _, f := range fields {
		if strings.Contains(f.Message, "hook") {
			blamed = append(blamed, f.Path.String())
		}
	}
	if want := `annotations["helm.sh/hook"] annotations["helm.sh/hook-weight"]`; strings.Join(blamed, " ") != want {
		t.Errorf("blamed %q, want %s", blamed, want)
	}
}
