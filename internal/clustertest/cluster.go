package clustertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// Cluster is a running control plane with nothing in it but three nodes.
type Cluster struct {
	// Version is that of the control plane, such as "v1.36.1".
	Version string
	// Kubeconfig is the path of a file for programs that speak to the cluster.
	Kubeconfig string

	client  dynamic.Interface
	mapper  meta.RESTMapper
	command *exec.Cmd
	input   io.Closer
}

// Start starts a cluster, building its programs if they are not built yet, and
// returns when pods can be made. Its Kubernetes is the newest that the tools know,
// or of a minor version such as "1.31" for which they have a folder. Progress and
// errors of the programs go to log, and what they took when they end. The cluster
// ends with [Cluster.Stop] or with this process.
func Start(minor string, log io.Writer) (*Cluster, error) {
	tools, err := toolsFolder()
	if err != nil {
		return nil, err
	}
	c := &Cluster{command: exec.Command("go", "run", "./cluster", "-json", "-kubernetes="+minor)} //nolint:noctx // it runs until Stop
	c.command.Dir, c.command.Stderr = tools, log
	// The cluster stops when its standard input ends, which it does when this
	// process dies.
	if c.input, err = c.command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.command.Start(); err != nil {
		return nil, err
	}
	if err := c.connect(bufio.NewReader(output)); err != nil {
		return nil, fmt.Errorf("start the test cluster: %w (stopped with: %w)", err, c.Stop())
	}
	return c, nil
}

// connect waits for the line that tells where the cluster is.
func (c *Cluster) connect(output *bufio.Reader) error {
	line, err := output.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("no word from it: %w", err)
	}
	var ready struct{ Version, Kubeconfig, Server, CA, Token string }
	if err := json.Unmarshal(line, &ready); err != nil {
		return fmt.Errorf("%q: %w", line, err)
	}
	c.Version, c.Kubeconfig = ready.Version, ready.Kubeconfig
	config := &rest.Config{
		Host:                      ready.Server,
		BearerToken:               ready.Token,
		TLSClientConfig:           rest.TLSClientConfig{CAData: []byte(ready.CA)},
		QPS:                       -1, // as fast as the cluster answers
		WarningHandlerWithContext: warningHandler{},
	}
	if c.client, err = dynamic.NewForConfig(config); err != nil {
		return err
	}
	kinds, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	c.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(kinds))
	return nil
}

// Stop ends the cluster and waits until it is gone. The error is that of the
// cluster's program, if it had failed before.
func (c *Cluster) Stop() error {
	if err := c.input.Close(); err != nil {
		return err
	}
	return c.command.Wait()
}

// toolsFolder is the folder of the tools module, beside the main module's go.mod.
func toolsFolder() (string, error) {
	cmd := exec.Command("go", "env", "GOMOD") //nolint:noctx // it takes no time
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Join(filepath.Dir(strings.TrimSpace(string(out))), "tools"), nil
}
