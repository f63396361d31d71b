package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Limits on what is read. The OCI distribution specification v1.1.1 lets registries refuse manifests over 4 MiB, so honest
// ones are smaller; configs hold a line for each layer and stay far below a megabyte.
const (
	maxManifestBytes = 4 << 20
	maxConfigBytes   = 8 << 20
	maxTagPageBytes  = 8 << 20
	maxErrorBytes    = 64 << 10
	maxWords         = 300
)

// content is a kind of content in a repository: the path under which it is asked for and how large it may be.
type content struct {
	path  string
	limit int64
}

var (
	manifests = content{"manifests", maxManifestBytes}
	configs   = content{"blobs", maxConfigBytes}
)

// acceptManifests asks for every kind of manifest, so that an index is not converted for us. Schema 1 is among them only to
// be recognised and refused by name.
var acceptManifests = strings.Join([]string{
	string(types.OCIImageIndex), string(types.DockerManifestList),
	string(types.OCIManifestSchema1), string(types.DockerManifestSchema2),
	string(types.DockerManifestSchema1Signed),
}, ", ")

// answer is an answer of status 200 whose body was read.
type answer struct {
	url    *url.URL // after redirects
	header http.Header
	body   []byte
}

// head asks for the digest of a tag without the manifest. It returns the empty string if the registry does not say it in a
// usable form, for whatever reason: the caller then gets the manifest, which also brings the registry's words.
// Only a failure that a GET would share is an error.
func (e *endpoint) head(ctx context.Context, repo name.Repository, tag string) (string, error) {
	named, _, err := place{e, repo}.headManifest(ctx, tag)
	return named, err
}

// get reads a whole answer of at most limit bytes. A body that breaks off is asked for again.
func (e *endpoint) get(ctx context.Context, repo name.Repository, u *url.URL, limit int64) (*answer, error) {
	client, err := e.session(ctx, repo)
	if err != nil {
		return nil, err
	}
	for retry := 0; ; retry++ {
		resp, err := e.send(ctx, client, http.MethodGet, u)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode != http.StatusOK {
			defer discard(resp)
			return nil, e.refusal(resp)
		}
		body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
		discard(resp)
		switch {
		case err == nil && int64(len(body)) > limit:
			return nil, &Error{
				Kind:   ErrTooLarge,
				Found:  fmt.Sprintf("%s sends more than %d bytes for %s", e.host, limit, u.Path),
				Remedy: "no image needs so much; check that the reference names an image",
			}
		case err == nil:
			return &answer{url: resp.Request.URL, header: resp.Header, body: body}, nil
		case !isBroken(err) || retry >= e.policy.max:
			return nil, e.explain(ctx, err)
		}
		if err := sleep(ctx, e.policy.backoff(retry)); err != nil {
			return nil, err
		}
	}
}

// send sends one request to the registry. The status is not looked at.
func (e *endpoint) send(ctx context.Context, client *http.Client, method string, u *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", acceptOf(u))
	resp, err := client.Do(req)
	if err != nil {
		return nil, e.explain(ctx, err)
	}
	return resp, nil
}

// path returns the URL of something in a repository. The scheme is a stand-in: the session puts the one in that the
// registry was found to speak.
func (e *endpoint) path(repo name.Repository, elements ...string) *url.URL {
	return &url.URL{
		Scheme: repo.Scheme(), Host: repo.RegistryStr(),
		Path: "/v2/" + repo.RepositoryStr() + "/" + strings.Join(elements, "/"),
	}
}

// readWords returns what the body of an error answer says, in short and without secrets.
// Source of the form: OCI distribution specification v1.1.1, "Error Codes".
func readWords(resp *http.Response, redact *redactor) string {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBytes))
	if err != nil || len(raw) == 0 {
		return ""
	}
	var body struct {
		Errors []struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"errors"`
		Details string `json:"details"` // token servers
	}
	var words []string
	if json.Unmarshal(raw, &body) == nil {
		for _, e := range body.Errors {
			words = append(words, strings.Trim(e.Code+": "+e.Message, ": "))
		}
		if body.Details != "" {
			words = append(words, body.Details)
		}
	} else if mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || mediaType == "text/plain" {
		words = append(words, string(raw))
	}
	text := redact.clean(strings.Join(words, "; "))
	if runes := []rune(text); len(runes) > maxWords {
		text = string(runes[:maxWords]) + "…"
	}
	return text
}
