package contents

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/elfcheck"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// AnalyserVersion is part of the name under which results are kept. It goes up with every change of what Scan finds or
// how a Layer is encoded, so that no plan mixes results of two versions of the provider.
const AnalyserVersion = 1

// Layer is what one layer brings, whatever is below or above it. Make one with Scan or DecodeLayer.
type Layer struct {
	// Digest and DiffID are those of the layer, both verified.
	Digest string
	DiffID string
	// ExpandedBytes is the length of the tar archive.
	ExpandedBytes int64
	// Entries is the number of entries.
	Entries int

	index       index
	releases    map[string]distro.Distribution // os-release files by path
	inventories map[string]inventory           // by path
	binaries    map[string]elfcheck.Binary     // by path
	keys        map[string]bool                // paths of files that hold a private key
	accounts    map[string]uint32              // user IDs by name, if the layer has an /etc/passwd
}

// inventory is what one file says about packages, or why it could not be read.
type inventory struct {
	Packages []packages.Package `json:"packages,omitempty"`
	Unknown  string             `json:"unknown,omitempty"`
}

// encodedLayer is the stored form of a Layer.
type encodedLayer struct {
	Version     int                            `json:"version"`
	Digest      string                         `json:"digest"`
	DiffID      string                         `json:"diff_id"`
	Expanded    int64                          `json:"expanded_bytes"`
	Entries     int                            `json:"entries"`
	Index       []byte                         `json:"index"`
	Releases    map[string]distro.Distribution `json:"releases,omitempty"`
	Inventories map[string]inventory           `json:"inventories,omitempty"`
	Binaries    map[string]elfcheck.Binary     `json:"binaries,omitempty"`
	Keys        map[string]bool                `json:"keys,omitempty"`
	Accounts    map[string]uint32              `json:"accounts,omitempty"`
}

// Encode returns the layer as bytes for DecodeLayer. The same layer gives the same bytes.
func (l Layer) Encode() ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	err = errors.Join(json.NewEncoder(z).Encode(encodedLayer{
		Version: AnalyserVersion, Digest: l.Digest, DiffID: l.DiffID, Expanded: l.ExpandedBytes, Entries: l.Entries,
		Index: l.index, Releases: l.releases, Inventories: l.inventories, Binaries: l.binaries, Keys: l.keys,
		Accounts: l.accounts,
	}), z.Close())
	if err == nil && out.Len() > MaxEncodedBytes {
		err = &LimitError{Digest: l.Digest, Reason: fmt.Sprintf("what is known of it takes more than %d bytes", MaxEncodedBytes)}
	}
	return out.Bytes(), err
}

// DecodeLayer reads what Encode wrote. The bytes come from a disk that others may write to: they must be whole, of this
// version, about the layer with the given digest and diff ID, and within the limits.
func DecodeLayer(encoded []byte, digest, diffID string) (Layer, error) {
	if len(encoded) > MaxEncodedBytes {
		return Layer{}, errors.New("the stored layer is too large")
	}
	z, err := gzip.NewReader(bytes.NewReader(encoded))
	if err != nil {
		return Layer{}, fmt.Errorf("the stored layer is damaged: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, maxDecodedBytes+1))
	if err != nil || len(raw) > maxDecodedBytes {
		return Layer{}, errors.Join(errors.New("the stored layer is damaged"), err)
	}
	var e encodedLayer
	if err := json.Unmarshal(raw, &e); err != nil {
		return Layer{}, fmt.Errorf("the stored layer is damaged: %w", err)
	}
	l := Layer{
		Digest: e.Digest, DiffID: e.DiffID, ExpandedBytes: e.Expanded, Entries: e.Entries,
		index: e.Index, releases: e.Releases, inventories: e.Inventories, binaries: e.Binaries, keys: e.Keys,
		accounts: e.Accounts,
	}
	if e.Version != AnalyserVersion || l.Digest != digest || l.DiffID != diffID {
		return Layer{}, fmt.Errorf("the stored layer is another one: version %d, %.80q", e.Version, e.Digest)
	}
	return l, l.check()
}

// check holds a decoded layer against the limits.
func (l Layer) check() error {
	n := 0
	for _, err := range l.index.all() {
		if err != nil {
			return err
		}
		n++
	}
	if n != l.Entries || n > MaxEntries || l.ExpandedBytes < 0 || l.ExpandedBytes > maxExpandedBytes ||
		len(l.inventories) > maxInventories || len(l.binaries) > maxBinaries {
		return errIndex
	}
	return nil
}
