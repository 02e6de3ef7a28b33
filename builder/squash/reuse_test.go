package squash

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"
)

// memReuse knows the blocks of images in memory.
type memReuse struct {
	sync.Mutex
	known, added map[Key][]byte // nil for raw ones
	asked        int
}

func (m *memReuse) Find(key Key, block, buf []byte) ([]byte, bool) {
	m.Lock()
	defer m.Unlock()
	m.asked++
	b, ok := m.known[key]
	if ok && b == nil {
		return block, true
	}
	return append(buf[:0], b...), ok
}

func (m *memReuse) Add(key Key, _ int64, packed []byte, raw bool) {
	m.Lock()
	defer m.Unlock()
	if m.added == nil {
		m.added = make(map[Key][]byte)
	}
	m.added[key] = nil
	if !raw {
		m.added[key] = bytes.Clone(packed)
	}
}

// next is what the next build knows.
func (m *memReuse) next() *memReuse { return &memReuse{known: maps.Clone(m.added)} }

// TestLibraryVersions holds the names of the compressors to go.mod: blocks of
// another version are not reused.
func TestLibraryVersions(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []string{zstdLibrary, gzipLibrary, xzLibrary} {
		if !strings.Contains(string(mod), "\t"+l+"\n") {
			t.Errorf("go.mod does not have %q", l)
		}
	}
}

// TestReuseIsInvisible wants the same bytes with and without reuse, and from
// the second time on nothing compressed.
func TestReuseIsInvisible(t *testing.T) {
	src := nastyTree(700)
	for _, o := range []Options{{Level: 3}, {Level: 19, BlockSize: 1 << 20}, {Compression: Gzip}, {Compression: XZ}, {Compression: None}} {
		want, plain := packMem(t, src, o)
		first := &memReuse{}
		o.Reuse = first
		got, res := packMem(t, src, o)
		if !bytes.Equal(want, got) || res.Blocks != plain.Blocks {
			t.Errorf("%s: recording changes the image", o.Compression)
		}
		second := first.next()
		o.Reuse = second
		got, res = packMem(t, src, o)
		if !bytes.Equal(want, got) {
			t.Errorf("%s: reuse changes the image", o.Compression)
		}
		if o.Compression == None {
			if second.asked > 0 || len(second.added) > 0 {
				t.Error("blocks that are not compressed are looked for")
			}
			continue
		}
		if res.Reused != res.Blocks || res.Blocks == 0 {
			t.Errorf("%s: %d of %d blocks reused", o.Compression, res.Reused, res.Blocks)
		}
		if !maps.EqualFunc(first.added, second.added, bytes.Equal) {
			t.Errorf("%s: what is told of the second image differs", o.Compression)
		}
	}
}

// TestRecipe wants no block packed in another way to be taken.
func TestRecipe(t *testing.T) {
	seen := map[Key]string{}
	for c := Zstd; c < None; c++ {
		for _, level := range []int{1, 3, 9} {
			for _, size := range []int{4096, 131072} {
				k, name := recipe(c, level, size), fmt.Sprintf("%s level %d, %d", c, level, size)
				if other, ok := seen[k]; ok {
					t.Errorf("%s: the same as %s", name, other)
				}
				seen[k] = name
			}
		}
	}
}

// wrongReuse gives what cannot be.
type wrongReuse struct{ memReuse }

func (w *wrongReuse) Find(_ Key, block, buf []byte) ([]byte, bool) {
	w.Lock()
	defer w.Unlock()
	w.asked++
	if w.asked%2 == 0 {
		return nil, true
	}
	return append(append(buf[:0], block...), 0), true
}

func TestImpossibleBlocksAreRefused(t *testing.T) {
	src := nastyTree(100)
	want, _ := packMem(t, src, Options{Level: 3})
	w := &wrongReuse{}
	got, res := packMem(t, src, Options{Level: 3, Reuse: w})
	if !bytes.Equal(want, got) || res.Reused > 0 || w.asked == 0 {
		t.Errorf("%d blocks of impossible length taken", res.Reused)
	}
}

// TestChangeStaysLocal takes one folder of small files away and counts what is
// packed anew; metadata, which is small, is not counted.
func TestChangeStaysLocal(t *testing.T) {
	src := memTree{dirEntry("")}
	const dirs, files = 200, 40
	for d := range dirs {
		dir := fmt.Sprintf("package-%03d", d)
		src = append(src, dirEntry(dir))
		for f := range files {
			seed := uint64(d*files + f)
			src = append(src, fileEntry(fmt.Sprintf("%s/file-%d", dir, f), noise(seed, 200+int(seed*2654435761%9000))))
		}
	}
	sorted(src)
	first := &memReuse{}
	_, res := packMem(t, src, Options{Level: 1, Reuse: first})
	total, worst := 0, 0
	for d := 5; d < dirs; d += 20 {
		var less memTree
		for _, e := range src {
			if !strings.HasPrefix(e.Path, fmt.Sprintf("package-%03d", d)) {
				less = append(less, e)
			}
		}
		second := first.next()
		packMem(t, less, Options{Level: 1, Reuse: second})
		n := 0
		for k, b := range second.added {
			// Only the contents are stored as they are.
			if _, ok := second.known[k]; !ok && b == nil {
				n++
			}
		}
		total, worst = total+n, max(worst, n)
	}
	t.Logf("%d of %d blocks anew for 10 changes, %d at worst", total, res.Blocks, worst)
	if total > 100 {
		t.Errorf("%d blocks anew for 10 changes: without cutsFragment it is 1447", total)
	}
}
