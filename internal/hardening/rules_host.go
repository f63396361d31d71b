package hardening

import (
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var hostRules = []Rule{
	{
		ID:          "no-host-namespaces",
		Severity:    Error,
		Title:       "The pod has its own network, process and IPC namespaces.",
		Attribute:   "security_context",
		Remediation: "remove `hostNetwork`, `hostPID` and `hostIPC` from `patches`",
		InYAML:      "remove `hostNetwork`, `hostPID` and `hostIPC` from the pod's spec",
		Rationale:   "In the node's namespaces a pod sees the node's processes, shared memory and network interfaces, and no network policy holds for it.",
		Source:      "Pod Security Standards, baseline, \"Host Namespaces\"",
		check:       eachPod(checkHostNamespaces),
	},
	{
		ID:          "no-host-port",
		Severity:    Error,
		Title:       "No container takes a port of its node.",
		Attribute:   "containers",
		Remediation: "remove `hostPort` from `patches`; the workload's Service exposes its `ports`",
		InYAML:      "remove `hostPort` from the container's port and expose it by a Service",
		Rationale:   "The port is open on the node's addresses, past Services and most network policies, and only one such pod fits on a node.",
		Source:      "Pod Security Standards, baseline, \"Host Ports\"",
		check:       eachContainer(checkHostPort),
	},
	{
		ID:          "no-host-process",
		Severity:    Error,
		Title:       "No Windows container runs as a process of its node.",
		Attribute:   "security_context",
		Remediation: "remove `windowsOptions.hostProcess` from `patches`",
		InYAML:      "remove `windowsOptions.hostProcess` from `securityContext`",
		Rationale:   "A host process is not contained at all.",
		Source:      "Pod Security Standards, baseline, \"HostProcess\"",
		check:       eachPod(checkHostProcess),
	},
	{
		ID:          "no-probe-host",
		Severity:    Error,
		Title:       "Probes and lifecycle hooks ask the pod itself.",
		Attribute:   "containers",
		Remediation: "remove `host` from what `patches` add to the probe or the hook",
		InYAML:      "remove `host` from the `httpGet` or `tcpSocket`",
		Rationale:   "The kubelet makes these requests from the node: with another host, a pod's author sends requests with the node's access to the network.",
		Source:      "Pod Security Standards, baseline, \"Host Probes / Lifecycle Hooks (v1.34+)\"",
		check:       eachContainer(checkProbeHost),
	},
	{
		ID:          "volume-types",
		Severity:    Error,
		Title:       "Volumes are of the types that do not reach into the node.",
		Attribute:   "containers",
		Remediation: "use a source other than `host_path` in `volumes`, or write an exception that says why the pod needs the node's files or storage",
		InYAML:      "use a configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected or secret volume",
		Rationale:   "hostPath opens the node's files. The other types carry the storage system's addresses and credentials in the pod, where a claim would hide them.",
		Source:      "Pod Security Standards, restricted, \"Volume Types\"",
		check:       eachPod(checkVolumeTypes),
	},
	{
		ID:          "safe-sysctls",
		Severity:    Error,
		Title:       "Only kernel settings that stay inside the pod are changed.",
		Attribute:   "security_context",
		Remediation: "remove the setting from `security_context`, or from `patches`",
		InYAML:      "remove the setting from `securityContext.sysctls`",
		Rationale:   "An unsafe setting can starve or break other pods of the node; the kubelet refuses the pod unless it was told to allow it.",
		Source:      "Pod Security Standards, baseline, \"Sysctls\", as of Kubernetes 1.31: k8s.io/pod-security-admission@v0.37.0 policy/check_sysctls.go sysctlsAllowedV1Dot29",
		check:       eachPod(checkSysctls),
	},
	{
		ID:          "proc-mount",
		Severity:    Error,
		Title:       "The process file system is masked as usual.",
		Attribute:   "containers",
		Remediation: "remove `proc_mount` from the container's `security_context`, or from `patches`",
		InYAML:      "remove `procMount` from the container's `securityContext`",
		Rationale:   "An unmasked /proc shows and changes kernel state that containers are kept from.",
		Source:      "Pod Security Standards, baseline, \"/proc Mount Type\"",
		check:       eachContainer(checkProcMount),
	},
	{
		ID:          "apparmor-profile",
		Severity:    Error,
		Title:       "AppArmor is not switched off.",
		Attribute:   "security_context",
		Remediation: "remove the AppArmor profile from `security_context` or `patches`, or use RuntimeDefault or Localhost",
		InYAML:      "remove `appArmorProfile` from `securityContext`, or set it to RuntimeDefault or Localhost",
		Rationale:   "Where a node has AppArmor, the runtime confines every container unless it is told not to. No profile is asked for, because pods that name one do not start on nodes without AppArmor.",
		Source:      "Pod Security Standards, baseline, \"AppArmor\"; kubernetes@v1.36.1 pkg/security/apparmor/validate.go",
		check:       eachPod(checkAppArmor),
	},
	{
		ID:          "selinux-options",
		Severity:    Error,
		Title:       "SELinux confines every container as usual.",
		Attribute:   "security_context",
		Remediation: "remove `selinux_options` from `security_context`, or use one of the types " + list(seLinuxTypes) + " without `user` and `role`",
		InYAML:      "remove `user`, `role` and types other than " + list(seLinuxTypes) + " from `securityContext.seLinuxOptions`",
		Rationale:   "Another user, role or type can lift the confinement that keeps containers from the node's files.",
		Source:      "Pod Security Standards, baseline, \"SELinux\"; k8s.io/pod-security-admission@v0.37.0 policy/check_seLinuxOptions.go",
		check:       eachPod(checkSELinux),
	},
	{
		ID:          "no-host-aliases",
		Severity:    Error,
		Title:       "Host names are resolved by DNS alone.",
		Attribute:   "host_aliases",
		Remediation: "remove `host_aliases` and give the name to the cluster's DNS, for example by a Service of the type ExternalName",
		InYAML:      "remove `hostAliases` and give the name to the cluster's DNS, for example by a Service of the type ExternalName",
		Rationale:   "An entry of /etc/hosts wins over DNS and never changes while the pod lives: when the address moves, or was wrong, traffic and what it carries go to whoever has it now, and nothing outside of the pod shows it.",
		Source:      "Kubernetes documentation, tasks/network/customize-hosts-file-for-pods",
		check:       eachPod(checkHostAliases),
	},
}

func checkHostNamespaces(p *pod, report report) {
	for name, shared := range map[string]bool{"hostNetwork": p.spec.HostNetwork, "hostPID": p.spec.HostPID, "hostIPC": p.spec.HostIPC} {
		if shared {
			report(p.at(name), "%s is true", name)
		}
	}
}

func checkHostPort(c *container, report report) {
	for i, port := range c.Ports {
		if port.HostPort != 0 {
			report(c.at("ports").index(i).at("hostPort"), "container port %d takes port %d of its node", port.ContainerPort, port.HostPort)
		}
	}
}

func checkHostProcess(p *pod, report report) {
	judge := func(at place, options *corev1.WindowsSecurityContextOptions) {
		if options != nil && orDefault(options.HostProcess, false) {
			report(at.at("securityContext.windowsOptions.hostProcess"), "hostProcess is true")
		}
	}
	judge(p.place, orDefault(p.spec.SecurityContext, corev1.PodSecurityContext{}).WindowsOptions)
	for _, c := range p.containers {
		judge(c.place, c.security().WindowsOptions)
	}
}

func checkProbeHost(c *container, report report) {
	judge := func(name string, get *corev1.HTTPGetAction, socket *corev1.TCPSocketAction) {
		if get != nil && get.Host != "" {
			report(c.at(name+".httpGet.host"), "asks %q instead of the pod", get.Host)
		}
		if socket != nil && socket.Host != "" {
			report(c.at(name+".tcpSocket.host"), "asks %q instead of the pod", socket.Host)
		}
	}
	for name, probe := range c.probes() {
		judge(name, probe.HTTPGet, probe.TCPSocket)
	}
	hooks := orDefault(c.Lifecycle, corev1.Lifecycle{})
	for name, hook := range map[string]*corev1.LifecycleHandler{"postStart": hooks.PostStart, "preStop": hooks.PreStop} {
		if hook != nil {
			judge("lifecycle."+name, hook.HTTPGet, hook.TCPSocket)
		}
	}
}

func checkVolumeTypes(p *pod, report report) {
	for _, volume := range p.spec.Volumes {
		s := volume.VolumeSource
		allowed := s.ConfigMap != nil || s.CSI != nil || s.DownwardAPI != nil || s.EmptyDir != nil || s.Ephemeral != nil || s.Image != nil ||
			s.PersistentVolumeClaim != nil || s.Projected != nil || s.Secret != nil
		// A volume without a type is an emptyDir: kubernetes@v1.36.1 pkg/apis/core/v1/defaults.go SetDefaults_Volume.
		if kind := volumeType(s); !allowed && kind != "" {
			report(p.at("volumes").key(volume.Name), "volume %q is of the type %s", volume.Name, kind)
		}
	}
}

// volumeType returns the name of the field that is set.
func volumeType(source corev1.VolumeSource) string {
	v := reflect.ValueOf(source)
	for i := range v.NumField() {
		if !v.Field(i).IsNil() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}

// safeSysctls are those that every supported cluster, from 1.31 on, takes for safe.
var safeSysctls = []string{
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_syncookies",
}

func checkSysctls(p *pod, report report) {
	for _, sysctl := range orDefault(p.spec.SecurityContext, corev1.PodSecurityContext{}).Sysctls {
		if !slices.Contains(safeSysctls, sysctl.Name) {
			report(p.at("securityContext.sysctls").key(sysctl.Name), "kernel setting %q is not among the safe ones", sysctl.Name)
		}
	}
}

func checkProcMount(c *container, report report) {
	if mount := orDefault(c.security().ProcMount, corev1.DefaultProcMount); mount != corev1.DefaultProcMount {
		report(c.at("securityContext.procMount"), "procMount is %s", mount)
	}
}

func checkAppArmor(p *pod, report report) {
	judge := func(at place, profile *corev1.AppArmorProfile) {
		if profile != nil && profile.Type != corev1.AppArmorProfileTypeRuntimeDefault && profile.Type != corev1.AppArmorProfileTypeLocalhost {
			report(at.at("securityContext.appArmorProfile"), "the AppArmor profile is %s", profile.Type)
		}
	}
	judge(p.place, orDefault(p.spec.SecurityContext, corev1.PodSecurityContext{}).AppArmorProfile)
	for _, c := range p.containers {
		judge(c.place, c.security().AppArmorProfile)
	}
}

// seLinuxTypes are the types that every supported cluster, from 1.31 on, allows.
var seLinuxTypes = []string{"container_t", "container_init_t", "container_kvm_t", "container_engine_t"}

func checkSELinux(p *pod, report report) {
	judge := func(at place, options *corev1.SELinuxOptions) {
		if options == nil {
			return
		}
		at = at.at("securityContext.seLinuxOptions")
		if options.Type != "" && !slices.Contains(seLinuxTypes, options.Type) {
			report(at.at("type"), "the SELinux type is %q", options.Type)
		}
		if options.User != "" {
			report(at.at("user"), "the SELinux user is %q", options.User)
		}
		if options.Role != "" {
			report(at.at("role"), "the SELinux role is %q", options.Role)
		}
	}
	judge(p.place, orDefault(p.spec.SecurityContext, corev1.PodSecurityContext{}).SELinuxOptions)
	for _, c := range p.containers {
		judge(c.place, c.security().SELinuxOptions)
	}
}

func checkHostAliases(p *pod, report report) {
	for i, alias := range p.spec.HostAliases {
		report(p.at("hostAliases").index(i), "the address %s is written down for %s, past DNS", alias.IP, list(alias.Hostnames))
	}
}
