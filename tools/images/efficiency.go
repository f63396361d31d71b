package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/wagoodman/dive/dive/filetree"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
)

// checkEfficiency holds the efficiency of 300 random images against dive's own code. Layers add, replace and delete files;
// directories are not deleted, where this provider counts otherwise on purpose (see contents.Contents).
func checkEfficiency() error {
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same images in every run
	for n := range 300 {
		layers := randomLayers(chance)
		want, err := diveEfficiency(layers)
		if err != nil {
			return err
		}
		got, err := ourEfficiency(layers)
		if err != nil {
			return err
		}
		if math.Abs(got-want) > 1e-12 {
			return fmt.Errorf("efficiency of image %d: %v, and dive's is %v: %v", n, got, want, layers)
		}
	}
	fmt.Println("efficiency and dive: 300 of 300 equal")
	return nil
}

// randomLayers returns layers, the lowest first: sizes by path, -1 for a deletion of what is there.
func randomLayers(chance *rand.Rand) []map[string]int64 {
	exists := map[string]bool{}
	var layers []map[string]int64
	for range 1 + chance.IntN(5) {
		layer := map[string]int64{}
		for range chance.IntN(8) {
			path := fmt.Sprintf("d%d/f%d", chance.IntN(2), chance.IntN(6))
			if _, done := layer[path]; done {
				continue
			}
			if exists[path] && chance.IntN(3) == 0 {
				layer[path], exists[path] = -1, false
				continue
			}
			layer[path], exists[path] = int64(chance.IntN(1000)), true
		}
		layers = append(layers, layer)
	}
	return layers
}

// whiteout returns the name by which an archive deletes a path of the form "directory/file".
func whiteout(path string) string { return path[:3] + ".wh." + path[3:] }

func diveEfficiency(layers []map[string]int64) (float64, error) {
	var trees []*filetree.FileTree
	for _, layer := range layers {
		tree := filetree.NewFileTree()
		for path, size := range layer {
			if size < 0 {
				path, size = whiteout(path), 0
			}
			if _, _, err := tree.AddPath("/"+path, filetree.FileInfo{Path: path, Size: size, TypeFlag: tar.TypeReg}); err != nil {
				return 0, err
			}
		}
		trees = append(trees, tree)
	}
	score, _ := filetree.Efficiency(trees)
	return score, nil
}

func ourEfficiency(layers []map[string]int64) (float64, error) {
	merger := contents.NewMerger()
	for i := len(layers) - 1; i >= 0; i-- {
		var archive bytes.Buffer
		w := tar.NewWriter(&archive)
		for path, size := range layers[i] {
			if size < 0 {
				path, size = whiteout(path), 0
			}
			if err := w.WriteHeader(&tar.Header{Name: path, Size: size, Mode: 0o644, Typeflag: tar.TypeReg}); err != nil {
				return 0, err
			}
			if _, err := w.Write(make([]byte, size)); err != nil {
				return 0, err
			}
		}
		if err := w.Close(); err != nil {
			return 0, err
		}
		sum := sha256.Sum256(archive.Bytes())
		digest := "sha256:" + hex.EncodeToString(sum[:])
		layer, err := contents.Scan(&archive, contents.Blob{Digest: digest, DiffID: digest, Size: int64(archive.Len())})
		if err != nil {
			return 0, err
		}
		if err := merger.Add(layer); err != nil {
			return 0, err
		}
	}
	return merger.Contents("").Efficiency, nil
}
