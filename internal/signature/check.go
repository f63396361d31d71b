package signature

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Proof is a document that a key verifies and that names the image's digest.
type Proof struct {
	// PredicateType is that of an attestation; empty for a signature.
	PredicateType string
	// KeyID is the [Key.ID] of the key.
	KeyID string
	// Origin is the document's.
	Origin string
}

// Check collects what is known of the signatures of one image. Make one with [NewCheck].
type Check struct {
	digest     string
	keys       []Key
	wanted     []string // predicate types; the empty one is a signature
	proofs     []Proof
	others     []string // origins that no key verifies
	elsewhere  map[string][]string
	unreadable []string
}

// NewCheck returns a check of the image with the digest ("sha256:…"), which needs a signature by one of the keys, and an
// attestation of each of the predicate types by one of the keys.
func NewCheck(digest string, keys []Key, predicateTypes []string) *Check {
	return &Check{digest: digest, keys: keys, wanted: append([]string{""}, predicateTypes...), elsewhere: map[string][]string{}}
}

// Add looks at one more document. Nothing of it is kept.
func (c *Check) Add(d Document) {
	opened, err := d.open()
	if err != nil {
		c.Unreadable(d.Origin, err)
		return
	}
	key, ok := c.signer(opened)
	if !ok {
		c.others = append(c.others, d.Origin)
		return
	}
	said, err := opened.read()
	switch {
	case err != nil:
		c.Unreadable(d.Origin, err)
	case !slices.Contains(said.digests, c.digest):
		c.elsewhere[said.predicateType] = append(c.elsewhere[said.predicateType], fmt.Sprintf("%s is about %s", d.Origin, strings.Join(shortened(said.digests), ", ")))
	default:
		c.proofs = append(c.proofs, Proof{PredicateType: said.predicateType, KeyID: key.ID(), Origin: d.Origin})
	}
}

// Unreadable notes that a document was found and could not be read, for the message if nothing else is proof.
func (c *Check) Unreadable(origin string, err error) {
	c.unreadable = append(c.unreadable, origin+": "+err.Error())
}

// Wants reports whether a document of the predicate type can be a proof that the check needs.
func (c *Check) Wants(predicateType string) bool {
	return predicateType == signPredicate || slices.Contains(c.wanted, predicateType)
}

// signer returns the key that verifies one of the signatures.
func (c *Check) signer(s signed) (Key, bool) {
	for _, key := range c.keys {
		for _, sig := range s.signatures {
			if key.verifies(s.message, sig) {
				return key, true
			}
		}
	}
	return Key{}, false
}

// Result returns the proofs, sorted and each once, or an *Error with the first thing that is not proven.
func (c *Check) Result() ([]Proof, error) {
	for _, want := range c.wanted {
		if !slices.ContainsFunc(c.proofs, func(p Proof) bool { return p.PredicateType == want }) {
			return nil, c.lacking(want)
		}
	}
	slices.SortFunc(c.proofs, func(a, b Proof) int {
		return cmp.Or(cmp.Compare(a.PredicateType, b.PredicateType), cmp.Compare(a.KeyID, b.KeyID), cmp.Compare(a.Origin, b.Origin))
	})
	return slices.Compact(c.proofs), nil
}

// lacking says why there is no proof. A copied signature weighs more than one by somebody else, and that more than none.
func (c *Check) lacking(predicateType string) *Error {
	e := &Error{PredicateType: predicateType, Digest: c.digest, Keys: len(c.keys), Kind: ErrNone}
	switch {
	case len(c.elsewhere[predicateType]) > 0:
		e.Kind, e.Found = ErrOtherDigest, c.elsewhere[predicateType]
	case len(c.others) > 0:
		e.Kind, e.Found = ErrOtherKey, c.others
	case len(c.unreadable) > 0:
		e.Kind, e.Found = ErrUnreadable, c.unreadable
	}
	return e
}

// shortened keeps a hostile or endless list out of a message.
func shortened(digests []string) []string {
	const shown = 3
	short := []string{}
	for _, digest := range digests[:min(len(digests), shown)] {
		short = append(short, fmt.Sprintf("%.80q", digest))
	}
	switch {
	case len(digests) == 0:
		short = append(short, "no digest")
	case len(digests) > shown:
		short = append(short, fmt.Sprintf("%d more", len(digests)-shown))
	}
	return short
}
