package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

func TestHandler_AnswersProbes(t *testing.T) {
	var ready atomic.Bool
	for _, tc := range []struct {
		path  string
		ready bool
		want  int
	}{
		{"/", true, http.StatusOK},
		{"/healthz", true, http.StatusOK},
		{"/healthz", false, http.StatusOK},
		{"/ready", true, http.StatusOK},
		{"/ready", false, http.StatusServiceUnavailable},
		{"/other", true, http.StatusNotFound},
	} {
		ready.Store(tc.ready)
		answer := httptest.NewRecorder()
		handler(&ready).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, tc.path, nil))
		if answer.Code != tc.want {
			t.Errorf("GET %s with ready %t: status %d, want %d", tc.path, tc.ready, answer.Code, tc.want)
		}
	}
}

func TestServe_DrainsWhenTold(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, listener) }()

	answer, err := http.Get("http://" + listener.Addr().String() + "/ready")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || string(body) != "ready\n" {
		t.Errorf("GET /ready = %q, %v", body, err)
	}
	answer.Body.Close()

	stop()
	if err := <-done; err != nil {
		t.Errorf("serve() = %v after it was told to stop, want nil", err)
	}
}
