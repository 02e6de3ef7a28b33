package debian

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/tree"
)

// small is a tree with one of each that an overlay can meet.
func small(t *testing.T) *tree.Set {
	t.Helper()
	s := tree.NewSet(1_000_000_000)
	check(t, s.WriteFile("etc/a", []byte("one"), 0o644))
	check(t, s.WriteFile("etc/same", []byte("same"), 0o600))
	check(t, s.WriteFile("gone/deep/file", []byte("x"), 0o644))
	check(t, s.WriteFile("turned/file", []byte("x"), 0o644))
	check(t, s.WriteFile("usr/m", []byte("linked"), 0o755))
	check(t, s.Put(tree.Entry{Path: "usr/z", Type: tree.HardLink, Link: "usr/m", Mode: 0o755, ModTime: 1_000_000_000}))
	check(t, s.Symlink("usr/link", "m"))
	check(t, s.Mkdir("var", 0o755))
	return s
}

// tarOf packs a tree as an overlay over nothing.
func tarOf(t *testing.T, s *tree.Set) []byte {
	t.Helper()
	var out bytes.Buffer
	removed, err := difference(tree.NewSet(0), s, &out)
	check(t, err)
	if len(removed) > 0 {
		t.Errorf("removed %q from nothing", removed)
	}
	return out.Bytes()
}

// TestDifference unpacks an overlay with tar as the exported script does, and
// holds the outcome to the tree it was made from.
func TestDifference(t *testing.T) {
	if _, err := exec.LookPath("tar"); err != nil {
		t.Fatal(err)
	}
	before := small(t)
	after := before.Clone()
	check(t, after.WriteFile("etc/same", []byte("same"), 0o600)) // same bytes in another place
	check(t, after.WriteFile("etc/a", []byte("two"), 0o640))
	check(t, after.WriteFile("etc/new/file", bytes.Repeat([]byte("n"), 2000), 0o4755))
	after.Remove("gone")
	after.Remove("turned")
	check(t, after.Symlink("turned", "etc/new"))
	check(t, after.Mkdir("var", 0o1777))
	check(t, after.Symlink("usr/link", "z"))
	// A rewritten file with a further name, and a link whose name comes first.
	m, _ := after.Get("usr/m")
	m.Size, m.Content = 7, tree.Content{Source: strings.NewReader("changed")}
	links := []string{"usr/z", "usr/a"}
	check(t, after.Put(m))
	for _, name := range links {
		check(t, after.Put(tree.Entry{Path: name, Type: tree.HardLink, Link: "usr/m", Mode: 0o755, ModTime: 1_000_000_000}))
	}

	var overlay bytes.Buffer
	removed, err := difference(before, after, &overlay)
	check(t, err)
	if want := []string{"gone", "turned"}; !slices.Equal(slices.Sorted(slices.Values(removed)), want) {
		t.Errorf("removed %q, want %q", removed, want)
	}
	if listed, err := tree.FromTarFile(t.Context(), bytes.NewReader(overlay.Bytes())); err == nil {
		if _, ok := listed.Get("etc/same"); ok {
			t.Error("a file that did not change is in the overlay")
		}
	}
	dir := t.TempDir()
	untar(t, dir, tarOf(t, before))
	for _, name := range removed {
		check(t, os.RemoveAll(filepath.Join(dir, name)))
	}
	untar(t, dir, overlay.Bytes())
	again := exec.Command("tar", "-C", dir, "--numeric-owner", "--xattrs", "-cf", "-", ".")
	data, err := again.Output()
	check(t, err)
	got, err := tree.FromTarFile(t.Context(), bytes.NewReader(data))
	check(t, err)
	for _, line := range compare(t, got, after) {
		if os.Geteuid() == 0 || !strings.Contains(line, "0:0") { // others own what they unpack
			t.Error(line)
		}
	}
}

func untar(t *testing.T, dir string, data []byte) {
	t.Helper()
	cmd := exec.Command("tar", "-C", dir, "--numeric-owner", "-xpf", "-")
	cmd.Stdin = bytes.NewReader(data)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, out)
	}
}

func TestDifferenceRefusesDevices(t *testing.T) {
	after := tree.NewSet(0)
	check(t, after.Put(tree.Entry{Path: "null", Type: tree.CharDevice, Major: 1, Minor: 3}))
	if _, err := difference(tree.NewSet(0), after, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "null") {
		t.Errorf("a device was exported: %v", err)
	}
}

func TestSameEntry(t *testing.T) {
	base := tree.Entry{Path: "a", Type: tree.File, Mode: 0o644, Size: 1, Content: tree.Content{Source: strings.NewReader("x")}}
	for name, c := range map[string]struct {
		change func(*tree.Entry)
		same   bool
	}{
		"nothing":    {func(*tree.Entry) {}, true},
		"date":       {func(e *tree.Entry) { e.ModTime = 5 }, true},
		"place":      {func(e *tree.Entry) { e.Content = tree.Content{Source: strings.NewReader("-x"), Offset: 1} }, true},
		"bytes":      {func(e *tree.Entry) { e.Content.Source = strings.NewReader("y") }, false},
		"mode":       {func(e *tree.Entry) { e.Mode = 0o600 }, false},
		"owner":      {func(e *tree.Entry) { e.UID = 1 }, false},
		"group":      {func(e *tree.Entry) { e.GID = 1 }, false},
		"size":       {func(e *tree.Entry) { e.Size = 0 }, false},
		"type":       {func(e *tree.Entry) { e.Type = tree.Symlink }, false},
		"link":       {func(e *tree.Entry) { e.Link = "b" }, false},
		"attributes": {func(e *tree.Entry) { e.Xattrs = map[string]string{"security.capability": "x"} }, false},
		"unreadable": {func(e *tree.Entry) { e.Content.Source = strings.NewReader("") }, false},
	} {
		e := base
		c.change(&e)
		if sameEntry(base, e) != c.same {
			t.Errorf("%s: same %v, want %v", name, !c.same, c.same)
		}
	}
}
