package registry

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// Defaults for a Config.
const (
	DefaultRequestTimeout        = 30 * time.Second
	DefaultMaxRetries            = 4
	DefaultMaxConcurrentRequests = 8
	defaultRetryDelay            = 500 * time.Millisecond
)

// Config says how registries are reached. The zero value works: anonymous, no cache, no retries.
type Config struct {
	// Registries are settings by host, as it stands in references ("docker.io" for Docker Hub).
	Registries map[string]RegistryConfig
	// Keychain finds credentials for registries that have none here, usually DefaultKeychain(). Nil means none.
	Keychain authn.Keychain
	// CacheDir is the directory for manifests and configs; it is made if it does not exist. Empty means no cache on disk.
	CacheDir string
	// LockFile is the file of decisions about tags, see package lockfile. Empty means none.
	LockFile string
	// LockMode says what the file is for. Empty means LockUpdate.
	LockMode LockMode
	// LockUpgrade names entries to decide anew: references with or without a tag, or UpgradeAll.
	LockUpgrade []string
	// RequestTimeout bounds one HTTP request with its answer. Zero means DefaultRequestTimeout.
	RequestTimeout time.Duration
	// MaxRetries is how often a request is tried again, after the first time. Zero means never.
	MaxRetries int
	// RetryDelay is the wait before the first retry, which doubles from then on. Zero means half a second.
	RetryDelay time.Duration
	// UserAgent is sent with every request. Empty means "terraform-provider-seaworthy".
	UserAgent string
	// Logger gets every request at level debug and every fallback at level warn. Nil means no log.
	Logger *slog.Logger
}

// RegistryConfig is what is set for one registry.
type RegistryConfig struct {
	// Username and Password are exchanged for a token, or sent, as the registry asks.
	Username string
	Password Secret
	// Token is sent as a bearer token as it is. It excludes Username and Password.
	Token Secret
	// CACertificatePEM holds certificates to trust beside the system's own.
	CACertificatePEM string
	// ClientCertificatePEM and ClientKeyPEM identify us to a registry that asks for a client certificate.
	ClientCertificatePEM string
	ClientKeyPEM         Secret
	// PlainHTTP allows unencrypted HTTP, after HTTPS was tried.
	PlainHTTP bool
	// Mirrors are tried in order before the registry itself, each "host" or "host/prefix".
	Mirrors []string
	// MaxConcurrentRequests bounds the requests to this registry at one time. Zero means DefaultMaxConcurrentRequests.
	MaxConcurrentRequests int
}

// ConfigError says which setting is wrong, so that the caller can point at it.
type ConfigError struct {
	// Registry is the key in Config.Registries, or empty for a setting of Config itself.
	Registry string
	// Field is the setting's name in HCL, such as "ca_certificate_pem".
	Field string
	// Err is what is wrong and what to do.
	Err error
}

// Error returns the path of the setting in HCL and the reason.
func (e *ConfigError) Error() string {
	path := e.Field
	if e.Registry != "" {
		path = fmt.Sprintf("registries[%q]", e.Registry)
		if e.Field != "" {
			path += "." + e.Field
		}
	}
	return path + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *ConfigError) Unwrap() error { return e.Err }

// mirror is a place that holds copies of a registry's repositories.
type mirror struct {
	host   string // as imageref spells it
	prefix string // path in front of the repository's own, or empty
}

// settings is a RegistryConfig that was checked and parsed.
type settings struct {
	RegistryConfig
	mirrors []mirror
	tls     *tls.Config
}

// parse checks everything and returns the settings by normalised host. The error joins a *ConfigError for each fault.
func (c Config) parse() (map[string]*settings, error) {
	var errs []error
	for field, negative := range map[string]bool{
		"request_timeout_seconds": c.RequestTimeout < 0, "max_retries": c.MaxRetries < 0,
	} {
		if negative {
			errs = append(errs, &ConfigError{Field: field, Err: errors.New("must not be negative")})
		}
	}
	parsed := map[string]*settings{}
	for _, key := range slices.Sorted(maps.Keys(c.Registries)) {
		host, err := imageref.ParseRegistry(key)
		if err == nil && parsed[host] != nil {
			err = fmt.Errorf("the registry %q has two entries; keep one", host)
		}
		if err != nil {
			errs = append(errs, &ConfigError{Registry: key, Err: err})
			continue
		}
		var faults []*ConfigError
		parsed[host], faults = c.Registries[key].parse(host)
		for _, fault := range faults {
			fault.Registry = key
			errs = append(errs, fault)
		}
	}
	return parsed, errors.Join(errs...)
}

func (r RegistryConfig) parse(host string) (*settings, []*ConfigError) {
	s := &settings{RegistryConfig: r}
	var faults []*ConfigError
	fault := func(field string, err error) {
		if err != nil {
			faults = append(faults, &ConfigError{Field: field, Err: err})
		}
	}
	switch {
	case r.Token != "" && (r.Username != "" || r.Password != ""):
		fault("token", errors.New("set either token, or username and password"))
	case r.Username == "" && r.Password != "":
		fault("username", errors.New("is missing beside password"))
	case r.Username != "" && r.Password == "":
		fault("password", errors.New("is missing beside username"))
	}
	if r.MaxConcurrentRequests < 0 {
		fault("max_concurrent_requests", errors.New("must not be negative"))
	}
	for _, text := range r.Mirrors {
		m, err := parseMirror(text)
		if err == nil && m == (mirror{host: host}) {
			err = errors.New("the registry can not be its own mirror")
		}
		fault("mirrors", err)
		s.mirrors = append(s.mirrors, m)
	}
	s.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	if r.CACertificatePEM != "" {
		fault("ca_certificate_pem", s.trust(r.CACertificatePEM))
	}
	field, err := s.identify()
	fault(field, err)
	return s, faults
}

// parseMirror reads "host" or "host/prefix". Its errors do not repeat the text, which could hold credentials.
func parseMirror(text string) (mirror, error) {
	host, prefix, hasPrefix := strings.Cut(text, "/")
	registry, err := imageref.ParseRegistry(host)
	if text == "" || err != nil {
		return mirror{}, errors.New("is not valid; write host, host:port or host/prefix, without a scheme and without credentials")
	}
	if hasPrefix {
		if _, err := imageref.Parse(registry + "/" + prefix); err != nil || strings.ContainsAny(prefix, ":@") {
			return mirror{}, errors.New("the prefix behind the host is not valid; write lower-case path elements without tag and without a slash at the end")
		}
	}
	return mirror{host: registry, prefix: prefix}, nil
}

func (s *settings) trust(pem string) error {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return fmt.Errorf("reading the system's certificates: %w", err)
	}
	if !pool.AppendCertsFromPEM([]byte(pem)) {
		return errors.New("holds no certificate in PEM form; it must begin with -----BEGIN CERTIFICATE-----")
	}
	s.tls.RootCAs = pool
	return nil
}

// identify loads the client certificate. It returns the field to blame with the error.
func (s *settings) identify() (field string, err error) {
	switch {
	case s.ClientCertificatePEM == "" && s.ClientKeyPEM == "":
		return "", nil
	case s.ClientCertificatePEM == "":
		return "client_certificate_pem", errors.New("is missing beside client_key_pem")
	case s.ClientKeyPEM == "":
		return "client_key_pem", errors.New("is missing beside client_certificate_pem")
	}
	pair, err := tls.X509KeyPair([]byte(s.ClientCertificatePEM), []byte(s.ClientKeyPEM))
	if err != nil {
		// The library's words name the half that is wrong and never repeat the key.
		return "client_certificate_pem", fmt.Errorf("does not make a pair with client_key_pem: %w", err)
	}
	s.tls.Certificates = []tls.Certificate{pair}
	return "", nil
}

// path returns the path by which the mirror knows a repository.
func (m mirror) path(repository string) string {
	if m.prefix == "" {
		return repository
	}
	return m.prefix + "/" + repository
}
