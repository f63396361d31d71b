package main

import (
	"fmt"
	"strings"
)

// quick is the rate at which controllers may call the API server, in requests a
// second. Their default is made for clusters that other people use as well.
const quick = 1000

func apiServerFlags(c credentials, dir, etcd, address string) []string {
	return []string{
		"--etcd-servers=" + etcd,
		"--bind-address=127.0.0.1",
		"--secure-port=" + port(address),
		"--cert-dir=" + dir,
		"--tls-cert-file=" + c.certificateFile,
		"--tls-private-key-file=" + c.keyFile,
		"--token-auth-file=" + c.tokenFile,
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.keyFile,
		"--service-account-signing-key-file=" + c.keyFile,
		// Two ranges let Services be of both families.
		"--service-cluster-ip-range=10.0.0.0/16,fd00:10::/112",
		// A port that a manifest names is hardly one that another Service was given by chance.
		"--service-node-port-range=1024-65535",
		// Privileged containers are for the namespace's Pod Security standard to refuse.
		"--allow-privileged",
		// Nothing in the cluster looks for the API server at an address of this machine.
		"--endpoint-reconciler-type=none",
	}
}

func controllerManagerFlags(c credentials, kubeconfig string) []string {
	return []string{
		"--kubeconfig=" + kubeconfig,
		"--service-account-private-key-file=" + c.keyFile,
		"--root-ca-file=" + c.certificateFile,
		"--leader-elect=false",
		"--secure-port=0",
		fmt.Sprint("--kube-api-qps=", quick),
		fmt.Sprint("--kube-api-burst=", quick),
		// A new autoscaler acts for the first time after one period.
		"--horizontal-pod-autoscaler-sync-period=2s",
	}
}

// schedulers are the names that pods may ask for: the default one, and one more.
var schedulers = []string{"default-scheduler", "batch"}

// schedulerConfig is a configuration file. The profiles of one program are its
// schedulers.
func schedulerConfig(kubeconfig string) object {
	var profiles []object
	for _, name := range schedulers {
		profiles = append(profiles, object{"schedulerName": name})
	}
	return object{
		"apiVersion":       "kubescheduler.config.k8s.io/v1",
		"kind":             "KubeSchedulerConfiguration",
		"clientConnection": object{"kubeconfig": kubeconfig, "qps": quick, "burst": quick},
		"leaderElection":   object{"leaderElect": false},
		"profiles":         profiles,
	}
}

func schedulerFlags(config string) []string {
	return []string{"--config=" + config, "--secure-port=0"}
}

func kwokFlags(kubeconfig string, stages []string) []string {
	return []string{
		"--kubeconfig=" + kubeconfig,
		"--config=" + strings.Join(stages, ","),
		"--manage-all-nodes=true",
		// Without leases the node controller takes every node for lost after 40 seconds.
		"--node-lease-duration-seconds=40",
	}
}
