package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

// shape is a way to write many instances of a resource.
type shape struct {
	// title names it for a reader.
	title string
	// repeat is the meta-argument, for a number of instances.
	repeat string
	// name is the expression of an instance's name.
	name string
}

// shapes differ in what Terraform itself does for them: it evaluates the whole
// set of for_each again for each instance, and count only its number.
var shapes = []shape{
	{"for_each over a set", `for_each = toset([for i in range(%d) : format("api-%%04d", i)])`, "each.key"},
	{"count", "count = %d", `format("api-%04d", count.index)`},
}

// workloadsConfig is a plan of many workloads that differ in their name: the
// placeholders are a shape's repeat and name. The digest is written and not
// resolved: what is measured is planning.
const workloadsConfig = `terraform {
  required_providers {
    seaworthy = { source = "seaworthy-dev/seaworthy" }
  }
}

resource "seaworthy_workload" "bench" {
  REPEAT
  name      = NAME
  namespace = "shop"
  kind      = "Deployment"
  containers = {
    api = {
      image = "registry.example.com/shop/api:1.4.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      ports = { http = { container_port = 8080 } }
      env   = { LOG_LEVEL = "info" }
      resources = {
        requests = { cpu = "200m", memory = "128Mi" }
        limits   = { memory = "256Mi" }
      }
      startup_probe   = { http_get = { path = "/healthz", port = "http" }, failure_threshold = 30 }
      readiness_probe = { http_get = { path = "/ready", port = "http" }, period_seconds = 10 }
      liveness_probe  = { http_get = { path = "/healthz", port = "http" }, period_seconds = 20 }
    }
  }
  autoscaling       = { min_replicas = 3, max_replicas = 10, cpu_utilization = 50 }
  disruption_budget = { max_unavailable = 1 }
  strategy          = { rolling = { max_surge = "25%", max_unavailable = 0 } }
}
`

// floorConfig carries the same texts, written in the same shape, through a plan
// without the provider.
const floorConfig = `locals {
  texts = jsondecode(file("${path.module}/texts.json"))
}

resource "terraform_data" "bench" {
  REPEAT
  input = local.texts[NAME]
}
`

// config fills a shape into one of the configurations.
func (s shape) config(text string, count int) string {
	return strings.NewReplacer("REPEAT", fmt.Sprintf(s.repeat, count), "NAME", s.name).Replace(text)
}

// plans makes the two plans that are compared.
type plans struct {
	program cli.CLI
	mirror  cli.Mirror
	temp    string
	count   int
}

// measured is the plan of the workloads.
type measured struct {
	took      time.Duration
	provider  usage
	manifests int
	// texts are the manifests of each workload.
	texts map[string]map[string]string
}

// process says what the provider's processes took.
func (m measured) process(count int) string {
	if !m.provider.known() {
		return "provider not measured: this system has no /proc"
	}
	each := m.provider.cpu / time.Duration(count)
	return fmt.Sprintf("provider: %d MiB at its peak, %s of processor time each", m.provider.peak>>20, each.Round(100*time.Microsecond))
}

// kibibytes is the mean size of a workload's manifests.
func (m measured) kibibytes(count int) float64 {
	size := 0
	for _, manifests := range m.texts {
		for _, text := range manifests {
			size += len(text)
		}
	}
	return float64(size) / 1024 / float64(count)
}

// workloads plans the workloads in one shape.
func (p *plans) workloads(ctx context.Context, s shape) (measured, error) {
	work, err := p.workspace(ctx, map[string]string{"main.tf": s.config(workloadsConfig, p.count)})
	if err != nil {
		return measured{}, err
	}
	stop := watch(p.mirror.Binary)
	took, err := plan(ctx, work)
	used := stop()
	if err != nil {
		return measured{}, err
	}
	out, err := work.Run(ctx, io.Discard, "show", "-json", "tfplan")
	if err != nil {
		return measured{}, err
	}
	texts, err := plannedTexts(out.Stdout)
	if err != nil {
		return measured{}, err
	}
	if len(texts) != p.count {
		return measured{}, fmt.Errorf("the plan holds %d workloads, want %d", len(texts), p.count)
	}
	result := measured{took: took, provider: used, texts: texts}
	for _, manifests := range texts {
		result.manifests += len(manifests)
	}
	return result, nil
}

// floor plans terraform_data with the same texts in the same shape.
func (p *plans) floor(ctx context.Context, s shape, texts map[string]map[string]string) (time.Duration, error) {
	encoded, err := json.Marshal(texts)
	if err != nil {
		return 0, err
	}
	work, err := p.workspace(ctx, map[string]string{"main.tf": s.config(floorConfig, p.count), "texts.json": string(encoded)})
	if err != nil {
		return 0, err
	}
	return plan(ctx, work)
}

// workspace writes files into a new folder and initialises it.
func (p *plans) workspace(ctx context.Context, files map[string]string) (*cli.Workspace, error) {
	dir, err := os.MkdirTemp(p.temp, "plan-")
	if err != nil {
		return nil, err
	}
	work, err := cli.NewWorkspace(p.program, p.mirror, filepath.Join(dir, "work"))
	if err != nil {
		return nil, err
	}
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(work.Dir, file), []byte(content), 0o644); err != nil {
			return nil, err
		}
	}
	out, err := work.Run(ctx, io.Discard, "init")
	if err != nil {
		return nil, err
	}
	if out.ExitCode != 0 {
		return nil, fmt.Errorf("init: %s", out.Stderr)
	}
	return work, nil
}

// plan makes and saves a plan and returns how long that took.
func plan(ctx context.Context, work *cli.Workspace) (time.Duration, error) {
	started := time.Now()
	out, err := work.Run(ctx, io.Discard, "plan", "-out=tfplan")
	took := time.Since(started)
	if err != nil {
		return 0, err
	}
	if out.ExitCode != 0 {
		return 0, fmt.Errorf("plan: exit code %d: %s", out.ExitCode, out.Stderr)
	}
	return took, nil
}

// plannedTexts reads each workload's manifests from `show -json` of a plan.
func plannedTexts(shown string) (map[string]map[string]string, error) {
	var plan struct {
		ResourceChanges []struct {
			Address string `json:"address"`
			Change  struct {
				After struct {
					Name      string            `json:"name"`
					Manifests map[string]string `json:"manifests"`
				} `json:"after"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(shown), &plan); err != nil {
		return nil, fmt.Errorf("read the saved plan: %w", err)
	}
	texts := make(map[string]map[string]string, len(plan.ResourceChanges))
	for _, change := range plan.ResourceChanges {
		after := change.Change.After
		if len(after.Manifests) == 0 {
			return nil, fmt.Errorf("%s has no known manifests in the plan", change.Address)
		}
		texts[after.Name] = after.Manifests
	}
	return texts, nil
}
