package provider

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// builtOn describes an image with one layer on top of a base, and labels.
func builtOn(base registrytest.Image, labels map[string]string) registrytest.Image {
	image := base
	image.Layers = append(append([][]registrytest.File{}, base.Layers...), []registrytest.File{{Path: "app", Content: "app", Mode: 0o755}})
	image.Config = func(_ string, c *v1.ConfigFile) { c.Config.Labels = labels }
	return image
}

// rebuilt is the base a month later: its last layer is another one.
func rebuilt(base registrytest.Image) registrytest.Image {
	last := len(base.Layers) - 1
	base.Layers = append(append([][]registrytest.File{}, base.Layers[:last]...), []registrytest.File{{Path: "etc/motd", Content: "a month later"}})
	return base
}

// baseCheck expects one element of bases. An empty text is null.
type baseCheck struct {
	foundBy, candidate, reference, digest, newest string
	layers                                        int64
	outdated                                      knownvalue.Check
}

func (c baseCheck) check() knownvalue.Check {
	text := func(value string) knownvalue.Check {
		if value == "" {
			return knownvalue.Null()
		}
		return knownvalue.StringExact(value)
	}
	var layers knownvalue.Check = knownvalue.Null()
	outdated := c.outdated
	if c.layers > 0 {
		layers = knownvalue.Int64Exact(c.layers)
	}
	if outdated == nil {
		outdated = knownvalue.Null()
	}
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"found_by": text(c.foundBy), "candidate": text(c.candidate), "reference": text(c.reference), "digest": text(c.digest),
		"layer_count": layers, "newest_digest": text(c.newest), "outdated": outdated,
	})
}

func TestImageBase_Found(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	host := server.Host()
	debian, alpine := registrytest.BaseImage("debian"), registrytest.BaseImage("alpine")
	before := server.Push(t, "debian:13", debian)
	now := server.Push(t, "debian:13", rebuilt(debian)) // the tag has moved
	current := server.Push(t, "alpine:3.22", alpine)
	bottom := debian
	bottom.Layers = debian.Layers[:1]
	server.Push(t, "bottom:1", bottom)
	only64 := registrytest.Index("linux/arm64")
	only64.Layers = debian.Layers
	server.Push(t, "arm:1", only64)
	server.Push(t, "on-debian:1.0.0", builtOn(debian, nil))
	server.Push(t, "on-alpine:1.0.0", builtOn(alpine, nil))
	server.Push(t, "says-name:1.0.0", builtOn(alpine, map[string]string{"org.opencontainers.image.base.name": host + "/alpine:3.22"}))
	server.Push(t, "says-both:1.0.0", builtOn(debian, map[string]string{
		"org.opencontainers.image.base.name": host + "/debian:13", "org.opencontainers.image.base.digest": before,
	}))
	server.Push(t, "says-gone:1.0.0", builtOn(debian, map[string]string{
		"org.opencontainers.image.base.name": host + "/deleted:13", "org.opencontainers.image.base.digest": before,
	}))
	server.Push(t, "says-nonsense:1.0.0", builtOn(alpine, map[string]string{"org.opencontainers.image.base.name": "!?"}))
	yes, no := knownvalue.Bool(true), knownvalue.Bool(false)
	old := host + "/debian:13@" + before
	layers := int64(len(debian.Layers))
	for name, tt := range map[string]struct {
		image, candidates string
		want              baseCheck
	}{
		"tag that is current":          {"on-alpine", fmt.Sprintf(`{ a = "%s/alpine:3.22", d = %q }`, host, old), baseCheck{byLayers, "a", host + "/alpine:3.22", current, current, 1, no}},
		"digest whose tag has moved":   {"on-debian", fmt.Sprintf(`{ d = %q, now = "%s/debian:13" }`, old, host), baseCheck{byLayers, "d", old, before, now, layers, yes}},
		"digest alone":                 {"on-debian", fmt.Sprintf(`{ d = "%s/debian@%s" }`, host, before), baseCheck{byLayers, "d", host + "/debian@" + before, before, "", layers, nil}},
		"most layers win":              {"on-debian", fmt.Sprintf(`{ a = "%s/bottom:1", d = %q }`, host, old), baseCheck{byLayers, "d", old, before, now, layers, yes}},
		"none of them":                 {"on-debian", fmt.Sprintf(`{ a = "%s/alpine:3.22", now = "%s/debian:13" }`, host, host), baseCheck{}},
		"candidate for other platform": {"on-debian", fmt.Sprintf(`{ a = "%s/arm:1" }`, host), baseCheck{}},
		"no candidate":                 {"on-debian", `{}`, baseCheck{}},
		"name is stated":               {"says-name", `{}`, baseCheck{byAnnotation, "", host + "/alpine:3.22", current, current, 0, no}},
		"name and digest are stated":   {"says-both", fmt.Sprintf(`{ d = %q }`, old), baseCheck{byAnnotation, "d", host + "/debian:13", before, now, layers, yes}},
		"stated base is gone":          {"says-gone", `{}`, baseCheck{byAnnotation, "", host + "/deleted:13", before, "", 0, nil}},
		"what is stated is no name":    {"says-nonsense", fmt.Sprintf(`{ a = "%s/alpine:3.22" }`, host), baseCheck{byLayers, "a", host + "/alpine:3.22", current, current, 1, no}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: imageConfig(t, "", host+"/"+tt.image+":1.0.0", `platforms = ["linux/amd64"]`+"\nbase_candidates = "+tt.candidates),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("bases"), knownvalue.MapExact(map[string]knownvalue.Check{"linux/amd64": tt.want.check()})),
				},
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			}}})
		})
	}
}

// A builder may state the digest of the platform's manifest instead of the index's.
func TestImageBase_StatedDigestOfThePlatform(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	single := registrytest.Single("linux/amd64")
	single.Layers = registrytest.BaseImage("alpine").Layers
	own := server.Push(t, "single:1", single)
	index := registrytest.Index("linux/amd64", "linux/arm64")
	index.Layers = single.Layers
	newest := server.Push(t, "alpine:3.22", index)
	image := registrytest.Single("linux/amd64")
	image.Config = func(_ string, c *v1.ConfigFile) {
		c.Config.Labels = map[string]string{"org.opencontainers.image.base.name": server.Host() + "/alpine:3.22", "org.opencontainers.image.base.digest": own}
	}
	server.Push(t, "squashed:1.0.0", image)
	want := baseCheck{byAnnotation, "", server.Host() + "/alpine:3.22", own, newest, 0, knownvalue.Bool(false)}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: imageConfig(t, "", server.Host()+"/squashed:1.0.0", "base_candidates = {}"),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("bases"), knownvalue.MapExact(map[string]knownvalue.Check{"linux/amd64": want.check()})),
		},
	}}})
}

func TestImageBase_NotAskedForAndUnknown(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	alpine := registrytest.BaseImage("alpine")
	server.Push(t, "alpine:3.22", alpine)
	server.Push(t, "api:1.0.0", builtOn(alpine, map[string]string{"org.opencontainers.image.base.name": server.Host() + "/alpine:3.22"}))
	ref := server.Host() + "/api:1.0.0"
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{
			PreConfig:         func() { server.Inject(registrytest.Status(http.StatusForbidden, "DENIED", "no").On("", "/alpine/")) },
			Config:            imageConfig(t, "", ref, ""),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("bases"), knownvalue.Null())},
		},
		{
			PreConfig: server.Repair,
			Config: fmt.Sprintf("resource \"terraform_data\" \"base\" {\n  input = \"%s/alpine:3.22\"\n}\n", server.Host()) +
				imageConfig(t, "", ref, "base_candidates = { a = terraform_data.base.output }"),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("bases").AtMapKey("linux/arm64").AtMapKey("candidate"), knownvalue.StringExact("a")),
			},
		},
	}})
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{
			Config:      imageConfig(t, "", ref, fmt.Sprintf(`base_candidates = { a = "%s/none:1" }`, server.Host())),
			ExpectError: regexp.MustCompile(`(?s)Unable to read image.*: not\s+found.*base_candidates = \{`),
		},
		{
			Config:      imageConfig(t, "", ref, `base_candidates = { a = "no reference" }`),
			ExpectError: regexp.MustCompile(`(?s)Invalid image reference.*base_candidates = \{`),
		},
	}})
}
