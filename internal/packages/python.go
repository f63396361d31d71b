package packages

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
)

// isPythonMetadata tells the metadata of an installed Python distribution. Source: PyPA's specification "Recording installed
// projects" (dist-info), and setuptools' older egg-info, which is a directory or a single file.
func isPythonMetadata(name string) bool {
	dir, base := path.Split(name)
	switch base {
	case "METADATA":
		return strings.HasSuffix(dir, ".dist-info/")
	case "PKG-INFO":
		return strings.HasSuffix(dir, ".egg-info/") || strings.HasSuffix(dir, "/EGG-INFO/")
	}
	return strings.HasSuffix(base, ".egg-info") && (strings.Contains(dir, "/site-packages/") || strings.Contains(dir, "/dist-packages/"))
}

// separators are what names of Python distributions may be written with in place of a dash.
var separators = regexp.MustCompile(`[-_.]+`)

// ReadPython reads the metadata of one installed Python distribution: fields like those of a mail, up to the first empty line.
// The name is normalised as PyPI compares names. Source: PyPA's specifications "Core metadata" and "Name normalization".
func ReadPython(r io.Reader) ([]Package, error) {
	p := Package{Ecosystem: PyPI}
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 4096), maxLineBytes)
	for scanner.Scan() && scanner.Text() != "" {
		field, value, _ := strings.Cut(scanner.Text(), ":")
		switch value = strings.TrimSpace(value); {
		case strings.EqualFold(field, "Name") && p.Name == "":
			p.Name = strings.ToLower(separators.ReplaceAllString(value, "-"))
		case strings.EqualFold(field, "Version") && p.Version == "":
			p.Version = value
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("metadata of a Python distribution: %w", err)
	}
	if p.Version == "" {
		return nil, errors.New("metadata of a Python distribution: it has no version")
	}
	return one(p, "metadata of a Python distribution")
}

// one returns the inventory of a file that describes one package.
func one(p Package, what string) ([]Package, error) {
	list, err := appendChecked(nil, p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return list, nil
}
