package imagefacts

// IsBuiltOn reports whether the image begins with all layers of the base, which is what FROM makes of a base image. Layers are
// the same if their uncompressed content is (the diff ID), since builders and registries compress anew, or if they are
// stored as the same bytes. A base without layers is none, and no image is built on itself.
func (f Facts) IsBuiltOn(base Facts) bool {
	if len(base.Layers) == 0 || len(base.Layers) > len(f.Layers) || base.Digest == f.Digest {
		return false
	}
	for i, below := range base.Layers {
		own := f.Layers[i]
		isSame := own.Digest == below.Digest || (own.DiffID != "" && own.DiffID == below.DiffID)
		if !isSame {
			return false
		}
	}
	return true
}
