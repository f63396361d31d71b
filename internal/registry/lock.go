package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/lockfile"
)

// LockMode says what the lock file is for.
type LockMode string

// The lock modes.
const (
	// LockUpdate trusts the entries that are there and adds those that are missing.
	LockUpdate LockMode = "update"
	// LockReadOnly trusts the entries that are there and refuses references that have none. No tag is asked for.
	LockReadOnly LockMode = "readonly"
	// LockOff neither reads nor writes the file.
	LockOff LockMode = "off"
)

// LockModes returns all modes.
func LockModes() []LockMode { return []LockMode{LockUpdate, LockReadOnly, LockOff} }

// UpgradeAll in Config.LockUpgrade stands for every entry.
const UpgradeAll = "all"

// lock decides when an entry of the lock file is trusted. A nil lock has no file.
type lock struct {
	file       *lockfile.File
	path       string
	readOnly   bool
	upgradeAll bool
	upgrade    []imageref.Reference
}

// newLock opens the lock file. The error joins a *ConfigError for each fault.
func newLock(config Config) (*lock, error) {
	var errs []error
	fault := func(field, format string, args ...any) {
		errs = append(errs, &ConfigError{Field: field, Err: fmt.Errorf(format, args...)})
	}
	l := &lock{path: config.LockFile, readOnly: config.LockMode == LockReadOnly}
	if config.LockMode != "" && !slices.Contains(LockModes(), config.LockMode) {
		fault("lock_mode", "%q is none of update, readonly and off", string(config.LockMode))
	}
	for _, text := range config.LockUpgrade {
		ref, err := imageref.Parse(text)
		switch {
		case text == UpgradeAll:
			l.upgradeAll = true
		case err != nil:
			fault("lock_upgrade", "%w", err)
		case ref.IsPinned() || ref.IsLayout():
			fault("lock_upgrade", "%q is never locked; name a repository, or a repository and its tag", text)
		default:
			l.upgrade = append(l.upgrade, ref)
		}
	}
	if l.readOnly && len(config.LockUpgrade) > 0 {
		fault("lock_upgrade", "lock_mode is readonly, so nothing can be upgraded; set lock_mode to update")
	}
	if len(config.LockUpgrade) > 0 && (config.LockFile == "" || config.LockMode == LockOff) {
		fault("lock_upgrade", "there is no lock file to upgrade, or lock_mode is off")
	}
	if config.LockFile == "" && config.LockMode != "" && config.LockMode != LockOff {
		fault("lock_mode", "there is no lock file for it; set lock_file, such as images.lock.json")
	}
	if config.LockFile == "" || config.LockMode == LockOff {
		return nil, errors.Join(errs...)
	}
	file, err := lockfile.Open(config.LockFile)
	if err != nil {
		fault("lock_file", "%w", err)
	}
	l.file = file
	return l, errors.Join(errs...)
}

// isUpgraded reports whether the entry of the reference, or of its repository's constraints, is to be decided anew.
func (l *lock) isUpgraded(ref imageref.Reference) bool {
	return l.upgradeAll || slices.ContainsFunc(l.upgrade, func(u imageref.Reference) bool {
		return u.Repository() == ref.Repository() && (u.Tag() == "" || ref.Tag() == "" || u.Tag() == ref.Tag())
	})
}

// image returns the entry to trust for a reference with a tag.
func (l *lock) image(ref imageref.Reference) (lockfile.Image, bool) {
	if l == nil || l.isUpgraded(ref) {
		return lockfile.Image{}, false
	}
	return l.file.Image(ref.String())
}

// missing refuses what a read-only lock does not have.
func (l *lock) missing(what string) error {
	if l == nil || !l.readOnly {
		return nil
	}
	return &Error{
		Kind:  ErrNotLocked,
		Found: fmt.Sprintf("the lock file %s has no entry for %s, and lock_mode is readonly", l.path, what),
		Remedy: "run terraform plan with lock_mode = \"update\" (SEAWORTHY_LOCK_MODE=update terraform plan, where the provider block does not set it), " +
			"review the new entry and commit it",
	}
}

// keep writes what a reference was resolved to and returns what stands in the file then.
func (l *lock) keep(ref imageref.Reference, got resolved) (resolved, error) {
	if l == nil {
		return got, nil
	}
	stands, err := l.file.SetImage(ref.String(), lockfile.Image{Digest: got.digest, Origin: got.origin})
	if err != nil {
		return resolved{}, unwritable(err)
	}
	return resolved{stands.Digest, stands.Origin}, nil
}

// blame says of content that is gone that the lock file named it.
func (l *lock) blame(ref imageref.Reference, digest string, err error) error {
	var e *Error
	if l == nil || ref.IsPinned() || ref.IsLayout() || !errors.As(err, &e) || e.Kind != ErrNotFound {
		return err
	}
	gone := *e
	gone.Remedy = fmt.Sprintf("the lock file %s has the digest %s for it; if the image was deleted or replaced, take the new one with %s, "+
		"if not, push it again", l.path, digest, UpgradeCommand(ref))
	return &gone
}

func unwritable(err error) error {
	return &Error{
		Kind: ErrLockFile, Found: err.Error(), Cause: err,
		Remedy: "let this user write the folder, name another lock_file, or set lock_mode to readonly where nothing may be written",
	}
}

// UpgradeCommand returns what a user types to have the reference's entry in the lock file decided anew.
func UpgradeCommand(ref imageref.Reference) string {
	return fmt.Sprintf("SEAWORTHY_LOCK_UPGRADE=%s terraform plan", ref)
}

// lockedTag returns the tag that the lock file has for a constraint.
func (c *Client) lockedTag(ref imageref.Reference, constraint Constraint) (tag string, err error) {
	if c.lock == nil {
		return "", nil
	}
	ref = ref.Untagged()
	if !c.lock.isUpgraded(ref) {
		if tag, ok := c.lock.file.Tag(ref.Repository(), constraint.key()); ok {
			return tag, nil
		}
	}
	return "", about(ref, c.lock.missing(fmt.Sprintf("the version %q of %s", constraint, ref.Repository())))
}

// keepTag writes the tag that a constraint chose and returns what stands in the file then.
func (c *Client) keepTag(ref imageref.Reference, constraint Constraint, tag string) (string, error) {
	if c.lock == nil {
		return tag, nil
	}
	stands, err := c.lock.file.SetTag(ref.Repository(), constraint.key(), tag)
	if err != nil {
		return "", about(ref, unwritable(err))
	}
	return stands, nil
}

// key returns the constraint as the lock file names it: with single spaces.
func (c Constraint) key() string { return strings.Join(strings.Fields(c.text), " ") }

// Resolution is what a reference stands for.
type Resolution struct {
	// Digest is that of the index where there is one, else of the manifest.
	Digest string
	// Moved is the digest that the registry has for the tag now, if it is another one than the lock file's, which Digest is.
	// It is empty if the tag did not move, and if that is not known: the reference has a digest itself, there is no
	// lock file, it is read-only, or the registry could not be asked.
	Moved string
}

// Resolve returns the digest that the reference names: its own if it has one, else the lock file's, else what the registry, a
// mirror of it, or the layout says now, which is then written to the lock file. An error is an *Error, or the context's.
func (c *Client) Resolve(ctx context.Context, ref imageref.Reference) (Resolution, error) {
	if ref.IsPinned() {
		return Resolution{Digest: ref.Digest()}, nil
	}
	return c.digests.do(ctx, ref.String(), func(ctx context.Context) (Resolution, error) {
		if ref.IsLayout() || c.lock == nil {
			got, err := c.ask(ctx, ref)
			return Resolution{Digest: got.digest}, err
		}
		named := ref
		if ref.Tag() == "" {
			var err error
			if named, err = ref.WithTag(defaultTag); err != nil {
				return Resolution{}, err
			}
		}
		if entry, ok := c.lock.image(named); ok {
			moved, err := c.movedFrom(ctx, ref, entry.Digest)
			return Resolution{Digest: entry.Digest, Moved: moved}, err
		}
		if err := c.lock.missing(named.String()); err != nil {
			return Resolution{}, about(ref, err)
		}
		got, err := c.ask(ctx, ref)
		if err == nil {
			got, err = c.lock.keep(named, got)
		}
		return Resolution{Digest: got.digest}, about(ref, err)
	})
}

// movedFrom returns the digest that the tag has now if it is not the locked one. That the registry can not be asked is no
// error: the lock file has decided.
func (c *Client) movedFrom(ctx context.Context, ref imageref.Reference, locked string) (string, error) {
	if c.lock.readOnly {
		return "", nil
	}
	now, err := c.source(ref).resolve(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		c.log.Warn("whether a locked tag has moved is not known", "reference", ref.String(), "error", err)
		return "", nil
	case now.digest == locked:
		return "", nil
	}
	return now.digest, nil
}
