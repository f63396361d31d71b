package boltfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/boltfile"
)

// write returns a file that the library wrote, with the pairs in buckets "a" and, nested, "b" in "a".
func write(t testing.TB, pageSize int, pairs map[string]string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		outer, err := tx.CreateBucket([]byte("a"))
		if err != nil {
			return err
		}
		inner, err := outer.CreateBucket([]byte("b"))
		if err != nil {
			return err
		}
		for key, value := range pairs {
			if err := errors.Join(outer.Put([]byte("key "+key), []byte(value)), inner.Put([]byte(key), []byte(value))); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(t testing.TB, raw []byte) *boltfile.File {
	t.Helper()
	f, err := boltfile.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func bucket(t testing.TB, b boltfile.Bucket, names ...string) boltfile.Bucket {
	t.Helper()
	for _, name := range names {
		inner, found, err := b.Bucket(name)
		if err != nil || !found {
			t.Fatalf("bucket %q: found %v, error %v", name, found, err)
		}
		b = inner
	}
	return b
}

func numbered(n int) map[string]string {
	pairs := map[string]string{}
	for i := range n {
		pairs[fmt.Sprintf("%05d", i)] = strings.Repeat("v", i%97) + fmt.Sprint(i)
	}
	return pairs
}

// The sizes are those at which the library changes the shape: an inline bucket, one leaf, and trees of two and three levels.
func TestFile_ReadsWhatTheLibraryWrote(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 20, 500, 6000} {
		for _, pageSize := range []int{4096, 16384} {
			pairs := numbered(n)
			root := open(t, write(t, pageSize, pairs)).Root()
			inner := bucket(t, root, "a", "b")
			got := map[string]string{}
			err := inner.Walk("", func(key string, value []byte, isBucket bool) error {
				got[key] = string(value)
				if isBucket {
					t.Errorf("%q is a bucket", key)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(pairs, got); diff != "" {
				t.Fatalf("%d pairs in pages of %d (-want +got):\n%s", n, pageSize, diff)
			}
			for i := 0; i < n; i += 1 + n/200 {
				key := fmt.Sprintf("%05d", i)
				if value, found, err := inner.Get(key); err != nil || !found || string(value) != pairs[key] {
					t.Fatalf("%d pairs: %q is %q, %v, %v", n, key, value, found, err)
				}
			}
		}
	}
}

func TestFile_ValuesLargerThanAPage(t *testing.T) {
	t.Parallel()
	pairs := map[string]string{"large": strings.Repeat("x", 300_000), "small": "y", "z": strings.Repeat("z", 5000)}
	inner := bucket(t, open(t, write(t, 4096, pairs)).Root(), "a", "b")
	for key, want := range pairs {
		if value, found, err := inner.Get(key); err != nil || !found || string(value) != want {
			t.Errorf("%q has %d bytes, %v, %v", key, len(value), found, err)
		}
	}
}

func TestBucket_MissingKeysAreNoErrors(t *testing.T) {
	t.Parallel()
	root := open(t, write(t, 4096, numbered(3000))).Root()
	outer := bucket(t, root, "a")
	inner := bucket(t, outer, "b")
	for _, key := range []string{"", "0", "00000x", "02999", "03000", "zzz"} {
		_, found, err := inner.Get(key)
		if err != nil || found != (key == "02999") {
			t.Errorf("%q: found %v, error %v", key, found, err)
		}
	}
	if _, found, err := outer.Get("b"); err != nil || found {
		t.Errorf("the bucket b is a value: %v, %v", found, err)
	}
	if _, found, err := inner.Bucket("00001"); err != nil || found {
		t.Errorf("the value 00001 is a bucket: %v, %v", found, err)
	}
	if _, found, err := root.Bucket("c"); err != nil || found {
		t.Errorf("there is a bucket c: %v, %v", found, err)
	}
}

func TestBucket_WalkKeepsToThePrefix(t *testing.T) {
	t.Parallel()
	inner := bucket(t, open(t, write(t, 4096, numbered(6000))).Root(), "a", "b")
	for prefix, want := range map[string]int{"": 6000, "0": 6000, "00": 1000, "0123": 10, "01234": 1, "05999": 1, "06": 0, "2": 0, "012345": 0} {
		var keys []string
		err := inner.Walk(prefix, func(key string, _ []byte, _ bool) error {
			keys = append(keys, key)
			return nil
		})
		if err != nil || len(keys) != want || !slices.IsSorted(keys) {
			t.Errorf("%q: %d keys (sorted: %v), error %v; want %d", prefix, len(keys), slices.IsSorted(keys), err, want)
		}
	}
	stop := errors.New("stop")
	if err := inner.Walk("", func(string, []byte, bool) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the visitor's own error", err)
	}
}

// pageOf returns the bytes of a page of a file with pages of 4 KiB.
func pageOf(raw []byte, number uint64) []byte { return raw[number*4096 : (number+1)*4096] }

// branches returns the numbers of all branch pages.
func branches(raw []byte) []uint64 {
	var found []uint64
	for n := uint64(2); n < uint64(len(raw)/4096); n++ {
		if p := pageOf(raw, n); binary.LittleEndian.Uint16(p[8:]) == 1 && binary.LittleEndian.Uint64(p) == n {
			found = append(found, n)
		}
	}
	return found
}

// The library recurses without end on this file and takes the process with it.
func TestBucket_PagesThatNameEachOther(t *testing.T) {
	t.Parallel()
	raw := write(t, 4096, numbered(6000))
	pages := branches(raw)
	if len(pages) == 0 {
		t.Fatal("the file has no branch")
	}
	for _, number := range pages {
		p := pageOf(raw, number)
		for i := range int(binary.LittleEndian.Uint16(p[10:])) {
			binary.LittleEndian.PutUint64(p[16*(i+1)+8:], number)
		}
	}
	outer := bucket(t, open(t, raw).Root())
	inner, _, err := outer.Bucket("a")
	if err == nil {
		_, _, err = inner.Get("key 00001")
	}
	if !errors.Is(err, boltfile.ErrCorrupt) {
		t.Errorf("get: %v", err)
	}
	if inner, found, err := outer.Bucket("a"); err == nil && found {
		if err := inner.Walk("", func(string, []byte, bool) error { return nil }); !errors.Is(err, boltfile.ErrCorrupt) {
			t.Errorf("walk: %v", err)
		}
	}
}

// Each branch names the same children many times over: no cycle, but more to walk than any machine can.
func TestBucket_WalkReadsNoPageOften(t *testing.T) {
	t.Parallel()
	raw := write(t, 4096, numbered(6000))
	for _, number := range branches(raw) {
		p := pageOf(raw, number)
		first := binary.LittleEndian.Uint64(p[24:])
		for i := range int(binary.LittleEndian.Uint16(p[10:])) {
			binary.LittleEndian.PutUint64(p[16*(i+1)+8:], first)
		}
	}
	f := open(t, raw)
	visits := 0
	outer, _, err := f.Root().Bucket("a")
	if err == nil {
		err = outer.Walk("", func(string, []byte, bool) error { visits++; return nil })
	}
	if err != nil && !errors.Is(err, boltfile.ErrCorrupt) {
		t.Error(err)
	}
	if visits > 100_000 {
		t.Errorf("%d visits of a file with 6,000 keys", visits)
	}
}

func TestOpen_Refused(t *testing.T) {
	t.Parallel()
	good := write(t, 4096, numbered(100))
	change := func(f func(raw []byte)) []byte {
		raw := bytes.Clone(good)
		f(raw)
		return raw
	}
	for name, raw := range map[string][]byte{
		"empty":     nil,
		"short":     good[:50],
		"text":      []byte(strings.Repeat("no database ", 1000)),
		"checksums": change(func(raw []byte) { raw[16+16]++; raw[4096+16+16]++ }),
		"truncated": good[:3*4096],
	} {
		if f, err := boltfile.Open(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, boltfile.ErrCorrupt) {
			t.Errorf("%s: got %v, %v, want ErrCorrupt", name, f, err)
		}
	}
	one := change(func(raw []byte) { raw[16+16]++ })
	if _, err := boltfile.Open(bytes.NewReader(one), int64(len(one))); err != nil {
		t.Errorf("one of two meta pages is damaged, and the other one does not serve: %v", err)
	}
}

// readAll reads everything that can be reached, as a reader of databases would.
func readAll(b boltfile.Bucket, depth int, got map[string]string) error {
	return b.Walk("", func(key string, value []byte, isBucket bool) error {
		got[key] = string(value)
		if !isBucket || depth == 4 {
			return nil
		}
		inner, found, err := b.Bucket(key)
		if err != nil || !found {
			return err
		}
		return readAll(inner, depth+1, got)
	})
}

func FuzzFile(f *testing.F) {
	f.Add(write(f, 4096, numbered(3)), uint32(0), byte(0))
	f.Add(write(f, 4096, numbered(400)), uint32(8192), byte(3))
	f.Fuzz(func(t *testing.T, raw []byte, at uint32, b byte) {
		if len(raw) > 0 {
			raw = bytes.Clone(raw)
			raw[int(at)%len(raw)] ^= b
		}
		file, err := boltfile.Open(bytes.NewReader(raw), int64(len(raw)))
		if err == nil {
			err = readAll(file.Root(), 0, map[string]string{})
		}
		if err != nil && !errors.Is(err, boltfile.ErrCorrupt) {
			t.Fatalf("an error that is not ErrCorrupt: %v", err)
		}
	})
}

func TestFile_AgreesWithTheLibraryOnEveryKey(t *testing.T) {
	t.Parallel()
	pairs := numbered(700)
	got := map[string]string{}
	if err := readAll(open(t, write(t, 4096, pairs)).Root(), 0, got); err != nil {
		t.Fatal(err)
	}
	want := maps.Clone(pairs)
	want["a"], want["b"] = "", ""
	for key, value := range pairs {
		want["key "+key] = value
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
