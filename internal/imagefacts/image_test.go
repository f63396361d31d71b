package imagefacts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

func TestEntries_LeavesOutWhatCanNotRun(t *testing.T) {
	t.Parallel()
	entry := func(mediaType, hex, rest string) string {
		return fmt.Sprintf(`{"mediaType":%q,"digest":"sha256:%s","size":1%s}`, mediaType, strings.Repeat(hex, 64), rest)
	}
	doc, err := imagefacts.ParseDocument([]byte(`{"schemaVersion":2,"manifests":[` + strings.Join([]string{
		entry(ociManifest, "1", `,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}`),
		entry(ociManifest, "2", `,"platform":{"os":"linux","architecture":"amd64"}`),
		entry(ociManifest, "3", `,"platform":{"os":"linux","architecture":"amd64"}`),
		entry(ociManifest, "4", `,"platform":{"os":"unknown","architecture":"unknown"}`),
		entry(ociManifest, "5", `,"annotations":{"vnd.docker.reference.type":"attestation-manifest"}`),
		entry(ociIndex, "6", ""),
		entry("application/x", "7", ""),
		entry(docker2, "8", ""),
		entry(docker2, "9", ""),
	}, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range imagefacts.Entries(doc.Index) {
		got = append(got, e.Descriptor.Digest.Hex[:1]+" "+e.Platform.String())
	}
	want := []string{"1 linux/arm64/v8", "2 linux/amd64", "8 /", "9 /"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	have := []imagefacts.Platform{mustPlatform(t, "linux/arm64/v8"), mustPlatform(t, "linux/amd64"), mustPlatform(t, "linux/s390x")}
	tests := map[string]struct{ want, chosen, missing []string }{
		"all":           {nil, []string{"linux/amd64", "linux/arm64/v8", "linux/s390x"}, nil},
		"one":           {[]string{"linux/amd64"}, []string{"linux/amd64"}, nil},
		"by meaning":    {[]string{"linux/arm64", "linux/arm64/v8"}, []string{"linux/arm64/v8"}, nil},
		"missing":       {[]string{"linux/amd64", "linux/ppc64le", "linux/arm/v7"}, nil, []string{"linux/ppc64le", "linux/arm/v7"}},
		"nothing asked": {[]string{}, []string{"linux/amd64", "linux/arm64/v8", "linux/s390x"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []imagefacts.Platform
			for _, s := range tt.want {
				want = append(want, mustPlatform(t, s))
			}
			chosen, err := imagefacts.Select(have, want)
			var platformErr *imagefacts.PlatformError
			if errors.As(err, &platformErr) != (tt.missing != nil) {
				t.Fatalf("got error %v", err)
			}
			if platformErr != nil {
				wantErr := &imagefacts.PlatformError{Want: tt.missing, Have: []string{"linux/amd64", "linux/arm64/v8", "linux/s390x"}}
				if diff := cmp.Diff(wantErr, platformErr); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
				return
			}
			if diff := cmp.Diff(tt.chosen, imagefacts.Names(chosen)); diff != "" {
				t.Errorf("chosen (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlatformError_NamesBothSides(t *testing.T) {
	t.Parallel()
	err := &imagefacts.PlatformError{Want: []string{"linux/s390x"}, Have: []string{"linux/amd64", "linux/arm64"}}
	if want := "the image has no linux/s390x; it has linux/amd64, linux/arm64"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}
