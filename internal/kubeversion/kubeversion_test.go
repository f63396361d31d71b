package kubeversion_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1.31": "1.31", "v1.34": "1.34", "1.34.2": "1.34", "v1.34.2-gke.100": "1.34", "1.37.0+k3s1": "1.37",
		"1.30": "", "1.38": "", "2.0": "", "1": "", "": "", "latest": "", "1.34.x": "", " 1.34": "",
	} {
		got, err := kubeversion.Parse(text)
		if (err == nil) != (want != "") {
			t.Errorf("Parse(%q) = %v, %v", text, got, err)
		} else if err == nil && got.String() != want {
			t.Errorf("Parse(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestAtLeast(t *testing.T) {
	t.Parallel()
	if !kubeversion.Newest.AtLeast(kubeversion.Oldest) || kubeversion.Oldest.AtLeast(kubeversion.Newest) || !kubeversion.Oldest.AtLeast(kubeversion.Oldest) {
		t.Error("versions are not ordered")
	}
}
