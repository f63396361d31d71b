// Package patch changes rendered manifests by patches that a user wrote, for the one
// field that no argument reaches.
//
// A [Patch] names one manifest and says what to change, in one of two languages that
// users know from kubectl and kustomize:
//
//   - a strategic merge patch, which is a part of the object: lists whose elements have
//     names are merged by them, and `$patch: delete` removes an element. It is applied by
//     Kubernetes' own code (k8s.io/apimachinery), with the merge keys of the types in
//     k8s.io/api. For a custom resource, whose type is not known, it is a JSON merge patch
//     (RFC 7386), as in kustomize;
//   - a JSON patch (RFC 6902): a list of operations.
//
// Patches are applied in order, after everything else was decided, and the result is
// treated like any manifest: decoded strictly, and judged by the rules of package
// hardening. A patch cannot dodge them.
//
// What a patch may not change is what others know the object by: its API version,
// kind, namespace and name, and the selectors that tie objects to pods. A patch for
// an object that does not exist, or that changes nothing, is an error, so that a
// list of patches never holds what has no effect.
//
// The text of a patched manifest differs from that of the unpatched one by what was
// changed alone: untouched lines are kept as they were written (see rewrite), so that
// a plan shows a patch of one field as one line. Manifests without a patch are not
// touched.
//
// The package does no I/O. Errors name fields and operations, never values.
package patch
