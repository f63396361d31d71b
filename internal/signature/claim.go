package signature

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// payloadClaim is the type in the payloads that cosign signs.
// Source: sigstore/cosign v3, specs/SIGNATURE_SPEC.md, "Payloads"; sigstore/sigstore v1.10.8, pkg/signature/payload.
const payloadClaim = "cosign container image signature"

// signPredicate is the predicate type of statements that are signatures.
// Source: sigstore/cosign v3, pkg/types/predicate.go (CosignSignPredicateType).
const signPredicate = "https://sigstore.dev/cosign/sign/v1"

// Statement types. Source: in-toto attestation framework, spec/v1/statement.md, and v0.1 before it.
var statementTypes = []string{"https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"}

// claim is what a verified document says.
type claim struct {
	predicateType string // empty for a signature
	digests       []string
}

// read parses a payload that a key has verified.
func (s signed) read() (claim, error) {
	if s.isEnvelope {
		return readStatement(s.payload)
	}
	var payload struct {
		Critical struct {
			Type  string `json:"type"`
			Image struct {
				Digest string `json:"docker-manifest-digest"`
			} `json:"image"`
		} `json:"critical"`
	}
	if err := json.Unmarshal(s.payload, &payload); err != nil {
		return claim{}, fmt.Errorf("the payload is no JSON: %w", err)
	}
	if payload.Critical.Type != payloadClaim {
		return claim{}, fmt.Errorf("the payload is of the type %.80q, and not a %s", payload.Critical.Type, payloadClaim)
	}
	return claim{digests: []string{payload.Critical.Image.Digest}}, nil
}

func readStatement(raw []byte) (claim, error) {
	var statement struct {
		Type    string `json:"_type"`
		Subject []struct {
			Digest map[string]string `json:"digest"`
		} `json:"subject"`
		PredicateType string `json:"predicateType"`
	}
	if err := json.Unmarshal(raw, &statement); err != nil {
		return claim{}, fmt.Errorf("the statement is no JSON: %w", err)
	}
	if !slices.Contains(statementTypes, statement.Type) {
		return claim{}, fmt.Errorf("the statement is of the type %.80q, which is not known", statement.Type)
	}
	if statement.PredicateType == "" {
		return claim{}, fmt.Errorf("the statement has no predicate type")
	}
	said := claim{predicateType: statement.PredicateType}
	if said.predicateType == signPredicate {
		said.predicateType = ""
	}
	for _, subject := range statement.Subject {
		if sum := subject.Digest["sha256"]; sum != "" {
			said.digests = append(said.digests, "sha256:"+strings.ToLower(sum))
		}
	}
	return said, nil
}
