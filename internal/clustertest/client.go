package clustertest

import (
	"context"
	"fmt"
	"reflect"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

// fieldManager is who the API server takes for the owner of what tests apply.
const fieldManager = "seaworthy-test"

// Applied is what the API server made of a manifest.
type Applied struct {
	Object *unstructured.Unstructured
	// Warnings are what the API server said to it besides.
	Warnings []string
}

// Apply sends a manifest, as it is written, by server-side apply with strict
// field validation: unknown and duplicate fields are errors, and so is a field
// that another manager owns. An error of the API server is an
// [k8s.io/apimachinery/pkg/api/errors.APIStatus].
func (c *Cluster) Apply(ctx context.Context, text string) (Applied, error) {
	return c.apply(ctx, text, metav1.PatchOptions{})
}

// ApplyForced is Apply, and takes fields from other managers.
func (c *Cluster) ApplyForced(ctx context.Context, text string) (Applied, error) {
	return c.apply(ctx, text, metav1.PatchOptions{Force: new(true)})
}

// DryRun is Apply up to the point where the object would be stored: defaults,
// admission and validation are done, and nothing is changed.
func (c *Cluster) DryRun(ctx context.Context, text string) (Applied, error) {
	return c.apply(ctx, text, metav1.PatchOptions{DryRun: []string{metav1.DryRunAll}})
}

func (c *Cluster) apply(ctx context.Context, text string, options metav1.PatchOptions) (Applied, error) {
	var content map[string]any
	if err := yaml.Unmarshal([]byte(text), &content); err != nil {
		return Applied{}, err
	}
	object := &unstructured.Unstructured{Object: content}
	options.FieldManager, options.FieldValidation = fieldManager, metav1.FieldValidationStrict
	var applied Applied
	resource, err := c.Resource(object.GroupVersionKind())
	if err != nil {
		return Applied{}, err
	}
	applied.Object, err = c.in(resource, object.GetNamespace()).Patch(collectWarnings(ctx, &applied.Warnings), object.GetName(),
		types.ApplyPatchType, []byte(text), options)
	return applied, err
}

// Resource returns the resource of a kind, custom resources included.
func (c *Cluster) Resource(kind schema.GroupVersionKind) (schema.GroupVersionResource, error) {
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return schema.GroupVersionResource{}, err
	}
	return mapping.Resource, nil
}

// Create creates an object, of a type of k8s.io/api, in a namespace, or in none
// for "". Only an object of a subresource must say its kind.
func (c *Cluster) Create(ctx context.Context, resource schema.GroupVersionResource, namespace string, object any, options metav1.CreateOptions, subresources ...string) error {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return err
	}
	sent := &unstructured.Unstructured{Object: content}
	if sent.GetKind() == "" {
		sent.SetGroupVersionKind(resource.GroupVersion().WithKind(reflect.TypeOf(object).Elem().Name()))
	}
	_, err = c.in(resource, namespace).Create(ctx, sent, options, subresources...)
	return err
}

// Exists is nil if there is such an object, with such a subresource.
func (c *Cluster) Exists(ctx context.Context, resource schema.GroupVersionResource, namespace, name string, subresources ...string) error {
	_, err := c.in(resource, namespace).Get(ctx, name, metav1.GetOptions{}, subresources...)
	return err
}

// Get reads an object into its type.
func Get[T any](ctx context.Context, c *Cluster, resource schema.GroupVersionResource, namespace, name string) (T, error) {
	var typed T
	object, err := c.in(resource, namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return typed, err
	}
	return typed, convert(object, &typed)
}

// List reads the objects of a namespace, or of all for "", into their type.
func List[T any](ctx context.Context, c *Cluster, resource schema.GroupVersionResource, namespace string) ([]T, error) {
	list, err := c.in(resource, namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	typed := make([]T, len(list.Items))
	for i := range list.Items {
		if err := convert(&list.Items[i], &typed[i]); err != nil {
			return nil, err
		}
	}
	return typed, nil
}

func convert(object *unstructured.Unstructured, typed any) error {
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, typed); err != nil {
		return fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err)
	}
	return nil
}

func (c *Cluster) in(resource schema.GroupVersionResource, namespace string) dynamic.ResourceInterface {
	if namespace == "" {
		return c.client.Resource(resource)
	}
	return c.client.Resource(resource).Namespace(namespace)
}

// warningsKey is the context's key of where warnings go.
type warningsKey struct{}

func collectWarnings(ctx context.Context, warnings *[]string) context.Context {
	return context.WithValue(ctx, warningsKey{}, warnings)
}

// warningHandler gives the API server's warnings to whoever asked.
type warningHandler struct{}

// HandleWarningHeaderWithContext implements [rest.WarningHandlerWithContext].
func (warningHandler) HandleWarningHeaderWithContext(ctx context.Context, _ int, _, text string) {
	if warnings, ok := ctx.Value(warningsKey{}).(*[]string); ok {
		*warnings = append(*warnings, text)
	}
}

// Delete deletes an object, and what belongs to it in the background; one that is not there is no error.
func (c *Cluster) Delete(ctx context.Context, resource schema.GroupVersionResource, namespace, name string) error {
	err := c.in(resource, namespace).Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationBackground)})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
