package registry_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestConcurrency_IsBoundedByHost(t *testing.T) {
	t.Parallel()
	for settings, want := range map[int]int32{0: 8, 3: 3} {
		srv := registrytest.Start(t)
		var now, most atomic.Int32
		srv.Inject(registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(10 * time.Millisecond)
			next.ServeHTTP(w, r)
			now.Add(-1)
		}))
		c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{MaxConcurrentRequests: settings}))
		var group sync.WaitGroup
		for i := range 40 {
			tag := fmt.Sprintf("a:%d", i)
			srv.Push(t, tag, registrytest.Single("linux/amd64").WithContent(tag))
			group.Go(func() {
				if _, err := c.Image(context.Background(), mustRef(t, srv.Host()+"/"+tag)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := most.Load(); got > want || got < 2 {
			t.Errorf("%d requests at one time, want up to %d", got, want)
		}
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithBearerAuth("", ""))
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	c := newClient(t, func(c *registry.Config) { c.UserAgent = "terraform-provider-seaworthy/1.2.3" })
	mustImage(t, c, mustRef(t, srv.Host()+"/a:1"))
	for _, r := range srv.Requests() {
		if got := r.Header.Get("User-Agent"); got != "terraform-provider-seaworthy/1.2.3" {
			t.Errorf("%s came from %q", r, got)
		}
	}
}
