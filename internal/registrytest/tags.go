package registrytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// servePage answers a request for tags with at most s.page of them and, where more follow, a link to the next page. The
// store itself sends no links, and begins anew when asked for what comes after its last tag.
// Source: OCI distribution specification v1.1.1, "Listing Tags".
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	n, err := strconv.Atoi(query.Get("n"))
	if err != nil || n > s.page {
		n = s.page
	}
	r.URL.RawQuery = ""
	answer := record(s.store, r)
	var list struct {
		Name string   `json:"name"`
		Tags []string `json:"tags"`
	}
	if answer.status != http.StatusOK || json.Unmarshal(answer.body, &list) != nil {
		answer.writeTo(w)
		return
	}
	slices.Sort(list.Tags)
	list.Tags = slices.DeleteFunc(list.Tags, func(tag string) bool { return tag <= query.Get("last") })
	if len(list.Tags) > n {
		list.Tags = list.Tags[:n]
		query.Set("n", strconv.Itoa(n))
		query.Set("last", list.Tags[n-1])
		answer.header.Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.Path, query.Encode()))
	}
	if answer.body, err = json.Marshal(list); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer.header.Set("Content-Length", strconv.Itoa(len(answer.body)))
	answer.writeTo(w)
}
