package contents

import "fmt"

// Limits on what an image may hold to be looked into. They bound memory and time, not honesty: images above them exist,
// and their contents are unknown.
const (
	// MaxEntries bounds the entries of all layers together. The largest images in common use, with machine learning or
	// Node.js inside, have between 100,000 and 300,000.
	MaxEntries = 400_000
	// maxPathBytes is Linux's PATH_MAX.
	maxPathBytes = 4096
	// maxExpandedBytes bounds one layer's archive.
	maxExpandedBytes = 64 << 30
	// From bombBytes on, an archive must not be more than maxRatio times its compressed size. Gzip can reach 1,032, zstd
	// far more; layers of real files stay below 20.
	bombBytes = 1 << 30
	maxRatio  = 200
	// maxIndexBytes bounds the index of one layer in memory: MaxEntries entries of ordinary length.
	maxIndexBytes = 16 << 20
	// maxWindowBytes bounds the window of zstd. Its encoders use up to 8 MiB unless told otherwise.
	maxWindowBytes = 8 << 20
	// maxBinaries and maxInventories bound what is kept of one layer's files.
	maxBinaries    = 20_000
	maxInventories = 20_000
	// MaxEncodedBytes bounds an encoded layer, as Encode returns it, and maxDecodedBytes what becomes of it in memory.
	MaxEncodedBytes = 16 << 20
	maxDecodedBytes = 32 << 20
)

// LimitError says that an image was not looked into because it exceeds a limit.
type LimitError struct {
	// Digest is that of the layer, or empty where it is about the whole image.
	Digest string
	// Reason is what was exceeded.
	Reason string
}

// Error returns the layer and the reason.
func (e *LimitError) Error() string {
	if e.Digest == "" {
		return e.Reason
	}
	return fmt.Sprintf("layer %s: %s", e.Digest, e.Reason)
}
