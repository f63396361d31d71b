package render_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/releaseutil"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
)

func object(apiVersion, kind, name string) string {
	return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata:\n  name: " + name + "\n  namespace: shop\n"
}

func TestEncode_IsInInstallOrder(t *testing.T) {
	t.Parallel()
	got, err := render.Encode(map[string]string{
		"Zebra.example.com/shop/b":    object("example.com/v1", "Zebra", "b"),
		"Deployment.apps/shop/b":      object("apps/v1", "Deployment", "b"),
		"Deployment.apps/shop/a":      object("apps/v1", "Deployment", "a"),
		"Aardvark.example.com/shop/z": object("example.com/v1", "Aardvark", "z"),
		"Service/shop/b":              object("v1", "Service", "b"),
		"ConfigMap/shop/b":            object("v1", "ConfigMap", "b"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "---\n" + strings.Join([]string{
		object("v1", "ConfigMap", "b"), object("v1", "Service", "b"), object("apps/v1", "Deployment", "a"), object("apps/v1", "Deployment", "b"),
		object("example.com/v1", "Aardvark", "z"), object("example.com/v1", "Zebra", "b"),
	}, "---\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The order is Helm's: Helm's own sorting changes nothing any more.
func TestEncode_OrderIsHelms(t *testing.T) {
	t.Parallel()
	manifests := map[string]string{}
	for _, kind := range append([]string{"Unknown"}, releaseutil.InstallOrder...) {
		manifests[kind+".example.com/shop/x"] = object("example.com/v1", kind, "x")
	}
	encoded, err := render.Encode(manifests)
	if err != nil {
		t.Fatal(err)
	}
	_, sorted, err := releaseutil.SortManifests(map[string]string{"all.yaml": encoded}, nil, releaseutil.InstallOrder)
	if err != nil {
		t.Fatal(err)
	}
	var helm strings.Builder
	for _, m := range sorted {
		helm.WriteString("---\n" + m.Content + "\n")
	}
	if diff := cmp.Diff(helm.String(), encoded); diff != "" {
		t.Errorf("(-Helm +ours):\n%s", diff)
	}
}

func TestEncode_Refuses(t *testing.T) {
	t.Parallel()
	service := object("v1", "Service", "api")
	for name, tt := range map[string]struct{ key, text, want string }{
		"a key of another object": {"Service/shop/web", service, "Service/shop/web: the text describes Service/shop/api"},
		"a text of two objects":   {"Service/shop/api", service + "---\n" + object("v1", "Service", "web"), "the text holds 2 objects"},
		"a text of nothing":       {"Service/shop/api", "# nothing\n", "the text holds 0 objects"},
		"a text that is no YAML":  {"Service/shop/api", "a: [", "Service/shop/api: document 1"},
		"an unknown field":        {"Service/shop/api", service + "spc: {}\n", `unknown field "spc"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := render.Encode(map[string]string{tt.key: tt.text}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Encode = %q, %v; want an error with %q", got, err, tt.want)
			}
		})
	}
}

func TestDecode_IsTheInverseOfEncode(t *testing.T) {
	t.Parallel()
	for _, name := range cases(t) {
		manifests := map[string]string{}
		for _, m := range mustRender(t, input(t, name)).Manifests {
			manifests[m.Key] = m.Text
		}
		encoded, err := render.Encode(manifests)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stream(mustRender(t, input(t, name))), encoded); diff != "" {
			t.Errorf("%s (-in the order of Render +encoded):\n%s", name, diff)
		}
		decoded, err := render.Decode(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(manifests, decoded); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
}

func TestDecode_RefusesTwoDocumentsForOneObject(t *testing.T) {
	t.Parallel()
	_, err := render.Decode(object("v1", "Service", "api") + "---\n" + object("v1", "Service", "api"))
	if err == nil || !strings.Contains(err.Error(), "document 2: Service/shop/api is in document 1 already") {
		t.Errorf("error: %v", err)
	}
}

func TestEncode_NothingIsNothing(t *testing.T) {
	t.Parallel()
	if got, err := render.Encode(nil); err != nil || got != "" {
		t.Errorf("Encode(nil) = %q, %v", got, err)
	}
	if got, err := render.Decode(""); err != nil || len(got) != 0 {
		t.Errorf("Decode of nothing = %v, %v", got, err)
	}
}
