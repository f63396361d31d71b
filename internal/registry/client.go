package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// Client answers questions about images. It is safe for concurrent use, and is meant to live as long as one run of
// Terraform: whatever it has answered once it answers the same way again.
type Client struct {
	config   Config
	settings map[string]*settings
	log      *slog.Logger
	redact   redactor
	cache    cache
	lock     *lock // nil: no lock file

	mu        sync.Mutex
	endpoints map[string]*endpoint

	digests memo[Resolution]       // by reference without digest
	images  memo[imagefacts.Image] // by reference and platforms
	tags    memo[[]string]         // by repository
	bytes   memo[[]byte]           // by repository and digest

	layers memo[[]byte]            // encoded, by digest and diff ID
	inside memo[contents.Contents] // by reference and platform
	scans  chan struct{}           // holds a value for each layer that is being read

	referrers memo[[]Referrer] // by repository, digest and types
	presences memo[Presence]   // by pinned reference and further digests
}

// New checks the configuration and returns a client. Nothing is asked of any registry yet.
// The error joins a *ConfigError for each setting that is wrong.
func New(config Config) (*Client, error) {
	parsed, err := config.parse()
	lock, lockErr := newLock(config)
	if lockErr != nil {
		err = errors.Join(err, lockErr)
	}
	if err != nil {
		return nil, err
	}
	log := config.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Client{
		config: config, settings: parsed, log: log,
		cache: cache{dir: config.CacheDir, log: log}, lock: lock, endpoints: map[string]*endpoint{},
		scans: make(chan struct{}, layersAtOnce),
	}, nil
}

// Digest returns the digest that the reference names, as Resolve does.
func (c *Client) Digest(ctx context.Context, ref imageref.Reference) (string, error) {
	resolution, err := c.Resolve(ctx, ref)
	return resolution.Digest, err
}

// ask returns what the registry, a mirror of it, or the layout says now.
func (c *Client) ask(ctx context.Context, ref imageref.Reference) (resolved, error) {
	src := c.source(ref)
	got, err := src.resolve(ctx)
	err = about(ref, err)
	if e := (*Error)(nil); errors.As(err, &e) && e.Kind == ErrNotFound && ref.Tag() != "" {
		// Only a help: if the list can not be had, the error stands without it.
		if tags, _, err := src.tags(ctx, nearestTagPages); err == nil {
			e.NearestTags = nearest(ref.Tag(), tags)
		}
	}
	return got, err
}

// Image returns the facts of the image that the reference names, for the given platforms or, if none are given, for all.
// An error is an *Error, or the context's, or holds an *imagefacts.PlatformError if the image lacks a platform that was given.
func (c *Client) Image(ctx context.Context, ref imageref.Reference, platforms ...imagefacts.Platform) (imagefacts.Image, error) {
	key := ref.String() + " " + strings.Join(slices.Compact(imagefacts.Names(platforms)), " ")
	return c.images.do(ctx, key, func(ctx context.Context) (imagefacts.Image, error) {
		digest, err := c.Digest(ctx, ref)
		if err != nil {
			return imagefacts.Image{}, err
		}
		image, err := readImage(ctx, c.source(ref), digest, platforms)
		return image, c.lock.blame(ref, digest, about(ref, err))
	})
}

// Tags returns all tags of the reference's repository, or of its layout, in the order of the registry. The reference's own
// tag and digest do not matter. An error is an *Error about the repository, or the context's.
func (c *Client) Tags(ctx context.Context, ref imageref.Reference) ([]string, error) {
	ref = ref.Untagged()
	return c.tags.do(ctx, ref.String(), func(ctx context.Context) ([]string, error) {
		tags, more, err := c.source(ref).tags(ctx, maxTagPages)
		if err == nil && more {
			err = &Error{
				Kind:   ErrTooLarge,
				Found:  fmt.Sprintf("the repository has more than %d tags or %d pages of them", maxTags, maxTagPages),
				Remedy: "write the tag instead of a version constraint",
			}
		}
		return tags, about(ref, err)
	})
}

// resolved is what a tag stands for now.
type resolved struct {
	digest string
	origin string // the repository that said so, in normal form; a layout leaves it empty
}

// source is where the content of one reference comes from.
type source interface {
	// resolve returns the digest of the reference's tag, and who named it.
	resolve(ctx context.Context) (resolved, error)
	// read returns content whose SHA-256 is the digest.
	read(ctx context.Context, kind content, digest string) ([]byte, error)
	// tags returns at most the given number of pages of tags, and whether there are more.
	tags(ctx context.Context, pages int) (tags []string, more bool, err error)
	// referrers returns what refers to the digest, of the given types or of all.
	referrers(ctx context.Context, digest string, artifactTypes []string) ([]Referrer, error)
	// stream returns the bytes of a blob of the given size from an offset on, which are not verified yet.
	stream(ctx context.Context, digest string, offset, size int64) (io.ReadCloser, error)
}

func (c *Client) source(ref imageref.Reference) source {
	if ref.IsLayout() {
		return &layout{ref: ref}
	}
	return &remote{client: c, ref: ref}
}

// about returns a copy of an error from below that names the reference.
func about(ref imageref.Reference, err error) error {
	var e *Error
	if errors.As(err, &e) {
		named := *e
		named.Reference = ref.String()
		return &named
	}
	if platform := (*imagefacts.PlatformError)(nil); errors.As(err, &platform) {
		return fmt.Errorf("%s: %w", ref, err)
	}
	return err
}

func (c *Client) endpoint(host string) *endpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.endpoints[host]
	if e == nil {
		e = c.newEndpoint(host)
		c.endpoints[host] = e
	}
	return e
}

// plainHTTPAllowed reports whether a host, with its port, may be spoken to without TLS.
func (c *Client) plainHTTPAllowed(host string) bool {
	if s := c.settings[host]; s != nil && s.PlainHTTP {
		return true
	}
	return isLoopback((&url.URL{Host: host}).Hostname())
}
