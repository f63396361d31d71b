package hardening_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

func TestSecretInEnv(t *testing.T) {
	t.Parallel()
	const plain = "s3cr3t-value"
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"
	for _, tt := range []struct {
		name, value string
		secret      bool
	}{
		// By name.
		{"PASSWORD", plain, true},
		{"db_password", plain, true},
		{"MYSQL_ROOT_PASSWORD", plain, true},
		{"PGPASSWORD", plain, true},
		{"DB_PASSWORD2", plain, true},
		{"TOKEN2_TTL", "300", false},
		{"MYSQL_PWD", plain, true},
		{"SSH_PASSPHRASE", plain, true},
		{"SMTP_PASS", plain, true},
		{"htpasswd", plain, true},
		{"CLIENT_SECRET", plain, true},
		{"clientSecret", plain, true},
		{"DJANGO_SECRET_KEY", plain, true},
		{"GITHUB_TOKEN", plain, true},
		{"accessToken", plain, true},
		{"AZURE_CREDENTIALS", plain, true},
		{"API_KEY", plain, true},
		{"apiKey", plain, true},
		{"APIKEY", plain, true},
		{"X-API-Key", plain, true},
		{"AWS_SECRET_ACCESS_KEY", plain, true},
		{"STORAGE_ACCOUNT_KEY", plain, true},
		{"JWT_SIGNING_KEY", plain, true},
		{"TLS_PRIVATE_KEY", plain, true},
		{"AZURE_STORAGE_CONNECTION_STRING", plain, true},
		{"PASSWORD_HASH", plain, true},

		// Names about a secret, and words that only look like one.
		{"DB_PASSWORD_FILE", "/run/secrets/db", false},
		{"TOKEN_PATH", "/var/run/token", false},
		{"SECRET_NAME", "api-db", false},
		{"TOKEN_TTL", "3600", false},
		{"TOKEN_EXPIRY_SECONDS", "60", false},
		{"PASSWORD_MIN_LENGTH", "12", false},
		{"SECRET_PROVIDER", "vault", false},
		{"AWS_ACCESS_KEY_ID", "see the file", false},
		{"OAUTH_TOKEN_URL", "https://login.example.com/token", false},
		{"MAX_TOKENS", "4096", false},
		{"PASS_COUNT", "3", false},
		{"BYPASS", "cache", false},
		{"MONKEY", "bars", false},
		{"KEYBOARD", "de", false},
		{"LOG_LEVEL", "info", false},
		{"PWD", "/app", false},
		{"OLDPWD", "/", false},
		{"_", plain, false},

		// Values that say nothing themselves.
		{"DB_PASSWORD", "", false},
		{"DB_PASSWORD", " ", false},
		{"REQUIRE_PASSWORD", "true", false},
		{"USE_TOKEN", "No", false},
		{"DB_PASSWORD", "$(OTHER)", false},
		{"DB_PASSWORD", "$(A)$(B)", false},
		{"DB_PASSWORD", "$$(OTHER)", true},
		{"DB_PASSWORD", "$(A)-" + plain, true},
		{"DB_PASSWORD", "$(A", true},

		// By value.
		{"TLS", "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----", true},
		{"TLS", "-----BEGIN RSA PRIVATE KEY-----", true},
		{"TLS", "-----BEGIN OPENSSH PRIVATE KEY-----", true},
		{"TLS", "-----BEGIN CERTIFICATE-----", false},
		{"TLS", "-----BEGIN PUBLIC KEY-----", false},
		{"CONFIG", `{"id": "AKIAABCDEFGHIJKLMNOP"}`, true},
		{"CONFIG", "AKIASHORT", false},
		{"CONFIG", "XAKIAABCDEFGHIJKLMNOP", false},
		{"DATABASE_URL", "postgres://api:" + plain + "@db:5432/api", true},
		{"REDIS", "redis://:" + plain + "@cache:6379", true},
		{"HOSTS", "http://a.example.com,https://u:" + plain + "@b.example.com", true},
		{"DATABASE_URL", "postgres://api:$(DB_PASSWORD)@db:5432/api", false},
		{"DATABASE_URL", "postgres://api@db:5432/api", false},
		{"DATABASE_URL", "postgres://db:5432/api", false},
		{"BASE", "https://example.com:8080/@user", false},
		{"MAIL", "mailto:a@example.com", false},
		{"CONFIG", "ghp_" + strings.Repeat("a", 36), true},
		{"CONFIG", "github_pat_" + strings.Repeat("a", 22), true},
		{"CONFIG", "glpat-" + strings.Repeat("a", 20), true},
		{"CONFIG", "xoxb-" + strings.Repeat("1", 12), true},
		{"CONFIG", "AIza" + strings.Repeat("a", 35), true},
		{"CONFIG", jwt, true},
		{"CONFIG", "eyJhbGciOiJIUzI1NiJ9", false},
	} {
		findings := check(t, fmt.Sprintf("{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: [{name: main, image: a, env: [{name: %q, value: %q}]}]}}", tt.name, tt.value))
		found := false
		for _, f := range findings {
			found = found || f.RuleID == "secret-in-env"
			if text := fmt.Sprintf("%+v", f); tt.secret && strings.Contains(text, tt.value) {
				t.Errorf("%s: a finding holds the value: %s", tt.name, text)
			}
		}
		if found != tt.secret {
			t.Errorf("%s=%s: found %t, want %t", tt.name, tt.value, found, tt.secret)
		}
	}
}

// TestSecretInEnv_NoFixtureShowsAValue looks for what every secret of the
// fixtures holds.
func TestSecretInEnv_NoFixtureShowsAValue(t *testing.T) {
	t.Parallel()
	for _, path := range fixtures(t, "secret-in-env", "fail-*.yaml") {
		if text := read(t, path); !strings.Contains(strings.ToLower(text), "hunter2") {
			t.Errorf("%s: no secret holds the word hunter2", path)
		}
		for _, f := range hardening.Check(readFixture(t, path), hardening.Given{}) {
			if text := fmt.Sprintf("%+v", f); strings.Contains(strings.ToLower(text), "hunter2") {
				t.Errorf("%s: a finding holds the value: %s", path, text)
			}
		}
	}
}
