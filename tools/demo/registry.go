package main

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// loopbackRegistry is a container registry in memory, on a free port of the
// loopback interface.
type loopbackRegistry struct {
	// Host is the registry's host and port.
	Host string

	server *http.Server
}

// startRegistry starts a registry that answers until it is closed.
func startRegistry(ctx context.Context) (*loopbackRegistry, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{
		Handler:           registry.New(registry.Logger(log.New(io.Discard, "", 0))),
		ReadHeaderTimeout: 5 * time.Second,
	}
	// Serve ends with ErrServerClosed when Close is called; a failure before
	// that shows in the step that then cannot reach the registry.
	go func() { _ = server.Serve(listener) }()
	return &loopbackRegistry{Host: listener.Addr().String(), server: server}, nil
}

// Close ends the registry and forgets what was pushed.
func (r *loopbackRegistry) Close() error { return r.server.Close() }

// Push writes index under repository:tag and returns its digest.
func (r *loopbackRegistry) Push(ctx context.Context, repository, tag string, index v1.ImageIndex) (v1.Hash, error) {
	ref, err := name.NewTag(r.Host + "/" + repository + ":" + tag)
	if err != nil {
		return v1.Hash{}, err
	}
	if err := remote.WriteIndex(ref, index, remote.WithContext(ctx)); err != nil {
		return v1.Hash{}, err
	}
	return index.Digest()
}
