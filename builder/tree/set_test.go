package tree

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func paths(t Tree) []string {
	var all []string
	for e := range t.Entries() {
		all = append(all, e.Path)
	}
	return all
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCompareOrdersAsAWalk(t *testing.T) {
	want := []string{"", "a", "a/b", "a/b/c", "a/b.c", "a-b", "a.b", "b", "é"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Compare)
	// "a-b" sorts after everything in "a" although '-' sorts before '/'.
	if !slices.Equal(got, []string{"", "a", "a/b", "a/b/c", "a/b.c", "a-b", "a.b", "b", "é"}) {
		t.Fatalf("order %q, want %q", got, want)
	}
}

func TestSetFollowsDirectoryLinks(t *testing.T) {
	s := NewSet(7)
	check(t, s.Mkdir("usr/lib", 0o755))
	check(t, s.Symlink("lib", "usr/lib"))
	check(t, s.Symlink("abs", "/lib"))
	check(t, s.Symlink("up", "usr/../lib"))
	for _, name := range []string{"/lib/x", "abs/y", "up/z"} {
		check(t, s.WriteFile(name, []byte(name), 0o644))
	}
	want := []string{"", "abs", "lib", "up", "usr", "usr/lib", "usr/lib/x", "usr/lib/y", "usr/lib/z"}
	if got := paths(s); !slices.Equal(got, want) {
		t.Fatalf("paths %q, want %q", got, want)
	}
	data, err := s.ReadFile("abs/x")
	if err != nil || string(data) != "/lib/x" {
		t.Fatalf("read %q, %v", data, err)
	}
	check(t, s.Symlink("loop", "loop"))
	if err := s.WriteFile("loop/x", nil, 0o644); err == nil {
		t.Fatal("a loop of links was followed")
	}
	if err := s.WriteFile("lib/x/y", nil, 0o644); err == nil {
		t.Fatal("a file was taken for a directory")
	}
}

func TestRemovingAFileKeepsItsHardLinks(t *testing.T) {
	s := NewSet(0)
	check(t, s.WriteFile("a/one", []byte("content"), 0o640))
	check(t, s.Put(Entry{Path: "b/two", Type: HardLink, Link: "a/one"}))
	check(t, s.Put(Entry{Path: "c/three", Type: HardLink, Link: "a/one"}))
	s.Remove("a")
	two, _ := s.Get("b/two")
	three, _ := s.Get("c/three")
	if two.Type != File || two.Mode != 0o640 || three.Type != HardLink || three.Link != "b/two" {
		t.Fatalf("after the removal: %+v, %+v", two, three)
	}
	data, err := s.ReadFile("c/three")
	if err != nil || string(data) != "content" {
		t.Fatalf("read %q, %v", data, err)
	}
	s.Remove("b")
	if e, _ := s.Get("c/three"); e.Type != File {
		t.Fatalf("the last name is %+v", e)
	}
	if got := paths(s); !slices.Equal(got, []string{"", "c", "c/three"}) {
		t.Fatalf("left: %q", got)
	}
}

func TestReplacingADirectoryByAFile(t *testing.T) {
	s := NewSet(0)
	check(t, s.WriteFile("d/x/y", nil, 0o644))
	check(t, s.WriteFile("d", []byte("now a file"), 0o600))
	if got := paths(s); !slices.Equal(got, []string{"", "d"}) {
		t.Fatalf("left: %q", got)
	}
	if err := s.Chown("nowhere", 1, 1); err == nil {
		t.Fatal("an entry that is not there was given away")
	}
}

// TestFromTarAgreesWithTar packs a real tree with GNU tar and compares.
func TestFromTarAgreesWithTar(t *testing.T) {
	dir := t.TempDir()
	check(t, os.MkdirAll(filepath.Join(dir, "sub/deep"), 0o750))
	check(t, os.WriteFile(filepath.Join(dir, "sub/deep/file"), bytes.Repeat([]byte("x"), 70_000), 0o4755))
	check(t, os.Chmod(filepath.Join(dir, "sub/deep/file"), 0o755|os.ModeSetuid))
	check(t, os.WriteFile(filepath.Join(dir, "empty"), nil, 0o600))
	check(t, os.Symlink("../nowhere", filepath.Join(dir, "sub/link")))
	check(t, os.Link(filepath.Join(dir, "sub/deep/file"), filepath.Join(dir, "zlink")))
	long := strings.Repeat("n", 250)
	check(t, os.WriteFile(filepath.Join(dir, long), []byte("long"), 0o644))
	out, err := exec.Command("tar", "--format=posix", "--sort=name", "-C", dir, "-c", ".").Output()
	check(t, err)
	spool, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	check(t, err)
	defer spool.Close()

	s, err := FromTar(t.Context(), bytes.NewReader(out), spool)
	check(t, err)
	want := []string{"", "empty", long, "sub", "sub/deep", "sub/deep/file", "sub/link", "zlink"}
	if got := paths(s); !slices.Equal(got, want) {
		t.Fatalf("paths %q, want %q", got, want)
	}
	file, _ := s.Get("sub/deep/file")
	data, err := io.ReadAll(file.Open())
	if err != nil || len(data) != 70_000 || file.Mode != 0o4755 {
		t.Fatalf("read %d bytes, %v; mode %o", len(data), err, file.Mode)
	}
	if e, _ := s.Get("zlink"); e.Type != HardLink || e.Link != "sub/deep/file" {
		t.Fatalf("the hard link is %+v", e)
	}
	if e, _ := s.Get("sub/link"); e.Link != "../nowhere" {
		t.Fatalf("the link is %+v", e)
	}
}

func TestFromTarRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		header tar.Header
		want   string
	}{
		{"leaves the tree", tar.Header{Name: "../x", Typeflag: tar.TypeReg}, "leaves the tree"},
		{"link out of the tree", tar.Header{Name: "x", Typeflag: tar.TypeLink, Linkname: "a/../../b"}, "leaves the tree"},
		{"hard link to nothing", tar.Header{Name: "x", Typeflag: tar.TypeLink, Linkname: "y"}, "not there"},
		{"root is a file", tar.Header{Name: "./", Typeflag: tar.TypeSymlink, Linkname: "y"}, "the root is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			w := tar.NewWriter(&b)
			check(t, w.WriteHeader(&c.header))
			check(t, w.Close())
			_, err := FromTar(t.Context(), &b, new(memory))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestFromTarStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := FromTar(ctx, new(bytes.Buffer), new(memory)); err != context.Canceled {
		t.Fatalf("error %v", err)
	}
}

// memory is a spool in memory.
type memory struct{ data []byte }

func (m *memory) Write(p []byte) (int, error) {
	m.data = append(m.data, p...)
	return len(p), nil
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(m.data).ReadAt(p, off)
}

// FuzzFromTar holds that any stream gives an error or a sound tree: sorted,
// with a directory above each entry and a file behind each hard link.
func FuzzFromTar(f *testing.F) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []tar.Header{
		{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o755},
		{Name: "d/f", Typeflag: tar.TypeReg, Size: 3},
		{Name: "l", Typeflag: tar.TypeLink, Linkname: "d/f"},
	} {
		if err := w.WriteHeader(&h); err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write(make([]byte, h.Size)); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := FromTar(t.Context(), bytes.NewReader(data), new(memory))
		if err != nil {
			return
		}
		all := paths(s)
		if !slices.IsSortedFunc(all, Compare) || all[0] != "" {
			t.Fatalf("order %q", all)
		}
		for e := range s.Entries() {
			if p := s.entries[e.Parent()]; p.Type != Dir {
				t.Fatalf("%q lies in a %s", e.Path, p.Type)
			}
			if e.Type == HardLink && s.entries[e.Link].Type != File {
				t.Fatalf("%q links to %q", e.Path, e.Link)
			}
		}
	})
}
