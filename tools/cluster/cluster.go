package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// startLimit is how long each part of a cluster may take to become ready. It
// takes seconds; a busy machine takes longer.
const startLimit = 2 * time.Minute

// cluster is a running control plane.
type cluster struct {
	version     string
	dir         string
	kubeconfig  string
	credentials credentials
	api         api
	processes   []*process
	// failed gets the reason when one of the programs ends by itself.
	failed chan error
}

// startCluster starts the programs, with their data in dir, and returns when the
// nodes take pods.
func startCluster(ctx context.Context, built programs, dir string) (_ *cluster, err error) {
	c := &cluster{version: built.version, dir: dir, kubeconfig: filepath.Join(dir, "kubeconfig"), failed: make(chan error, len(built.path))}
	defer func() {
		if err != nil {
			c.stop()
		}
	}()
	if c.credentials, err = newCredentials(dir); err != nil {
		return nil, err
	}
	ports, err := freePorts(ctx, 3)
	if err != nil {
		return nil, err
	}
	etcd, peer, server := "http://"+ports[0], "http://"+ports[1], "https://"+ports[2]
	if c.api, err = newAPI(server, c.credentials); err != nil {
		return nil, err
	}
	if err := c.credentials.writeKubeconfig(c.kubeconfig, server); err != nil {
		return nil, err
	}
	if err := c.start(built, "etcd", "-data-dir="+filepath.Join(dir, "etcd"), "-client="+etcd, "-peer="+peer); err != nil {
		return nil, err
	}
	if err := c.start(built, "kube-apiserver", apiServerFlags(c.credentials, dir, etcd, ports[2])...); err != nil {
		return nil, err
	}
	err = c.until(ctx, "the API server", func(ctx context.Context) error {
		return c.api.call(ctx, http.MethodGet, "/readyz", nil, nil)
	})
	if err != nil {
		return nil, err
	}
	return c, c.startControllers(ctx, built)
}

// startControllers starts what acts on the objects of the API server, and
// creates the nodes.
func (c *cluster) startControllers(ctx context.Context, built programs) error {
	if err := c.start(built, "kube-controller-manager", controllerManagerFlags(c.credentials, c.kubeconfig)...); err != nil {
		return err
	}
	config, err := json.Marshal(schedulerConfig(c.kubeconfig))
	if err != nil {
		return err
	}
	configFile := filepath.Join(c.dir, "scheduler.json")
	if err := os.WriteFile(configFile, config, 0o600); err != nil {
		return err
	}
	if err := c.start(built, "kube-scheduler", schedulerFlags(configFile)...); err != nil {
		return err
	}
	if err := c.start(built, "kwok", kwokFlags(c.kubeconfig, built.stages)...); err != nil {
		return err
	}
	if err := c.api.createNodes(ctx); err != nil {
		return err
	}
	err = c.until(ctx, "the definitions of custom resources", func(ctx context.Context) error {
		return c.api.define(ctx, built.definitions)
	})
	if err != nil {
		return err
	}
	if err := c.until(ctx, "the custom resources", c.api.defined); err != nil {
		return err
	}
	if err := c.until(ctx, "the nodes", c.api.schedulable); err != nil {
		return err
	}
	return c.until(ctx, "the controllers", func(ctx context.Context) error {
		return c.api.call(ctx, http.MethodGet, "/api/v1/namespaces/default/serviceaccounts/default", nil, nil)
	})
}

// start starts one program and watches over it.
func (c *cluster) start(built programs, name string, flags ...string) error {
	p, err := startProcess(c.dir, name, built.path[name], flags...)
	if err != nil {
		return err
	}
	c.processes = append(c.processes, p)
	go func() {
		<-p.exited
		c.failed <- p.failure()
	}()
	return nil
}

// until asks again and again whether a part of the cluster is ready.
func (c *cluster) until(ctx context.Context, part string, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("not ready after %s", startLimit))
	defer cancel()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case failure := <-c.failed:
			return failure
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: %w", part, context.Cause(ctx), err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// wait returns when ctx ends, or with the reason when a program does.
func (c *cluster) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case failure := <-c.failed:
		return failure
	}
}

// stop ends all programs, the last one first.
func (c *cluster) stop() {
	for _, p := range slices.Backward(c.processes) {
		p.stop()
	}
}

// usage tells what a stopped cluster took.
func (c *cluster) usage() string {
	var programs []string
	for _, p := range c.processes {
		programs = append(programs, p.usage())
	}
	return strings.Join(programs, "; ")
}

// freePorts returns addresses on loopback that nothing listens on.
func freePorts(ctx context.Context, count int) (addresses []string, err error) {
	for range count {
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		// All are held until the last one is found, or one could come twice.
		defer func() { err = errors.Join(err, listener.Close()) }()
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses, nil
}

// port is the port of an address.
func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }
