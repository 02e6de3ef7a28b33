package store

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// indexFile makes an index of two images and gives the file's bytes.
func indexFile(t testing.TB, dir string) (*Blocks, []byte) {
	t.Helper()
	index, _ := newIndex(t)
	build(t, index, filepath.Join(dir, "a"), files(someFiles()))
	build(t, index, filepath.Join(dir, "b"), files(map[string][]byte{"f": content(1, 20000)}))
	b, err := os.ReadFile(index.path)
	if err != nil {
		t.Fatal(err)
	}
	return index, b
}

// tryDamaged uses an index whose file has these bytes: soon it must be whole
// again.
func tryDamaged(t testing.TB, index *Blocks, damaged []byte, image string) {
	t.Helper()
	if err := os.WriteFile(index.path, damaged, 0o644); err != nil {
		t.Fatal(err)
	}
	// A bad list of free pages may do harm once more before it is found out.
	known := false
	for round := 0; round < 4 && !known; round++ {
		s := index.Begin(false)
		for _, p := range s.known {
			if int(p.image) >= len(s.images) {
				t.Fatal("a block of no image")
			}
		}
		_, known = s.known[[32]byte{1}]
		s.Add([32]byte{1}, 0, nil, true)
		s.Commit(image, 0)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !known {
		t.Error("the index is of no use any more")
	}
}

// TestDamagedIndex cuts the file at every length that may matter, and damages
// it at random.
func TestDamagedIndex(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	index, good := indexFile(t, dir)
	index.wait = 60e6
	image := filepath.Join(dir, "a")
	for _, n := range []int{0, 1, 100, 4095, 4096, 8192, 12288, 16384, 20480, len(good) / 2, len(good) - 4096, len(good) - 1} {
		tryDamaged(t, index, good[:n], image)
	}
	tryDamaged(t, index, bytes.Repeat([]byte("no index "), 5000), image)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 200 {
		b := bytes.Clone(good)
		for range 1 + r.IntN(20) {
			at := r.IntN(len(b))
			if i%4 > 0 { // heads of pages, where one number leads to others
				at = at/4096*4096 + r.IntN(128)
			}
			b[min(at, len(b)-1)] = byte(r.IntN(256) >> r.IntN(8))
		}
		tryDamaged(t, index, b, image)
	}
	if _, err := os.Stat(index.path + damagedSuffix); err != nil {
		t.Errorf("no damaged index was set aside: %v", err)
	}
}

// FuzzIndexFile changes bytes of an index: each six of the input are a place
// (three), its new value and the two next.
func FuzzIndexFile(f *testing.F) {
	dir := f.TempDir()
	index, good := indexFile(f, dir)
	index.wait = 60e6
	f.Add([]byte{0, 0, 16, 1, 1, 1})
	f.Add([]byte("\x1c0\x00====\x00\x00\n\x00\x00")) // the list of free pages
	f.Add([]byte("\x000\x18^\x06\x17"))
	f.Add([]byte{2, 0, 8, 0, 0, 0, 10, 0, 8, 255, 255, 0})
	f.Fuzz(func(t *testing.T, edits []byte) {
		b := bytes.Clone(good)
		for ; len(edits) >= 6; edits = edits[6:] {
			at := int(edits[0]) | int(edits[1])<<8 | int(edits[2])<<16
			copy(b[at%len(b):], edits[3:6])
		}
		tryDamaged(t, index, b, filepath.Join(dir, "a"))
	})
}

// FuzzTable parses a bucket's values, with their hash made right.
func FuzzTable(f *testing.F) {
	f.Add([]byte(`{"path":"/a","size":1}`), make([]byte, recordSize))
	f.Add([]byte(`{`), []byte{})
	f.Fuzz(func(t *testing.T, image, records []byte) {
		if _, _, err := parseImage(image, records); err == nil && len(records) < tailSize {
			t.Error("a table without its hash is taken")
		}
		table := append(bytes.Clone(records), tail(image, records)...)
		r, got, err := parseImage(image, table)
		if err != nil {
			return
		}
		if !bytes.Equal(got, records) {
			t.Error("other records")
		}
		var s Session
		s.index, _ = newIndex(t)
		s.open([]stored{{r, got}})
		defer s.Close()
		for n := range len(got) / recordSize {
			key, b := record(got, n)
			if again := appendRecord(nil, key, b); !bytes.Equal(again, got[n*recordSize:][:recordSize]) {
				t.Error("a record is not what it was")
			}
			s.Find(key, make([]byte, 10), nil)
		}
		binary.LittleEndian.PutUint32(table[len(table)-4:], 0)
		if _, _, err := parseImage(image, table); err == nil {
			t.Error("a wrong hash is taken")
		}
	})
}
