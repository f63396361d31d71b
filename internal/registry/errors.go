package registry

import (
	"fmt"
	"strings"
	"time"
)

// Kind is what went wrong, as an error value to compare with errors.Is.
type Kind string

// The kinds of Error.
const (
	// ErrNotFound: the repository, the tag or the content does not exist.
	ErrNotFound Kind = "not found"
	// ErrUnauthorized: the registry does not know who we are, or refuses the credentials (401).
	ErrUnauthorized Kind = "unauthorized"
	// ErrForbidden: the registry knows who we are and does not allow it (403).
	ErrForbidden Kind = "forbidden"
	// ErrCredentials: credentials could not be obtained, for example because a credential helper failed.
	ErrCredentials Kind = "credentials unavailable"
	// ErrTLS: no trusted connection, for example because the certificate's authority is unknown.
	ErrTLS Kind = "connection not trusted"
	// ErrPlainHTTP: the registry speaks plain HTTP, or sends us there, and nobody allowed it.
	ErrPlainHTTP Kind = "plain HTTP refused"
	// ErrUnreachable: no answer: refused, unknown host, time out, connection lost.
	ErrUnreachable Kind = "unreachable"
	// ErrRateLimited: the registry wants us to wait (429).
	ErrRateLimited Kind = "rate limited"
	// ErrServer: the registry answered with an error of its own (5xx) or with something that is not an answer.
	ErrServer Kind = "registry error"
	// ErrDigestMismatch: content does not have the digest that was asked for.
	ErrDigestMismatch Kind = "digest mismatch"
	// ErrTooLarge: content or a list is larger than anything honest.
	ErrTooLarge Kind = "too large"
	// ErrMediaType: what the reference names is not an image that can be run.
	ErrMediaType Kind = "not an image"
	// ErrInvalid: the content is broken although its digest is right.
	ErrInvalid Kind = "invalid content"
	// ErrNotLocked: the lock file has no entry, and may not be written.
	ErrNotLocked Kind = "not locked"
	// ErrLockFile: the lock file can not be written.
	ErrLockFile Kind = "lock file not written"
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{
		ErrNotFound, ErrUnauthorized, ErrForbidden, ErrCredentials, ErrTLS, ErrPlainHTTP, ErrUnreachable, ErrRateLimited,
		ErrServer, ErrDigestMismatch, ErrTooLarge, ErrMediaType, ErrInvalid, ErrNotLocked, ErrLockFile,
	}
}

// Error returns the kind's name.
func (k Kind) Error() string { return string(k) }

// Error is why a reference could not be resolved or read. None of its texts holds a secret.
type Error struct {
	Kind Kind
	// Reference is what was asked for, as the user's reference in normal form.
	Reference string
	// Found is what happened, with the host that answered and its own words.
	Found string
	// Remedy is what the user can do about it.
	Remedy string
	// Wait is how long a registry asked to wait, for ErrRateLimited. Zero means it did not say.
	Wait time.Duration
	// NearestTags are existing tags that resemble one that was not found, the most similar first.
	NearestTags []string
	// Mirrors are the failures of mirrors that were tried before.
	Mirrors []error
	// Cause is the error below, if it is one that is known to hold no secret.
	Cause error
}

// Error returns all of it on one line, except the cause, whose words are in Found.
func (e *Error) Error() string {
	parts := []string{e.Found}
	if len(e.NearestTags) > 0 {
		parts = append(parts, "the nearest existing tags are "+strings.Join(e.NearestTags, ", "))
	}
	for _, err := range e.Mirrors {
		parts = append(parts, "before that, a mirror failed: "+err.Error())
	}
	if e.Remedy != "" {
		parts = append(parts, e.Remedy)
	}
	text := fmt.Sprintf("%s: %s", e.Kind, strings.Join(parts, "; "))
	if e.Reference != "" {
		text = e.Reference + ": " + text
	}
	return text
}

// Unwrap returns the kind and the cause, for errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}
