package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// process is a running program of the cluster.
type process struct {
	name string
	cmd  *exec.Cmd
	// log is the file of all that the program writes.
	log string
	// exited is closed when the program has ended.
	exited chan struct{}
}

// startProcess starts a program whose output goes to a file in dir.
func startProcess(dir, name, path string, args ...string) (*process, error) {
	p := &process{name: name, log: filepath.Join(dir, name+".log"), exited: make(chan struct{})}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()  // the program has a handle of its own
	p.cmd = exec.Command(path, args...) //nolint:noctx // it runs until stop
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = tiedToParent()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = p.cmd.Wait() // failure tells its reason
		close(p.exited)
	}()
	return p, nil
}

// stop ends the program and waits until it is gone. It is killed: all that a
// gentler end could save is deleted with the cluster.
func (p *process) stop() {
	_ = p.cmd.Process.Kill() // fails only if it has ended
	<-p.exited
}

// usage tells what the program took, once it has ended.
func (p *process) usage() string {
	state := p.cmd.ProcessState
	used := fmt.Sprintf("%.0f s of CPU time", (state.UserTime() + state.SystemTime()).Seconds())
	if bytes := peakMemory(state); bytes > 0 {
		used += fmt.Sprintf(", %d MB", bytes>>20)
	}
	return p.name + " " + used
}

// failure says why the program has ended, which no program of a cluster should.
func (p *process) failure() error {
	const lines = 15
	said, err := os.ReadFile(p.log)
	if err != nil {
		said = []byte(err.Error())
	}
	all := strings.Split(strings.TrimSpace(string(said)), "\n")
	return fmt.Errorf("%s has ended (%s); its last words:\n%s", p.name, p.cmd.ProcessState, strings.Join(all[max(0, len(all)-lines):], "\n"))
}
