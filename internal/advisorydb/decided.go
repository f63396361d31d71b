package advisorydb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// decisionAge is how long a tag's database is taken without asking again, so that a plan and the apply that follows, which are
// two processes, see the same one: a resource whose plan came out otherwise would be refused by Terraform. A new
// database is made every six hours; Trivy, too, does not look for one within an hour (aquasecurity/trivy, pkg/db/db.go).
const decisionAge = time.Hour

// decision says what a tag stood for.
type decision struct {
	Reference string    `json:"reference"`
	Digest    string    `json:"digest"`
	Decided   time.Time `json:"decided"`
}

// artifact returns the database's manifest: of the digest, of what was decided within the hour, or of what the tag stands for now.
func (s *Store) artifact(ctx context.Context) (registry.Artifact, error) {
	if s.config.Ref.IsPinned() {
		return s.puller.Artifact(ctx, s.config.Ref)
	}
	if pinned, ok := s.decided(); ok {
		artifact, err := s.puller.Artifact(ctx, pinned)
		if err == nil || !errors.Is(err, registry.ErrNotFound) {
			return artifact, err
		}
	}
	artifact, err := s.puller.Artifact(ctx, s.config.Ref)
	s.undecided = artifact.Digest
	return artifact, err
}

// decided returns the reference with the digest that was decided, if that is not too long ago.
func (s *Store) decided() (imageref.Reference, bool) {
	path, err := s.decisionPath()
	if err != nil {
		return imageref.Reference{}, false
	}
	raw, err := readSmall(path)
	if err != nil {
		return imageref.Reference{}, false
	}
	var d decision
	if json.Unmarshal(raw, &d) != nil || d.Reference != s.config.Ref.String() {
		return imageref.Reference{}, false
	}
	if age := s.config.Now.Sub(d.Decided); age < 0 || age > decisionAge {
		return imageref.Reference{}, false
	}
	pinned, err := s.config.Ref.WithDigest(d.Digest)
	return pinned, err == nil
}

// decide remembers what the tag was found to stand for, once that has proved usable. A failure costs a question to the registry, and is no reason to stop.
func (s *Store) decide() {
	if s.undecided == "" {
		return
	}
	path, err := s.decisionPath()
	if err != nil {
		return
	}
	raw, err := json.Marshal(decision{Reference: s.config.Ref.String(), Digest: s.undecided, Decided: s.config.Now.UTC()})
	if err == nil {
		err = writeWhole(path, raw)
	}
	if err != nil {
		s.log.Debug("which advisory database was decided on can not be remembered", "path", path, "error", err)
	}
}

// decisionPath begins with a dot, so that it is not taken for a database.
func (s *Store) decisionPath() (string, error) {
	root, err := s.cacheRoot()
	sum := sha256.Sum256([]byte(s.config.Ref.String()))
	return filepath.Join(root, ".decided-"+hex.EncodeToString(sum[:8])+".json"), err
}

// writeWhole replaces a file at once, since other processes read it.
func writeWhole(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
