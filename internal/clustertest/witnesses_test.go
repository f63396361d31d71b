//go:build cluster

package clustertest_test

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"

// witnesses hold one object for each feature of the table.
var witnesses = map[kubeversion.Feature]witness{
	kubeversion.RelaxedEnvNames: {text: `
apiVersion: v1
kind: Pod
metadata: {name: relaxed-env-names, namespace: features}
spec:
  containers: [{name: main, image: "main", env: [{name: "1 a/b", value: ""}]}]
`},
	kubeversion.RelaxedServiceNames: {text: `
apiVersion: v1
kind: Service
metadata: {name: 1-relaxed, namespace: features}
spec: {ports: [{port: 80}]}
`},
	kubeversion.SameTrafficDistribution: {text: `
apiVersion: v1
kind: Service
metadata: {name: traffic-distribution, namespace: features}
spec: {ports: [{port: 80}], trafficDistribution: PreferSameNode}
`},
	kubeversion.StatefulSetMaxUnavailable: {text: `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: max-unavailable, namespace: features}
spec:
  serviceName: main
  selector: {matchLabels: {app: main}}
  updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}
  template:
    metadata: {labels: {app: main}}
    spec: {containers: [{name: main, image: main}]}
`, field: []string{"spec", "updateStrategy", "rollingUpdate", "maxUnavailable"}},
	kubeversion.VolumeAttributesClass: {text: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: attributes-class, namespace: features}
spec:
  accessModes: [ReadWriteOnce]
  volumeAttributesClassName: gold
  resources: {requests: {storage: 1Gi}}
`, field: []string{"spec", "volumeAttributesClassName"}},
	kubeversion.HPATolerance: {text: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: tolerance, namespace: features}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: main}
  behavior: {scaleUp: {tolerance: "0.05"}}
  maxReplicas: 3
  metrics: [{type: External, external: {metric: {name: queue}, target: {type: Value, value: "1"}}}]
`, field: []string{"spec", "behavior", "scaleUp", "tolerance"}},
	kubeversion.HPAScaleToZero: {text: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: to-zero, namespace: features}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: main}
  minReplicas: 0
  maxReplicas: 3
  metrics: [{type: External, external: {metric: {name: queue}, target: {type: Value, value: "1"}}}]
`},
	kubeversion.ImageVolumes: {text: `
apiVersion: v1
kind: Pod
metadata: {name: image-volumes, namespace: features}
spec:
  containers: [{name: main, image: main, volumeMounts: [{name: models, mountPath: /models}]}]
  volumes: [{name: models, image: {reference: models}}]
`, field: []string{"spec", "volumes", "0", "image"}},
	kubeversion.ZeroSleep: {text: `
apiVersion: v1
kind: Pod
metadata: {name: zero-sleep, namespace: features}
spec:
  containers: [{name: main, image: main, lifecycle: {preStop: {sleep: {seconds: 0}}}}]
`},
	kubeversion.SupplementalGroupsPolicy: {text: `
apiVersion: v1
kind: Pod
metadata: {name: groups-policy, namespace: features}
spec:
  securityContext: {supplementalGroupsPolicy: Strict}
  containers: [{name: main, image: main}]
`, field: []string{"spec", "securityContext", "supplementalGroupsPolicy"}},
	kubeversion.SELinuxChangePolicy: {text: `
apiVersion: v1
kind: Pod
metadata: {name: selinux-policy, namespace: features}
spec:
  securityContext: {seLinuxChangePolicy: Recursive}
  containers: [{name: main, image: main}]
`, field: []string{"spec", "securityContext", "seLinuxChangePolicy"}},
	kubeversion.SELinuxMountOption: {text: `
apiVersion: v1
kind: Pod
metadata: {name: selinux-mount, namespace: features}
spec:
  securityContext: {seLinuxChangePolicy: MountOption}
  containers: [{name: main, image: main}]
`, field: []string{"spec", "securityContext", "seLinuxChangePolicy"}},
	kubeversion.TrustBundles: {text: `
apiVersion: v1
kind: Pod
metadata: {name: trust-bundles, namespace: features}
spec:
  containers: [{name: main, image: main, volumeMounts: [{name: trust, mountPath: /trust}]}]
  volumes: [{name: trust, projected: {sources: [{clusterTrustBundle: {name: one, path: ca.crt}}]}}]
`, field: []string{"spec", "volumes", "0", "projected", "sources", "0", "clusterTrustBundle"}},
	kubeversion.HostUsers: {text: `
apiVersion: v1
kind: Pod
metadata: {name: host-users, namespace: features}
spec:
  hostUsers: false
  containers: [{name: main, image: main}]
`, field: []string{"spec", "hostUsers"}},
	kubeversion.ProcMount: {text: `
apiVersion: v1
kind: Pod
metadata: {name: proc-mount, namespace: features}
spec:
  hostUsers: false
  containers: [{name: main, image: main, securityContext: {procMount: Unmasked}}]
`, field: []string{"spec", "containers", "0", "securityContext", "procMount"}, value: "Unmasked"},
	kubeversion.ResizePolicy: {text: `
apiVersion: v1
kind: Pod
metadata: {name: resize-policy, namespace: features}
spec:
  containers: [{name: main, image: main, resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]}]
`, field: []string{"spec", "containers", "0", "resizePolicy"}},
	kubeversion.PodResources: {text: `
apiVersion: v1
kind: Pod
metadata: {name: pod-resources, namespace: features}
spec:
  resources: {requests: {cpu: "1"}}
  containers: [{name: main, image: main}]
`, field: []string{"spec", "resources"}},
	kubeversion.RelaxedSearches: {text: `
apiVersion: v1
kind: Pod
metadata: {name: searches, namespace: features}
spec:
  dnsConfig: {searches: [a_b, .]}
  containers: [{name: main, image: main}]
`},
	kubeversion.HostnameOverride: {text: `
apiVersion: v1
kind: Pod
metadata: {name: hostname-override, namespace: features}
spec:
  hostnameOverride: a.b
  containers: [{name: main, image: main}]
`, field: []string{"spec", "hostnameOverride"}},
}
