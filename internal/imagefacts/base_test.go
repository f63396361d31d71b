package imagefacts_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

func TestFacts_IsBuiltOn(t *testing.T) {
	t.Parallel()
	layers := func(names ...string) []imagefacts.Layer {
		var list []imagefacts.Layer
		for _, name := range names {
			list = append(list, imagefacts.Layer{Digest: "stored " + name, DiffID: "content " + name})
		}
		return list
	}
	image := imagefacts.Facts{Digest: "image", Layers: layers("a", "b", "c")}
	recompressed := imagefacts.Layer{Digest: "stored otherwise", DiffID: "content a"}
	for name, tt := range map[string]struct {
		base imagefacts.Facts
		want bool
	}{
		"first layers":              {imagefacts.Facts{Layers: layers("a", "b")}, true},
		"all layers, other config":  {imagefacts.Facts{Layers: layers("a", "b", "c")}, true},
		"itself":                    {image, false},
		"compressed anew":           {imagefacts.Facts{Layers: []imagefacts.Layer{recompressed}}, true},
		"diff IDs are not known":    {imagefacts.Facts{Layers: []imagefacts.Layer{{Digest: "stored a"}}}, true},
		"nothing known of a layer":  {imagefacts.Facts{Layers: []imagefacts.Layer{{Digest: "stored x"}}}, false},
		"other order":               {imagefacts.Facts{Layers: layers("b", "a")}, false},
		"one more layer":            {imagefacts.Facts{Layers: layers("a", "b", "c", "d")}, false},
		"newer release of the base": {imagefacts.Facts{Layers: layers("a", "b2")}, false},
		"no layers":                 {imagefacts.Facts{}, false},
	} {
		if got := image.IsBuiltOn(tt.base); got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
