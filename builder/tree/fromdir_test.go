//go:build unix

package tree

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pkg/xattr"
	"golang.org/x/sys/unix"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFromDir(t *testing.T) {
	dir := t.TempDir()
	at := func(p string) string { return filepath.Join(dir, p) }
	must(t, os.Mkdir(at("d"), 0o700))
	must(t, os.WriteFile(at("d/f"), []byte("some text"), 0o600))
	must(t, os.Chmod(at("d/f"), 0o751|os.ModeSetuid))
	must(t, os.Link(at("d/f"), at("a")))
	must(t, os.WriteFile(at("d-"), nil, 0o644))
	must(t, os.Symlink("/no/where", at("l")))
	must(t, unix.Mkfifo(at("p"), 0o640))
	must(t, os.WriteFile(at("x\xff"), []byte("y"), 0o644))
	for _, p := range []string{"d/f", "d-", "p", "x\xff", "d"} {
		must(t, os.Chtimes(at(p), time.Unix(1, 0), time.Unix(1234567, 0)))
	}
	hasXattr := xattr.Set(at("d/f"), "user.k", []byte("v\x00")) == nil
	tree, err := FromDir(dir)
	must(t, err)
	var paths []string
	entries := make(map[string]Entry)
	last := ""
	for e := range tree.Entries() {
		if e.Path != "" && Compare(last, e.Path) >= 0 {
			t.Errorf("%q comes after %q", e.Path, last)
		}
		last = e.Path
		paths = append(paths, e.Path)
		entries[e.Path] = e
	}
	if have := strings.Join(paths, ","); have != ",a,d,d/f,d-,l,p,x\xff" || tree.Len() != 8 {
		t.Errorf("have %q", have)
	}
	uid, gid := uint32(os.Getuid()), uint32(os.Getgid())
	a := entries["a"]
	if a.Type != File || a.Mode != 0o4751 || a.UID != uid || a.GID != gid || a.ModTime != 1234567 || a.Size != 9 {
		t.Errorf("file: %+v", a)
	}
	if hasXattr && (len(a.Xattrs) != 1 || a.Xattrs["user.k"] != "v\x00") {
		t.Errorf("attributes: %q", a.Xattrs)
	}
	if b, err := io.ReadAll(a.Open()); err != nil || string(b) != "some text" {
		t.Errorf("content %q, %v", b, err)
	}
	checkOthers(t, entries)
	must(t, os.Truncate(at("a"), 3))
	if _, err := io.ReadAll(a.Open()); err != io.ErrUnexpectedEOF {
		t.Errorf("a file that has become shorter: %v", err)
	}
	if _, err := FromDir(at("missing")); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("no directory: %v", err)
	}
}

func checkOthers(t *testing.T, entries map[string]Entry) {
	t.Helper()
	if e := entries["d/f"]; e.Type != HardLink || e.Link != "a" {
		t.Errorf("hard link: %+v", e)
	}
	if e := entries["l"]; e.Type != Symlink || e.Link != "/no/where" {
		t.Errorf("symlink: %+v", e)
	}
	if e := entries["p"]; e.Type != Fifo || e.Mode != 0o640 {
		t.Errorf("fifo: %+v", e)
	}
	if e := entries["d"]; e.Type != Dir || e.Mode != 0o700 || e.Size != 0 {
		t.Errorf("directory: %+v", e)
	}
}

// TestFromDirDevices needs the right to make device nodes.
func TestFromDirDevices(t *testing.T) {
	dir := t.TempDir()
	err := unix.Mknod(filepath.Join(dir, "c"), unix.S_IFCHR|0o620, int(unix.Mkdev(5, 300)))
	if err == unix.EPERM {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip("making device nodes needs root")
	}
	must(t, err)
	tree, err := FromDir(dir)
	must(t, err)
	for e := range tree.Entries() {
		if e.Path == "c" && (e.Type != CharDevice || e.Major != 5 || e.Minor != 300) {
			t.Errorf("device: %+v", e)
		}
	}
}
