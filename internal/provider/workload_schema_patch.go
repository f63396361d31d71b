package provider

func workloadPatchAttributes() attributes {
	return attributes{
		"patches": objectList("Changes of single manifests, for the field that no argument reaches. They are applied in their order after everything else was decided, "+
			"and the result is decoded strictly and held to every hardening rule. Names, namespaces and selectors cannot be patched. "+
			"A patch for a manifest that does not exist, or that changes nothing, is an error. While a patch is not known, only its target is unknown in `manifests`. Default is none.", attributes{
			"target": requiredText("Manifest to change: its key in `manifests` (`Deployment.apps/shop/api`), or kind and name (`Deployment/api`)."),
			"strategic_merge": text("Part of the object, in YAML or JSON, as of `kubectl patch` and kustomize: lists whose elements have names are merged by them, `null` removes a field, " +
				"and `$patch: delete` an element. For a custom resource it is a JSON merge patch (RFC 7386). Exactly one of `strategic_merge` and `json_patch` is set. Default is none."),
			"json_patch": text("List of operations of a JSON patch (RFC 6902), in YAML or JSON: `add`, `remove`, `replace`, `move`, `copy` and `test`. Default is none."),
		}),
	}
}
