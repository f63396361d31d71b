package signature

import (
	"fmt"
	"strings"
)

// Kind is why there is no proof, as an error value to compare with errors.Is.
type Kind string

// The kinds of Error.
const (
	// ErrNone: nothing was found.
	ErrNone Kind = "not signed"
	// ErrOtherKey: there are signatures, and none is by one of the keys.
	ErrOtherKey Kind = "signed by another key"
	// ErrOtherDigest: one of the keys has signed, but another image.
	ErrOtherDigest Kind = "signature of another image"
	// ErrUnreadable: what was found is not in a form that is known.
	ErrUnreadable Kind = "unreadable signature"
)

// Error returns the kind's name.
func (k Kind) Error() string { return string(k) }

// Error is why the image is not proven to be signed, or to have an attestation.
type Error struct {
	Kind Kind
	// PredicateType of the attestation that lacks; empty if the signature does.
	PredicateType string
	// Digest of the image.
	Digest string
	// Keys is how many keys were tried.
	Keys int
	// Found are the documents that were found instead, with what they are about.
	Found []string
}

// shownDocuments is how many documents a message lists.
const shownDocuments = 5

// Error begins with the kind.
func (e *Error) Error() string { return string(e.Kind) + ": " + e.Detail() }

// Detail says what was wanted, what was found and what to do.
func (e *Error) Detail() string {
	what, command := "signature", "cosign sign --key"
	if e.PredicateType != "" {
		what, command = fmt.Sprintf("attestation of the type %q", e.PredicateType), fmt.Sprintf("cosign attest --type %s --key", e.PredicateType)
	}
	keys := "the key"
	if e.Keys != 1 {
		keys = fmt.Sprintf("one of the %d keys", e.Keys)
	}
	switch e.Kind {
	case ErrOtherDigest:
		return fmt.Sprintf("there is no %s of %s; %s has signed, but something else: %s; such a signature may have been copied from another image, so find out who put it there",
			what, e.Digest, keys, e.found())
	case ErrOtherKey:
		return fmt.Sprintf("no %s of %s is by %s; not by it are: %s; check that the keys are those of whoever publishes the image",
			what, e.Digest, keys, e.found())
	case ErrUnreadable:
		return fmt.Sprintf("there is no %s of %s by %s; not understood were: %s; sign the image with cosign 2 or 3", what, e.Digest, keys, e.found())
	default:
		return fmt.Sprintf("there is no %s of %s beside the image; its publisher makes one with %s, and who copies an image copies its signatures too (cosign copy)",
			what, e.Digest, command)
	}
}

func (e *Error) found() string {
	list := e.Found[:min(len(e.Found), shownDocuments)]
	text := strings.Join(list, "; ")
	if more := len(e.Found) - len(list); more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// Unwrap returns the kind, for errors.Is.
func (e *Error) Unwrap() error { return e.Kind }
