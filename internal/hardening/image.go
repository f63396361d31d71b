package hardening

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

// Image is what is known of an image that a container runs: what its config says, and
// what was found among its files. It says nothing of another image.
type Image struct {
	// Reference is the image, as the container names it. A container that names another
	// one, as a patch may have it, is not judged by these facts.
	Reference string
	// User is whom the image runs as unless told otherwise, as its config has it: "1000",
	// "app:app", or "" for root; nil is not known.
	User *string
	// RunsAsRoot tells that the user is root; nil is what User says.
	RunsAsRoot *bool
	// Entrypoint and Command are what it starts; nil is not known, an empty list is nothing.
	Entrypoint, Command []string
	// ExposedPorts are the ports that it declares, such as "8080/tcp"; nil is not known.
	ExposedPorts []string
	// Shells are the paths of its shells; nil is not known, an empty list is none.
	Shells []string
}

// eachImage makes a check of one that judges a container by its image, where that is known.
func eachImage(judge func(c *container, image Image, report report)) check {
	return func(in *inventory, report report) {
		for _, p := range in.pods {
			for _, c := range p.containers {
				if image, known := in.given.Images[c.Name]; known && image.Reference == c.Image {
					judge(c, image, report)
				}
			}
		}
	}
}

// effective returns the settings of a container, its pod's where it has none of its own.
func effective(c *container) settings {
	own, pods := containerSettings(c), podSettings(c.pod)
	if own.nonRoot == nil {
		own.nonRoot = pods.nonRoot
	}
	if own.user == nil {
		own.user = pods.user
	}
	return own
}

// isRoot reports whether the image is known to run as root.
func (i Image) isRoot() bool {
	if i.RunsAsRoot != nil {
		return *i.RunsAsRoot
	}
	return i.User != nil && imagefacts.RunsAsRoot(*i.User)
}

// userID returns the user without its group: "1000" of "1000:1000". Empty is not known.
func (i Image) userID() string {
	user, _, _ := strings.Cut(orDefault(i.User, ""), ":")
	return user
}

// executed is a command that the kubelet or the runtime starts in a container.
type executed struct {
	place
	// what says which one it is, as messages name it.
	what    string
	command []string
}

// executed returns the commands that are started in the container, in no order.
func (c *container) executed() []executed {
	var all []executed
	add := func(field, what string, command []string) {
		if len(command) > 0 {
			all = append(all, executed{c.at(field), what, command})
		}
	}
	add("command", "the command", c.Command)
	for name, probe := range c.probes() {
		if probe.Exec != nil {
			add(name, "the "+strings.TrimSuffix(name, "Probe")+" probe", probe.Exec.Command)
		}
	}
	hooks := orDefault(c.Lifecycle, corev1.Lifecycle{})
	for field, hook := range map[string]*corev1.LifecycleHandler{"lifecycle.postStart": hooks.PostStart, "lifecycle.preStop": hooks.PreStop} {
		if hook != nil && hook.Exec != nil {
			add(field, "the hook "+strings.TrimPrefix(field, "lifecycle."), hook.Exec.Command)
		}
	}
	return all
}

// shellNames are the programs that commands call to run a command line.
var shellNames = []string{"ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "pwsh", "sh", "tcsh", "zsh"}

// lacks tells whether a program is a shell that the image does not have.
func (i Image) lacks(program string) bool {
	if i.Shells == nil || !slices.Contains(shellNames, path.Base(program)) {
		return false
	}
	return !slices.ContainsFunc(i.Shells, func(shell string) bool {
		// Without a directory it is looked for in the PATH.
		return shell == program || path.Base(program) == program && path.Base(shell) == program ||
			sameDirectory(shell, program)
	})
}

// sameDirectory tells whether two paths are one where /bin is a link to /usr/bin, as in
// most distributions.
func sameDirectory(a, b string) bool {
	return strings.TrimPrefix(a, "/usr") == strings.TrimPrefix(b, "/usr")
}
