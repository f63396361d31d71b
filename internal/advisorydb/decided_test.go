package advisorydb_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorydb"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// opened opens the database as a new process does, some time later.
func opened(t *testing.T, c advisorydb.Config, later time.Duration) *advisorydb.Opened {
	t.Helper()
	c.Now = c.Now.Add(later)
	o, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A plan and the apply that follows it see one database, though a newer one was published in between.
func TestStore_DecidesForAnHour(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	c.Ref = push(t, server, sample.Archive(t))
	first := opened(t, c, 0)
	newer := sample
	newer.UpdatedAt = advisorytest.Updated.Add(30 * time.Minute)
	push(t, server, newer.Archive(t))
	server.ForgetRequests()
	if o := opened(t, c, 59*time.Minute); o.Source != first.Source {
		t.Errorf("within the hour: got %s, want %s", o.Source, first.Source)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("the registry was asked %d times within the hour", n)
	}
	if o := opened(t, c, 61*time.Minute); !o.UpdatedAt.Equal(newer.UpdatedAt) {
		t.Errorf("after an hour: made %s", o.UpdatedAt)
	}
	if o := opened(t, c, -time.Minute); !o.UpdatedAt.Equal(newer.UpdatedAt) {
		t.Errorf("by a clock that was set back: made %s", o.UpdatedAt)
	}
}

// What is remembered is a help: if it is damaged, of another reference, or of a database that is gone, the tag is asked for.
func TestStore_DecisionThatIsOfNoUse(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	c.Ref = push(t, server, sample.Archive(t))
	opened(t, c, 0)
	paths, err := filepath.Glob(filepath.Join(c.CacheDir, "advisories", ".decided-*"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("got %v, %v", paths, err)
	}
	gone := `{"reference":"` + c.Ref.String() + `","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","decided":"` + c.Now.Format(time.RFC3339) + `"}`
	for _, content := range []string{"", "{", `{"reference":"other"}`, gone, `{"reference":"` + c.Ref.String() + `","digest":"x","decided":"` + c.Now.Format(time.RFC3339) + `"}`} {
		if err := os.WriteFile(paths[0], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		server.ForgetRequests()
		isUsable(t, opened(t, c, time.Minute))
		if server.Count(http.MethodHead, "/manifests/2") != 1 {
			t.Errorf("%q: the tag was not asked for", content)
		}
	}
}
