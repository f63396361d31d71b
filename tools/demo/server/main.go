// Command server is the workload of the demo: a small HTTP server that behaves
// as Kubernetes expects of one. It listens on port 8080, answers /healthz while
// it runs and /ready while it takes traffic, and on SIGTERM stops being ready,
// finishes the requests it has and exits 0.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// defaultAddress is the port that the image's config exposes.
	defaultAddress = ":8080"
	// readTimeout bounds how long a client may take to send a request, and
	// drainTimeout how long the requests under way may take to finish.
	readTimeout  = 5 * time.Second
	drainTimeout = 10 * time.Second
)

// version is set by the linker.
var version = "dev"

func main() {
	address := defaultAddress
	if fromEnv := os.Getenv("ADDRESS"); fromEnv != "" {
		address = fromEnv
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("version %s listens on %s", version, listener.Addr())
	if err := serve(ctx, listener); err != nil {
		log.Fatal(err)
	}
}

// serve answers on listener until ctx ends, and then drains.
func serve(ctx context.Context, listener net.Listener) error {
	var ready atomic.Bool
	ready.Store(true)
	server := &http.Server{Handler: handler(&ready), ReadHeaderTimeout: readTimeout}

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	ready.Store(false)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// handler answers /, /healthz and /ready; ready decides what /ready says.
func handler(ready *atomic.Bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "shop api %s\n", version)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			http.Error(w, "draining", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	return mux
}
