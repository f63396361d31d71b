package hardening

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// secretWords are the words of a variable's name that say that its value is a
// secret. One word also counts as the end of a longer one: PGPASSWORD. Several
// must follow each other: API_KEY, apiKey.
var secretWords = []string{
	"password", "passwd", "passphrase", "pwd", "secret", "token", "credential", "credentials", "apikey",
	"api key", "access key", "account key", "auth key", "encryption key", "master key", "private key", "signing key", "connection string",
}

// secretEnd is a word that counts at the end of a name only: DB_PASS, but not PASS_COUNT.
const secretEnd = "pass"

// describingWords at the end of a name say that the value is about a secret
// rather than the secret itself: TOKEN_TTL, SECRET_NAME, PASSWORD_FILE, AWS_ACCESS_KEY_ID.
var describingWords = []string{
	"file", "path", "dir", "directory", "folder", "mount", "name", "id", "ref", "url", "uri", "endpoint", "host", "port", "region",
	"ttl", "timeout", "expiry", "expiration", "expires", "age", "interval", "period", "seconds", "minutes", "hours", "days",
	"length", "size", "count", "limit", "min", "max", "enabled", "disabled", "required", "optional",
	"type", "kind", "mode", "format", "algorithm", "issuer", "audience", "scope", "scopes", "header", "prefix", "suffix", "field", "version", "policy", "provider", "store",
}

// shellWords are variables in which a shell keeps its working directory.
var shellWords = []string{"PWD", "OLDPWD"}

// secretName returns the word by which a variable's name says that its value is
// a secret, or nothing.
func secretName(name string) string {
	words := splitWords(name)
	if len(words) == 0 || slices.Contains(describingWords, words[len(words)-1]) || slices.Contains(shellWords, name) {
		return ""
	}
	if words[len(words)-1] == secretEnd {
		return secretEnd
	}
	text := " " + strings.Join(words, " ") + " "
	for _, word := range secretWords {
		if strings.Contains(text, word+" ") && (!strings.Contains(word, " ") || strings.Contains(text, " "+word+" ")) {
			return word
		}
	}
	return ""
}

// splitWords takes a name apart at underscores, digits and the like, and where a small
// letter is followed by a capital, and writes the words small.
func splitWords(name string) []string {
	var b strings.Builder
	var before rune
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.Fields(b.String())
}

// secretShapes are values that are secrets whatever the variable is called.
var secretShapes = []struct {
	kind  string
	shape *regexp.Regexp
}{
	{"a private key in PEM form", regexp.MustCompile(`-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----`)},
	{"an AWS access key", regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a GitHub token", regexp.MustCompile(`\b(gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{22})`)},
	{"a GitLab token", regexp.MustCompile(`\bglpat-[0-9A-Za-z_-]{20}`)},
	{"a Slack token", regexp.MustCompile(`\bxox[abeoprs]-[0-9A-Za-z-]{10}`)},
	{"a Google API key", regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}`)},
	{"a JSON Web Token", regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]`)},
}

// urlPassword finds the password of each URL in a text.
var urlPassword = regexp.MustCompile(`\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@:]*:([^\s/?#@]+)@`)

// secretValue returns what kind of secret a value holds by its shape, or nothing.
func secretValue(value string) string {
	for _, s := range secretShapes {
		if s.shape.MatchString(value) {
			return s.kind
		}
	}
	for _, found := range urlPassword.FindAllStringSubmatch(value, -1) {
		if isLiteral(found[1]) {
			return "a URL with a password"
		}
	}
	return ""
}

// secretDetails tells users by what a secret is recognised.
func secretDetails() string {
	code := func(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }
	var kinds []string
	for _, s := range secretShapes {
		kinds = append(kinds, s.kind)
	}
	return "A variable's name is taken apart into words (`DB_PASSWORD`, `apiKey`). It says that its value is a secret if one of these is among them, " +
		"or is the end of one (`PGPASSWORD`): " + code(secretWords) + "; or if its last word is `" + secretEnd + "`. " +
		"It does not if its last word is one of " + code(describingWords) + ", nor if the value is empty, a switch such as `true`, or made of references (`$(NAME)`) alone.\n\n" +
		"Whatever the name, a value is a secret that holds " + strings.Join(kinds, ", ") + ", or a URL with a password.\n\n" +
		"A finding names the variable and never shows its value."
}

// isLiteral reports whether a value says something itself: it is neither empty
// nor made of references alone, nor a switch.
func isLiteral(value string) bool {
	value = strings.TrimSpace(value)
	if value == "" || slices.Contains([]string{"true", "false", "yes", "no", "on", "off"}, strings.ToLower(value)) {
		return false
	}
	return strings.TrimSpace(withoutReferences(value)) != ""
}

// withoutReferences leaves out every $(NAME), which Kubernetes replaces by
// another variable's value. $$(NAME) stays: it is that text itself.
// Source: kubernetes@v1.36.1 third_party/forked/golang/expansion/expand.go.
func withoutReferences(value string) string {
	var b strings.Builder
	for value != "" {
		if rest, escaped := strings.CutPrefix(value, "$$"); escaped {
			b.WriteByte('$')
			value = rest
			continue
		}
		if end := strings.IndexByte(value, ')'); end > 0 && strings.HasPrefix(value, "$(") {
			value = value[end+1:]
			continue
		}
		b.WriteByte(value[0])
		value = value[1:]
	}
	return b.String()
}
