package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Limits on lists of tags. A page of more than 1000 is refused by Amazon ECR (google/go-containerregistry#1091).
const (
	tagPageSize     = 1000
	maxTagPages     = 100
	maxTags         = 100_000
	nearestTagPages = 5
)

type tagList struct {
	tags []string
	more bool
}

// tags asks one place for all pages, since the pages of two places do not fit together.
func (r *remote) tags(ctx context.Context, pages int) ([]string, bool, error) {
	list, err := firstOf(ctx, r, func(p place) (tagList, error) { return p.list(ctx, pages) })
	return list.tags, list.more, err
}

func (p place) list(ctx context.Context, pages int) (tagList, error) {
	var list tagList
	u := p.path(p.repo, "tags", "list")
	u.RawQuery = fmt.Sprintf("n=%d", tagPageSize)
	for page := 0; u != nil; page++ {
		if page == pages || len(list.tags) > maxTags {
			list.more = true
			return list, nil
		}
		answer, err := p.get(ctx, p.repo, u, maxTagPageBytes)
		if err != nil {
			return tagList{}, err
		}
		var body struct {
			Tags []string `json:"tags"`
		}
		if err := json.Unmarshal(answer.body, &body); err != nil {
			return tagList{}, &Error{
				Kind:   ErrServer,
				Found:  p.host + " sends a list of tags that is not JSON",
				Remedy: "check that the host is a container registry",
			}
		}
		list.tags = append(list.tags, body.Tags...)
		if u, err = p.nextPage(answer); err != nil {
			return tagList{}, err
		}
	}
	return list, nil
}

// nextPage returns where the link header says that the list goes on, or nil at its end. It must be at the same host, since
// our credentials go along.
// Source: OCI distribution specification v1.1.1, "Listing Tags"; RFC 8288.
func (p place) nextPage(answer *answer) (*url.URL, error) {
	link := answer.header.Get("Link")
	if link == "" {
		return nil, nil //nolint:nilnil // The end of the list is neither a page nor an error.
	}
	bad := &Error{
		Kind:   ErrServer,
		Found:  p.host + " sends a link to the next page of a list that leads nowhere or to another host",
		Remedy: "ask the registry's operator; for tags, write the tag instead of a version constraint",
	}
	target, _, found := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	if !found || !strings.HasPrefix(link, "<") {
		return nil, bad
	}
	next, err := answer.url.Parse(target)
	if err != nil || next.Host != p.repo.RegistryStr() {
		return nil, bad
	}
	return next, nil
}
