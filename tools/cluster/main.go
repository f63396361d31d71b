// Command cluster runs a real Kubernetes control plane on loopback, without
// containers, until it is interrupted: etcd, kube-apiserver,
// kube-controller-manager, kube-scheduler, and kwok in the place of kubelets. Three
// nodes in three zones take pods, which become ready at once although nothing
// runs in them: all that the control plane decides is real, and nothing else. It
// knows the custom resources that the provider writes, without their controllers,
// and gives every claim a volume.
//
// Every start is a new cluster with nothing in it, on free ports. The programs
// are built from their Go modules (the folders beside this file) into the user's
// cache folder, once for each content of those folders. Nothing imports what the
// module in crds requires: run there `go mod download <module>`, never tidy.
//
// With -json the program serves another program, such as the tests of
// internal/clustertest: it prints one line of JSON (see readyLine) when the
// cluster is ready, and stops when its standard input ends, which it also does
// when the other program dies.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	tools := flag.String("tools", ".", "folder of the tools module")
	minor := flag.String("kubernetes", "", "minor version to run, of which there is a folder kubernetes-<minor>; the newest by default")
	asJSON := flag.Bool("json", false, "print one line of JSON when ready, and stop when standard input ends")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	announce := announceToPerson
	if *asJSON {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin) // an end of any kind is what is waited for
			cancel()
		}()
		announce = announceAsJSON
	}
	err := run(ctx, *tools, *minor, announce)
	interrupted := ctx.Err() != nil
	stop()
	if err != nil && !interrupted {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

// run serves a cluster until ctx ends or one of its programs does.
func run(ctx context.Context, tools, minor string, announce func(*cluster, time.Duration) error) (err error) {
	tools, err = filepath.Abs(tools)
	if err != nil {
		return err
	}
	built, err := buildPrograms(ctx, tools, minor, os.Stderr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "seaworthy-cluster-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	started := time.Now()
	c, err := startCluster(ctx, built, dir)
	if err != nil {
		return err
	}
	err = announce(c, time.Since(started))
	if err == nil {
		err = c.wait(ctx)
	}
	c.stop()
	fmt.Fprintf(os.Stderr, "Kubernetes %s ran for %.0f s: %s\n", c.version, time.Since(started).Seconds(), c.usage())
	return err
}

func announceToPerson(c *cluster, took time.Duration) error {
	_, err := fmt.Printf(`Kubernetes %s is ready after %.1f s: three nodes in three zones, whose pods become ready without running.

  export KUBECONFIG=%s
  kubectl get nodes

Pods must keep to a Pod Security standard where their namespace says so:

  kubectl create namespace shop
  kubectl label namespace shop pod-security.kubernetes.io/enforce=restricted

The logs are in %s. Ctrl-C stops everything and removes that folder.
`, c.version, took.Seconds(), c.kubeconfig, c.dir)
	return err
}

// readyLine is what -json prints.
type readyLine struct {
	// Version is that of the control plane, such as "v1.36.1".
	Version string `json:"version"`
	// Kubeconfig is the path of a file for kubectl. It lives as long as the cluster.
	Kubeconfig string `json:"kubeconfig"`
	// Server, CA and Token say the same as the file: the URL of the API server, the
	// certificate in PEM form that it shows, and the token of an administrator.
	Server string `json:"server"`
	CA     string `json:"ca"`
	Token  string `json:"token"`
}

func announceAsJSON(c *cluster, _ time.Duration) error {
	return json.NewEncoder(os.Stdout).Encode(readyLine{
		Version:    c.version,
		Kubeconfig: c.kubeconfig,
		Server:     c.api.server,
		CA:         string(c.credentials.certificate),
		Token:      c.credentials.token,
	})
}
