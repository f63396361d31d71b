package main

import "testing"

func TestPlannedTexts_ReadsTheManifestsOfEachWorkload(t *testing.T) {
	texts, err := plannedTexts(`{"resource_changes": [
		{"address": "a", "change": {"after": {"name": "api-0000", "manifests": {"Service/shop/api-0000": "kind: Service\n"}}}},
		{"address": "b", "change": {"after": {"name": "api-0001", "manifests": {"Service/shop/api-0001": "kind: Service\n"}}}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) != 2 || texts["api-0001"]["Service/shop/api-0001"] != "kind: Service\n" {
		t.Errorf("plannedTexts() = %v", texts)
	}
	if texts, err := plannedTexts(`{"resource_changes": [{"address": "a", "change": {"after": {"name": "api-0000"}}}]}`); err == nil {
		t.Errorf("plannedTexts() of unknown manifests = %v, want an error", texts)
	}
}
