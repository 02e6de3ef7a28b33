package iso

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/tree"
)

// TestManyEntries has many names alike, many directories, and asks that all
// come back and that xorriso agrees.
func TestManyEntries(t *testing.T) {
	var list []item
	for i := range 6000 {
		list = append(list, item{path: fmt.Sprintf("flat/%s %d", strings.Repeat("alike ", 20), i), data: "x"})
	}
	for i := range 3000 {
		list = append(list, item{path: fmt.Sprintf("dirs/directory %d/file", i), data: "y"})
	}
	path, _ := newImage(t, hybridOptions(), append(list, item{path: corePath, data: string(fakeCore())}))
	im := openImage(t, path)
	var files, dirs int
	if err := im.Walk(func(e Entry) error {
		switch e.Type {
		case tree.File:
			files++
		case tree.Dir:
			dirs++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if files != 9002 || dirs != 1+2+3000+3 {
		t.Errorf("%d files, %d directories", files, dirs)
	}
	d, err := im.Lookup("dirs")
	if err != nil || d.Links != 3002 {
		t.Errorf("dirs has %d links, %v", d.Links, err)
	}
	for _, view := range []string{"any", "norock", "ecma119"} {
		out := run(t, "xorriso", "-abort_on", "WARNING", "-read_fs", view, "-indev", path, "-find", "/", "-type", "f")
		if got := strings.Count(out, "'/flat/") + strings.Count(out, "'/FLAT/"); got != 6000 {
			t.Errorf("%s: xorriso sees %d of 6000 files", view, got)
		}
	}
}

// TestMemory streams a large file with hardly any memory.
func TestMemory(t *testing.T) {
	w, err := NewWriter(&discard{}, Options{VolumeID: "X"})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := w.AddFile(t.Context(), "zeros", 0, &zeros{left: 1 << 30}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d KiB allocated for a file of 1 GiB", used>>10)
	}
}

type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(len(p), z.left)
	z.left -= n
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestIdentifiers looks at names directly.
func TestIdentifiers(t *testing.T) {
	names := []string{"a", "A", "a.b", "a.b.c", ".x", "x.", "..y", "file.tar.gz", strings.Repeat("z", 40) + ".txt",
		strings.Repeat("z", 41) + ".txt", "x.abcdefghijk", "\xff", "ß.ü"}
	root := newRoot()
	w := &Writer{root: root}
	for _, name := range names {
		w.link(root, name, &node{mode: modeFile})
	}
	w.link(root, "some.dir", &node{mode: modeDir})
	if err := nameAll(root); err != nil {
		t.Fatal(err)
	}
	want := []string{"A.;1", "A0.;1", "A.B;1", "A_B.C;1", "_X.;1", "X.;1", "_.Y;1", "FILE_TAR.GZ;1",
		strings.Repeat("Z", 27) + ".TXT;1", strings.Repeat("Z", 26) + "0.TXT;1", "X.ABCDEFGH;1", "_.;1", "_._;1"}
	for i, name := range names {
		got := string(root.children[name].view[isoTree].id)
		// "A" sorts before "a", so that one got the plain name.
		if name == "a" || name == "A" {
			continue
		}
		if got != want[i] {
			t.Errorf("%q: %s, want %s", name, got, want[i])
		}
	}
	if got := string(root.children["A"].view[isoTree].id) + " " + string(root.children["a"].view[isoTree].id); got != "A.;1 A0.;1" {
		t.Errorf("A and a: %s", got)
	}
	if got := string(root.children["some.dir"].view[isoTree].id); got != "SOME_DIR" {
		t.Errorf("some.dir: %s", got)
	}
	sorted := slices.IsSortedFunc(root.view[isoTree].order, func(a, b *node) int {
		return strings.Compare(string(a.view[isoTree].id), string(b.view[isoTree].id))
	})
	if !sorted || len(root.view[isoTree].order) != len(names)+1 {
		t.Error("the directory is not sorted")
	}
}

// TestSameOnAnyFile overwrites a longer file that was there before.
func TestSameOnAnyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old")
	if err := os.WriteFile(path, []byte(strings.Repeat("junk", 1<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(f, hybridOptions())
	if err != nil {
		t.Fatal(err)
	}
	addItems(t, w, hybridTree())
	res, err := w.Close(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fresh, _ := newImage(t, hybridOptions(), hybridTree())
	a, errA := os.ReadFile(path)
	b, errB := os.ReadFile(fresh)
	if errA != nil || errB != nil || string(a) != string(b) || int64(len(a)) != res.Size {
		t.Errorf("%d and %d bytes differ (%v, %v)", len(a), len(b), errA, errB)
	}
}
