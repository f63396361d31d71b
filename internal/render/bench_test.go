package render_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
)

// BenchmarkRender measures one workload from description to checked manifests.
// The aim is at most 3 ms.
func BenchmarkRender(b *testing.B) {
	for _, name := range []string{"minimal-deployment", "quickstart"} {
		w := input(b, name)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
