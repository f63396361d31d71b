package archtest

import "slices"

// Row is what the table says about one package. Import paths are prefixes that
// end at a slash or at the path's end; those that begin with "internal/" are
// the module's own.
type Row struct {
	// Package is the path below the module's root; "." is the program itself.
	Package string
	// Level orders the packages: a package imports lower levels only, or its
	// own level where its list says so. Packages that serve tests have
	// [TestsOnly].
	Level int
	// Allowed lists what the package may import beyond the standard library.
	Allowed []string
	// Never lists what the package must not reach, directly or through others.
	Never []string
	// Pure tells that the package's code does no I/O.
	Pure bool
}

// TestsOnly is the level of packages that no program contains.
const TestsOnly = -1

// Names of what the table is about.
const (
	hashicorp       = "github.com/hashicorp"
	helm            = "helm.sh/helm"
	containers      = "github.com/google/go-containerregistry/pkg"
	remote          = containers + "/v1/remote"
	kubernetesAPI   = "k8s.io/api"
	kubernetesTypes = "k8s.io/apimachinery/pkg"
	network         = "net/http"
)

// Impure lists the packages of the standard library by which code reaches the
// machine that it runs on.
var Impure = []string{
	"crypto/rand", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "os/user", "syscall",
}

// Nameless lists names that say nothing of what a package is about.
var Nameless = []string{"common", "helper", "helpers", "misc", "models", "types", "util", "utils"}

// Rows is the import table, lowest level first.
var Rows = []Row{
	{Package: "internal/boltfile", Level: 0, Pure: true, Never: []string{hashicorp, helm, network}},
	{Package: "internal/field", Level: 0, Pure: true, Never: []string{hashicorp, helm, network}},
	{
		Package: "internal/imageref", Level: 0, Pure: true,
		Allowed: []string{containers + "/name"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{Package: "internal/kubeversion", Level: 0, Pure: true, Never: []string{hashicorp, helm, network}},
	{
		Package: "internal/rollout", Level: 0, Pure: true,
		Allowed: []string{"internal/field", kubernetesAPI, kubernetesTypes + "/util/intstr"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/imagefacts", Level: 1, Pure: true,
		Allowed: []string{"internal/imageref", containers + "/v1"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{Package: "internal/distro", Level: 1, Pure: true, Never: []string{hashicorp, helm, remote, network}},
	{Package: "internal/elfcheck", Level: 1, Pure: true, Never: []string{hashicorp, helm, remote, network}},
	{Package: "internal/packages", Level: 1, Pure: true, Never: []string{hashicorp, helm, remote, network}},
	{
		Package: "internal/contents", Level: 2, Pure: true,
		Allowed: []string{"internal/distro", "internal/elfcheck", "internal/packages", "github.com/klauspost/compress"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/lockfile", Level: 1,
		Allowed: []string{"internal/imageref"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/manifest", Level: 1, Pure: true,
		Allowed: []string{"internal/kubeversion", kubernetesAPI, kubernetesTypes, "go.yaml.in/yaml/v3", "sigs.k8s.io/yaml"},
		Never:   []string{hashicorp, helm, remote},
	},
	{
		Package: "internal/vulnerability", Level: 1, Pure: true,
		Allowed: []string{"internal/boltfile", "internal/distro", "internal/packages", "github.com/google/osv-scalibr/semantic"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/scanreport", Level: 2, Pure: true,
		Allowed: []string{"internal/distro", "internal/packages", "internal/vulnerability", "github.com/package-url/packageurl-go"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/signature", Level: 1, Pure: true,
		Allowed: []string{"github.com/sigstore/sigstore/pkg", "github.com/secure-systems-lab/go-securesystemslib/dsse"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{Package: "internal/trivyrun", Level: 1, Never: []string{hashicorp, helm, remote, network}},
	{
		Package: "internal/workload", Level: 1, Pure: true,
		Allowed: []string{"internal/field", "internal/imageref", "internal/kubeversion", "internal/rollout", kubernetesAPI, kubernetesTypes, "github.com/robfig/cron/v3"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/hardening", Level: 2, Pure: true,
		Allowed: []string{
			"internal/field", "internal/imagefacts", "internal/imageref", "internal/kubeversion",
			"internal/manifest", "internal/rollout", "internal/workload", kubernetesAPI, kubernetesTypes,
			"github.com/agext/levenshtein",
		},
		Never: []string{hashicorp, helm, remote},
	},
	{
		Package: "internal/patch", Level: 2, Pure: true,
		Allowed: []string{"internal/field", "internal/manifest", kubernetesTypes, "go.yaml.in/yaml/v3", "gopkg.in/evanphx/json-patch.v4"},
		Never:   []string{hashicorp, helm, remote},
	},
	{
		Package: "internal/comparison", Level: 3, Pure: true,
		Allowed: []string{
			"internal/contents", "internal/distro", "internal/imagefacts", "internal/packages", "internal/vulnerability", "gonum.org/v1/plot",
		},
		Never: []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/history", Level: 2, Pure: true,
		Allowed: []string{"internal/vulnerability"},
		Never:   []string{hashicorp, helm, remote, network},
	},
	{
		Package: "internal/registry", Level: 2,
		Allowed: []string{"internal/contents", "internal/imagefacts", "internal/imageref", "internal/lockfile", "internal/signature", containers, "github.com/docker/docker-credential-helpers", "github.com/Masterminds/semver/v3", "golang.org/x/sync"},
		Never:   []string{hashicorp, helm, kubernetesAPI},
	},
	{
		Package: "internal/chart", Level: 2, Pure: true,
		Allowed: []string{helm + "/v3/pkg/chart", helm + "/v3/pkg/chart/loader", helm + "/v3/pkg/chartutil", "github.com/santhosh-tekuri/jsonschema/v6"},
		Never:   []string{hashicorp, remote},
	},
	{
		Package: "internal/advisorydb", Level: 3,
		Allowed: []string{"internal/imageref", "internal/registry", "internal/vulnerability"},
		Never:   []string{hashicorp, helm, kubernetesAPI},
	},
	{
		Package: "internal/render", Level: 3, Pure: true,
		Allowed: []string{
			"internal/chart", "internal/field", "internal/hardening", "internal/imageref", "internal/kubeversion",
			"internal/manifest", "internal/patch", "internal/rollout", "internal/workload",
			helm + "/v3/pkg/chart", helm + "/v3/pkg/chartutil", helm + "/v3/pkg/engine", helm + "/v3/pkg/releaseutil",
			kubernetesAPI, kubernetesTypes, "sigs.k8s.io/yaml",
		},
		Never: []string{hashicorp, remote},
	},
	{
		Package: "internal/report", Level: 3, Pure: true,
		Allowed: []string{"internal/hardening", "internal/kubeversion", "internal/manifest", "go.yaml.in/yaml/v3"},
		Never:   []string{hashicorp, helm, remote},
	},
	{
		Package: "internal/provider", Level: 4,
		Allowed: []string{
			"internal/advisorydb", "internal/chart", "internal/comparison", "internal/contents", "internal/distro", "internal/field", "internal/hardening",
			"internal/history", "internal/imagefacts", "internal/imageref", "internal/kubeversion", "internal/manifest", "internal/packages", "internal/registry",
			"internal/render", "internal/report", "internal/rollout", "internal/scanreport", "internal/signature", "internal/trivyrun", "internal/vulnerability", "internal/workload",
			"golang.org/x/sync", hashicorp + "/terraform-plugin-framework", hashicorp + "/terraform-plugin-framework-validators",
			hashicorp + "/terraform-plugin-go", hashicorp + "/terraform-plugin-log",
		},
	},
	{Package: ".", Level: 5, Allowed: []string{"internal/provider", hashicorp + "/terraform-plugin-framework/providerserver"}},
	{Package: "internal/advisorytest", Level: TestsOnly, Allowed: []string{"go.etcd.io/bbolt"}},
	{Package: "internal/archtest", Level: TestsOnly},
	{Package: "internal/clitest", Level: TestsOnly},
	{Package: "internal/clustertest", Level: TestsOnly, Allowed: []string{kubernetesTypes, "k8s.io/client-go", "sigs.k8s.io/yaml"}},
	{Package: "internal/golden", Level: TestsOnly, Allowed: []string{"github.com/pmezard/go-difflib"}},
	{Package: "internal/registrytest", Level: TestsOnly, Allowed: []string{"internal/imageref", containers}},
}

// mayStandOn tells whether a package may import another one by their levels.
// Packages that serve tests stand on everything, and nothing stands on them.
func (r Row) mayStandOn(below Row) bool {
	if r.Level == TestsOnly {
		return true
	}
	return below.Level != TestsOnly && below.Level <= r.Level
}

// row finds the row of a package.
func row(rows []Row, name string) (Row, bool) {
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Package == name })
	if i < 0 {
		return Row{}, false
	}
	return rows[i], true
}
