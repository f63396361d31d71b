//go:build cluster

package clustertest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// metrics answers queries as Prometheus does, with a number that the test sets: the query is the name
// of the namespace that it is about.
type metrics struct {
	mu     sync.Mutex
	values map[string]float64
	// failures is how many of the next answers are bad.
	failures map[string]int
}

func newMetrics() *metrics {
	return &metrics{values: map[string]float64{}, failures: map[string]int{}}
}

// fail makes the next answers bad ones.
func (m *metrics) fail(namespace string, times int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failures[namespace] = times
}

// left returns how many of the next answers are bad.
func (m *metrics) left(namespace string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.failures[namespace]
}

func (m *metrics) set(namespace string, value float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[namespace] = value
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	namespace := strings.TrimSpace(r.FormValue("query"))
	value, known := m.values[namespace]
	if m.failures[namespace] > 0 {
		m.failures[namespace]--
		value = 0
	}
	result := []any{}
	if known {
		result = append(result, map[string]any{"metric": map[string]any{}, "value": []any{time.Now().Unix(), fmt.Sprint(value)}})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "vector", "result": result}})
}
