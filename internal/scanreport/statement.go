package scanreport

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// maxWrappings bounds how often documents are wrapped: a bundle holds an envelope, that a statement, that a predicate.
const maxWrappings = 5

// statement is what the wrappings say.
type statement struct {
	digests  []string
	finished time.Time
}

// wrapping holds the members of all kinds of wrappings.
// Source: in-toto attestation framework, spec/v1/statement.md; secure-systems-lab/dsse, envelope.md; sigstore/protobuf-specs
// v0.5.0, sigstore_bundle.proto; sigstore/cosign, specs/COSIGN_VULN_ATTESTATION_SPEC.md.
type wrapping struct {
	DSSEEnvelope json.RawMessage `json:"dsseEnvelope"`
	PayloadType  string          `json:"payloadType"`
	Payload      string          `json:"payload"`

	Type    string `json:"_type"`
	Subject []struct {
		Digest map[string]string `json:"digest"`
	} `json:"subject"`
	PredicateType string          `json:"predicateType"`
	Predicate     json.RawMessage `json:"predicate"`
}

// vulnerabilityPredicate is cosign's predicate for scan results.
type vulnerabilityPredicate struct {
	Scanner struct {
		Result json.RawMessage `json:"result"`
	} `json:"scanner"`
	Metadata struct {
		ScanFinishedOn time.Time `json:"scanFinishedOn"`
	} `json:"metadata"`
}

// unwrap returns the document inside all wrappings, and what these say.
func unwrap(raw []byte) (statement, []byte, error) {
	var said statement
	for range maxWrappings {
		var w wrapping
		if err := json.Unmarshal(raw, &w); err != nil {
			return said, nil, unusable("it is not JSON: %v", err)
		}
		switch {
		case w.DSSEEnvelope != nil:
			raw = w.DSSEEnvelope
		case w.PayloadType == "application/vnd.in-toto+json":
			payload, err := base64.StdEncoding.DecodeString(w.Payload)
			if err != nil {
				return said, nil, unusable("the payload of its envelope is not base64")
			}
			raw = payload
		case strings.HasPrefix(w.Type, "https://in-toto.io/Statement/"):
			for _, subject := range w.Subject {
				said.digests = append(said.digests, "sha256:"+strings.ToLower(subject.Digest["sha256"]))
			}
			inner, err := said.predicate(w)
			if err != nil {
				return said, nil, err
			}
			raw = inner
		default:
			return said.valid(), raw, nil
		}
	}
	return said, nil, unusable("it is wrapped more than %d times", maxWrappings)
}

// valid drops subjects without a SHA-256.
func (s statement) valid() statement {
	kept := s.digests[:0:0]
	for _, digest := range s.digests {
		if isDigest(digest) {
			kept = append(kept, digest)
		}
	}
	s.digests = kept
	return s
}

// predicate returns the document that a statement holds.
func (s *statement) predicate(w wrapping) ([]byte, error) {
	switch {
	case strings.Contains(w.PredicateType, "/attestation/vuln/"):
		var p vulnerabilityPredicate
		if err := json.Unmarshal(w.Predicate, &p); err != nil || len(p.Scanner.Result) == 0 {
			return nil, unusable("its predicate holds no result of a scanner")
		}
		s.finished = p.Metadata.ScanFinishedOn.UTC()
		return p.Scanner.Result, nil
	case len(bytes.TrimSpace(w.Predicate)) == 0:
		return nil, unusable("its statement of the type %q has no predicate", w.PredicateType)
	}
	// Older cosign put the document under "Data", as JSON or as a text that holds JSON.
	var old struct {
		Data json.RawMessage `json:"Data"`
	}
	if json.Unmarshal(w.Predicate, &old) != nil || old.Data == nil {
		return w.Predicate, nil
	}
	var text string
	if json.Unmarshal(old.Data, &text) == nil {
		return []byte(text), nil
	}
	return old.Data, nil
}
