// Command docs writes docs/ from the provider's schema, templates/ and
// examples/, or checks what is there:
//
//	go run ./docs generate
//	go run ./docs validate
//
// The pages are made by terraform-plugin-docs. By itself that program needs
// terraform, and downloads it where there is none. This command hands it the
// schema as the CLI of this machine prints it, be it terraform or tofu.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

// configuration is the least that makes a CLI load the provider.
const configuration = `terraform {
  required_providers {
    seaworthy = { source = "seaworthy-dev/seaworthy" }
  }
}
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// run starts terraform-plugin-docs with the schema of the work tree's provider.
func run(ctx context.Context, args []string) (err error) {
	if len(args) != 1 || (args[0] != "generate" && args[0] != "validate") {
		return errors.New("say generate or validate")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "seaworthy-docs-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()

	printed, err := printSchema(ctx, root, temp)
	if err != nil {
		return err
	}
	schema, err := underShortName([]byte(printed))
	if err != nil {
		return err
	}
	file := filepath.Join(temp, "schema.json")
	if err := os.WriteFile(file, schema, 0o644); err != nil {
		return err
	}
	// The provider's name is not that of the folder it is cloned into, from
	// which the program would otherwise take it.
	docs := exec.CommandContext(ctx, "go", "tool", "tfplugindocs", args[0],
		"--provider-dir", root, "--provider-name", providerName, "--providers-schema", file)
	docs.Stdout, docs.Stderr = os.Stdout, os.Stderr
	return docs.Run()
}

// printSchema builds the provider and returns what `providers schema -json`
// prints of it.
func printSchema(ctx context.Context, root, temp string) (string, error) {
	program, err := cli.Find(ctx, filepath.Join(root, "tools"), os.Stderr)
	if err != nil {
		return "", err
	}
	mirror, err := cli.BuildProvider(ctx, root, filepath.Join(temp, "mirror"))
	if err != nil {
		return "", err
	}
	work, err := cli.NewWorkspace(program, mirror, filepath.Join(temp, "work"))
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(work.Dir, "main.tf"), []byte(configuration), 0o644); err != nil {
		return "", err
	}
	var out cli.Output
	for _, args := range [][]string{{"init"}, {"providers", "schema", "-json"}} {
		if out, err = work.Run(ctx, io.Discard, args...); err != nil {
			return "", err
		}
		if out.ExitCode != 0 {
			return "", fmt.Errorf("%s: exit code %d: %s", work.Line(args...), out.ExitCode, out.Stderr)
		}
	}
	return out.Stdout, nil
}

// providerName is the key under which terraform-plugin-docs looks for the
// schema.
const providerName = "seaworthy"

// underShortName puts the only provider of a printed schema under its short
// name, because the host in its full name depends on the CLI.
func underShortName(printed []byte) ([]byte, error) {
	var schema struct {
		FormatVersion string                     `json:"format_version"`
		Providers     map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.Unmarshal(printed, &schema); err != nil {
		return nil, fmt.Errorf("read the printed schema: %w", err)
	}
	if len(schema.Providers) != 1 {
		return nil, fmt.Errorf("want the schema of one provider, got %d", len(schema.Providers))
	}
	provider := slices.Collect(maps.Values(schema.Providers))[0]
	schema.Providers = map[string]json.RawMessage{providerName: provider}
	return json.Marshal(schema)
}
