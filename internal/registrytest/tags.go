package registrytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// servePage answers a request for tags with at most s.page of them and a link to the next page, which the store does not do.
// Source: OCI distribution specification v1.1.1, "Listing Tags".
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if n, err := strconv.Atoi(query.Get("n")); err != nil || n > s.page {
		query.Set("n", strconv.Itoa(s.page))
	}
	r.URL.RawQuery = query.Encode()
	answer := record(s.store, r)
	var list struct {
		Tags []string `json:"tags"`
	}
	if answer.status == http.StatusOK && json.Unmarshal(answer.body, &list) == nil && len(list.Tags) == s.page {
		query.Set("last", list.Tags[len(list.Tags)-1])
		answer.header.Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.Path, query.Encode()))
	}
	answer.writeTo(w)
}
