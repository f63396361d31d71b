// Package contents says what is inside the files of an image: its distribution, its C library, shells, package managers
// and packages, how its binaries are hardened, what should not be there, and what its layers waste.
//
// It works in two steps.
//
//	[Scan]   reads one layer, once, as a stream: an index of its entries, and facts that stand in file contents.
//	[Merge]  puts the layers of an image together from the top down, so that only what a container sees counts.
//
// The result of the first step depends on the layer alone. It is kept under the layer's digest ([Layer.Encode],
// [DecodeLayer]), so images that share a base share the work, and a second plan reads no layer.
//
// Words:
//
//   - layer: a tar archive, compressed as stored, whose digest is that of the compressed bytes and whose diff ID that of the archive.
//   - whiteout: an entry ".wh.NAME", which deletes NAME in the layers below; ".wh..wh..opq" deletes all that the layers below
//     have in its directory. Neither touches its own layer.
//   - visible: an entry that no layer above deletes or replaces. Facts are about visible files.
//   - wasted: bytes of files that are stored in a layer and not visible.
//
// Invariants.
//
//   - Nothing is unpacked and nothing written. Memory is bounded whatever the image's size: files are looked at while they
//     pass, and what is kept of them is limited (see limits.go).
//   - A layer counts only if it was read to its end and both its digests were right. Reading stops nowhere before: gzip's
//     checksum and the digest stand at the end, and an archive may go on behind its end marker.
//   - Layers are hostile until shown otherwise: bombs, paths that leave the root, endless links, absurd sizes. What exceeds a
//     limit is a [*LimitError] and makes the contents unknown; what is damaged is an error. Neither is an empty result.
//   - What can not be known is said so with the reason ([Contents.Unknowns]), and is never guessed.
//
// Not done on purpose: foreign and encrypted layers are not read, Windows layers have no meaning here, and no judgement is
// made; comparing and requiring is what package comparison does.
package contents
