package workload_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// blames fails unless validation finds exactly what want says: "path: part of the
// message", one a line; nothing for a valid description.
func blames(t *testing.T, w workload.Workload, want string) {
	t.Helper()
	fields, others := field.All(w.Validate(kubeversion.Newest))
	if len(others) > 0 {
		t.Errorf("errors without a path: %v", others)
	}
	var paths, got []string
	for line := range strings.Lines(want) {
		path, message, _ := strings.Cut(strings.TrimSpace(line), ": ")
		paths = append(paths, path)
		found := false
		for _, f := range fields {
			found = found || f.Path.String() == path && strings.Contains(f.Message, message)
		}
		if !found {
			t.Errorf("no error %q at %s", message, path)
		}
	}
	for _, f := range fields {
		got = append(got, f.Path.String())
	}
	if diff := cmp.Diff(paths, got); diff != "" {
		t.Errorf("blamed (-want +got):\n%s%v", diff, fields)
	}
}

// mounting is the valid description with one volume, mounted at /data.
func mounting(volume string) string {
	return strings.Replace(api, "    env:", "    volume_mounts: {/data: {volume: data}}\n    env:", 1) + "volumes: {data: " + volume + "}\n"
}

func TestValidate_VolumeSources(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ volume, want string }{
		"empty dir":              {"{empty_dir: {size_limit: 1Gi}}", ""},
		"huge pages":             {"{empty_dir: {medium: HugePages-2Mi}}", ""},
		"no source":              {"{}", `volumes["data"]: has no source`},
		"two sources":            {"{empty_dir: {}, secret: {secret_name: a}}", `volumes["data"]: sets empty_dir and secret`},
		"medium":                 {"{empty_dir: {medium: Disk}}", `volumes["data"].empty_dir.medium: none of Memory`},
		"medium of no size":      {"{empty_dir: {medium: HugePages-big}}", `volumes["data"].empty_dir.medium: names no size`},
		"size":                   {"{empty_dir: {size_limit: lots}}", `volumes["data"].empty_dir.size_limit: not a quantity`},
		"config map name":        {"{config_map: {name: A}}", `volumes["data"].config_map.name: is not valid`},
		"no items":               {"{config_map: {name: a, items: {}}}", `volumes["data"].config_map.items: is empty`},
		"absolute item":          {"{config_map: {name: a, items: {/etc/a: {key: a}}}}", `volumes["data"].config_map.items["/etc/a"]: absolute path`},
		"item leading out":       {"{secret: {secret_name: a, items: {a/../../b: {key: a}}}}", `volumes["data"].secret.items["a/../../b"]: leads out`},
		"item of the kubelet":    {"{secret: {secret_name: a, items: {..data: {key: a}}}}", `volumes["data"].secret.items["..data"]: kept for the kubelet`},
		"item key":               {"{secret: {secret_name: a, items: {a: {key: b/c}}}}", `volumes["data"].secret.items["a"].key: is not valid`},
		"mode in decimal":        {"{secret: {secret_name: a, default_mode: '256'}}", ""},
		"mode of no digits":      {"{secret: {secret_name: a, default_mode: '0999'}}", `volumes["data"].secret.default_mode: no mode of a file`},
		"mode too large":         {"{secret: {secret_name: a, default_mode: '1777'}}", `volumes["data"].secret.default_mode: no mode of a file`},
		"no sources":             {"{projected: {sources: []}}", `volumes["data"].projected.sources: is empty`},
		"source of nothing":      {"{projected: {sources: [{}]}}", `volumes["data"].projected.sources[0]: sets 0 sources`},
		"file twice":             {"{projected: {sources: [{service_account_token: {path: a}}, {secret: {name: b, items: {a: {key: c}}}}]}}", `volumes["data"].projected.sources[1]: which another source holds too`},
		"bundles":                {"{projected: {sources: [{cluster_trust_bundle: {path: a, name: 'example.com:mesh:one'}}, {cluster_trust_bundle: {path: b, signer_name: example.com/mesh}}]}}", ""},
		"bundle of nobody":       {"{projected: {sources: [{cluster_trust_bundle: {path: a}}]}}", `volumes["data"].projected.sources[0].cluster_trust_bundle: names no bundle`},
		"bundle twice":           {"{projected: {sources: [{cluster_trust_bundle: {path: a, name: b, signer_name: c.d/e}}]}}", `volumes["data"].projected.sources[0].cluster_trust_bundle: keep one`},
		"one of one":             {"{projected: {sources: [{cluster_trust_bundle: {path: a, name: b, labels: {c: d}}}]}}", `volumes["data"].projected.sources[0].cluster_trust_bundle.labels: one bundle already`},
		"signer":                 {"{projected: {sources: [{cluster_trust_bundle: {path: a, signer_name: B}}]}}", "volumes[\"data\"].projected.sources[0].cluster_trust_bundle.signer_name: is not valid\nvolumes[\"data\"].projected.sources[0].cluster_trust_bundle.signer_name: is not valid"},
		"short token":            {"{projected: {sources: [{service_account_token: {path: a, expiration_seconds: 599}}]}}", `volumes["data"].projected.sources[0].service_account_token.expiration_seconds: use 600 to`},
		"token for nobody":       {"{projected: {sources: [{service_account_token: {path: a, audience: ''}}]}}", `volumes["data"].projected.sources[0].service_account_token.audience: is empty`},
		"field":                  {"{downward_api: {items: {a: {field_path: \"metadata.annotations['A.b/C']\"}}}}", ""},
		"field of a variable":    {"{downward_api: {items: {a: {field_path: status.podIP}}}}", `volumes["data"].downward_api.items["a"].field_path: no field that can be shown here`},
		"label key":              {"{downward_api: {items: {a: {field_path: \"metadata.labels['a b']\"}}}}", `volumes["data"].downward_api.items["a"].field_path: is not valid`},
		"resource of nobody":     {"{downward_api: {items: {a: {resource: {name: limits.cpu}}}}}", `volumes["data"].downward_api.items["a"].resource.container: name one`},
		"resource of a stranger": {"{downward_api: {items: {a: {resource: {name: limits.cpu, container: web}}}}}", `volumes["data"].downward_api.items["a"].resource.container: use one of api`},
		"resource":               {"{downward_api: {items: {a: {resource: {name: cpu, container: api}}}}}", `volumes["data"].downward_api.items["a"].resource.name: write limits.`},
		"divisor":                {"{downward_api: {items: {a: {resource: {name: limits.cpu, container: api, divisor: 1Mi}}}}}", `volumes["data"].downward_api.items["a"].resource.divisor: no unit`},
		"claim name":             {"{persistent_volume_claim: {claim_name: ''}}", `volumes["data"].persistent_volume_claim.claim_name: is empty`},
		"no storage":             {"{ephemeral: {storage: '0'}}", `volumes["data"].ephemeral.storage: ask for some`},
		"no class":               {"{ephemeral: {storage: 1Gi, storage_class_name: ''}}", ""},
		"access modes":           {"{ephemeral: {storage: 1Gi, access_modes: [ReadWriteOncePod, ReadWriteOnce]}}", `volumes["data"].ephemeral.access_modes: stands alone`},
		"unknown access mode":    {"{ephemeral: {storage: 1Gi, access_modes: [RWO]}}", `volumes["data"].ephemeral.access_modes[0]: none of ReadWriteOnce`},
		"driver":                 {"{csi: {driver: 'a b'}}", `volumes["data"].csi.driver: is not valid`},
		"image":                  {"{image: {reference: 'oci-layout:./a'}}", `volumes["data"].image.reference: push it`},
		"relative host path":     {"{host_path: {path: var/run, type: Folder}}", "volumes[\"data\"].host_path.path: not an absolute path\nvolumes[\"data\"].host_path.type: none of DirectoryOrCreate"},
		"host path upwards":      {"{host_path: {path: /var/../etc}}", `volumes["data"].host_path.path: leads upwards`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, describe(t, mounting(tt.volume)), tt.want)
		})
	}
}

func TestValidate_Mounts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ mounts, rest, want string }{
		"not declared":        {"{/data: {volume: other}}", "", `containers["api"].volume_mounts["/data"].volume: "other" is no volume`},
		"not mounted":         {"{/data: {volume: data}}", "volumes: {data: {empty_dir: {}}, more: {empty_dir: {}}}", `volumes["more"]: mounted by no container`},
		"twice":               {"{/data: {volume: data}, /data/: {volume: data}}", "volumes: {data: {empty_dir: {}}}", `containers["api"].volume_mounts["/data/"]: a path of volume_mounts`},
		"over writable":       {"{/tmp: {volume: data}}", "volumes: {data: {empty_dir: {}}}", `containers["api"].volume_mounts["/tmp"]: a path of writable_paths`},
		"under a config file": {"{/etc/a: {volume: data}}", "volumes: {data: {empty_dir: {}}}\nconfig_files: {/etc/a: {content: b}}", `config_files["/etc/a"]: a path of volume_mounts`},
		"relative":            {"{data: {volume: data}}", "volumes: {data: {empty_dir: {}}}", `containers["api"].volume_mounts["data"]: not an absolute path`},
		"sub paths":           {"{/data: {volume: data, sub_path: /a, sub_path_expr: ../b}}", "volumes: {data: {empty_dir: {}}}", "containers[\"api\"].volume_mounts[\"/data\"].sub_path_expr: keep one\ncontainers[\"api\"].volume_mounts[\"/data\"].sub_path: absolute path\ncontainers[\"api\"].volume_mounts[\"/data\"].sub_path_expr: leads out"},
		"writable secret":     {"{/data: {volume: data, read_only: false}}", "volumes: {data: {secret: {secret_name: a}}}", `containers["api"].volume_mounts["/data"].read_only: cannot be written`},
		"propagation":         {"{/data: {volume: data, mount_propagation: Bidirectional}}", "volumes: {data: {empty_dir: {}}}", `containers["api"].volume_mounts["/data"].mount_propagation: only privileged`},
		"recursive":           {"{/data: {volume: data, recursive_read_only: Enabled}}", "volumes: {data: {empty_dir: {}}}", `containers["api"].volume_mounts["/data"].recursive_read_only: needs read_only`},
		"recursive, spread":   {"{/data: {volume: data, read_only: true, recursive_read_only: Enabled, mount_propagation: HostToContainer}}", "volumes: {data: {empty_dir: {}}}", `containers["api"].volume_mounts["/data"].recursive_read_only: None`},
		"recursive secret":    {"{/data: {volume: data, recursive_read_only: Enabled}}", "volumes: {data: {secret: {secret_name: a}}}", ""},
		"two ways":            {"{/data: {volume: data, sub_path: a}, /more: {volume: data, sub_path_expr: $(A)}}", "volumes: {data: {empty_dir: {}}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := strings.Replace(api, "    env:", "    writable_paths: {/tmp: 1Mi}\n    volume_mounts: "+tt.mounts+"\n    env:", 1) + tt.rest
			blames(t, describe(t, document), tt.want)
		})
	}
}

func TestValidate_ConfigFiles(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ addition, want string }{
		"fits":          {"config_files: {/etc/a: {content: b, mode: '0400', containers: [api]}}", ""},
		"empty file":    {"config_files: {/etc/a: {content: ''}}", ""},
		"relative":      {"config_files: {etc/a: {content: b}}", `config_files["etc/a"]: not an absolute path`},
		"folder":        {"config_files: {/etc/: {content: b}}", `config_files["/etc/"]: name the file`},
		"too long":      {"config_files: {/" + strings.Repeat("a_", 90) + ": {content: b}}", `config_files["/` + strings.Repeat("a_", 90) + `"]: too long`},
		"binary":        {`config_files: {/etc/a: {content: "\u0000"}}`, `config_files["/etc/a"].content: control character`},
		"mode":          {"config_files: {/etc/a: {content: b, mode: rw}}", `config_files["/etc/a"].mode: no mode of a file`},
		"for nobody":    {"config_files: {/etc/a: {content: b, containers: []}}", `config_files["/etc/a"].containers: is empty`},
		"for strangers": {"config_files: {/etc/a: {content: b, containers: [api, web, api]}}", "config_files[\"/etc/a\"].containers[1]: no container of this pod\nconfig_files[\"/etc/a\"].containers[2]: listed already"},
		"too large":     {"config_files: {/a: {content: " + strings.Repeat("x", 600<<10) + "}, /b: {content: " + strings.Repeat("x", 600<<10) + "}}", "config_files: at most 1048576"},
		"name alone":    {"config_map_name: a", "config_map_name: there are none"},
		"volume's name": {"config_files: {/etc/a: {content: b}}\nvolumes: {config-files: {empty_dir: {}}}", "volumes[\"config-files\"]: choose another\nvolumes[\"config-files\"]: mounted by no container"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, describe(t, api+tt.addition), tt.want)
		})
	}
}

func TestValidate_InitContainersAndVariables(t *testing.T) {
	t.Parallel()
	const image = "image: a" + digest
	for name, tt := range map[string]struct{ from, to, want string }{
		"init":            {"", "init_containers: [{name: a, " + image + "}]", ""},
		"sidecar":         {"", "init_containers: [{name: a, sidecar: true, " + image + ", ports: {b: {container_port: 1}}, readiness_probe: {tcp_socket: {port: b}}}]", ""},
		"name":            {"", "init_containers: [{name: A, " + image + "}]", "init_containers[0].name: is not valid"},
		"name twice":      {"", "init_containers: [{name: api, " + image + "}]", `containers["api"]: an init container too`},
		"probe":           {"", "init_containers: [{name: a, " + image + ", readiness_probe: {exec: {command: [b]}}}]", "init_containers[0].readiness_probe: set sidecar = true"},
		"ports":           {"", "init_containers: [{name: a, " + image + ", ports: {b: {container_port: 1}}}]", "init_containers[0].ports: set sidecar = true"},
		"port of sidecar": {"", "init_containers: [{name: a, sidecar: true, " + image + ", ports: {b: {container_port: 8080}}}]", `containers["api"].ports["http"].container_port: is the port of a/b already`},
		"unsized sidecar": {"", "init_containers: [{name: a, sidecar: true, " + image + "}]\nautoscaling: {min_replicas: 1, max_replicas: 2, cpu_utilization: 50}", `autoscaling.cpu_utilization: set init_containers[0].resources.requests.cpu`},
		"unsized init":    {"", "init_containers: [{name: a, " + image + "}]\nautoscaling: {min_replicas: 1, max_replicas: 2, cpu_utilization: 50}", ""},
		"config map":      {"    env:", "    env_from_config_map: {A: {config_map: '', key: a/b}}\n    env:", "containers[\"api\"].env_from_config_map[\"A\"].config_map: is empty\ncontainers[\"api\"].env_from_config_map[\"A\"].key: is not valid"},
		"no field":        {"    env:", "    env_from_field: {A: {}}\n    env:", `containers["api"].env_from_field["A"]: names nothing`},
		"two fields":      {"    env:", "    env_from_field: {A: {field_path: metadata.name, resource: {name: limits.cpu}}}\n    env:", `containers["api"].env_from_field["A"]: keep one`},
		"field":           {"    env:", "    env_from_field: {A: {field_path: metadata.labels}}\n    env:", `containers["api"].env_from_field["A"].field_path: status.podIP`},
		"variable twice":  {"    env:", "    env_from_field: {LOG_LEVEL: {field_path: metadata.name}}\n    env:", `containers["api"].env_from_field["LOG_LEVEL"]: set in env too`},
		"no source":       {"    env:", "    env_from: [{prefix: A}]\n    env:", `containers["api"].env_from[0]: names no source`},
		"two sources":     {"    env:", "    env_from: [{secret: a, config_map: b}]\n    env:", `containers["api"].env_from[0]: make two elements`},
		"prefix":          {"    env:", "    env_from: [{secret: a, prefix: 'A='}]\n    env:", `containers["api"].env_from[0].prefix: is not valid`},
		"circle":          {"env: {LOG_LEVEL: info}", "env: {A: $(B), B: x$(C), C: $(A)y, D: $(D_), E: $$(E)}", `containers["api"].env["A"]: by way of A, B, C`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := api + tt.to
			if tt.from != "" {
				document = strings.Replace(api, tt.from, tt.to, 1)
			}
			blames(t, describe(t, document), tt.want)
		})
	}
}

// Different paths must have different keys, and each key must be one that a ConfigMap takes.
func TestConfigFileKey(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/etc/app.conf": "etc__app.conf", "/etc/a_b": "etc__a_5fb", "/etc_/b": "etc_5f__b", "/.env": "_2eenv", "/..data": "_2e.data",
		"/a b": "a_20b", "/é": "_c3_a9", "/a//b": "a____b",
	} {
		if got := workload.ConfigFileKey(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// The name of the ConfigMap follows what the files say, and nothing else.
func TestConfigMapName_FollowsTheFiles(t *testing.T) {
	t.Parallel()
	base := describe(t, api+"config_files: {/etc/a: {content: b}}")
	name := base.ConfigMapName()
	for change, document := range map[string]string{
		"content": "config_files: {/etc/a: {content: c}}", "path": "config_files: {/etc/b: {content: b}}",
		"mode": "config_files: {/etc/a: {content: b, mode: '0400'}}", "one more": "config_files: {/etc/a: {content: b}, /etc/c: {content: ''}}",
	} {
		if describe(t, api+document).ConfigMapName() == name {
			t.Errorf("another %s has the same name", change)
		}
	}
	if other := describe(t, api+"replicas: 7\nconfig_files: {/etc/a: {content: b, containers: [api]}}").ConfigMapName(); other != name {
		t.Errorf("%s became %s, although the files are the same", name, other)
	}
}
