package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// lockedWorkspace has a tag and a version constraint in a configuration with a lock file.
func lockedWorkspace(t *testing.T, server *registrytest.Server) *clitest.Workspace {
	t.Helper()
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders +
		imageConfig(t, `lock_file = "images.lock.json"`, server.Host()+"/shop/api:1.4.2", "") +
		fmt.Sprintf("data \"seaworthy_image\" \"web\" {\n  ref = \"%s/shop/web\"\n  version = \"~> 2.0\"\n}\n", server.Host()) +
		"output \"images\" { value = [data.seaworthy_image.api.digest, data.seaworthy_image.web.tag] }\n"})
	w.Run(t, "init")
	return w
}

// The life of a lock file: made by the first plan, in force when the tag moves, changed on request only, complete
// without a network, and sealed by lock_mode.
func TestProvider_LockFile(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	was := server.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	server.Push(t, "shop/web:2.0.0", registrytest.Single("linux/amd64").WithContent("web"))
	w := lockedWorkspace(t, server)
	w.Run(t, "apply", "-auto-approve")
	locked := w.Read(t, "images.lock.json")
	for _, want := range []string{`"` + server.Host() + `/shop/api:1.4.2": {`, was, `"~> 2.0": "2.0.0"`} {
		if !strings.Contains(locked, want) {
			t.Errorf("the lock file lacks %s:\n%s", want, locked)
		}
	}

	is := server.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64").WithContent("new"))
	server.Push(t, "shop/web:2.1.0", registrytest.Single("linux/amd64").WithContent("web 2"))
	output := w.Run(t, "plan", "-no-color", "-detailed-exitcode") // nothing to do
	for _, want := range []string{"has moved", was, is, "SEAWORTHY_LOCK_UPGRADE=" + server.Host() + "/shop/api:1.4.2 terraform plan"} {
		if !message(want).MatchString(output) {
			t.Errorf("%q is not in:\n%s", want, output)
		}
	}
	if now := w.Read(t, "images.lock.json"); now != locked {
		t.Errorf("the lock file was changed:\n%s", now)
	}

	server.Inject(registrytest.Status(503, "UNAVAILABLE", "down"))
	w.Setenv("SEAWORTHY_MAX_RETRIES", "0")
	w.Run(t, "plan", "-detailed-exitcode")
	w.Setenv("SEAWORTHY_LOCK_MODE", "readonly")
	server.ForgetRequests()
	w.Run(t, "plan", "-detailed-exitcode")
	if requests := server.Requests(); len(requests) > 0 {
		t.Errorf("a sealed lock still asks %v", requests)
	}

	server.Repair()
	w.Setenv("SEAWORTHY_LOCK_MODE", "update")
	w.Setenv("SEAWORTHY_LOCK_UPGRADE", server.Host()+"/shop/api:1.4.2,"+server.Host()+"/shop/web")
	w.Run(t, "plan")
	w.Setenv("SEAWORTHY_LOCK_UPGRADE", "")
	if now := w.Read(t, "images.lock.json"); !strings.Contains(now, is) || !strings.Contains(now, `"~> 2.0": "2.1.0"`) || strings.Contains(now, was) {
		t.Errorf("the lock file was not upgraded:\n%s", now)
	}
	if output := w.Run(t, "plan", "-no-color"); message("has moved").MatchString(output) || !strings.Contains(output, is) {
		t.Errorf("after the upgrade:\n%s", output)
	}
}

// A configuration that names what the sealed lock lacks fails, with the command that adds it.
func TestProvider_LockFileReadOnly(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	w := lockedWorkspace(t, server)
	w.Setenv("SEAWORTHY_LOCK_MODE", "readonly")
	output, err := w.Try(t.Context(), "plan", "-no-color")
	if err == nil {
		t.Error("plan succeeds")
	}
	for _, want := range []string{"not locked", "has no entry for " + server.Host() + "/shop/api:1.4.2", `the version "~> 2.0" of ` + server.Host() + "/shop/web", "SEAWORTHY_LOCK_MODE=update terraform plan"} {
		if !message(want).MatchString(output) {
			t.Errorf("%q is not in:\n%s", want, output)
		}
	}
	if requests := server.Requests(); len(requests) > 0 {
		t.Errorf("the registry was asked: %v", requests)
	}
}
