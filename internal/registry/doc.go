// Package registry resolves image references and reads what they name. It is the only package that opens a socket to a
// container registry.
//
// Five questions are answered: which digest does a reference name now ([Client.Digest], [Client.Tags],
// [Client.NewestTag]), what is the image behind it ([Client.Image]), what is inside its layers ([Client.Contents]), what
// belongs to that image: signatures ([Client.Verify]), SBOMs and other
// artifacts ([Client.Referrers], [Client.Artifact], [Client.Attachment]), and whether another repository has the same
// ([Client.Presence]). A reference to an OCI layout gets the same answers, but the last, from the local disk.
// And an image is copied to another repository ([Client.Copy]) or deleted there ([Client.Delete]), when somebody asks for that.
//
// # What a request passes through
//
//	Client      one look-up per reference per Client, however many callers ask      client.go, memo.go
//	source      a registry with its mirrors, or a layout                           remote.go, layout.go
//	cache       manifests, configs and what layers hold, by digest, on disk        cache.go
//	endpoint    one host: its session, its limits, its bounded answers             endpoint.go, fetch.go
//	stream      layers as they come, taken up again where a connection broke       stream.go
//	upload      layers as they go, taken up again where a connection broke         upload.go, copy.go
//	(auth)      go-containerregistry: challenge, token, refresh                    endpoint.go
//	retry       429, 5xx and broken connections                                    retry.go
//	attempt     time limit, concurrency, plain HTTP and redirect rules, log        attempt.go, guard.go
//
// go-containerregistry does the authentication. The requests themselves are made here, because its fetcher bounds a
// manifest at 100 MiB, sleeps through cancellation, ignores Retry-After, needs a digest header, knows no mirrors, and
// falls back to plain HTTP for every private address (all seen in v0.22.1).
//
// # Rules
//
//   - Content is believed only if its SHA-256 is the digest that was asked for, wherever it came from: origin, mirror, cache
//     or layout. A digest that a header claims is only ever used to ask for the content.
//   - Mirrors are tried in order, then the origin; any failure leads on to the next, except content that does not match
//     its digest, which is an error: a mirror that serves other bytes must be seen. A mirror may answer for a tag and
//     for a list of tags, as it does for container runtimes; if it is stale, so is the answer. Who can not accept that pins by digest.
//   - Layers are read as streams and never kept, only what was found in them (package contents), under the layer's digest.
//   - The cache is keyed by digest alone and holds no tags. Who can read it and knows a digest can read that manifest, so it
//     belongs to one user (mode 0700) and must not be shared between projects that may not see each other's images.
//   - A lock file, if there is one, decides before any registry what a tag stands for. That the tag has moved since is told and
//     changes nothing until the user asks for it (adr/0009-lock-file.md).
//   - Answers, failures too, are kept for the life of a Client, so that a plan sees one state of the registry and a
//     registry that is down is asked once. Only a look-up that was cancelled is forgotten.
//   - Plain HTTP only to loopback and to hosts whose entry asks for it. Credentials go to the host they are for and to the token
//     server it names, never along a redirect to another host, and into no log and no error.
//   - Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as users expect of a command line tool.
//   - What is copied is verified on its way, and a manifest is stored after everything that it names, so a copy that broke off
//     leaves nothing that could be taken for the image (adr/0014-copying-images.md).
//
// Not done on purpose: nothing that is pushed is made or changed here, and no tag-to-digest decision outlives the Client but in the lock file.
package registry
