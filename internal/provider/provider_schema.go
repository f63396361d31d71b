package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Describes production Kubernetes workloads in HCL and renders their manifests during plan: images pinned by digest, " +
			"hardened by default, every exception written down with its reason. The provider never talks to a cluster.",
		Attributes: map[string]schema.Attribute{
			"kubernetes_version": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Minor version of the cluster, `" + kubeversion.Oldest.String() + "` to `" + kubeversion.Newest.String() + "`; it decides API versions and which fields may be used. " +
					"Default is the environment variable `SEAWORTHY_KUBERNETES_VERSION`, then `" + kubeversion.Oldest.String() + "`, whose manifests every supported cluster takes.",
			},
			"registries": schema.MapNestedAttribute{
				Optional: true,
				MarkdownDescription: "Settings of single registries, by host and port as in image references. Credentials that are not set here come from the Docker configuration, " +
					"credential helpers and cloud keychains; without any, access is anonymous.",
				NestedObject: schema.NestedAttributeObject{Attributes: registryAttributes()},
			},
			"cache_dir": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Directory that keeps manifests and configs of images by their digest; they are verified on every read. " +
					"Default is the environment variable `SEAWORTHY_CACHE_DIR`, then `seaworthy` in the user's cache directory.",
			},
			"lock_file": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "File in which the digests of tags and the tags of version constraints are kept, for review in version control, such as `images.lock.json`; a relative path is relative to the working directory. " +
					"What it says wins over the registry. Default is the environment variable `SEAWORTHY_LOCK_FILE`, then none.",
			},
			"lock_mode": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What the lock file is for: `update` adds what is missing and warns of tags that have moved, `readonly` makes a missing entry an error and asks no registry for a tag, " +
					"`off` leaves the file alone. Default is the environment variable `SEAWORTHY_LOCK_MODE`, then `update`.",
			},
			"vulnerability_database": advisoriesAttribute(),
			"releases_file":          releasesAttribute(),
			"request_timeout_seconds": schema.Int32Attribute{
				Optional:            true,
				MarkdownDescription: "Seconds that one request to a registry may take. Default is the environment variable `SEAWORTHY_REQUEST_TIMEOUT_SECONDS`, then `30`.",
			},
			"max_retries": schema.Int32Attribute{
				Optional: true,
				MarkdownDescription: "How often a request is repeated that failed with 408, 429, a 5xx status or a broken connection. " +
					"Default is the environment variable `SEAWORTHY_MAX_RETRIES`, then `4`.",
			},
		},
	}
}

func registryAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"username": schema.StringAttribute{
			Optional: true, MarkdownDescription: "User name, together with `password`. Default is none.",
		},
		"password": schema.StringAttribute{
			Optional: true, Sensitive: true, MarkdownDescription: "Password of `username`; it is never stored or logged. Default is none.",
		},
		"token": schema.StringAttribute{
			Optional: true, Sensitive: true, MarkdownDescription: "Bearer token, in place of `username` and `password`; it is never stored or logged. Default is none.",
		},
		"ca_certificate_pem": schema.StringAttribute{
			Optional: true, MarkdownDescription: "Certificates of the authority that signed the registry's, in PEM. Default is the system's authorities alone.",
		},
		"client_certificate_pem": schema.StringAttribute{
			Optional: true, MarkdownDescription: "Certificate that the registry asks of its clients, in PEM, together with `client_key_pem`. Default is none.",
		},
		"client_key_pem": schema.StringAttribute{
			Optional: true, Sensitive: true, MarkdownDescription: "Private key of `client_certificate_pem`, in PEM; it is never stored or logged. Default is none.",
		},
		"plain_http": schema.BoolAttribute{
			Optional: true, MarkdownDescription: "Whether the registry is asked over plain HTTP. Default is `false`; loopback hosts may use plain HTTP without it.",
		},
		"mirrors": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Hosts, with an optional path prefix (`mirror.example.com/cache`), that are asked in order before the registry itself. " +
				"A digest must match wherever the content came from. Default is none.",
		},
		"max_concurrent_requests": schema.Int32Attribute{
			Optional: true, MarkdownDescription: "How many requests the registry gets at a time. Default is `8`.",
		},
	}
}
