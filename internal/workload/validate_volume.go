package workload

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func (w Workload) validateVolumes(c *checks) {
	for _, name := range sorted(w.Volumes) {
		p := field.Root("volumes").Key(name)
		c.kubernetes(p, name, validation.IsDNS1123Label(name))
		if name == ConfigFilesVolume && len(w.ConfigFiles) > 0 {
			c.fail(p, "is the name of the volume of config_files: choose another")
		}
		w.validateVolume(c, p, w.Volumes[name])
	}
}

// validateVolume holds the rules of kubernetes@v1.36.1 pkg/apis/core/validation validateVolumeSource.
func (w Workload) validateVolume(c *checks, p field.Path, v Volume) {
	type source struct {
		name  string
		set   bool
		check func(at field.Path)
	}
	sources := []source{
		{"empty_dir", v.EmptyDir != nil, func(at field.Path) { v.EmptyDir.validate(c, at) }},
		{"config_map", v.ConfigMap != nil, func(at field.Path) {
			c.name(at.Attr("name"), v.ConfigMap.Name)
			c.keyFiles(at.Attr("items"), v.ConfigMap.Items)
			c.fileMode(at.Attr("default_mode"), v.ConfigMap.DefaultMode)
		}},
		{"secret", v.Secret != nil, func(at field.Path) {
			c.name(at.Attr("secret_name"), v.Secret.SecretName)
			c.keyFiles(at.Attr("items"), v.Secret.Items)
			c.fileMode(at.Attr("default_mode"), v.Secret.DefaultMode)
		}},
		{"projected", v.Projected != nil, func(at field.Path) { w.validateProjected(c, at, *v.Projected) }},
		{"downward_api", v.DownwardAPI != nil, func(at field.Path) {
			w.fieldFiles(c, at.Attr("items"), v.DownwardAPI.Items)
			c.fileMode(at.Attr("default_mode"), v.DownwardAPI.DefaultMode)
		}},
		{"persistent_volume_claim", v.PersistentVolumeClaim != nil, func(at field.Path) {
			c.name(at.Attr("claim_name"), v.PersistentVolumeClaim.ClaimName)
		}},
		{"ephemeral", v.Ephemeral != nil, func(at field.Path) { v.Ephemeral.validate(c, at, w.IdentityLabels()) }},
		{"csi", v.CSI != nil, func(at field.Path) { v.CSI.validate(c, at) }},
		{"image", v.Image != nil, func(at field.Path) { v.Image.validate(c, at) }},
		{"host_path", v.HostPath != nil, func(at field.Path) { v.HostPath.validate(c, at) }},
	}
	var names, chosen []string
	for _, s := range sources {
		names = append(names, s.name)
		if s.set {
			chosen = append(chosen, s.name)
			s.check(p.Attr(s.name))
		}
	}
	switch len(chosen) {
	case 1:
	case 0:
		c.fail(p, "has no source: set one of %s", strings.Join(names, ", "))
	default:
		c.fail(p, "sets %s: keep one of them", strings.Join(chosen, " and "))
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateEmptyDirVolumeSource.
func (d EmptyDir) validate(c *checks, p field.Path) {
	if d.SizeLimit != nil {
		c.quantity(p.Attr("size_limit"), *d.SizeLimit)
	}
	if d.Medium == nil {
		return
	}
	at := p.Attr("medium")
	switch size, isPages := strings.CutPrefix(*d.Medium, "HugePages-"); {
	case *d.Medium == "Memory" || *d.Medium == "HugePages":
	case !isPages:
		c.fail(at, "%q is none of Memory, HugePages, HugePages-<size>: leave it out for the node's disk", *d.Medium)
	default:
		if q, err := resource.ParseQuantity(size); err != nil || q.Sign() <= 0 {
			c.fail(at, "%q names no size of a page: write it like HugePages-2Mi", *d.Medium)
		}
	}
}

func (c *checks) keyFiles(p field.Path, items map[string]KeyFile) {
	if items != nil && len(items) == 0 {
		c.fail(p, "is empty: leave it out for every key, or name files")
	}
	for _, path := range sorted(items) {
		at := p.Key(path)
		c.filePath(at, path)
		c.kubernetes(at.Attr("key"), items[path].Key, validation.IsConfigMapKey(items[path].Key))
		c.fileMode(at.Attr("mode"), items[path].Mode)
	}
}

func (w Workload) fieldFiles(c *checks, p field.Path, items map[string]FieldFile) {
	if len(items) == 0 {
		c.fail(p, "is empty: name a file")
	}
	for _, path := range sorted(items) {
		item, at := items[path], p.Key(path)
		c.filePath(at, path)
		c.fileMode(at.Attr("mode"), item.Mode)
		c.podField(at, item.FieldPath, item.Resource, fileFieldPaths, w)
		if item.Resource != nil && item.Resource.Container == nil {
			c.fail(at.Attr("resource").Attr("container"), "is not set: a volume belongs to no container, so name one")
		}
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateProjectionSources.
func (w Workload) validateProjected(c *checks, p field.Path, v ProjectedVolume) {
	c.fileMode(p.Attr("default_mode"), v.DefaultMode)
	if len(v.Sources) == 0 {
		c.fail(p.Attr("sources"), "is empty: name a source")
	}
	paths := map[string]bool{}
	for i, source := range v.Sources {
		at, set := p.Attr("sources").Index(i), 0
		var files []string
		for name, object := range map[string]*ProjectedObject{"config_map": source.ConfigMap, "secret": source.Secret} {
			if object != nil {
				set++
				files = append(files, sorted(object.Items)...)
				c.name(at.Attr(name).Attr("name"), object.Name)
				c.keyFiles(at.Attr(name).Attr("items"), object.Items)
			}
		}
		if source.DownwardAPI != nil {
			set++
			files = append(files, sorted(source.DownwardAPI.Items)...)
			w.fieldFiles(c, at.Attr("downward_api").Attr("items"), source.DownwardAPI.Items)
		}
		if token := source.ServiceAccountToken; token != nil {
			set++
			files = append(files, token.Path)
			token.validate(c, at.Attr("service_account_token"))
		}
		if bundle := source.ClusterTrustBundle; bundle != nil {
			set++
			files = append(files, bundle.Path)
			bundle.validate(c, at.Attr("cluster_trust_bundle"))
		}
		if set != 1 {
			c.fail(at, "sets %d sources: set one of config_map, secret, downward_api, service_account_token, cluster_trust_bundle", set)
		}
		for _, file := range files {
			if paths[file] {
				c.fail(at, "holds the file %q, which another source holds too: rename one", file)
			}
			paths[file] = true
		}
	}
}

// Source: kubernetes@v1.37.0 pkg/apis/core/validation validateProjectionSources.
func (b ProjectedTrustBundle) validate(c *checks, p field.Path) {
	c.needs(p, kubeversion.TrustBundles)
	c.filePath(p.Attr("path"), b.Path)
	switch {
	case b.Name == nil && b.SignerName == nil:
		c.fail(p, "names no bundle: set name or signer_name")
	case b.Name != nil && b.SignerName != nil:
		c.fail(p, "sets name and signer_name: keep one of them")
	case b.Name != nil && b.Labels != nil:
		c.fail(p.Attr("labels"), "selects among the bundles of a signer, and name is one bundle already: remove it")
	}
	if b.Name != nil { // a signer's bundle begins with the signer, with : for /
		for part := range strings.SplitSeq(*b.Name, ":") {
			c.kubernetes(p.Attr("name"), *b.Name, validation.IsDNS1123Subdomain(part))
		}
	}
	if b.SignerName != nil {
		domain, name, _ := strings.Cut(*b.SignerName, "/")
		c.kubernetes(p.Attr("signer_name"), *b.SignerName, validation.IsDNS1123Subdomain(domain))
		for part := range strings.SplitSeq(name, "/") {
			c.kubernetes(p.Attr("signer_name"), *b.SignerName, validation.IsDNS1123Subdomain(part))
		}
	}
	c.labels(p.Attr("labels"), b.Labels, nil)
}

func (t ProjectedServiceToken) validate(c *checks, p field.Path) {
	const shortest, longest = 600, 1 << 32
	c.filePath(p.Attr("path"), t.Path)
	between(c, p.Attr("expiration_seconds"), t.ExpirationSeconds, shortest, longest)
	if t.Audience != nil {
		if *t.Audience == "" {
			c.fail(p.Attr("audience"), "is empty: name whom the token is for, or leave it out for the API server")
		}
		c.text(p.Attr("audience"), *t.Audience)
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidatePersistentVolumeClaimSpec.
func (v EphemeralVolume) validate(c *checks, p field.Path, reserved map[string]string) {
	c.storage(p.Attr("storage"), v.Storage)
	if v.StorageClassName != nil && *v.StorageClassName != "" { // "" is no class at all
		c.name(p.Attr("storage_class_name"), *v.StorageClassName)
	}
	c.accessModes(p.Attr("access_modes"), v.AccessModes)
	c.labels(p.Attr("labels"), v.Labels, reserved)
	c.annotations(p.Attr("annotations"), v.Annotations, nil)
}

// storage fails unless value is a size that a claim can ask for.
func (c *checks) storage(p field.Path, value string) {
	c.quantity(p, value)
	if q, err := resource.ParseQuantity(value); err == nil && q.Sign() == 0 {
		c.fail(p, "%q is nothing: ask for some storage", value)
	}
}

// accessModes fails unless modes is nil or a list that a claim may have.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidatePersistentVolumeClaimSpec.
func (c *checks) accessModes(p field.Path, modes []string) {
	const alone = "ReadWriteOncePod"
	if modes != nil && len(modes) == 0 {
		c.fail(p, "is empty: leave it out for [\"ReadWriteOnce\"]")
	}
	for i, mode := range modes {
		c.oneOf(p.Index(i), &modes[i], "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", alone)
		if mode == alone && len(modes) > 1 {
			c.fail(p, "holds ReadWriteOncePod together with other modes: it stands alone")
		}
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateCSIVolumeSource and ValidateCSIDriverName.
func (v CSIVolume) validate(c *checks, p field.Path) {
	const longest = 63
	c.kubernetes(p.Attr("driver"), v.Driver, validation.IsDNS1123Subdomain(strings.ToLower(v.Driver)))
	if len(v.Driver) > longest {
		c.fail(p.Attr("driver"), "%q is longer than %d characters", v.Driver, longest)
	}
	c.optionalName(p.Attr("node_publish_secret"), v.NodePublishSecret)
	if v.FSType != nil {
		c.text(p.Attr("fs_type"), *v.FSType)
	}
	for _, key := range sorted(v.VolumeAttributes) {
		c.text(p.Attr("volume_attributes").Key(key), key)
		c.text(p.Attr("volume_attributes").Key(key), v.VolumeAttributes[key])
	}
}

func (v ImageVolume) validate(c *checks, p field.Path) {
	c.needs(p, kubeversion.ImageVolumes)
	if ref, err := imageref.Parse(v.Reference); err != nil {
		c.fail(p.Attr("reference"), "%s", err)
	} else if ref.IsLayout() {
		c.fail(p.Attr("reference"), "%q is a layout on a local disk, which no node can pull: push it to a registry", v.Reference)
	}
	c.oneOf(p.Attr("pull_policy"), v.PullPolicy, "Always", "IfNotPresent", "Never")
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateHostPathVolumeSource.
func (v HostPathVolume) validate(c *checks, p field.Path) {
	c.absolutePath(p.Attr("path"), v.Path)
	if slices.Contains(strings.Split(v.Path, "/"), "..") {
		c.fail(p.Attr("path"), "%q leads upwards: remove ..", v.Path)
	}
	c.oneOf(p.Attr("type"), v.Type, "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice")
}
