package hardening

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

var imageRules = []Rule{
	{
		ID:          "image-digest",
		Severity:    Error,
		Title:       "Every image is named by its digest.",
		Attribute:   "containers",
		Remediation: "resolve the image by a data source and set `image = data.seaworthy_image.<name>.pinned`, which is `repository:tag@sha256:…`",
		InYAML:      "write the digest behind the tag in `image`",
		Rationale: "A registry may serve other bytes under the same tag tomorrow. With a digest, what was reviewed is what runs, " +
			"every node runs the same, and a rollback really goes back.",
		Source: "OCI distribution specification v1.1.1, \"Pulling manifests\"; Kubernetes documentation, concepts/containers/images, \"Image names\"",
		check:  eachContainer(checkDigest),
	},
	{
		ID:          "image-tag",
		Severity:    Error,
		Title:       "No image is named by a tag that moves.",
		Attribute:   "containers",
		Remediation: "choose a release's own tag, such as 1.4.2, in a data source and set `image = data.seaworthy_image.<name>.pinned`",
		InYAML:      "write the release's tag and digest in `image`",
		Rationale: "`latest`, `stable`, a branch's name or a major version alone stand for whatever was published last: pods of one workload run different " +
			"versions, and a restart is an unreviewed upgrade.",
		Source: "Kubernetes documentation, configuration overview, \"Container images\"; package imageref lists the tags",
		check:  eachContainer(checkTag),
	},
	{
		ID:          "image-pull-policy",
		Severity:    Error,
		Title:       "The pull policy fits the image's name.",
		Attribute:   "containers",
		Remediation: "leave `image_pull_policy` out (it follows the image), or set IfNotPresent for an image with a digest and Always for one without",
		InYAML:      "set `imagePullPolicy` to IfNotPresent for an image with a digest, and to Always for one without",
		Rationale: "Without a digest, a node that has the tag cached runs old bytes unless the policy is Always. With a digest the bytes cannot differ, " +
			"and IfNotPresent keeps a registry outage from stopping a restart. Never starts only where somebody loaded the image by hand.",
		Source: "Kubernetes documentation, concepts/containers/images, \"Image pull policy\"; default: kubernetes@v1.36.1 pkg/apis/core/v1/defaults.go SetDefaults_Container",
		check:  eachContainer(checkPullPolicy),
	},
}

func checkDigest(c *container, report report) {
	ref, err := imageref.Parse(c.Image)
	switch {
	case err != nil:
		report(c.at("image"), "%v", err)
	case ref.IsLayout():
		report(c.at("image"), "image %q is a folder on a local disk, which no node can pull", c.Image)
	case !ref.IsPinned():
		report(c.at("image"), "image %q has no digest, so each pull may bring other bytes", c.Image)
	}
}

func checkTag(c *container, report report) {
	if ref, err := imageref.Parse(c.Image); err == nil && ref.IsFloating() {
		report(c.at("image"), "image %q: %s", c.Image, ref.FloatingReason())
	}
}

func checkPullPolicy(c *container, report report) {
	ref, err := imageref.Parse(c.Image)
	if err != nil || ref.IsLayout() {
		return
	}
	policy := c.ImagePullPolicy
	if policy == "" {
		policy = corev1.PullIfNotPresent
		if ref.Tag() == "latest" || ref.Tag() == "" && !ref.IsPinned() {
			policy = corev1.PullAlways
		}
	}
	switch {
	case policy == corev1.PullNever:
		report(c.at("imagePullPolicy"), "imagePullPolicy is Never: the container starts only on nodes where the image was loaded by hand")
	case !ref.IsPinned() && policy != corev1.PullAlways:
		report(c.at("imagePullPolicy"), "imagePullPolicy is %s for image %q, which has no digest: nodes that pulled the tag earlier keep running what it was then", policy, c.Image)
	}
}
