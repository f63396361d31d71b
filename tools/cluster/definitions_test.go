package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReadDefinitions_LeavesOtherObjectsOut(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "all.yaml")
	const text = `# A licence.
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: a.example.com
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: upgrades}
---
kind: CustomResourceDefinition
metadata: {name: b.example.com}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := readDefinitions(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || found[0].name != "a.example.com" || found[1].name != "b.example.com" {
		t.Errorf("found %v", found)
	}
}
