package hardening

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const imageFacts = " It looks only at images of which facts are given, through `image_facts`."

// imageFactRules compare what is asked of a container with what its image is.
var imageFactRules = []Rule{
	{
		ID:          "image-non-root",
		Severity:    Error,
		Title:       "A container that must not run as root has an image, or a setting, that says who it is.",
		Attribute:   "containers",
		Remediation: "set `security_context.run_as_user`, or a numeric `USER` other than 0 in the image",
		InYAML:      "set `securityContext.runAsUser`, or a numeric `USER` other than 0 in the image",
		Rationale: "With `runAsNonRoot` and no user of its own, the kubelet starts a container only if the image's user is a number other than 0: " +
			"it refuses root, and a name, which it cannot look up." + imageFacts,
		Source:      "kubernetes@v1.36.1 pkg/kubelet/kuberuntime/security_context.go verifyRunAsNonRoot",
		NoException: "the kubelet does not start such a container",
		check:       eachImage(checkImageNonRoot),
	},
	{
		ID:          "image-user",
		Severity:    Warning,
		Title:       "A container runs as the user that its image was made for.",
		Attribute:   "containers",
		Remediation: "set `security_context.run_as_user` to the image's user, or build the image for any user: files that it reads are readable by all, and what it writes lies in `writable_paths`",
		InYAML:      "set `securityContext.runAsUser` to the image's user, or build the image for any user: files that it reads are readable by all, and what it writes lies in volumes",
		Rationale:   "The image's files belong to the user that it was built for. Another one may be unable to read its configuration, to write its directories, or to listen on a port below 1024." + imageFacts,
		Source:      "OCI image-spec v1.1.1 config.md, \"User\"; OpenShift documentation, \"Support arbitrary user ids\"",
		check:       eachImage(checkImageUser),
	},
	{
		ID:          "image-shell",
		Severity:    Error,
		Title:       "A container runs a shell only if its image has one.",
		Attribute:   "containers",
		Remediation: "call a program of the image without a shell, use `http_get`, `tcp_socket` or `grpc` in the probe, or use an image with the shell",
		InYAML:      "call a program of the image without a shell, use `httpGet`, `tcpSocket` or `grpc` in the probe, or use an image with the shell",
		Rationale:   "A probe that cannot start fails for ever: the pod is never ready, or is restarted without end. A hook or a command that cannot start does its part never." + imageFacts,
		Source:      "kubernetes@v1.36.1 pkg/probe/exec/exec.go Probe; Docker documentation, \"Best practices\", on images without a shell",
		NoException: "no runtime can start a program that is not there",
		check:       eachImage(checkImageShell),
	},
	{
		ID:          "image-command",
		Severity:    Error,
		Title:       "A container has something to run.",
		Attribute:   "containers",
		Remediation: "set `command`, or use an image with an `ENTRYPOINT` or a `CMD`",
		InYAML:      "set `command`, or use an image with an `ENTRYPOINT` or a `CMD`",
		Rationale:   "A base image often says nothing about what to start, and a container that names nothing either is not created." + imageFacts,
		Source:      "Kubernetes documentation, tasks/inject-data-application/define-command-argument-container; OCI image-spec v1.1.1 config.md, \"Entrypoint\" and \"Cmd\"",
		NoException: "no runtime can start a container that names no program",
		check:       eachImage(checkImageCommand),
	},
	{
		ID:          "image-ports",
		Severity:    Warning,
		Title:       "The ports of a container are among those that its image exposes.",
		Attribute:   "containers",
		Remediation: "use the port that the image exposes, or add the port to the image's `EXPOSE` if the program listens there",
		InYAML:      "use the port that the image exposes, or add the port to the image's `EXPOSE` if the program listens there",
		Rationale:   "`EXPOSE` is what the image's author says it listens on. Another port is right only if a setting moves the program there; else probes fail, and the Service leads nowhere." + imageFacts,
		Source:      "OCI image-spec v1.1.1 config.md, \"ExposedPorts\"; Dockerfile reference, \"EXPOSE\"",
		check:       eachImage(checkImagePorts),
	},
}

func checkImageNonRoot(c *container, image Image, report report) {
	s := effective(c)
	if !orDefault(s.nonRoot, false) || s.user != nil {
		return
	}
	_, notANumber := strconv.ParseInt(image.userID(), 10, 64)
	switch {
	case image.isRoot():
		report(c.at("image"), "container %q must not run as root, has no runAsUser, and its image runs as root", c.Name)
	case image.userID() != "" && notANumber != nil:
		report(c.at("image"), "container %q must not run as root, has no runAsUser, and its image runs as %q, a name that the kubelet cannot look up", c.Name, image.userID())
	}
}

func checkImageUser(c *container, image Image, report report) {
	user := effective(c).user
	if user == nil {
		return
	}
	if image.isRoot() {
		if *user != 0 {
			report(c.at("image"), "container %q runs as user %d, and its image was made to run as root", c.Name, *user)
		}
		return
	}
	if own, err := strconv.ParseInt(image.userID(), 10, 64); err == nil && own != *user {
		report(c.at("image"), "container %q runs as user %d, and its image was made for user %d", c.Name, *user, own)
	}
}

func checkImageShell(c *container, image Image, report report) {
	for _, e := range c.executed() {
		if !image.lacks(e.command[0]) {
			continue
		}
		has := "has no shell"
		if len(image.Shells) > 0 {
			has = "has " + strings.Join(image.Shells, ", ") + " only"
		}
		report(e.place, "%s of container %q calls %s, and the image %s", e.what, c.Name, e.command[0], has)
	}
}

func checkImageCommand(c *container, image Image, report report) {
	if len(c.Command) == 0 && image.Entrypoint != nil && image.Command != nil && len(image.Entrypoint) == 0 &&
		len(image.Command) == 0 && len(c.Args) == 0 {
		report(c.at("command"), "container %q has no command, and its image has neither an entry point nor a command", c.Name)
	}
}

func checkImagePorts(c *container, image Image, report report) {
	if len(image.ExposedPorts) == 0 {
		return
	}
	for _, port := range c.Ports {
		protocol := strings.ToLower(string(port.Protocol))
		if protocol == "" {
			protocol = "tcp"
		}
		exposed := slices.ContainsFunc(image.ExposedPorts, func(declared string) bool { return exposes(declared, port.ContainerPort, protocol) })
		if !exposed {
			report(c.at("ports"), "container %q has port %d/%s, and its image exposes %s", c.Name, port.ContainerPort, protocol, strings.Join(image.ExposedPorts, ", "))
		}
	}
}

// exposes tells whether an entry of ExposedPorts, "port/protocol" or "port" for TCP, or a
// range as Dockerfiles have it ("8000-8010/tcp"), holds a port.
func exposes(declared string, port int32, protocol string) bool {
	ports, its, found := strings.Cut(declared, "/")
	if !found {
		its = "tcp"
	}
	var first, last int32
	if n, _ := fmt.Sscanf(ports, "%d-%d", &first, &last); n == 1 {
		last = first
	}
	return strings.ToLower(its) == protocol && first <= port && port <= last
}
