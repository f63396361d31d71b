//go:build cluster

package clustertest_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// cluster is the one that all tests of this package share; each test has
// namespaces of its own.
var cluster *clustertest.Cluster

// version is the minor version of the cluster.
var version kubeversion.Version

var kubernetes = flag.String("kubernetes", "", "minor version of the cluster, such as 1.31; the newest that the tools know by default")

func TestMain(m *testing.M) {
	flag.Parse()
	started := time.Now()
	if err := setUp(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("Kubernetes %s, started in %.1f s\n", cluster.Version, time.Since(started).Seconds())
	code := m.Run()
	fmt.Print(statistics.String())
	if err := cluster.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "the control plane failed:", err)
		code = 1
	}
	os.Exit(code)
}

func setUp() (err error) {
	if cluster, err = clustertest.Start(*kubernetes, os.Stderr); err != nil {
		return err
	}
	if version, err = kubeversion.Parse(cluster.Version); err != nil {
		return err
	}
	return createNodePools(context.Background())
}

// settling is how long controllers may take; they take seconds, but share the
// machine with all other tests.
const settling = 2 * time.Minute

// eventually repeats check until it succeeds, and fails the test with what it
// said last when it does not.
func eventually(t *testing.T, what string, check func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), settling)
	defer cancel()
	var last error
	for {
		err := check(ctx)
		if err == nil {
			return
		}
		if ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: after %s still: %v", what, settling, last)
		case <-time.After(200 * time.Millisecond):
		}
	}
}
