package workload_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// blamed is a change to the description called api, and what is said of it.
type blamed struct {
	from, to string // replaced in the document; an empty from appends
	want     string // "path: part of the message", one a line
}

// checkBlamed validates the changed descriptions by their names.
func checkBlamed(t *testing.T, cases map[string]blamed) {
	t.Helper()
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := api + tt.to
			if tt.from != "" {
				if document = strings.Replace(api, tt.from, tt.to, 1); document == api {
					t.Fatalf("%q is not in the document", tt.from)
				}
			}
			fields, others := field.All(describe(t, document).Validate(kubeversion.Oldest))
			if len(others) > 0 {
				t.Errorf("errors without a path: %v", others)
			}
			var want, got []string
			for line := range strings.SplitSeq(tt.want, "\n") {
				path, message, _ := strings.Cut(line, ": ")
				want = append(want, path)
				found := false
				for _, f := range fields {
					found = found || f.Path.String() == path && strings.Contains(f.Message, message)
				}
				if !found {
					t.Errorf("no error %q at %s", message, path)
				}
			}
			for _, f := range fields {
				got = append(got, f.Path.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("blamed (-want +got):\n%s%v", diff, fields)
			}
		})
	}
}
