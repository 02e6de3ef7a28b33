package squash

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/tree"
)

// memTree is a tree in memory.
type memTree []tree.Entry

func (t memTree) Len() int                       { return len(t) }
func (t memTree) Entries() iter.Seq[tree.Entry] { return slices.Values(t) }

// sorted puts entries into tree order.
func sorted(entries []tree.Entry) memTree {
	slices.SortFunc(entries, func(a, b tree.Entry) int { return tree.Compare(a.Path, b.Path) })
	return entries
}

// fileEntry is a file of some content.
func fileEntry(path string, content []byte) tree.Entry {
	return tree.Entry{
		Path: path, Mode: 0o644, ModTime: 1700000000, Size: int64(len(content)),
		Content: tree.Content{Source: bytes.NewReader(content)},
	}
}

func dirEntry(path string) tree.Entry {
	return tree.Entry{Path: path, Type: tree.Dir, Mode: 0o755, ModTime: 1600000000}
}

// noise is n bytes that do not compress.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n+8)
	for i := 0; i < n; i += 8 {
		v := r.Uint64()
		for k := range 8 {
			b[i+k] = byte(v >> (8 * k))
		}
	}
	return b[:n]
}

// words is n bytes that compress as text does.
func words(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 2))
	list := strings.Fields("kernel initrd squash block inode image boot menu disk loop mount root user mode")
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, "%s %d ", list[r.IntN(len(list))], r.IntN(1000))
	}
	return b.Bytes()[:n]
}

// pack writes an image file.
func pack(t testing.TB, src tree.Tree, o Options) (string, Result) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "image.squashfs"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	res, err := Write(context.Background(), f, src, o)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != res.Size {
		t.Fatalf("image has %v bytes, Result.Size is %d", info.Size(), res.Size)
	}
	return f.Name(), res
}

// openImage opens an image file with our reader.
func openImage(t testing.TB, path string) *Reader {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	r, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// describe gives a line for each path, saying all there is to say, with what
// the format cannot hold left out. A hard link is described as what it names.
func describe(t testing.TB, src tree.Tree) map[string]string {
	t.Helper()
	byPath := make(map[string]tree.Entry)
	var order []string
	for e := range src.Entries() {
		byPath[e.Path] = e
		order = append(order, e.Path)
	}
	if len(order) != src.Len() {
		t.Fatalf("Len is %d, but there are %d entries", src.Len(), len(order))
	}
	target := func(p string) string {
		if e := byPath[p]; e.Type == tree.HardLink {
			return e.Link
		}
		return p
	}
	names := make(map[string][]string)
	for _, p := range order {
		names[target(p)] = append(names[target(p)], p)
	}
	lines := make(map[string]string)
	for _, p := range order {
		e := byPath[target(p)]
		lines[p] = describeEntry(t, e) + fmt.Sprintf(" names=%q", names[target(p)])
	}
	return lines
}

func describeEntry(t testing.TB, e tree.Entry) string {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, e.Open()); err != nil {
		t.Fatalf("read %q: %v", e.Path, err)
	}
	var attrs []string
	for _, k := range slices.Sorted(maps.Keys(e.Xattrs)) {
		if !strings.HasPrefix(k, "system.") {
			attrs = append(attrs, fmt.Sprintf("%q=%q", k, e.Xattrs[k]))
		}
	}
	return fmt.Sprintf("%s %04o %d:%d t%d s%d ->%q dev%d:%d %v %x", e.Type, e.Mode, e.UID, e.GID,
		max(e.ModTime, 0), e.Size, e.Link, e.Major, e.Minor, attrs, h.Sum(nil)[:8])
}

// compare fails for each entry in which two trees differ.
func compare(t testing.TB, who string, want, got tree.Tree) {
	t.Helper()
	w, g := describe(t, want), describe(t, got)
	bad := 0
	for _, p := range slices.Sorted(maps.Keys(w)) {
		if g[p] != w[p] {
			bad++
			if bad < 10 {
				t.Errorf("%s: %q:\n want %s\n have %s", who, p, w[p], g[p])
			}
		}
		delete(g, p)
	}
	for p := range g {
		t.Errorf("%s: %q should not be there", who, p)
	}
	if bad > 0 {
		t.Errorf("%s: %d of %d entries differ", who, bad, len(w))
	}
}

// needTool fails or skips if a program is missing.
func needTool(t testing.TB, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		missing(t, name+" is not installed")
	}
}

// needRoot fails or skips without the rights to mount.
func needRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		missing(t, "mounting needs root")
	}
}

func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// runTool runs a program and gives its output.
func runTool(t testing.TB, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// mounted gives the tree that the kernel sees in an image.
func mounted(t testing.TB, image string) tree.Tree {
	t.Helper()
	needRoot(t)
	dir := t.TempDir()
	runTool(t, "mount", "-t", "squashfs", "-o", "loop,ro", image, dir)
	t.Cleanup(func() { runTool(t, "umount", dir) })
	return fromDir(t, dir)
}

// unpacked gives the tree that unsquashfs makes of an image.
func unpacked(t testing.TB, image string) tree.Tree {
	t.Helper()
	needTool(t, "unsquashfs")
	needRoot(t)
	dir := filepath.Join(t.TempDir(), "root")
	runTool(t, "unsquashfs", "-no-progress", "-strict-errors", "-d", dir, image)
	return fromDir(t, dir)
}

func fromDir(t testing.TB, dir string) tree.Tree {
	t.Helper()
	d, err := tree.FromDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
