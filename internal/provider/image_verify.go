package provider

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

// Limits on what one image is verified with. Every document is tried with every key.
const (
	maxKeys           = 20
	maxPredicateTypes = 20
)

// verification is what must be proven of an image. Nil is nothing.
type verification struct {
	keys           []signature.Key
	predicateTypes []string
}

// proofModel is one element of verified.
type proofModel struct {
	PredicateType types.String `tfsdk:"predicate_type"`
	KeyID         string       `tfsdk:"key_id"`
	Origin        string       `tfsdk:"origin"`
}

func verifyAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "What must be proven of the image's `digest` before anything uses it: a cosign signature (of cosign 2 or 3) by one of the keys. " +
			"Nothing but the registry is asked, and that by every plan: neither Rekor's log nor Fulcio's certificates, so keyless signatures count for nothing. Default is no verification.",
		Attributes: map[string]schema.Attribute{
			"keys": schema.ListAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Public keys in PEM, such as `file(\"cosign.pub\")`, at most 20: ECDSA on P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519. One that has signed is enough, so that keys can be rotated.",
			},
			"attestations": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Predicate types of attestations that the image must have as well, each by one of the keys, such as `https://slsa.dev/provenance/v1` or `https://cyclonedx.org/bom`. " +
					"What they say is not judged. Default is none.",
			},
		},
	}
}

func verifiedAttribute() schema.Attribute {
	return schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "Signatures and attestations by the keys of `verify`, all that were found; null if `verify` is not set.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"predicate_type": imageText("Predicate type of an attestation; null for a signature."),
			"key_id":         imageText("SHA-256 of the key that has signed, in DER (`sha256:…`)."),
			"origin":         imageText("Where it was found: the tag that stands for the digest (`sha256-….sig`), or the digest of a referrer."),
		}},
	}
}

// verification converts the argument and checks what is known of it. Errors are at the argument, since Terraform shows the
// source of no deeper path, and begin with the rest of it.
func (m imageModel) verification(diags *diag.Diagnostics) *verification {
	if m.Verify.IsNull() || m.Verify.IsUnknown() {
		return nil
	}
	at, attributes := path.Root("verify"), m.Verify.Attributes()
	found := &verification{}
	keys := knownTexts(attributes["keys"])
	if n := len(elementsOf(attributes["keys"])); !attributes["keys"].IsUnknown() && (n == 0 || n > maxKeys) {
		diags.AddAttributeError(at, "Invalid verification", fmt.Sprintf("verify.keys: there are %d keys. Write between 1 and %d; without any, every image would fail.", n, maxKeys))
	}
	for _, text := range keys {
		key, err := signature.ParseKey(text.value)
		if err != nil {
			diags.AddAttributeError(at, "Invalid public key", fmt.Sprintf("verify.keys[%d]: %s", text.index, stopped(err.Error())))
			continue
		}
		found.keys = append(found.keys, key)
	}
	if n := len(elementsOf(attributes["attestations"])); n > maxPredicateTypes {
		diags.AddAttributeError(at, "Invalid verification", fmt.Sprintf("verify.attestations: there are %d predicate types. Write at most %d.", n, maxPredicateTypes))
	}
	for _, text := range knownTexts(attributes["attestations"]) {
		if u, err := url.Parse(text.value); err != nil || u.Scheme == "" {
			diags.AddAttributeError(at, "Invalid predicate type", fmt.Sprintf(
				"verify.attestations[%d]: %q is no URI. Write the type in full, such as https://cyclonedx.org/bom; the short names of cosign's command line are not known here.", text.index, text.value))
		}
		found.predicateTypes = append(found.predicateTypes, text.value)
	}
	return found
}

// knownText is an element of a list of texts.
type knownText struct {
	index int
	value string
}

// knownTexts returns the elements of a list that are known.
func knownTexts(list attr.Value) []knownText {
	var texts []knownText
	for i, element := range elementsOf(list) {
		if text, ok := element.(types.String); ok && written(text) {
			texts = append(texts, knownText{i, text.ValueString()})
		}
	}
	return texts
}

func elementsOf(value attr.Value) []attr.Value {
	list, _ := value.(types.List)
	return list.Elements()
}

// verify proves what is asked of the image and fills in the proofs.
func (d *imageDataSource) verify(ctx context.Context, query imageQuery, ref imageref.Reference, model *imageModel, diags *diag.Diagnostics) {
	element := imageSchema().Attributes["verified"].GetType().(types.ListType).ElemType //nolint:forcetypeassert // The schema is our own.
	model.Verified = types.ListNull(element)
	if query.verification == nil {
		return
	}
	pinned, err := ref.WithDigest(model.Digest.ValueString())
	if err != nil {
		return // fromDomain has said so
	}
	proofs, err := d.images.Verify(ctx, pinned, query.verification.keys, query.verification.predicateTypes)
	if err != nil {
		addVerifyError(diags, ref, err)
		return
	}
	models := make([]proofModel, len(proofs))
	for i, p := range proofs {
		models[i] = proofModel{textOrNull(p.PredicateType), p.KeyID, p.Origin}
	}
	var more diag.Diagnostics
	model.Verified, more = types.ListValueFrom(ctx, element, models)
	diags.Append(more...)
}

// addVerifyError says why an image is not proven to be signed. That signatures can not be read is an error about them, too.
func addVerifyError(diags *diag.Diagnostics, ref imageref.Reference, err error) {
	if unproven, ok := errors.AsType[*signature.Error](err); ok {
		diags.AddAttributeError(path.Root("verify"), fmt.Sprintf("Unable to verify image %q: %s", ref, unproven.Kind), capitalised(stopped(unproven.Detail())))
		return
	}
	var inner diag.Diagnostics
	addImageError(&inner, ref, err)
	for _, d := range inner {
		diags.AddAttributeError(path.Root("verify"), fmt.Sprintf("Unable to verify image %q", ref), "Its signatures could not be read. "+d.Detail())
	}
}
