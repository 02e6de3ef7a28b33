// Package recorded is for tests: it lays out the block devices of a computer as
// they were recorded, for whatever reads sysfs, mounts and udev's data.
package recorded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Lay reads a layout, a txtar archive, and plants its files in a new folder. The
// file "tree" has a line for each attribute ("path = value") and link ("path ->
// target"); "disks" and "reasons" are left out, all others are files of their
// name.
func Lay(t testing.TB, file string) (root string, archive *txtar.Archive) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root = t.TempDir()
	for _, f := range archive.Files {
		switch f.Name {
		case "disks", "reasons":
		case "tree":
			for line := range strings.Lines(string(f.Data)) {
				plant(t, root, strings.TrimSuffix(line, "\n"))
			}
		default:
			Put(t, root, f.Name, string(f.Data))
		}
	}
	return root, archive
}

// plant makes a file or link of one line of a tree.
func plant(t testing.TB, root, line string) {
	t.Helper()
	if line == "" || line[0] == '#' {
		return
	}
	if name, value, ok := strings.Cut(line, " = "); ok {
		Put(t, root, name, value+"\n")
		return
	}
	name, target, ok := strings.Cut(line, " -> ")
	if !ok {
		t.Fatalf("a line of the tree is neither attribute nor link: %q", line)
	}
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, file); err != nil {
		t.Fatal(err)
	}
}

// Put writes a file of a layout.
func Put(t testing.TB, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
