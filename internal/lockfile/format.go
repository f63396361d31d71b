package lockfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// formatVersion is the only version of the format so far.
const formatVersion = 1

// Image is what a tag was resolved to.
type Image struct {
	// Digest is that of the index where there is one, else of the manifest.
	Digest string `json:"digest"`
	// Origin is the repository that named the digest, which is a mirror's where a mirror answered.
	Origin string `json:"origin"`
}

// document is the file as it is encoded.
type document struct {
	Version  int                          `json:"version"`
	Images   map[string]Image             `json:"images"`
	Versions map[string]map[string]string `json:"versions,omitempty"`
}

// key names a decision: a reference with its tag and no constraint, or a repository and a constraint.
type key struct{ name, constraint string }

// decision is an Image, or the tag that a constraint chose.
type decision struct {
	Image
	tag string
}

type decisions map[key]decision

// encode returns the file's bytes.
func (d decisions) encode() ([]byte, error) {
	doc := document{Version: formatVersion, Images: map[string]Image{}, Versions: map[string]map[string]string{}}
	for k, v := range d {
		if k.constraint == "" {
			doc.Images[k.name] = v.Image
			continue
		}
		if doc.Versions[k.name] == nil {
			doc.Versions[k.name] = map[string]string{}
		}
		doc.Versions[k.name][k.constraint] = v.tag
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // Constraints hold < and >.
	encoder.SetIndent("", "  ")
	err := encoder.Encode(doc)
	return out.Bytes(), err
}

// decode reads the file's bytes and checks every entry. All faults are reported.
func decode(raw []byte) (decisions, error) {
	var doc document
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("it is not JSON of the right form (%w); correct it, or delete the file and plan again", err)
	}
	if decoder.More() {
		return nil, errors.New("there is something behind the end of the JSON document; correct it, or delete the file and plan again")
	}
	if doc.Version != formatVersion {
		return nil, fmt.Errorf("its version is %d, and this provider knows version %d only; use the provider version that wrote it", doc.Version, formatVersion)
	}
	all := decisions{}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(doc.Images)) {
		if err := checkImage(name, doc.Images[name]); err != nil {
			errs = append(errs, fmt.Errorf("images[%q]: %w", name, err))
		}
		all[key{name: name}] = decision{Image: doc.Images[name]}
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Versions)) {
		for _, constraint := range slices.Sorted(maps.Keys(doc.Versions[name])) {
			tag := doc.Versions[name][constraint]
			if err := checkVersion(name, constraint, tag); err != nil {
				errs = append(errs, fmt.Errorf("versions[%q][%q]: %w", name, constraint, err))
			}
			all[key{name, constraint}] = decision{tag: tag}
		}
	}
	return all, errors.Join(errs...)
}

func checkImage(name string, image Image) error {
	ref, err := imageref.Parse(name)
	if err != nil {
		return err
	}
	if ref.String() != name || ref.IsPinned() || ref.IsLayout() {
		return fmt.Errorf("write the key as a full reference with a tag and without a digest, such as %q", ref.Untagged().String()+":1.4.2")
	}
	_, err = ref.WithDigest(image.Digest)
	return err
}

func checkVersion(name, constraint, tag string) error {
	ref, err := imageref.Parse(name)
	if err != nil {
		return err
	}
	if ref.String() != name || ref != ref.Untagged() {
		return errors.New("write the key as a full reference without tag and digest")
	}
	if constraint == "" {
		return errors.New("the version constraint is empty")
	}
	_, err = ref.WithTag(tag)
	return err
}
