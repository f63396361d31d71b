package trivyrun

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Limits on the executable and on what it prints. Trivy 0.58 has 150 MB.
const (
	maxProgramBytes = 1 << 30
	maxReportBytes  = 64 << 20
	maxWords        = 300
)

// DefaultTimeout is how long a run may take.
const DefaultTimeout = 5 * time.Minute

// ErrProgram is the error of an executable that can not be used or that failed.
var ErrProgram = errors.New("trivy can not be run")

// Program is an executable and how it may be used.
type Program struct {
	// Path is the executable.
	Path string
	// SHA256 is what it must have, as 64 hexadecimal digits.
	SHA256 string
	// Timeout bounds one run.
	Timeout time.Duration
}

// Environment returns the names of the variables that are handed over: where things are, the way to the network, and where
// Trivy gets its database and credentials. None of them changes what is reported.
func Environment() []string {
	return []string{
		"HOME", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DOCKER_CONFIG",
		"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"TRIVY_CACHE_DIR", "TRIVY_DB_REPOSITORY", "TRIVY_JAVA_DB_REPOSITORY", "TRIVY_USERNAME", "TRIVY_PASSWORD", "TRIVY_REGISTRY_TOKEN",
		"TRIVY_SKIP_DB_UPDATE", "TRIVY_OFFLINE_SCAN", "TRIVY_INSECURE", "TRIVY_NON_SSL",
	}
}

// arguments are those of a scan. Source: Trivy documentation, "trivy image".
func arguments(image, platform string) []string {
	return []string{"image", "--quiet", "--format", "json", "--scanners", "vuln", "--list-all-pkgs", "--platform", platform, "--", image}
}

// Scan runs the executable on an image, named by its digest, for a platform such as "linux/amd64", and returns what it
// prints. The error is ErrProgram, or the context's.
func (p Program) Scan(ctx context.Context, image, platform string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "seaworthy-trivy-*")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProgram, err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // What is left is in the way of nobody.
	program := filepath.Join(dir, "trivy")
	if err := p.copyTo(program); err != nil {
		return nil, err
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProgram, err)
	}
	return p.run(ctx, program, empty, arguments(image, platform))
}

// copyTo copies the executable while it computes its digest, and leaves nothing that could be run if it is another one.
func (p Program) copyTo(target string) error {
	source, err := os.Open(p.Path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProgram, err)
	}
	defer source.Close() //nolint:errcheck // It is only read.
	f, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProgram, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(source, maxProgramBytes+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrProgram, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n > maxProgramBytes || !strings.EqualFold(got, p.SHA256) {
		return fmt.Errorf("%w: %s has the SHA-256 %s, and %s is asked for; it was not run", ErrProgram, p.Path, got, p.SHA256)
	}
	if err := os.Chmod(target, 0o700); err != nil {
		return fmt.Errorf("%w: %w", ErrProgram, err)
	}
	return nil
}

// run starts the copy and collects its output.
func (p Program) run(ctx context.Context, program, dir string, args []string) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, program, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, environment(os.Environ()), 5*time.Second
	report, words := &bounded{limit: maxReportBytes, overflow: cancel}, &bounded{limit: 64 << 10, overflow: func() {}}
	cmd.Stdout, cmd.Stderr = report, words
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case report.full:
		return nil, fmt.Errorf("%w: it printed more than %d bytes", ErrProgram, maxReportBytes)
	case limited.Err() != nil:
		return nil, fmt.Errorf("%w: it took longer than %d seconds", ErrProgram, int64(p.Timeout/time.Second))
	case err != nil:
		return nil, fmt.Errorf("%w: %w: %s", ErrProgram, err, lastLine(words.buffer.String()))
	}
	return report.buffer.Bytes(), nil
}

// environment keeps the variables that may be handed over.
func environment(all []string) []string {
	names := Environment()
	var kept []string
	for _, variable := range all {
		if name, _, _ := strings.Cut(variable, "="); slices.Contains(names, name) {
			kept = append(kept, variable)
		}
	}
	return kept
}

// bounded is a buffer that takes no more bytes at its limit, and calls overflow then. The buffer is not embedded: its own
// ReadFrom would go past the limit.
type bounded struct {
	buffer   bytes.Buffer
	limit    int
	overflow func()
	full     bool
}

// Write implements io.Writer. What is beyond the limit is dropped.
func (b *bounded) Write(p []byte) (int, error) {
	if b.buffer.Len()+len(p) > b.limit {
		b.full = true
		b.overflow()
		return len(p), nil
	}
	return b.buffer.Write(p)
}

// lastLine is what a program said last, on one line and not long.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	line := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, lines[len(lines)-1])
	if runes := []rune(line); len(runes) > maxWords {
		line = string(runes[:maxWords]) + "…"
	}
	return line
}
