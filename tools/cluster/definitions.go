package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// definitionFiles tells where modules of the folder crds hold the definitions of
// the custom resources that the provider writes or is going to write.
var definitionFiles = map[string][]string{
	"github.com/argoproj/argo-rollouts": {"manifests/crds/*-crd.yaml"},
	"github.com/fluxcd/flagger":         {"artifacts/flagger/crd.yaml"},
	"github.com/kedacore/keda/v2":       {"config/crd/bases/keda.sh_*.yaml"},
	"github.com/prometheus-operator/prometheus-operator": {
		"example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
		"example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
		"example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
	},
	"github.com/projectcontour/contour":         {"examples/contour/01-crds.yaml"},
	"github.com/traefik/traefik/v3":             {"docs/content/reference/dynamic-configuration/traefik.io_*.yaml"},
	"github.com/zalando/skipper":                {"dataclients/kubernetes/deploy/apply/routegroups_crd.yaml"},
	"istio.io/api":                              {"kubernetes/customresourcedefinitions.gen.yaml"},
	"k8s.io/autoscaler/vertical-pod-autoscaler": {"deploy/vpa-v1-crd-gen.yaml"},
	"sigs.k8s.io/gateway-api": {
		"config/crd/standard/gateway.networking.k8s.io_g*.yaml",
		"config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",
		"config/crd/standard/gateway.networking.k8s.io_referencegrants.yaml",
	},
}

// definition is a custom resource definition.
type definition struct {
	name string
	text []byte
}

// furtherDefinitions is the folder, beside the go.mod, of the definitions of projects that
// publish no Go module (Gloo, App Mesh).
const furtherDefinitions = "further"

// findDefinitions reads the definitions of the modules that the go.mod in dir
// asks for, downloaded if they were not, and those of furtherDefinitions.
func findDefinitions(ctx context.Context, dir string) ([]definition, error) {
	paths := slices.Sorted(maps.Keys(definitionFiles))
	modules, err := requiredModules(ctx, dir, paths...)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, m := range modules {
		for _, pattern := range definitionFiles[m.Path] {
			found, err := filepath.Glob(filepath.Join(m.Dir, filepath.FromSlash(pattern)))
			if err != nil {
				return nil, err
			}
			if len(found) == 0 {
				return nil, fmt.Errorf("%s@%s has no %s", m.Path, m.Version, pattern)
			}
			files = append(files, found...)
		}
	}
	further, err := filepath.Glob(filepath.Join(dir, furtherDefinitions, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(further) == 0 {
		return nil, fmt.Errorf("no definitions in %s", filepath.Join(dir, furtherDefinitions))
	}
	var all []definition
	for _, file := range append(files, further...) {
		found, err := readDefinitions(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// readDefinitions returns the definitions among the documents of a file.
func readDefinitions(file string) ([]definition, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all []definition
	for document := range bytes.SplitSeq(content, []byte("\n---")) {
		var head struct {
			Kind     string
			Metadata struct{ Name string }
		}
		if err := yaml.Unmarshal(document, &head); err != nil {
			return nil, err
		}
		if head.Kind == "CustomResourceDefinition" {
			all = append(all, definition{name: head.Metadata.Name, text: document})
		}
	}
	return all, nil
}

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"

// define applies definitions, by server-side apply: the annotation of a
// client-side one has no room for the larger ones. The API server works on each
// for a while, so they come one after the other.
func (a api) define(ctx context.Context, all []definition) error {
	for _, d := range all {
		if err := a.apply(ctx, definitionsPath+d.name, d.text); err != nil {
			return err
		}
	}
	return nil
}

// defined tells whether the API server serves all definitions.
func (a api) defined(ctx context.Context) error {
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Status   struct {
				Conditions []struct{ Type, Status string }
			}
		}
	}
	if err := a.call(ctx, http.MethodGet, strings.TrimSuffix(definitionsPath, "/"), nil, &list); err != nil {
		return err
	}
	for _, item := range list.Items {
		established := slices.ContainsFunc(item.Status.Conditions, func(c struct{ Type, Status string }) bool {
			return c.Type == "Established" && c.Status == "True"
		})
		if !established {
			conditions, err := json.Marshal(item.Status.Conditions)
			return errors.Join(fmt.Errorf("%s is not served: %s", item.Metadata.Name, conditions), err)
		}
	}
	return nil
}
