//go:build cluster

package clustertest_test

import (
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

const zone = "topology.kubernetes.io/zone"

// rejections are named for what is wrong.
var rejections = map[string]rejection{
	// Names, labels, annotations.
	"name in capitals":      {change: func(w *workload.Workload) { w.Name = "Web" }, api: "metadata.name"},
	"name of 64 characters": {change: func(w *workload.Workload) { w.Name = strings.Repeat("w", 64) }, api: "metadata.labels"},
	"label key":             {change: func(w *workload.Workload) { w.Labels = map[string]string{"a b": "c"} }, api: "metadata.labels"},
	"label value":           {change: func(w *workload.Workload) { w.Labels = map[string]string{"a": "b c"} }, api: "metadata.labels"},
	"label value too long":  {change: func(w *workload.Workload) { w.PodLabels = map[string]string{"a": strings.Repeat("v", 64)} }, api: "spec.template.labels"},
	"annotation key":        {change: func(w *workload.Workload) { w.Annotations = map[string]string{"a/b/c": ""} }, api: "metadata.annotations"},
	"annotations too large": {change: func(w *workload.Workload) { w.Annotations = map[string]string{"a": strings.Repeat("v", 256<<10)} }, api: "metadata.annotations"},
	"annotations together too large": {change: func(w *workload.Workload) {
		w.Annotations = map[string]string{"a": strings.Repeat("v", 130<<10)}
		w.PodAnnotations = map[string]string{"b": strings.Repeat("v", 130<<10)}
	}, api: "spec.template.annotations"},

	// Containers.
	"no container":     {change: func(w *workload.Workload) { w.Containers = map[string]workload.Container{} }, api: "spec.template.spec.containers"},
	"container name":   {change: func(w *workload.Workload) { w.Containers["a_b"] = w.Containers["web"]; delete(w.Containers, "web") }, api: "spec.template.spec.containers[0].name"},
	"image with blank": {change: web(func(c *workload.Container) { c.Image = " " + c.Image }), stricter: "no container runtime could pull it"},
	"no image":         {change: web(func(c *workload.Container) { c.Image = "" }), api: "spec.template.spec.containers[0].image"},
	"pull policy":      {change: web(func(c *workload.Container) { c.ImagePullPolicy = new("Sometimes") }), api: "spec.template.spec.containers[0].imagePullPolicy"},
	"variable name":    {change: web(func(c *workload.Container) { c.Env = map[string]string{"A=B": ""} }), api: "spec.template.spec.containers[0].env[0].name"},
	"secret key": {change: web(func(c *workload.Container) {
		c.EnvFromSecret = map[string]workload.SecretKey{"A": {Secret: "s", Key: "a b"}}
	}), api: "env[0].valueFrom.secretKeyRef.key"},
	"secret without name":   {change: web(func(c *workload.Container) { c.EnvFromSecret = map[string]workload.SecretKey{"A": {Key: "a"}} }), api: "spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name"},
	"mount path with colon": {change: web(func(c *workload.Container) { c.WritablePaths = map[string]string{"/a:b": "1Mi"} }), stricter: "the API's documentation forbids it, and container runtimes read the colon as a separator"},
	"mount path empty":      {change: web(func(c *workload.Container) { c.WritablePaths = map[string]string{"": "1Mi"} }), api: "spec.template.spec.containers[0].volumeMounts[0].mountPath"},
	"mount path relative":   {change: web(func(c *workload.Container) { c.WritablePaths = map[string]string{"tmp": "1Mi"} }), stricter: "it means another directory with each container runtime"},
	"size negative":         {change: web(func(c *workload.Container) { c.WritablePaths = map[string]string{"/tmp": "-1Mi"} }), api: "spec.template.spec.volumes[0].emptyDir.sizeLimit"},

	// Ports.
	"port zero":             {change: port(func(p *workload.Port) { p.ContainerPort = 0 }), api: "spec.ingress[0].ports[0].port"},
	"port too high":         {change: port(func(p *workload.Port) { p.ContainerPort = 65536 }), api: "spec.ingress[0].ports[0].port"},
	"service port too high": {change: port(func(p *workload.Port) { p.ServicePort = new(int32(65536)) }), api: "spec.ports[0].port"},
	"protocol":              {change: port(func(p *workload.Port) { p.Protocol = new("ICMP") }), api: "spec.ingress[0].ports[0].protocol"},
	"app protocol":          {change: port(func(p *workload.Port) { p.AppProtocol = new("a b") }), api: "spec.ports[0].appProtocol"},
	"port name too long":    {change: web(func(c *workload.Container) { c.Ports["sixteen-letters-"] = workload.Port{ContainerPort: 1} }), api: "spec.ports[1].name"},
	"port name of digits":   {change: web(func(c *workload.Container) { c.Ports["80"] = workload.Port{ContainerPort: 1} }), api: "spec.ports[0].targetPort"},
	"port number twice": {change: web(func(c *workload.Container) {
		c.Ports["again"] = workload.Port{ContainerPort: 8080, ServicePort: new(int32(81))}
	}), api: "duplicate entries for key"},
	"service port twice": {change: web(func(c *workload.Container) {
		c.Ports["again"] = workload.Port{ContainerPort: 81, ServicePort: new(int32(8080))}
	}), api: "duplicate entries for key"},
	"port name in two containers": {change: func(w *workload.Workload) {
		w.Containers["other"] = workload.Container{Image: "other:1" + digest, Ports: map[string]workload.Port{"http": {ContainerPort: 81}}}
	}, api: "spec.ports[1].name"},

	// Resources.
	"request over limit":       {change: resources(map[string]string{"cpu": "2"}, map[string]string{"cpu": "1"}), api: "spec.template.spec.containers[0].resources.requests"},
	"request negative":         {change: resources(map[string]string{"cpu": "-1"}, nil), api: "spec.template.spec.containers[0].resources.requests[cpu]"},
	"resource unknown":         {change: resources(map[string]string{"disk": "1"}, nil), api: "spec.template.spec.containers[0].resources.requests[disk]"},
	"resource of a bad domain": {change: resources(nil, map[string]string{"exa mple.com/gpu": "1"}), api: "resources.limits[exa mple.com/gpu]"},
	"resource of requests.":    {change: resources(nil, map[string]string{"requests.example.com/gpu": "1"}), api: "spec.template.spec.containers[0].resources.limits[requests.example.com/gpu]"},
	"extended without limit":   {change: resources(map[string]string{"example.com/gpu": "1"}, nil), api: "spec.template.spec.containers[0].resources.limits"},
	"extended overcommitted":   {change: resources(map[string]string{"example.com/gpu": "1"}, map[string]string{"example.com/gpu": "2"}), api: "spec.template.spec.containers[0].resources.requests"},
	"extended in parts":        {change: resources(nil, map[string]string{"example.com/gpu": "500m"}), api: "spec.template.spec.containers[0].resources.limits[example.com/gpu]"},
	"huge pages without limit": {change: resources(map[string]string{"cpu": "1", "hugepages-2Mi": "2Mi"}, nil), api: "spec.template.spec.containers[0].resources.limits"},
	"huge pages alone":         {change: resources(map[string]string{}, map[string]string{"hugepages-2Mi": "2Mi"}), api: "spec.template.spec.containers[0].resources"},
	"huge pages in parts":      {change: resources(map[string]string{"cpu": "1"}, map[string]string{"hugepages-2Mi": "3Mi"}), api: "spec.template.spec.containers[0].resources.limits[hugepages-2Mi]"},
	"huge pages of no size":    {change: resources(map[string]string{"cpu": "1"}, map[string]string{"hugepages-big": "2Mi"}), api: "spec.template.spec.containers[0].resources.limits[hugepages-big]"},

	// Probes.
	"probe with two handlers": {change: liveness(func(p *workload.Probe) { p.Exec = &workload.Exec{Command: []string{"a"}} }), stricter: "only one of them can be rendered; the API server refuses two"},
	"probe without command":   {change: liveness(func(p *workload.Probe) { p.HTTPGet, p.Exec = nil, &workload.Exec{} }), api: "spec.template.spec.containers[0].livenessProbe.exec.command"},
	"probe on unknown name":   {change: liveness(func(p *workload.Probe) { p.HTTPGet.Port = "admin" }), stricter: "the kubelet finds no port of that name"},
	"probe on unknown number": {change: liveness(func(p *workload.Probe) { p.HTTPGet.Port = "9999" }), stricter: "the container does not listen there, as far as it says"},
	"probe on no port":        {change: liveness(func(p *workload.Probe) { p.HTTPGet.Port = "0" }), api: "spec.template.spec.containers[0].livenessProbe.httpGet.port"},
	"probe path relative":     {change: liveness(func(p *workload.Probe) { p.HTTPGet.Path = new("healthz") }), stricter: "the kubelet sends it as it is, and servers refuse a path without a slash"},
	"probe scheme":            {change: liveness(func(p *workload.Probe) { p.HTTPGet.Scheme = new("http") }), api: "spec.template.spec.containers[0].livenessProbe.httpGet.scheme"},
	"probe header":            {change: liveness(func(p *workload.Probe) { p.HTTPGet.Headers = map[string]string{"a b": "c"} }), api: "spec.template.spec.containers[0].livenessProbe.httpGet.httpHeaders"},
	"probe delay negative":    {change: liveness(func(p *workload.Probe) { p.InitialDelaySeconds = new(int32(-1)) }), api: "spec.template.spec.containers[0].livenessProbe.initialDelaySeconds"},
	"probe period zero":       {change: liveness(func(p *workload.Probe) { p.PeriodSeconds = new(int32(0)) }), stricter: "the API server puts its default in the place of zero, which is not what was written"},
	"probe period negative":   {change: liveness(func(p *workload.Probe) { p.PeriodSeconds = new(int32(-1)) }), api: "spec.template.spec.containers[0].livenessProbe.periodSeconds"},
	"probe timeout zero":      {change: liveness(func(p *workload.Probe) { p.TimeoutSeconds = new(int32(0)) }), stricter: "the API server puts its default in the place of zero, which is not what was written"},
	"probe failures zero":     {change: liveness(func(p *workload.Probe) { p.FailureThreshold = new(int32(0)) }), stricter: "the API server puts its default in the place of zero, which is not what was written"},
	"liveness successes":      {change: liveness(func(p *workload.Probe) { p.SuccessThreshold = new(int32(2)) }), api: "spec.template.spec.containers[0].livenessProbe.successThreshold"},
	"startup successes": {change: web(func(c *workload.Container) {
		p := *c.LivenessProbe
		p.SuccessThreshold = new(int32(2))
		c.StartupProbe = &p
	}), api: "startupProbe.successThreshold"},
	"liveness grace negative": {change: liveness(func(p *workload.Probe) { p.TerminationGracePeriodSeconds = new(int64(-1)) }), api: "livenessProbe.terminationGracePeriodSeconds"},
	"readiness grace": {change: web(func(c *workload.Container) {
		p := *c.LivenessProbe
		p.TerminationGracePeriodSeconds = new(int64(9))
		c.ReadinessProbe = &p
	}), api: "readinessProbe.terminationGracePeriodSeconds"},
	"probe over UDP": {change: port(func(p *workload.Port) { p.Protocol = new("UDP") }), stricter: "the kubelet would connect over TCP, for ever in vain"},

	// Security contexts.
	"user negative":               {change: security(workload.SecurityContext{RunAsUser: new(int64(-1))}), api: "spec.template.spec.containers[0].securityContext.runAsUser"},
	"user too high":               {change: security(workload.SecurityContext{RunAsUser: new(int64(1 << 31))}), api: "spec.template.spec.containers[0].securityContext.runAsUser"},
	"group negative":              {change: security(workload.SecurityContext{RunAsGroup: new(int64(-1))}), api: "spec.template.spec.containers[0].securityContext.runAsGroup"},
	"privileged no escalation":    {change: security(workload.SecurityContext{Privileged: new(true)}), api: "securityContext"},
	"SYS_ADMIN no escalation":     {change: security(workload.SecurityContext{Capabilities: &workload.Capabilities{Add: []string{"SYS_ADMIN"}}}), stricter: "the API server looks for the name with a prefix, which means nothing to a container runtime"},
	"capability with prefix":      {change: security(workload.SecurityContext{Capabilities: &workload.Capabilities{Add: []string{"CAP_SYS_ADMIN"}}}), api: "spec.template.spec.containers[0].securityContext"},
	"capability in small letters": {change: security(workload.SecurityContext{Capabilities: &workload.Capabilities{Add: []string{"chown"}}}), stricter: "no container runtime knows it"},
	"group of volumes negative":   {change: func(w *workload.Workload) { w.SecurityContext = &workload.PodSecurityContext{FSGroup: new(int64(-1))} }, api: "spec.template.spec.securityContext.fsGroup"},
	"further group negative": {change: func(w *workload.Workload) {
		w.SecurityContext = &workload.PodSecurityContext{SupplementalGroups: []int64{-1}}
	}, api: "spec.template.spec.securityContext.supplementalGroups[0]"},
	"seccomp profile unknown": {change: func(w *workload.Workload) {
		w.SecurityContext = &workload.PodSecurityContext{SeccompProfile: new("Strict")}
	}, api: "spec.template.spec.securityContext.seccompProfile.type"},
	"seccomp path upwards": {change: func(w *workload.Workload) {
		w.SecurityContext = &workload.PodSecurityContext{SeccompProfile: new("localhost/../a.json")}
	}, api: "spec.template.spec.securityContext.seccompProfile.localhostProfile"},
	"seccomp path absolute": {change: func(w *workload.Workload) {
		w.SecurityContext = &workload.PodSecurityContext{SeccompProfile: new("localhost//a.json")}
	}, api: "spec.template.spec.securityContext.seccompProfile.localhostProfile"},

	// Rollout and shutdown.
	"surge and unavailable zero": {change: rolling("0", "0%"), api: "spec.strategy.rollingUpdate.maxUnavailable"},
	"unavailable over 100%":      {change: rolling("1", "101%"), api: "spec.strategy.rollingUpdate.maxUnavailable"},
	"replicas negative":          {change: func(w *workload.Workload) { w.Replicas = new(int32(-1)) }, api: "spec.replicas"},
	"deadline before readiness": {change: func(w *workload.Workload) {
		w.MinReadySeconds, w.ProgressDeadlineSeconds = new(int32(60)), new(int32(60))
	}, api: "spec.progressDeadlineSeconds"},
	"min ready negative": {change: func(w *workload.Workload) { w.MinReadySeconds = new(int32(-1)) }, api: "spec.minReadySeconds"},
	"history negative":   {change: func(w *workload.Workload) { w.RevisionHistoryLimit = new(int32(-1)) }, api: "spec.revisionHistoryLimit"},
	"grace negative":     {change: func(w *workload.Workload) { w.TerminationGracePeriodSeconds = new(int64(-1)) }, api: "spec.template.spec.containers[0].lifecycle.preStop.sleep"},
	"sleep negative":     {change: func(w *workload.Workload) { w.PreStopSleepSeconds = new(int64(-1)) }, api: "spec.template.spec.containers[0].lifecycle.preStop.sleep"},
	"sleep beyond grace": {change: func(w *workload.Workload) {
		w.PreStopSleepSeconds, w.TerminationGracePeriodSeconds = new(int64(31)), new(int64(30))
	}, api: "spec.template.spec.containers[0].lifecycle.preStop.sleep"},
	"default sleep beyond grace": {change: func(w *workload.Workload) { w.TerminationGracePeriodSeconds = new(int64(3)) }, api: "spec.template.spec.containers[0].lifecycle.preStop.sleep"},

	// Scaling and budget.
	"autoscaler min over max":   {change: scaling(func(a *workload.Autoscaling) { a.MinReplicas = 5 }), api: "spec.maxReplicas"},
	"autoscaler min zero":       {change: scaling(func(a *workload.Autoscaling) { a.MinReplicas = 0 }), api: "spec.minReplicas"},
	"autoscaler max zero":       {change: scaling(func(a *workload.Autoscaling) { a.MinReplicas, a.MaxReplicas = 1, 0 }), api: "spec.maxReplicas"},
	"autoscaler target zero":    {change: scaling(func(a *workload.Autoscaling) { a.CPUUtilization = new(int32(0)) }), api: "spec.metrics[0].resource.target.averageUtilization"},
	"autoscaler without target": {change: scaling(func(a *workload.Autoscaling) { a.CPUUtilization = nil }), stricter: "the API server adds a target of its own, 80 % of CPU"},
	"autoscaler without request": {change: func(w *workload.Workload) {
		scaling(func(*workload.Autoscaling) {})(w)
		resources(nil, nil)(w)
	}, stricter: "the autoscaler would never act"},
	"autoscaler with replicas": {change: func(w *workload.Workload) {
		scaling(func(*workload.Autoscaling) {})(w)
		w.Replicas = new(int32(3))
	}, stricter: "each apply would undo the autoscaler's decision"},
	"stabilization too long":   {change: scaleUp(workload.ScalingRules{StabilizationWindowSeconds: new(int32(3601))}), api: "spec.behavior.scaleUp.stabilizationWindowSeconds"},
	"select policy":            {change: scaleUp(workload.ScalingRules{SelectPolicy: new("Most")}), api: "spec.behavior.scaleUp.selectPolicy"},
	"policies empty":           {change: scaleUp(workload.ScalingRules{Policies: []workload.ScalingPolicy{}}), stricter: "it says neither which policies nor that there are none"},
	"policy type":              {change: scaleUp(workload.ScalingRules{Policies: []workload.ScalingPolicy{{Type: "Nodes", Value: 1, PeriodSeconds: 1}}}), api: "spec.behavior.scaleUp.policies[0].type"},
	"policy value":             {change: scaleUp(workload.ScalingRules{Policies: []workload.ScalingPolicy{{Type: "Pods", Value: 0, PeriodSeconds: 1}}}), api: "spec.behavior.scaleUp.policies[0].value"},
	"policy period":            {change: scaleUp(workload.ScalingRules{Policies: []workload.ScalingPolicy{{Type: "Pods", Value: 1, PeriodSeconds: 1801}}}), api: "spec.behavior.scaleUp.policies[0].periodSeconds"},
	"budget with both limits":  {change: budget(workload.DisruptionBudget{MaxUnavailable: new(rollout.Quantity("1")), MinAvailable: new(rollout.Quantity("1"))}), api: "spec"},
	"budget over 100%":         {change: budget(workload.DisruptionBudget{MinAvailable: new(rollout.Quantity("101%"))}), api: "spec.minAvailable"},
	"budget of unhealthy pods": {change: budget(workload.DisruptionBudget{UnhealthyPodEvictionPolicy: new("Never")}), api: "spec.unhealthyPodEvictionPolicy"},

	// Service and account.
	"service type": {change: func(w *workload.Workload) { w.Service = &workload.Service{Type: new("Internal")} }, api: "spec.type"},
	"service without port": {change: func(w *workload.Workload) {
		web(func(c *workload.Container) { c.Ports, c.LivenessProbe = nil, nil })(w)
		w.Service = &workload.Service{Enabled: new(true)}
	}, api: "spec.ports"},
	"account name": {change: func(w *workload.Workload) { w.ServiceAccount = &workload.ServiceAccount{Name: new("a_b")} }, api: "metadata.name"},

	// Network policy.
	"CIDR without length":    {change: peer(workload.Peer{CIDR: new("10.0.0.0")}), api: "spec.egress[2].to[0].ipBlock.cidr"},
	"CIDR with host bits":    {change: peer(workload.Peer{CIDR: new("10.0.0.1/8")}), api: "spec.egress[2].to[0].ipBlock.cidr"},
	"CIDR with labels":       {change: peer(workload.Peer{CIDR: new("10.0.0.0/8"), PodLabels: map[string]string{"a": "b"}}), stricter: "only the range can be rendered; the API server refuses both"},
	"CIDR of IPv4 in IPv6":   {change: peer(workload.Peer{CIDR: new("::ffff:10.0.0.0/104")}), api: "spec.egress[2].to[0].ipBlock.cidr"},
	"exception outside CIDR": {change: peer(workload.Peer{CIDR: new("10.0.0.0/8"), Except: []string{"11.0.0.0/16"}}), api: "spec.egress[2].to[0].ipBlock.except[0]"},
	"exception is the CIDR":  {change: peer(workload.Peer{CIDR: new("10.0.0.0/8"), Except: []string{"10.0.0.0/8"}}), api: "spec.egress[2].to[0].ipBlock.except[0]"},
	"exception not a CIDR":   {change: peer(workload.Peer{CIDR: new("10.0.0.0/8"), Except: []string{"10.1"}}), api: "spec.egress[2].to[0].ipBlock.except[0]"},
	"peer of nothing":        {change: peer(workload.Peer{}), api: "spec.egress[2].to[0]"},
	"peer's label":           {change: peer(workload.Peer{PodLabels: map[string]string{"a b": ""}}), api: "spec.egress[2].to[0].podSelector.matchLabels"},
	"peer's port": {change: func(w *workload.Workload) {
		w.NetworkPolicy = &workload.NetworkPolicy{Egress: []workload.EgressRule{{To: []workload.Peer{{CIDR: new("::/0")}}, Ports: []workload.PeerPort{{Port: new(int32(0))}}}}}
	}, api: "spec.egress[2].ports[0].port"},
	"peer's protocol": {change: func(w *workload.Workload) {
		w.NetworkPolicy = &workload.NetworkPolicy{Egress: []workload.EgressRule{{To: []workload.Peer{{CIDR: new("::/0")}}, Ports: []workload.PeerPort{{Port: new(int32(1)), Protocol: new("ICMP")}}}}}
	}, api: "spec.egress[2].ports[0].protocol"},

	// Placement.
	"toleration of no key":     {change: toleration(workload.Toleration{Value: new("a")}), api: "spec.template.spec.tolerations[0].operator"},
	"toleration's operator":    {change: toleration(workload.Toleration{Key: new("a"), Operator: new("Like")}), api: "spec.template.spec.tolerations[0].operator"},
	"toleration's effect":      {change: toleration(workload.Toleration{Key: new("a"), Effect: new("Evict")}), api: "spec.template.spec.tolerations[0].effect"},
	"toleration's key":         {change: toleration(workload.Toleration{Key: new("a b")}), api: "spec.template.spec.tolerations[0].key"},
	"toleration's value":       {change: toleration(workload.Toleration{Key: new("a"), Value: new("b c")}), api: "spec.template.spec.tolerations[0].operator"},
	"toleration exists as":     {change: toleration(workload.Toleration{Key: new("a"), Operator: new("Exists"), Value: new("b")}), api: "spec.template.spec.tolerations[0].operator"},
	"toleration's seconds":     {change: toleration(workload.Toleration{Key: new("a"), Effect: new("NoSchedule"), TolerationSeconds: new(int64(1))}), api: "spec.template.spec.tolerations[0].effect"},
	"spread twice":             {change: spread(workload.TopologySpread{TopologyKey: zone}, workload.TopologySpread{TopologyKey: zone, WhenUnsatisfiable: new("ScheduleAnyway")}), api: "duplicate entries for key"},
	"spread without key":       {change: spread(workload.TopologySpread{}), api: "spec.template.spec.topologySpreadConstraints[0].topologyKey"},
	"spread's key":             {change: spread(workload.TopologySpread{TopologyKey: "a b"}), stricter: "no node can have that label"},
	"spread's skew":            {change: spread(workload.TopologySpread{TopologyKey: zone, MaxSkew: new(int32(0))}), api: "spec.template.spec.topologySpreadConstraints[0].maxSkew"},
	"spread's word":            {change: spread(workload.TopologySpread{TopologyKey: zone, WhenUnsatisfiable: new("Never")}), api: "spec.template.spec.topologySpreadConstraints[0].whenUnsatisfiable"},
	"spread's domains zero":    {change: spread(workload.TopologySpread{TopologyKey: zone, WhenUnsatisfiable: new("DoNotSchedule"), MinDomains: new(int32(0))}), api: "spec.template.spec.topologySpreadConstraints[0].minDomains"},
	"spread's domains soft":    {change: spread(workload.TopologySpread{TopologyKey: zone, MinDomains: new(int32(2))}), api: "spec.template.spec.topologySpreadConstraints[0].minDomains"},
	"node selector":            {change: func(w *workload.Workload) { w.NodeSelector = map[string]string{"a b": "c"} }, api: "spec.template.spec.nodeSelector"},
	"priority class":           {change: func(w *workload.Workload) { w.PriorityClassName = new("a_b") }, api: "spec.template.spec.priorityClassName"},
	"runtime class":            {change: func(w *workload.Workload) { w.RuntimeClassName = new("a_b") }, api: "spec.template.spec.runtimeClassName"},
	"pull secret":              {change: func(w *workload.Workload) { w.ImagePullSecrets = []string{"a_b"} }, stricter: "no Secret can have that name"},
	"pull secret without name": {change: func(w *workload.Workload) { w.ImagePullSecrets = []string{""} }, stricter: "it names no Secret"},
	"pull secret twice":        {change: func(w *workload.Workload) { w.ImagePullSecrets = []string{"a", "a"} }, api: "duplicate entries for key"},
}
