package provider

func workloadStatefulAttributes() attributes {
	return attributes{
		"volume_claims": objectMap("Storage by name, of which each pod of a StatefulSet has its own: a PersistentVolumeClaim that outlives the pod. Mount it with `volume_mounts` of a container. "+
			"Kubernetes refuses every change of it later, so the plan warns of one. Default is none. Only a `StatefulSet` has it.", attributes{
			"storage":                      requiredText("Size that is asked for, such as `10Gi`."),
			"access_modes":                 texts("Ways to mount the volume: `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`. Default is `[\"ReadWriteOnce\"]`."),
			"storage_class_name":           text("StorageClass of the claim; `\"\"` asks for a volume without a class. Default is the cluster's default class."),
			"volume_attributes_class_name": text("VolumeAttributesClass of the claim. Default is none. It needs Kubernetes 1.34."),
			"labels":                       textMap("Labels of the claim, beside those of seaworthy; `labels` of the workload are not among them, because they may change. Default is none."),
			"annotations":                  textMap("Annotations of the claim. Default is none."),
		}),
		"pod_management_policy": text("`OrderedReady`: the pods of a StatefulSet start and stop one after the other, each when the last one is ready; `Parallel`: all at once. " +
			"Default is `OrderedReady`. Kubernetes refuses a change later. Only a `StatefulSet` has it."),
		"ordinals": object("Numbers of the pods of a StatefulSet. Default is from 0. Only a `StatefulSet` has it.", attributes{
			"start": integer("Number of the first pod. Default is `0`."),
		}),
		"persistent_volume_claim_retention_policy": object("What becomes of `volume_claims`. Default is that they stay, with the data. Only a `StatefulSet` has it.", attributes{
			"when_deleted": text("When the StatefulSet is deleted: `Retain` or `Delete`. Default is `Retain`."),
			"when_scaled":  text("When a pod is scaled away: `Retain` or `Delete`. Default is `Retain`."),
		}),
	}
}
