package advisorydb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// Defaults for a Config.
const (
	// DefaultRef is where trivy-db is published.
	DefaultRef = "ghcr.io/aquasecurity/trivy-db:2"
	// DefaultWarnAge is the age from which a database is old enough to say so. A new one is made every six hours.
	DefaultWarnAge = 48 * time.Hour
	// DefaultMaxAge is the age beyond which a database is not used.
	DefaultMaxAge = 7 * 24 * time.Hour
)

// Media types of the artifact. Source: aquasecurity/trivy, pkg/db/db.go and pkg/oci/artifact.go.
const (
	configType = "application/vnd.aquasec.trivy.config.v1+json"
	layerType  = "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip"
)

// clockSkew is how far ahead of this machine's clock a database may be made.
const clockSkew = 24 * time.Hour

// Config says where the database is and how old it may be.
type Config struct {
	// Ref is the artifact. It is not used if Path is set.
	Ref imageref.Reference
	// Path is a directory with trivy.db and metadata.json, or the artifact's archive. Empty means that Ref is pulled.
	Path string
	// SHA256 is what the archive at Path must have, or trivy.db where Path is a directory, in hexadecimal. Empty means that it is not checked.
	SHA256 string
	// WarnAge and MaxAge bound the age. They must be positive.
	WarnAge, MaxAge time.Duration
	// Now is the time by which the age is judged.
	Now time.Time
	// CacheDir is where databases are kept.
	CacheDir string
	// Logger gets what is downloaded and removed, at level debug. Nil means no log.
	Logger *slog.Logger
}

// Puller is what is asked of registries.
type Puller interface {
	Artifact(ctx context.Context, ref imageref.Reference) (registry.Artifact, error)
	Download(ctx context.Context, ref imageref.Reference, layer registry.ArtifactLayer, w io.Writer) error
}

// AgeError says that a database is too old, or claims to come from the future.
type AgeError struct{ UpdatedAt, Now time.Time }

// Error returns when the database was made, and by which clock it is judged.
func (e *AgeError) Error() string {
	if e.UpdatedAt.After(e.Now) {
		return fmt.Sprintf("the advisory database says to be made %s, and it is %s by this machine's clock; correct the clock or the database",
			e.UpdatedAt.Format(time.RFC3339), e.Now.Format(time.RFC3339))
	}
	return fmt.Sprintf("the advisory database was made %s, which is %s ago; pull a newer one, or raise max_age_hours if you mean it",
		e.UpdatedAt.Format(time.RFC3339), hours(e.Now.Sub(e.UpdatedAt)))
}

func hours(d time.Duration) string { return fmt.Sprintf("%d hours", int64(d/time.Hour)) }

// Opened is an open database.
type Opened struct {
	*vulnerability.Database
	vulnerability.Metadata
	// Source is where it came from: the pinned reference, or the path.
	Source string
	// Warning says that it is old, or is empty.
	Warning string
}

// Store opens one database. It is safe for concurrent use, and is meant to live as long as one run of Terraform.
type Store struct {
	config Config
	puller Puller
	log    *slog.Logger

	mu     sync.Mutex
	opened *Opened
	err    error
	// undecided is the digest that the tag has, if the registry was asked.
	undecided string
}

// New returns a store. Nothing is read or asked yet.
func New(config Config, puller Puller) *Store {
	log := config.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Store{config: config, puller: puller, log: log}
}

// Open returns the database. The error is vulnerability.ErrDatabase, an *AgeError, or a *registry.Error.
func (s *Store) Open(ctx context.Context) (*Opened, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened != nil || s.err != nil {
		return s.opened, s.err
	}
	opened, err := s.open(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	s.opened, s.err = opened, err
	return opened, err
}

func (s *Store) open(ctx context.Context) (*Opened, error) {
	dir, source, err := s.locate(ctx)
	if err != nil {
		return nil, err
	}
	f, metadata, err := s.files(dir)
	if err != nil {
		return nil, err
	}
	opened, err := s.read(f, metadata)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	opened.Source = source
	s.decide()
	return opened, nil
}

// locate returns the directory with the two files, and where they came from.
func (s *Store) locate(ctx context.Context) (dir, source string, err error) {
	if s.config.Path == "" {
		return s.pull(ctx)
	}
	info, err := os.Stat(s.config.Path)
	if err != nil {
		return "", "", broken("%v", err)
	}
	if info.IsDir() {
		return s.config.Path, s.config.Path, nil
	}
	if info.Size() > maxArchiveBytes {
		return "", "", broken("%s has more than %d bytes", s.config.Path, int64(maxArchiveBytes))
	}
	digest, err := s.archiveDigest()
	if err != nil {
		return "", "", err
	}
	dir, err = s.keep(digest, func(w io.Writer) error {
		f, err := os.Open(s.config.Path)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // It is only read.
		_, err = io.Copy(w, f)
		return err
	})
	return dir, s.config.Path, err
}

// archiveDigest reads the archive at Path to its end and compares.
func (s *Store) archiveDigest() (string, error) {
	f, err := os.Open(s.config.Path)
	if err != nil {
		return "", broken("%v", err)
	}
	defer f.Close() //nolint:errcheck // It is only read.
	digest, err := digestOf(f)
	if err != nil {
		return "", broken("%v", err)
	}
	return digest, s.checkSum(s.config.Path, digest)
}

// checkSum compares a digest with the configured one.
func (s *Store) checkSum(path, digest string) error {
	if s.config.SHA256 != "" && !strings.EqualFold("sha256:"+s.config.SHA256, digest) {
		return broken("%s has the digest %s, and sha256 asks for %s; nothing of it was used", path, digest, s.config.SHA256)
	}
	return nil
}

// pull resolves the artifact and keeps what it holds.
func (s *Store) pull(ctx context.Context) (dir, source string, err error) {
	artifact, err := s.artifact(ctx)
	if err != nil {
		return "", "", err
	}
	pinned, err := s.config.Ref.WithDigest(artifact.Digest)
	if err != nil {
		return "", "", err
	}
	if artifact.ArtifactType != configType || len(artifact.Layers) != 1 || artifact.Layers[0].MediaType != layerType {
		return "", "", broken("%s is an artifact of the type %q with %d layers, and no database of trivy-db", pinned, artifact.ArtifactType, len(artifact.Layers))
	}
	layer := artifact.Layers[0]
	if layer.SizeBytes > maxArchiveBytes {
		return "", "", broken("%s has %d bytes, more than %d", pinned, layer.SizeBytes, int64(maxArchiveBytes))
	}
	dir, err = s.keep(layer.Digest, func(w io.Writer) error { return s.puller.Download(ctx, pinned, layer, w) })
	return dir, pinned.String(), err
}

// files opens trivy.db and reads metadata.json, verified where their digests are known.
func (s *Store) files(dir string) (*os.File, []byte, error) {
	if dir != s.config.Path {
		f, metadata, err := openKept(dir)
		if err != nil {
			// The next run fetches it again.
			return nil, nil, errors.Join(broken("%v", err), os.RemoveAll(dir))
		}
		return f, metadata, nil
	}
	metadata, err := readSmall(filepath.Join(dir, metadataName))
	if err != nil {
		return nil, nil, broken("%v", err)
	}
	f, err := os.Open(filepath.Join(dir, databaseName))
	if err != nil {
		return nil, nil, broken("%v", err)
	}
	if s.config.SHA256 == "" {
		return f, metadata, nil
	}
	digest, err := digestOf(f)
	if err == nil {
		err = s.checkSum(f.Name(), digest)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, metadata, nil
}

// read judges the metadata and opens the database.
func (s *Store) read(f *os.File, raw []byte) (*Opened, error) {
	metadata, err := vulnerability.ParseMetadata(raw)
	if err != nil {
		return nil, err
	}
	opened := &Opened{Metadata: metadata}
	switch age := s.config.Now.Sub(metadata.UpdatedAt); {
	case age > s.config.MaxAge || age < -clockSkew:
		return nil, &AgeError{UpdatedAt: metadata.UpdatedAt, Now: s.config.Now}
	case age > s.config.WarnAge:
		opened.Warning = fmt.Sprintf("the advisory database was made %s, %s ago: vulnerabilities that became known since are not in it",
			metadata.UpdatedAt.Format(time.RFC3339), hours(age))
	}
	info, err := f.Stat()
	if err != nil {
		return nil, broken("%v", err)
	}
	opened.Database, err = vulnerability.OpenDatabase(f, info.Size())
	return opened, err
}
