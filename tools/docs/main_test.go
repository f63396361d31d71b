package main

import "testing"

func TestUnderShortName_DropsTheHost(t *testing.T) {
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		got, err := underShortName([]byte(`{"format_version":"1.0","provider_schemas":{"` + host + `/seaworthy-dev/seaworthy":{"provider":{}}}}`))
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"format_version":"1.0","provider_schemas":{"seaworthy":{"provider":{}}}}`; string(got) != want {
			t.Errorf("underShortName() = %s, want %s", got, want)
		}
	}
}

func TestUnderShortName_RefusesASchemaWithoutTheProvider(t *testing.T) {
	if got, err := underShortName([]byte(`{"format_version":"1.0"}`)); err == nil {
		t.Errorf("underShortName() = %s, want an error", got)
	}
}
