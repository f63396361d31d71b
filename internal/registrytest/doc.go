// Package registrytest runs a container registry on loopback for tests and demonstrations.
//
//	srv := registrytest.Start(t)
//	digest := srv.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64", "linux/arm64"))
//	ref := srv.Host() + "/shop/api:1.4.2"
//
// It is a real registry over HTTP or TLS, with go-containerregistry's in-memory store behind it. In front of the store
// stand, in this order: the record of all requests, the faults, authentication, and paging of tag lists. Push goes
// straight to the store, so it is never recorded, never fails and needs no credentials.
//
// Images are made of fixed content: the same description gives the same bytes, and so the same digest, on every machine
// and in every run. Their layers are tiny but real: a tar archive with one file, gzipped without compression, so that
// the bytes do not change with the compressor's version.
//
// New and the methods that it leads to know nothing of package testing, so a demonstration can use them; Start and the
// methods that take a T are for tests.
package registrytest
