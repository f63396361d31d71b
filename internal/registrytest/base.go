package registrytest

import "path"

// baseLayers are the layers of small stand-ins for base images, by the last part of their repository.
var baseLayers = map[string][][]File{
	"alpine": {{
		{Path: "etc/os-release", Content: "ID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME=\"Alpine Linux v3.22\"\n"},
		{Path: "bin/", Mode: 0o755},
		{Path: "bin/busybox", Content: "#!", Mode: 0o755},
		{Path: "bin/sh", Link: "/bin/busybox"},
		{Path: "sbin/apk", Content: "#!", Mode: 0o755},
		{Path: "lib/ld-musl-x86_64.so.1", Content: "loader", Mode: 0o755},
		{Path: "lib/apk/db/installed", Content: "P:musl\nV:1.2.5-r10\nA:x86_64\no:musl\n\nP:busybox\nV:1.37.0-r18\nA:x86_64\no:busybox\n"},
	}},
	"debian": {{
		{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=13\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n"},
		{Path: "bin", Link: "usr/bin"},
		{Path: "usr/bin/dash", Content: "#!", Mode: 0o755},
		{Path: "usr/bin/sh", Link: "dash"},
		{Path: "usr/bin/apt-get", Content: "#!", Mode: 0o755},
		{Path: "usr/bin/su", Content: "#!", Mode: 0o4755},
		{Path: "usr/lib/x86_64-linux-gnu/libc.so.6", Content: "libc", Mode: 0o755},
		{Path: "var/lib/dpkg/status", Content: "Package: libc6\nStatus: install ok installed\nVersion: 2.41-12\nArchitecture: amd64\nSource: glibc\n\n" +
			"Package: dash\nStatus: install ok installed\nVersion: 0.5.12-12\nArchitecture: amd64\n\n" +
			"Package: apt\nStatus: install ok installed\nVersion: 3.0.3\nArchitecture: amd64\n"},
	}, {
		{Path: "var/cache/apt/archives/some.deb", Content: "cached"},
	}, {
		{Path: "var/cache/apt/archives/.wh.some.deb"},
	}},
	"distroless": {{
		{Path: "etc/os-release", Link: "../usr/lib/os-release"},
		{Path: "usr/lib/os-release", Content: "ID=debian\nVERSION_ID=13\nPRETTY_NAME=\"Distroless\"\n"},
		{Path: "usr/lib/x86_64-linux-gnu/libc.so.6", Content: "libc", Mode: 0o755},
		{Path: "var/lib/dpkg/status.d/libc6", Content: "Package: libc6\nVersion: 2.41-12\nArchitecture: amd64\nSource: glibc\n"},
		{Path: "var/lib/dpkg/status.d/libc6.md5sums", Content: "d41d8cd98f00b204e9800998ecf8427e  lib/x\n"},
	}},
}

// BaseImage describes an image for both architectures: a small stand-in for the base image by whose name the repository
// ends (alpine, debian, distroless), or any image.
func BaseImage(repository string) Image {
	image := Index("linux/amd64", "linux/arm64")
	image.Layers = baseLayers[path.Base(repository)]
	return image
}
