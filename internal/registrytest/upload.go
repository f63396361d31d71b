package registrytest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// BreakUploads makes connections break that carry more of a blob than the given number of bytes, after that number, until that has happened
// the given number of times. With keep the server has what came so far and says so when it is asked, as large registries do; without, it
// forgets the upload.
func BreakUploads(after int64, times int, keep bool) []Fault {
	var mu sync.Mutex
	kept := map[string]int64{} // by path of the upload
	broken := Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		mu.Lock()
		strikes := r.ContentLength > after && times > 0
		if strikes {
			times--
		}
		mu.Unlock()
		if !strikes {
			next.ServeHTTP(w, r)
			return
		}
		part, err := io.ReadAll(io.LimitReader(r.Body, after))
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			panic(http.ErrAbortHandler)
		}
		if keep && len(part) > 0 {
			mu.Lock()
			from := kept[r.URL.Path]
			kept[r.URL.Path] = from + int64(len(part))
			mu.Unlock()
			chunk := r.Clone(r.Context())
			chunk.Body, chunk.ContentLength = io.NopCloser(bytes.NewReader(part)), int64(len(part))
			chunk.Header.Set("Content-Range", fmt.Sprintf("%d-%d", from, from+int64(len(part))-1))
			record(next, chunk)
		}
		panic(http.ErrAbortHandler)
	}).On(http.MethodPatch, "/blobs/uploads/")
	status := Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		mu.Lock()
		n := kept[r.URL.Path]
		mu.Unlock()
		if n == 0 {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Location", r.URL.Path)
		w.Header().Set("Range", fmt.Sprintf("0-%d", n-1))
		w.WriteHeader(http.StatusNoContent)
	}).On(http.MethodGet, "/blobs/uploads/")
	return []Fault{broken, status}
}
