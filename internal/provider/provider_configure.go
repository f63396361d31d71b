package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorydb"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

// providerData is what the provider hands to its resources and data sources.
type providerData struct {
	// kubernetesVersions holds the configured version, or both ends of the
	// supported span while it is not known.
	kubernetesVersions []kubeversion.Version
	// images reads registries; nil while the provider's settings are not known.
	images imageReader
	// copies writes to registries; nil like images.
	copies imageCopier
	// pulls measures registries; nil like images.
	pulls pullMeasurer
	// scans reads what is inside images, and advisories opens the database of vulnerabilities; nil like images.
	scans      imageScanner
	advisories advisoryStore
	// releases says until when distributions are supported.
	releases *distro.Table
	// today is when the provider was configured, by the machine's clock.
	today time.Time
}

// imageReader is what data sources ask of registries.
type imageReader interface {
	// Image resolves a reference and reads its facts for the given platforms, or all.
	Image(ctx context.Context, ref imageref.Reference, want ...imagefacts.Platform) (imagefacts.Image, error)
	// NewestTag returns the newest tag of the repository that satisfies the constraint.
	NewestTag(ctx context.Context, ref imageref.Reference, constraint registry.Constraint) (string, error)
	// Verify proves that a pinned image is signed by one of the keys and has attestations of the predicate types.
	Verify(ctx context.Context, ref imageref.Reference, keys []signature.Key, predicateTypes []string) ([]signature.Proof, error)
	// Resolve returns the digest that a reference names, and the one its tag has moved to.
	Resolve(ctx context.Context, ref imageref.Reference) (registry.Resolution, error)
	// Presence says what the reference's own repository has of the image and of further manifests.
	Presence(ctx context.Context, ref imageref.Reference, further ...string) (registry.Presence, error)
}

// providerModel is the provider's configuration.
type providerModel struct {
	KubernetesVersion     types.String `tfsdk:"kubernetes_version"`
	Registries            types.Map    `tfsdk:"registries"`
	CacheDir              types.String `tfsdk:"cache_dir"`
	LockFile              types.String `tfsdk:"lock_file"`
	LockMode              types.String `tfsdk:"lock_mode"`
	ReleasesFile          types.String `tfsdk:"releases_file"`
	RequestTimeoutSeconds types.Int32  `tfsdk:"request_timeout_seconds"`
	MaxRetries            types.Int32  `tfsdk:"max_retries"`
	VulnerabilityDatabase types.Object `tfsdk:"vulnerability_database"`
}

// registryModel is one element of registries.
type registryModel struct {
	Username              types.String   `tfsdk:"username"`
	Password              types.String   `tfsdk:"password"`
	Token                 types.String   `tfsdk:"token"`
	CACertificatePEM      types.String   `tfsdk:"ca_certificate_pem"`
	ClientCertificatePEM  types.String   `tfsdk:"client_certificate_pem"`
	ClientKeyPEM          types.String   `tfsdk:"client_key_pem"`
	PlainHTTP             types.Bool     `tfsdk:"plain_http"`
	Mirrors               []types.String `tfsdk:"mirrors"`
	MaxConcurrentRequests types.Int32    `tfsdk:"max_concurrent_requests"`
}

// toDomain converts the element.
func (m registryModel) toDomain() registry.RegistryConfig {
	c := registry.RegistryConfig{
		Username: m.Username.ValueString(), Password: registry.Secret(m.Password.ValueString()),
		Token:            registry.Secret(m.Token.ValueString()),
		CACertificatePEM: m.CACertificatePEM.ValueString(), ClientCertificatePEM: m.ClientCertificatePEM.ValueString(),
		ClientKeyPEM: registry.Secret(m.ClientKeyPEM.ValueString()),
		PlainHTTP:    m.PlainHTTP.ValueBool(), MaxConcurrentRequests: int(m.MaxConcurrentRequests.ValueInt32()),
	}
	for _, mirror := range m.Mirrors {
		c.Mirrors = append(c.Mirrors, mirror.ValueString())
	}
	return c
}

// configure makes the provider's data. The environment is read here and nowhere else.
func configure(ctx context.Context, version string, config tfsdk.Config, diags *diag.Diagnostics) *providerData {
	var model providerModel
	if diags.Append(config.Get(ctx, &model)...); diags.HasError() {
		return nil
	}
	data := &providerData{kubernetesVersions: kubernetesVersions(model.KubernetesVersion, diags), today: time.Now()}
	if !config.Raw.IsFullyKnown() {
		return data // images are read once everything about the registries is known
	}
	data.releases = releases(model.ReleasesFile, diags)
	settings := registry.Config{
		Registries:     model.registries(ctx, diags),
		Keychain:       registry.DefaultKeychain(),
		CacheDir:       cacheDir(model.CacheDir, diags),
		LockFile:       lockSetting(model.LockFile, "lock_file", diags),
		LockMode:       registry.LockMode(lockSetting(model.LockMode, "lock_mode", diags)),
		LockUpgrade:    lockUpgrade(),
		RequestTimeout: time.Duration(setting(model.RequestTimeoutSeconds, "request_timeout_seconds", 1, int32(registry.DefaultRequestTimeout/time.Second), diags)) * time.Second,
		MaxRetries:     int(setting(model.MaxRetries, "max_retries", 0, registry.DefaultMaxRetries, diags)),
		UserAgent:      "terraform-provider-seaworthy/" + version,
		Logger:         newLogger(),
	}
	advisories := advisoriesConfig(ctx, model.VulnerabilityDatabase, data.today, settings.CacheDir, diags)
	if diags.HasError() {
		return nil
	}
	client, err := registry.New(settings)
	if err != nil {
		addConfigErrors(diags, err)
		return nil
	}
	data.images, data.pulls, data.scans, data.advisories = client, client, client, advisorydb.New(advisories, client)
	data.copies = client
	return data
}

// providerDataOf reads what Configure handed over; false before the provider is configured.
func providerDataOf(data any, diags *diag.Diagnostics) (*providerData, bool) {
	switch data := data.(type) {
	case nil:
		return nil, false
	case *providerData:
		return data, data != nil
	default:
		diags.AddError("Unable to configure the resource", fmt.Sprintf("The provider's data has the type %T. This is a defect of the provider: please report it.", data))
		return nil, false
	}
}

func kubernetesVersions(value types.String, diags *diag.Diagnostics) []kubeversion.Version {
	if value.IsUnknown() {
		return []kubeversion.Version{kubeversion.Oldest, kubeversion.Newest}
	}
	text := value.ValueString()
	if value.IsNull() {
		text = os.Getenv("SEAWORTHY_KUBERNETES_VERSION")
	}
	if text == "" && value.IsNull() {
		return []kubeversion.Version{kubeversion.Oldest}
	}
	version, err := kubeversion.Parse(text)
	if err != nil {
		diags.AddAttributeError(path.Root("kubernetes_version"), "Invalid Kubernetes version", capitalised(stopped(err.Error())))
		return nil
	}
	return []kubeversion.Version{version}
}

func (m providerModel) registries(ctx context.Context, diags *diag.Diagnostics) map[string]registry.RegistryConfig {
	var models map[string]registryModel
	if diags.Append(m.Registries.ElementsAs(ctx, &models, false)...); diags.HasError() {
		return nil
	}
	configs := make(map[string]registry.RegistryConfig, len(models))
	for host, model := range models {
		configs[host] = model.toDomain()
	}
	return configs
}

// cacheDir returns the configured directory, or "" where the machine has no place for one.
func cacheDir(value types.String, diags *diag.Diagnostics) string {
	if value.ValueString() != "" {
		return value.ValueString()
	}
	if !value.IsNull() {
		diags.AddAttributeError(path.Root("cache_dir"), "Invalid cache directory", "The directory is empty. Name one, or leave the attribute out.")
		return ""
	}
	if dir := os.Getenv("SEAWORTHY_CACHE_DIR"); dir != "" {
		return dir
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "" // a machine without a home, such as a build container, goes without
	}
	return filepath.Join(base, "seaworthy")
}

// setting returns the attribute, else the environment's value, else the default.
func setting(value types.Int32, name string, low, fallback int32, diags *diag.Diagnostics) int32 {
	if !value.IsNull() {
		if value.ValueInt32() < low {
			diags.AddAttributeError(path.Root(name), "Invalid setting", fmt.Sprintf("%s is %d. Use %d or more.", name, value.ValueInt32(), low))
		}
		return value.ValueInt32()
	}
	variable := "SEAWORTHY_" + strings.ToUpper(name)
	text := os.Getenv(variable)
	if text == "" {
		return fallback
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || int32(n) < low {
		diags.AddError("Invalid environment variable", fmt.Sprintf("%s is %q. Use a whole number, %d or more.", variable, text, low))
		return fallback
	}
	return int32(n)
}

// addConfigErrors points at the settings that the registry client refuses.
func addConfigErrors(diags *diag.Diagnostics, err error) {
	for _, e := range flatten(err) {
		var fault *registry.ConfigError
		if !errors.As(e, &fault) {
			diags.AddError("Invalid provider configuration", capitalised(stopped(e.Error())))
			continue
		}
		if fault.Field == "lock_upgrade" {
			diags.AddError("Invalid environment variable", "SEAWORTHY_LOCK_UPGRADE: "+stopped(fault.Err.Error()))
			continue
		}
		at := path.Empty()
		if fault.Registry != "" {
			at = path.Root("registries").AtMapKey(fault.Registry)
		}
		if fault.Field != "" {
			at = at.AtName(fault.Field)
		}
		diags.AddAttributeError(at, "Invalid provider configuration", stopped(fault.Error()))
	}
}
