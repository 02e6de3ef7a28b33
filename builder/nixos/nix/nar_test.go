package nix

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"testing"
)

// packNAR writes the format from the manual's text, so that the reader has a
// counterpart of another make beside Nix itself.
func packNAR(t *testing.T, w *bytes.Buffer, path string) {
	t.Helper()
	put := func(words ...string) {
		for _, s := range words {
			w.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(s))))
			w.WriteString(s)
			w.Write(make([]byte, -len(s)&7))
		}
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	put("(", "type")
	switch {
	case info.IsDir():
		put("directory")
		entries, err := os.ReadDir(path)
		if err != nil {
			t.Fatal(err)
		}
		sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
		for _, e := range entries {
			put("entry", "(", "name", e.Name(), "node")
			packNAR(t, w, filepath.Join(path, e.Name()))
			put(")")
		}
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(path)
		if err != nil {
			t.Fatal(err)
		}
		put("symlink", "target", target)
	default:
		put("regular")
		if info.Mode()&0o100 != 0 {
			put("executable", "")
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		put("contents", string(text))
	}
	put(")")
}

// tree makes a folder with all that a NAR can hold.
func narTree(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tree")
	for _, d := range []string{"a/b", "empty"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, mode := range map[string]os.FileMode{"a/file": 0o644, "a/b/run": 0o755, "8bytes..": 0o644, "ü": 0o644} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "none"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../../../outside", filepath.Join(dir, "a/link")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestUnpackNAR reads what nix-store dumps.
func TestUnpackNAR(t *testing.T) {
	newPlace(t) // needs nix
	dir := narTree(t)
	dumped, err := exec.Command("nix-store", "--dump", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	var ours bytes.Buffer
	ours.Write(append(binary.LittleEndian.AppendUint64(nil, 13), "nix-archive-1\x00\x00\x00"...))
	packNAR(t, &ours, dir)
	if !bytes.Equal(dumped, ours.Bytes()) {
		t.Error("the test's own writer writes something else than nix-store")
	}
	to := t.TempDir()
	root, err := os.OpenRoot(to)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := unpackNAR(bytes.NewReader(dumped), root, "x"); err != nil {
		t.Fatal(err)
	}
	if a, b := listing(t, dir), listing(t, filepath.Join(to, "x")); a != b {
		t.Errorf("unpacked\n%s\ninstead of\n%s", b, a)
	}
	for end := 0; end < len(dumped); end += 11 {
		if err := unpackNAR(bytes.NewReader(dumped[:end]), root, "y"); !errors.Is(err, errNAR) {
			t.Fatalf("cut after %d bytes: %v", end, err)
		}
		if err := root.RemoveAll("y"); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzUnpackExport: nothing is written outside of the folder, and what is
// accepted is what the archive says, because packing it gives the same bytes.
func FuzzUnpackExport(f *testing.F) {
	words := func(numbers ...any) []byte {
		var b []byte
		for _, n := range numbers {
			switch n := n.(type) {
			case int:
				b = binary.LittleEndian.AppendUint64(b, uint64(n))
			case string:
				b = binary.LittleEndian.AppendUint64(b, uint64(len(n)))
				b = append(append(b, n...), make([]byte, -len(n)&7)...)
			}
		}
		return b
	}
	export := func(node ...any) []byte {
		all := append([]any{1, narMagic}, node...)
		return words(append(all, exportMagic, "/nix/store/abc-x", 1, "/nix/store/abc-x", "", 0, 0)...)
	}
	f.Add(export("(", "type", "regular", "contents", "text", ")"))
	f.Add(export("(", "type", "regular", "executable", "", "contents", "", ")"))
	f.Add(export("(", "type", "symlink", "target", "/etc", ")"))
	f.Add(export("(", "type", "directory", "entry", "(", "name", "a", "node", "(", "type", "symlink", "target", "/tmp", ")", ")",
		"entry", "(", "name", "b", "node", "(", "type", "directory", ")", ")", ")"))
	f.Add(export("(", "type", "directory", "entry", "(", "name", "..", "node", "(", "type", "directory", ")", ")", ")"))
	f.Add(words(1, narMagic, "(", "type", "regular", "contents", 1<<40))
	f.Fuzz(func(t *testing.T, data []byte) {
		top := t.TempDir()
		inside := filepath.Join(top, "in")
		if err := os.Mkdir(inside, 0o755); err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(inside)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		failed := unpackExport(bytes.NewReader(data), root, "/nix/store")
		if entries, err := os.ReadDir(top); err != nil || len(entries) != 1 {
			t.Fatalf("written outside: %v %v", entries, err)
		}
		if failed != nil {
			return
		}
		entries, err := os.ReadDir(inside)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			var b bytes.Buffer
			b.Write(words(narMagic))
			packNAR(t, &b, filepath.Join(inside, e.Name()))
			if !bytes.Contains(data, b.Bytes()) && !bytes.Contains(data, words("regular", ")")) && !bytes.Contains(data, words("executable", "", ")")) {
				t.Fatalf("%s holds something else than the archive", e.Name())
			}
		}
	})
}
