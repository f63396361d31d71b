package registry

import (
	"context"
	"errors"
	"sync"
)

// memo does each piece of work once and remembers how it ended, success or failure.
//
// Callers who ask while the work is going on wait for it together. One who gives up gets their own context's error and
// does not disturb the others; the work is cancelled only when nobody waits any more, and is then forgotten.
// (singleflight of golang.org/x/sync neither remembers nor cancels.)
type memo[V any] struct {
	mu    sync.Mutex
	calls map[string]*call[V]
}

type call[V any] struct {
	done    chan struct{} // closed when value and err are set
	cancel  context.CancelFunc
	waiters int
	value   V
	err     error
}

// do returns what work returned for the key, now or earlier.
func (m *memo[V]) do(ctx context.Context, key string, work func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	if m.calls == nil {
		m.calls = map[string]*call[V]{}
	}
	c, ok := m.calls[key]
	if !ok {
		workCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		c = &call[V]{done: make(chan struct{}), cancel: cancel}
		m.calls[key] = c
		go m.run(workCtx, key, c, work)
	}
	c.waiters++
	m.mu.Unlock()

	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
		m.leave(key, c)
		var zero V
		return zero, context.Cause(ctx)
	}
}

func (m *memo[V]) run(ctx context.Context, key string, c *call[V], work func(context.Context) (V, error)) {
	defer c.cancel()
	c.value, c.err = work(ctx)
	if errors.Is(c.err, context.Canceled) {
		m.mu.Lock()
		m.forget(key, c)
		m.mu.Unlock()
	}
	close(c.done)
}

// leave takes one waiter away. With the last one the call is cancelled, under the lock, so that nobody can join it in between.
func (m *memo[V]) leave(key string, c *call[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c.waiters--
	if c.waiters > 0 {
		return
	}
	select {
	case <-c.done:
	default:
		m.forget(key, c)
		c.cancel()
	}
}

// forgetAll makes all later callers start anew.
func (m *memo[V]) forgetAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.calls)
}

// forget makes the next caller start anew. The caller holds m.mu.
func (m *memo[V]) forget(key string, c *call[V]) {
	if m.calls[key] == c {
		delete(m.calls, key)
	}
}
