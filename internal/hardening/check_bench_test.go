package hardening_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// BenchmarkCheck judges the six objects of one workload.
func BenchmarkCheck(b *testing.B) {
	objects := readBase(b)
	b.ReportAllocs()
	for b.Loop() {
		if findings := hardening.Check(objects, hardening.Given{}); len(findings) > 0 {
			b.Fatal(describe(findings))
		}
	}
}
