package registrytest

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is something that goes wrong with requests that match it.
type Fault struct {
	// Method limits the fault to one HTTP method; empty means any.
	Method string
	// PathPart limits the fault to paths that hold this text; empty means any.
	PathPart string
	// Times is how many requests the fault strikes before it is over; zero means all.
	Times int

	serve func(w http.ResponseWriter, r *http.Request, next http.Handler)
}

// On returns a copy of the fault that strikes only the given method ("" for any) and paths that hold the given text.
func (f Fault) On(method, pathPart string) Fault {
	f.Method, f.PathPart = method, pathPart
	return f
}

// First returns a copy of the fault that is over after n requests.
func (f Fault) First(n int) Fault {
	f.Times = n
	return f
}

// Inject makes faults strike from now on. Of several that match a request the first one strikes.
func (s *Server) Inject(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.faults = append(s.faults, &f)
	}
}

// Repair removes all faults.
func (s *Server) Repair() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault returns the fault that strikes r and counts it. The caller holds s.mu.
func (s *Server) takeFault(r *http.Request) *Fault {
	for i, f := range s.faults {
		if (f.Method != "" && f.Method != r.Method) || !strings.Contains(r.URL.Path, f.PathPart) {
			continue
		}
		if f.Times == 1 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		} else if f.Times > 1 {
			f.Times--
		}
		return f
	}
	return nil
}

// Custom answers with the given function. The handler next gives the right answer.
func Custom(serve func(w http.ResponseWriter, r *http.Request, next http.Handler)) Fault {
	return Fault{serve: serve}
}

// TooManyRequests answers 429 with the given headers, each as "Name: value".
func TooManyRequests(headers ...string) Fault {
	return Status(http.StatusTooManyRequests, "TOOMANYREQUESTS", "too many requests", headers...)
}

// Status answers with a status and an error in the registry's form, with the given headers, each as "Name: value".
func Status(status int, code, message string, headers ...string) Fault {
	return Fault{serve: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		refuse(w, status, code, message)
	}}
}

// Reset closes the connection without an answer.
func Reset() Fault {
	return Fault{serve: func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }}
}

// Hang answers nothing until the client gives up.
func Hang() Fault {
	return Fault{serve: func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }}
}

// Redirect sends the client to the same path at another server, with the given query.
func Redirect(baseURL, query string) Fault {
	return Fault{serve: func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.Header().Set("Location", baseURL+r.URL.Path+"?"+query)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}}
}

// Alter changes the body of the right answer. The headers stay as they were, apart from the length.
func Alter(change func(body []byte) []byte) Fault {
	return Fault{serve: func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := record(next, r)
		answer.body = change(answer.body)
		answer.header.Set("Content-Length", strconv.Itoa(len(answer.body)))
		answer.writeTo(w)
	}}
}

// Truncate sends half of the right body and closes the connection.
func Truncate() Fault {
	return Fault{serve: func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := record(next, r)
		answer.body = answer.body[:len(answer.body)/2]
		answer.writeTo(w)
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		panic(http.ErrAbortHandler)
	}}
}

// SetHeader replaces a header of the right answer, or removes it if the value is empty.
func SetHeader(name, value string) Fault {
	return Fault{serve: func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := record(next, r)
		answer.header.Del(name)
		if value != "" {
			answer.header.Set(name, value)
		}
		answer.writeTo(w)
	}}
}

// recorded is an answer that was kept instead of sent.
type recorded struct {
	status int
	header http.Header
	body   []byte
}

func record(handler http.Handler, r *http.Request) *recorded {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(rec, r)
	return &recorded{status: rec.status, header: rec.header, body: rec.body.Bytes()}
}

func (a *recorded) writeTo(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	// The client may be gone; that is its own affair.
	_, _ = w.Write(a.body)
}

// recorder is the http.ResponseWriter behind recorded.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// Drip sends the right answer one byte at a time, with a pause after each, until the client gives up: slow loris with exchanged parts.
func Drip(pause time.Duration) Fault {
	return Fault{serve: func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := record(next, r)
		for name, values := range answer.header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.status)
		flusher, _ := w.(http.Flusher)
		for _, b := range answer.body {
			if _, err := w.Write([]byte{b}); err != nil {
				return
			}
			if flusher != nil {
				flusher.Flush()
			}
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
				return
			}
		}
	}}
}
