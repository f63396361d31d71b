package registry

import (
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/google/go-containerregistry/pkg/authn"
)

// hidden is what is printed in place of a secret.
const hidden = "(sensitive)"

// shortestSecret is the length below which a secret is not searched for in texts: replacing every "ci" would make errors
// unreadable and hide nothing.
const shortestSecret = 4

// Secret is a text that no print function, encoder or logger prints.
type Secret string

// Format prints a placeholder for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText returns a placeholder, for JSON and structured logs.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// redactor knows the secrets that are in use and takes them out of texts that others wrote, such as a registry's own words.
type redactor struct {
	mu      sync.RWMutex
	secrets []string // longest first, so that no part of one is left over
}

// learn adds secrets.
func (r *redactor) learn(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range secrets {
		if len(s) >= shortestSecret && !slices.Contains(r.secrets, s) {
			r.secrets = append(r.secrets, s)
		}
	}
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
}

// learnHeader adds the secrets in the value of an Authorization header.
func (r *redactor) learnHeader(authorization string) {
	scheme, value, _ := strings.Cut(authorization, " ")
	if value == "" {
		return
	}
	r.learn(value)
	if strings.EqualFold(scheme, "basic") {
		if pair, err := base64.StdEncoding.DecodeString(value); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			r.learn(password)
		}
	}
}

// learnConfig adds the secrets of credentials that a keychain returned.
func (r *redactor) learnConfig(c authn.AuthConfig) {
	r.learn(c.Password, c.Auth, c.IdentityToken, c.RegistryToken)
}

// clean returns the text on one line, without secrets and without control characters.
func (r *redactor) clean(text string) string {
	text = strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, text)), " ")
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, secret := range r.secrets {
		text = strings.ReplaceAll(text, secret, hidden)
	}
	return text
}
