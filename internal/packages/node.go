package packages

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// maxManifestBytes bounds a package.json. The largest in common use have a few hundred KiB.
const maxManifestBytes = 4 << 20

// isNodeManifest tells the manifest of an installed Node package: package.json directly in node_modules/NAME or in
// node_modules/@SCOPE/NAME. Deeper ones configure parts of packages, or are tests.
func isNodeManifest(name string) bool {
	inside, isManifest := strings.CutSuffix(name, "/package.json")
	i := strings.LastIndex("/"+inside, "/node_modules/")
	if !isManifest || i < 0 {
		return false
	}
	parts := strings.Split(("/" + inside)[i+len("/node_modules/"):], "/")
	if strings.HasPrefix(parts[0], "@") {
		return len(parts) == 2
	}
	return len(parts) == 1 && !strings.HasPrefix(parts[0], ".")
}

// ReadNode reads the package.json of an installed Node package. One without a name or a version is no package: packages use
// such files to configure their parts.
func ReadNode(r io.Reader) ([]Package, error) {
	const what = "package.json of a Node package"
	raw, err := io.ReadAll(io.LimitReader(r, maxManifestBytes+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxManifestBytes {
		return nil, fmt.Errorf("%s: more than %d bytes", what, maxManifestBytes)
	}
	var manifest struct {
		Name    any `json:"name"`
		Version any `json:"version"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	name, isName := manifest.Name.(string)
	version, isVersion := manifest.Version.(string)
	if !isName || !isVersion || name == "" || version == "" {
		return nil, nil
	}
	return one(Package{Ecosystem: NPM, Name: name, Version: version}, what)
}
