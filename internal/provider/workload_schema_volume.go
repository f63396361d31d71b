package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// workloadVolumeAttributes are the arguments about files and storage.
func workloadVolumeAttributes() attributes {
	return attributes{
		"volumes": objectMap("Volumes of the pod by name, each of exactly one source. A volume that no container mounts is an error. Default is none.", attributes{
			"empty_dir": object("Folder that is empty when the pod starts, and is deleted with it.", attributes{
				"size_limit": text("Most that may be written, such as `1Gi`. On the node's disk it counts against the `ephemeral-storage` limit of the containers, which grows by it if you leave that out. Default is none, which needs an exception."),
				"medium":     text("Where the folder lies: `Memory`, `HugePages` or `HugePages-<size>`. Default is the node's disk."),
			}),
			"config_map": object("Keys of a ConfigMap as files.", keyVolumeAttributes("name", "ConfigMap")),
			"secret":     object("Keys of a Secret as files.", keyVolumeAttributes("secret_name", "Secret")),
			"projected": object("Files of several sources in one folder.", attributes{
				"sources": schema.ListNestedAttribute{
					Required: true, MarkdownDescription: "Sources, each of which sets exactly one of `config_map`, `secret`, `downward_api`, `service_account_token` and `cluster_trust_bundle`.",
					NestedObject: schema.NestedAttributeObject{Attributes: projectedSourceAttributes()},
				},
				"default_mode": fileMode("files"),
			}),
			"downward_api": object("What the pod knows of itself as files.", attributes{
				"items":        fieldFiles(),
				"default_mode": fileMode("files"),
			}),
			"persistent_volume_claim": object("PersistentVolumeClaim that is made elsewhere.", attributes{
				"claim_name": requiredText("Name of the claim, in the workload's namespace."),
				"read_only":  flag("Whether no container may write to it. Default is `false`."),
			}),
			"ephemeral": object("PersistentVolumeClaim that is made for each pod and deleted with it.", attributes{
				"storage":            requiredText("Size that is asked for, such as `10Gi`."),
				"storage_class_name": text("StorageClass of the claim; `\"\"` asks for a volume without a class. Default is the cluster's default class."),
				"access_modes":       texts("Ways to mount the volume: `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`. Default is `[\"ReadWriteOnce\"]`."),
				"labels":             textMap("Labels of the claim, beside those of seaworthy. Default is none."),
				"annotations":        textMap("Annotations of the claim. Default is none."),
			}),
			"csi": object("Volume that a CSI driver makes for the pod.", attributes{
				"driver":              requiredText("Name of the CSI driver, such as `secrets-store.csi.k8s.io`."),
				"read_only":           flag("Whether the volume is mounted read-only. Default is `false`."),
				"fs_type":             text("File system of the volume. Default is the driver's choice."),
				"volume_attributes":   textMap("Parameters for the driver. Default is none."),
				"node_publish_secret": text("Name of the Secret that is handed to the driver. Default is none."),
			}),
			"image": object("Files of an image. It needs Kubernetes 1.35.", attributes{
				"reference":   requiredText("Image reference, pinned by a digest: use `pinned` of the data source `seaworthy_image`."),
				"pull_policy": text("When the node pulls the image: `IfNotPresent`, `Always` or `Never`. Default is `IfNotPresent` for a reference with a digest and `Always` for one without."),
			}),
			"host_path": object("File or folder of the node. It reaches out of the pod, so the rule `volume-types` asks for a reason in `exceptions`.", attributes{
				"path": requiredText("Absolute path on the node."),
				"type": text("What must be at the path: `DirectoryOrCreate`, `Directory`, `FileOrCreate`, `File`, `Socket`, `CharDevice` or `BlockDevice`. Default is not to look."),
			}),
		}),
		"config_files": objectMap("Text files of the workload's own, by absolute path. They are kept in a ConfigMap that is named by its content and never changes, so a changed file replaces the pods, and a rollback brings back the files as they were. "+
			"Each file is mounted read-only at its path; other files of that folder stay visible. Default is none.", attributes{
			"content":    requiredText("Text of the file. All files together may hold 1 MiB. It is shown in plans: secrets belong into a Secret."),
			"mode":       fileMode("file"),
			"containers": texts("Names of the containers, init containers included, that see the file. Default is all of them."),
		}),
		"config_map_name": text("Name of the ConfigMap of `config_files`, for contents that are known only after apply: with it, the keys of `manifests` are known all the same. " +
			"The pods are then replaced by an annotation with the content's hash, but a rollback or a restarted old pod reads the new files. Default is the workload's name and a hash of the content."),
	}
}

func keyVolumeAttributes(name, kind string) attributes {
	return attributes{
		name:           requiredText("Name of the " + kind + ", in the workload's namespace."),
		"items":        keyFiles(kind),
		"default_mode": fileMode("files"),
		"optional":     flag("Whether the pod may start without the " + kind + ". Default is `false`."),
	}
}

func keyFiles(kind string) schema.MapNestedAttribute {
	return objectMap("Files by path, relative to the volume. Default is every key of the "+kind+" under its own name.", attributes{
		"key":  requiredText("Key of the " + kind + "."),
		"mode": fileMode("file"),
	})
}

func fileMode(what string) schema.StringAttribute {
	return text("Mode of the " + what + " in octal, such as `0440`. Default is `0644`, or what the volume says.")
}

func fieldFiles() schema.MapNestedAttribute {
	items := podFieldAttributes("`metadata.name`, `metadata.namespace`, `metadata.uid`, `metadata.labels`, `metadata.annotations`, or one label or annotation such as `metadata.labels['team']`")
	maps.Copy(items, attributes{"mode": fileMode("file")})
	return schema.MapNestedAttribute{
		Required: true, MarkdownDescription: "Files by path, relative to the volume. Each sets exactly one of `field_path` and `resource`.",
		NestedObject: schema.NestedAttributeObject{Attributes: items},
	}
}

func projectedSourceAttributes() attributes {
	projected := func(kind string) schema.SingleNestedAttribute {
		return object("Keys of a "+kind+" as files.", attributes{
			"name":     requiredText("Name of the " + kind + ", in the workload's namespace."),
			"items":    keyFiles(kind),
			"optional": flag("Whether the pod may start without the " + kind + ". Default is `false`."),
		})
	}
	return attributes{
		"config_map":   projected("ConfigMap"),
		"secret":       projected("Secret"),
		"downward_api": object("What the pod knows of itself as files.", attributes{"items": fieldFiles()}),
		"cluster_trust_bundle": object("Certificates that the cluster trusts: exactly one of `name` and `signer_name` says which. It needs Kubernetes 1.37.", attributes{
			"path":        requiredText("Path of the file, relative to the volume."),
			"name":        text("Name of one ClusterTrustBundle. Default is none."),
			"signer_name": text("Signer whose bundles are joined, such as `example.com/mesh`. Default is none."),
			"labels":      textMap("Labels of the signer's bundles. Default is all of them."),
			"optional":    flag("Whether the pod may start without the bundle. Default is `false`."),
		}),
		"service_account_token": object("Token of the pod's ServiceAccount, renewed before it expires.", attributes{
			"path":               requiredText("Path of the file, relative to the volume."),
			"audience":           text("Whom the token is for; the receiver must refuse tokens for others. Default is the API server."),
			"expiration_seconds": longInteger("Seconds that a token is valid, 600 to 4294967296. Default is `3600`."),
		}),
	}
}

func volumeMountsAttribute() schema.MapNestedAttribute {
	return objectMap("Volumes that the container sees, by absolute path. Default is none.", attributes{
		"volume":              requiredText("Name of a volume of `volumes`."),
		"sub_path":            text("Path within the volume. Default is the whole volume."),
		"sub_path_expr":       text("Path within the volume with references `$(NAME)` to environment variables, in place of `sub_path`. Default is none."),
		"read_only":           flag("Whether the container cannot write there. Default is `true` for volumes that cannot be written anyway (`config_map`, `secret`, `projected`, `downward_api`, `image`), and `false` for the others."),
		"mount_propagation":   text("Whether later mounts on the node show: `None`, `HostToContainer`, or, with privileges, `Bidirectional`. Default is `None`."),
		"recursive_read_only": text("Whether mounts below a read-only one are read-only too: `Disabled`, `IfPossible` or `Enabled`. Default is `Disabled`."),
	})
}

// envAttributes are the environment variables of a container.
func envAttributes() attributes {
	return attributes{
		"env": textMap("Environment variables with plain values. `$(NAME)` stands for the value of another variable of the container, and `$$(NAME)` for that text. " +
			"A name or value that looks like a secret is an error: use `env_from_secret`. Default is none."),
		"env_from_secret": objectMap("Environment variables whose values stay in Secrets of the namespace, by variable name. Default is none.", attributes{
			"secret":   requiredText("Name of the Secret."),
			"key":      requiredText("Key in the Secret."),
			"optional": flag("Whether the container may start when the key is missing. Default is `false`."),
		}),
		"env_from_config_map": objectMap("Environment variables with values of ConfigMaps of the namespace, by variable name. Default is none.", attributes{
			"config_map": requiredText("Name of the ConfigMap."),
			"key":        requiredText("Key in the ConfigMap."),
			"optional":   flag("Whether the container may start when the key is missing. Default is `false`."),
		}),
		"env_from_field": objectMap("Environment variables with what the pod knows of itself, by variable name. Each sets exactly one of `field_path` and `resource`. Default is none.",
			podFieldAttributes("`metadata.name`, `metadata.namespace`, `metadata.uid`, `spec.nodeName`, `spec.serviceAccountName`, `status.hostIP`, `status.hostIPs`, `status.podIP`, `status.podIPs`, or one label or annotation such as `metadata.labels['team']`")),
		"env_from": objectList("ConfigMaps and Secrets of which every key becomes a variable. Later ones win, and the variables above win over all. Default is none.", attributes{
			"config_map": text("Name of the ConfigMap. Default is none; then `secret` is set."),
			"secret":     text("Name of the Secret. Default is none; then `config_map` is set."),
			"prefix":     text("Text before the name of each variable. Default is none."),
			"optional":   flag("Whether the container may start when the object is missing. Default is `false`."),
		}),
	}
}

func podFieldAttributes(fields string) attributes {
	return attributes{
		"field_path": text("Field of the pod: " + fields + ". Default is none."),
		"resource": object("Request or limit of a container. Default is none.", attributes{
			"name":      requiredText("Resource, such as `limits.memory` or `requests.cpu`."),
			"container": text("Name of the container; a file in a volume needs it. Default is the container itself."),
			"divisor":   text("Unit that is counted in, such as `1Mi`, or `1m` for CPU. Default is `1`."),
		}),
	}
}
