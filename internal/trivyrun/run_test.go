package trivyrun_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/trivyrun"
)

// program writes a script and returns it with its digest.
func program(t *testing.T, script string) trivyrun.Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trivy")
	content := "#!/bin/sh\n" + script
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil { // The copy is made executable, not the file.
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(content))
	return trivyrun.Program{Path: path, SHA256: hex.EncodeToString(sum[:]), Timeout: time.Minute}
}

const image = "registry.example.com/shop/api@sha256:abc"

func TestScan_ArgumentsDirectoryAndEnvironment(t *testing.T) {
	t.Setenv("TRIVY_SEVERITY", "CRITICAL")
	t.Setenv("TRIVY_CACHE_DIR", "/cache")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	out, err := program(t, `echo "args: $*"; echo "files: $(ls -A)"; env | sort`).Scan(context.Background(), image, "linux/arm64")
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, want := range []string{
		"args: image --quiet --format json --scanners vuln --list-all-pkgs --platform linux/arm64 -- " + image + "\n", "files: \n", "TRIVY_CACHE_DIR=/cache\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	for _, hidden := range []string{"TRIVY_SEVERITY", "secret"} {
		if strings.Contains(text, hidden) {
			t.Errorf("%q is in:\n%s", hidden, text)
		}
	}
}

func TestScan_AnotherFileIsNotRun(t *testing.T) {
	t.Parallel()
	mark := filepath.Join(t.TempDir(), "ran")
	p := program(t, "touch "+mark)
	p.SHA256 = strings.Repeat("0", 64)
	if _, err := p.Scan(context.Background(), image, "linux/amd64"); !errors.Is(err, trivyrun.ErrProgram) || !strings.Contains(err.Error(), "it was not run") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(mark); !os.IsNotExist(err) {
		t.Errorf("it ran: %v", err)
	}
}

func TestScan_Failures(t *testing.T) {
	t.Parallel()
	missing := program(t, "")
	missing.Path += "x"
	slow := program(t, "exec sleep 60")
	slow.Timeout = 100 * time.Millisecond
	for name, tt := range map[string]struct {
		program trivyrun.Program
		want    string
	}{
		"missing":         {missing, "no such file"},
		"exits with 1":    {program(t, "echo first >&2; printf 'FATAL\\tno such image\\033[0m\\n' >&2; exit 1"), "exit status 1: FATAL no such image"},
		"hangs":           {slow, "longer than 0 seconds"},
		"prints for ever": {program(t, "exec yes"), "more than 67108864 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := tt.program.Scan(context.Background(), image, "linux/amd64"); !errors.Is(err, trivyrun.ErrProgram) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := program(t, "exec sleep 60").Scan(ctx, image, "linux/amd64"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
