package imageref

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// maxPathLength is the longest repository path, after distribution/reference v0.6.0 (RepositoryNameTotalLengthMax).
const maxPathLength = 255

var (
	// pathPattern and tagPattern are <name> and <reference> of the OCI distribution specification v1.1.1.
	pathPattern = regexp.MustCompile(`^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$`)
	tagPattern  = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$`)

	digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	imageID       = regexp.MustCompile(`^[0-9a-f]{64}$`)
	schemePattern = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://`)
)

// ParseError says why a text is not an image reference.
type ParseError struct {
	// Input is the text as it was given.
	Input string
	// Reason is what is wrong with it and what to write instead.
	Reason error
}

// Error returns the input and the reason.
func (e *ParseError) Error() string {
	return fmt.Sprintf("invalid image reference %q: %v", e.Input, e.Reason)
}

// Unwrap returns the reason.
func (e *ParseError) Unwrap() error { return e.Reason }

// Parse reads a reference as users write it: "nginx", "nginx:1.27", "registry.example.com:5000/shop/api:1.4@sha256:…",
// "[::1]:5000/x" or "oci-layout:./image:1.4". The error is a *ParseError.
func Parse(s string) (Reference, error) {
	parse := parseRemote
	if strings.HasPrefix(s, layoutPrefix) {
		parse = parseLayout
	}
	ref, err := parse(s)
	if err != nil {
		return Reference{}, &ParseError{Input: s, Reason: err}
	}
	return ref, nil
}

func parseRemote(s string) (Reference, error) {
	if s == "" {
		return Reference{}, errors.New("it is empty; write registry/repository:tag")
	}
	if scheme := schemePattern.FindString(s); scheme != "" {
		return Reference{}, fmt.Errorf("it begins with %q; write the host without a scheme", scheme)
	}
	var ref Reference
	rest, digest, found := strings.Cut(s, "@")
	if found {
		if err := checkDigest(digest); err != nil {
			return Reference{}, err
		}
		ref.digest = digest
	}
	// A colon after the last slash begins the tag; any other belongs to the host.
	if i := strings.LastIndexByte(rest, ':'); i > strings.LastIndexByte(rest, '/') {
		ref.tag, rest = rest[i+1:], rest[:i]
		if err := checkTag(ref.tag); err != nil {
			return Reference{}, err
		}
	}
	host, path := splitHost(rest)
	if host == "" && imageID.MatchString(path) {
		return Reference{}, errors.New("it is an image ID, which only one machine knows; write the repository's name")
	}
	registry, err := ParseRegistry(host)
	if err != nil {
		return Reference{}, err
	}
	if registry == DockerHub && !strings.Contains(path, "/") {
		path = "library/" + path
	}
	if err := checkPath(path); err != nil {
		return Reference{}, err
	}
	ref.registry, ref.path = registry, path
	return ref, nil
}

// splitHost separates the host from the path. The first element is a host if it holds a dot or a colon or is
// "localhost", as Docker reads it; otherwise there is no host and Docker Hub is meant.
func splitHost(name string) (host, path string) {
	first, rest, found := strings.Cut(name, "/")
	if found && (first == "localhost" || strings.ContainsAny(first, ".:")) {
		return first, rest
	}
	return "", name
}

// parseLayout reads "oci-layout:PATH[:tag][@digest]". Tag and digest are looked for behind the last path separator, so
// that a colon or an at sign may stand in any element of the path but the last.
func parseLayout(s string) (Reference, error) {
	rest := strings.TrimPrefix(s, layoutPrefix)
	var ref Reference
	last := strings.LastIndexAny(rest, `/\`) + 1
	if i := strings.IndexByte(rest[last:], '@'); i >= 0 {
		ref.digest, rest = rest[last+i+1:], rest[:last+i]
		if err := checkDigest(ref.digest); err != nil {
			return Reference{}, err
		}
	}
	if i := strings.LastIndexByte(rest, ':'); i >= last {
		ref.tag, rest = rest[i+1:], rest[:i]
		if err := checkTag(ref.tag); err != nil {
			return Reference{}, err
		}
	}
	if rest == "" {
		return Reference{}, errors.New("the directory is missing; write oci-layout:PATH or oci-layout:PATH:tag")
	}
	if strings.ContainsFunc(rest, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return Reference{}, errors.New("the directory's path holds a control character")
	}
	ref.layout = rest
	return ref, nil
}

func checkPath(path string) error {
	switch {
	case path == "":
		return errors.New("the repository is missing behind the registry; write registry/repository:tag")
	case len(path) > maxPathLength:
		return fmt.Errorf("the repository has %d characters; at most %d are allowed", len(path), maxPathLength)
	case pathPattern.MatchString(path):
		return nil
	case pathPattern.MatchString(strings.ToLower(path)):
		return fmt.Errorf("repository %q has upper-case letters; write %q", path, strings.ToLower(path))
	default:
		return fmt.Errorf("repository %q is not valid; use lower-case letters and digits, joined by single dots, one or two underscores or dashes, and slashes", path)
	}
}

func checkTag(tag string) error {
	if tag == "" {
		return errors.New("the tag behind the colon is missing")
	}
	if !tagPattern.MatchString(tag) {
		return fmt.Errorf("tag %q is not valid; use at most 128 letters, digits, underscores, dots and dashes, and begin with none of the last two", tag)
	}
	return nil
}

func checkDigest(digest string) error {
	if !digestPattern.MatchString(digest) {
		return fmt.Errorf("digest %q is not valid; write sha256: and 64 lower-case hexadecimal digits", digest)
	}
	return nil
}
