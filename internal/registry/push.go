package registry

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// write sends one request of those that change a repository. The status is not looked at.
func (p place) write(ctx context.Context, client *http.Client, method string, u *url.URL, body []byte, contentType string) (*http.Response, error) {
	var content io.Reader // Nil and not an empty reader, so that a repeated request has no body either.
	if body != nil {
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), content)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, p.explain(ctx, err)
	}
	return resp, nil
}

// pusher returns a client that may write to the repository and read from others at the same registry.
func (p place) pusher(ctx context.Context, actions string, others ...name.Repository) (*http.Client, error) {
	scopes := []string{p.repo.Scope(actions)}
	for _, other := range others {
		scopes = append(scopes, other.Scope(transport.PullScope))
	}
	return p.sessionFor(ctx, p.repo, scopes...)
}

// pushError explains a refusal to take content.
func (p place) pushError(resp *http.Response) *Error {
	err := p.statusError(resp.StatusCode, readWords(resp, p.redact))
	what := p.repo.RepositoryStr()
	err.Found += fmt.Sprintf(" (to %s in %s)", resp.Request.Method, what)
	switch resp.StatusCode {
	case http.StatusNotFound:
		err.Remedy = "some registries, such as Amazon ECR, need the repository to exist: create " + what + " first"
	case http.StatusForbidden:
		err.Remedy = "ask the registry's operator to let these credentials push to " + what
	case http.StatusMethodNotAllowed:
		err.Remedy = "the registry does not allow this; a pull-through cache takes no pushes, and deleting may have to be switched on by its operator"
	case http.StatusRequestEntityTooLarge:
		err.Remedy = "the registry, or a proxy before it, refuses content of this size; ask its operator to raise the limit"
	case http.StatusTooManyRequests:
		err.Kind, err.Remedy = ErrRateLimited, "wait, or use credentials with a higher limit; what was copied is kept"
	}
	return err
}

// hasBlob reports whether the repository has a blob. Whatever it answers, a copy that is not there is found when the manifest is refused.
func (p place) hasBlob(ctx context.Context, client *http.Client, blob v1.Descriptor) (bool, error) {
	resp, err := p.send(ctx, client, http.MethodHead, p.path(p.repo, configs.path, blob.Digest.String()))
	if err != nil {
		return false, err
	}
	defer discard(resp)
	return resp.StatusCode == http.StatusOK, nil
}

// mount has the registry take a blob from another of its repositories. If it does not, an upload may have been opened, which is
// left to be forgotten. Source: OCI distribution specification v1.1.1, "Mounting a blob from another repository".
func (p place) mount(ctx context.Context, client *http.Client, blob v1.Descriptor, from name.Repository) (bool, error) {
	u := p.path(p.repo, "blobs", "uploads", "")
	u.RawQuery = url.Values{"mount": {blob.Digest.String()}, "from": {from.RepositoryStr()}}.Encode()
	resp, err := p.write(ctx, client, http.MethodPost, u, nil, "")
	if err != nil {
		return false, err
	}
	defer discard(resp)
	return resp.StatusCode == http.StatusCreated, nil
}

// putManifest stores a manifest under a tag or its digest. It reports whether the registry has seen that the manifest belongs to
// another one.
func (p place) putManifest(ctx context.Context, client *http.Client, tagOrDigest string, doc document) (sawSubject bool, err error) {
	resp, err := p.write(ctx, client, http.MethodPut, p.path(p.repo, manifests.path, tagOrDigest), doc.raw, doc.mediaType)
	if err != nil {
		return false, err
	}
	defer discard(resp)
	if resp.StatusCode/100 != 2 {
		return false, p.pushError(resp)
	}
	if stored := resp.Header.Get("Docker-Content-Digest"); stored != "" && stored != doc.digest {
		return false, &Error{
			Kind:   ErrDigestMismatch,
			Found:  fmt.Sprintf("%s was sent %s and says that it stored %s", p.host, doc.digest, stored),
			Remedy: "a registry must not change manifests; check it and every proxy before it",
		}
	}
	return resp.Header.Get("OCI-Subject") != "", nil
}

// Delete removes the manifest with the reference's digest from its repository, and with it every tag that names it. Manifests of
// single platforms, layers and referrers stay until the registry collects what nothing names any more. That nothing is there to delete is no error.
// An error is an *Error, or the context's.
func (c *Client) Delete(ctx context.Context, ref imageref.Reference) error {
	if !ref.IsPinned() || ref.IsLayout() {
		return notPinned(ref)
	}
	defer c.presences.forgetAll()
	at, err := c.at(ref)
	if err != nil {
		return about(ref, err)
	}
	client, err := at.pusher(ctx, transport.DeleteScope)
	if err != nil {
		return about(ref, err)
	}
	resp, err := at.write(ctx, client, http.MethodDelete, at.path(at.repo, manifests.path, ref.Digest()), nil, "")
	if err != nil {
		return about(ref, err)
	}
	defer discard(resp)
	if resp.StatusCode/100 != 2 && resp.StatusCode != http.StatusNotFound {
		return about(ref, at.pushError(resp))
	}
	c.log.InfoContext(ctx, "deleted an image", "reference", ref.String(), "status", resp.StatusCode)
	return nil
}
