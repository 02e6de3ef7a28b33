package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func dirEntry(name string) tar.Header { return tar.Header{Typeflag: tar.TypeDir, Name: name} }

func link(kind byte, name, target string) tar.Header {
	return tar.Header{Typeflag: kind, Name: name, Linkname: target}
}

// writeDeb puts a package on disk.
func writeDeb(t *testing.T, data []byte) string {
	path := filepath.Join(t.TempDir(), "x.deb")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// snapshot lists a tree: mode, name, content or target.
func snapshot(t *testing.T, dir string) map[string]string {
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := info.Mode().String()
		switch {
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			text = "-> " + target
		case d.Type().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += " " + string(data)
		}
		name, _ := filepath.Rel(dir, path)
		out[name] = text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestUnpack(t *testing.T) {
	for _, ext := range []string{"", ".xz", ".zst"} {
		dir := t.TempDir()
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "usr/bin"), 0o755), os.Symlink("usr/bin", filepath.Join(dir, "bin")),
			os.WriteFile(filepath.Join(dir, "old"), []byte("old"), 0o600), os.Mkdir(filepath.Join(dir, "kept"), 0o755)); err != nil {
			t.Fatal(err)
		}
		setuid := file("./bin/su", "su")
		setuid.Mode = 0o4755
		closed := dirEntry("./closed/")
		closed.Mode = 0o500
		deb := writeDeb(t, makeDeb(t, ext, dirEntry("./"), dirEntry("./bin/"), setuid, file("./usr/share/deep/file", "text"), closed,
			file("./closed/file", "in"), link(tar.TypeSymlink, "./etc/mtab", "/proc/mounts"), link(tar.TypeLink, "./bin/su2", "./bin/su"),
			file("./old", "new"), link(tar.TypeSymlink, "./kept", "elsewhere"), tar.Header{Typeflag: tar.TypeChar, Name: "./dev/null"}, file("./-\\x2d", "odd")))
		if err := Unpack(t.Context(), deb, dir); err != nil {
			t.Fatal(err)
		}
		got := snapshot(t, dir)
		want := map[string]string{
			"bin": "-> usr/bin", "usr": "drwxr-xr-x", "usr/bin": "drwxr-xr-x", "usr/bin/su": "-rwxr-xr-x su", "usr/bin/su2": "-rwxr-xr-x su",
			"usr/share": "drwxr-xr-x", "usr/share/deep": "drwxr-xr-x", "usr/share/deep/file": "-rw-r--r-- text", "closed": "drwx------",
			"closed/file": "-rw-r--r-- in", "etc": "drwxr-xr-x", "etc/mtab": "-> /proc/mounts", "old": "-rw-r--r-- new", "kept": "drwxr-xr-x",
			"dev": "drwxr-xr-x", "-\\x2d": "-rw-r--r-- odd",
		}
		if !maps.Equal(got, want) {
			t.Errorf("data.tar%s:\ngot  %v\nwant %v", ext, got, want)
		}
	}
}

// TestUnpackEscapes: nothing is written outside, by no name and no link.
func TestUnpackEscapes(t *testing.T) {
	for name, entries := range map[string][]tar.Header{
		"dots":             {file("../evil", "x")},
		"dots inside":      {file("./a/../../evil", "x")},
		"link up":          {link(tar.TypeSymlink, "./a", ".."), file("./a/evil", "x")},
		"absolute link":    {link(tar.TypeSymlink, "./a", "/tmp"), file("./a/evil", "x")},
		"file over link":   {link(tar.TypeSymlink, "./a", "../../evil"), dirEntry("./a")},
		"hard link out":    {link(tar.TypeLink, "./a", "../x.txt")},
		"hard link by way": {link(tar.TypeSymlink, "./up", ".."), link(tar.TypeLink, "./a", "./up/x.txt")},
	} {
		outer := t.TempDir()
		dir := filepath.Join(outer, "root")
		if err := errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(outer, "x.txt"), nil, 0o644)); err != nil {
			t.Fatal(err)
		}
		if err := Unpack(t.Context(), writeDeb(t, makeDeb(t, ".zst", entries...)), dir); err == nil {
			t.Errorf("%s: was unpacked", name)
		}
		if left, err := os.ReadDir(outer); err != nil || len(left) != 2 {
			t.Errorf("%s: beside the root lie %v (%v)", name, left, err)
		}
	}
	// A file takes the place of a link and does not follow it.
	dir := t.TempDir()
	deb := makeDeb(t, ".zst", file("./target", "old"), link(tar.TypeSymlink, "./a", "target"), file("./a", "new"))
	if err := Unpack(t.Context(), writeDeb(t, deb), dir); err != nil {
		t.Error(err)
	}
	if got := snapshot(t, dir); got["target"] != "-rw-r--r-- old" || got["a"] != "-rw-r--r-- new" {
		t.Errorf("got %v", got)
	}
}

func TestExtract(t *testing.T) {
	deb := writeDeb(t, makeDeb(t, ".xz", dirEntry("./"), file("./usr/lib/grub/boot.img", "boot"), file("./usr/share/doc/x", "doc"),
		link(tar.TypeSymlink, "./usr/lib/grub/one", "../grub/boot.img"), link(tar.TypeSymlink, "./usr/lib/grub/two", "/usr/lib/grub/one"),
		link(tar.TypeLink, "./usr/lib/grub/three", "./usr/lib/grub/boot.img"), link(tar.TypeSymlink, "./usr/lib/grub/loop", "loop")))
	files, err := Extract(t.Context(), deb, func(name string) bool { return strings.HasPrefix(name, "usr/lib/grub/") })
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, []string{"usr/lib/grub/boot.img", "usr/lib/grub/one", "usr/lib/grub/three", "usr/lib/grub/two"}) {
		t.Errorf("names %v", got)
	}
	for name, data := range files {
		if string(data) != "boot" {
			t.Errorf("%s is %q", name, data)
		}
	}
}

func TestBadDebs(t *testing.T) {
	good := makeDeb(t, ".xz", file("./a", strings.Repeat("text ", 10000)))
	for name, data := range map[string][]byte{
		"empty": nil, "no ar": []byte("PK\x03\x04 and more"), "no member": good[:8], "no data": good[:8+60+4+60+4], "cut header": good[:30],
		"cut data": good[:len(good)-20], "other compression": bytes.Replace(good, []byte("data.tar.xz"), []byte("data.tar.lz"), 1),
		"wrong size": bytes.Replace(good, []byte("4         `"), []byte("x         `"), 1), "damaged": flip(good, len(good)-200),
	} {
		path := writeDeb(t, data)
		err := Unpack(t.Context(), path, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Unpack(ctx, writeDeb(t, good), t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func flip(data []byte, i int) []byte {
	data = bytes.Clone(data)
	data[i] ^= 0x55
	return data
}

// TestUnpackDpkg compares with what dpkg-deb unpacks, from a package that it
// made itself.
func TestUnpackDpkg(t *testing.T) {
	needTool(t, "dpkg-deb")
	src := t.TempDir()
	for name, text := range map[string]string{
		"DEBIAN/control": "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n",
		"usr/bin/tool":   "#!/bin/sh\n", "usr/share/" + strings.Repeat("long-name-", 20): "long", "etc/conf": "",
	} {
		path := filepath.Join(src, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(filepath.Join(src, "usr/bin/tool"), 0o755), os.Symlink("tool", filepath.Join(src, "usr/bin/alias")),
		os.Link(filepath.Join(src, "etc/conf"), filepath.Join(src, "etc/conf2"))); err != nil {
		t.Fatal(err)
	}
	for _, z := range []string{"xz", "zstd", "gzip", "none"} {
		deb, theirs, ours := filepath.Join(t.TempDir(), "x.deb"), t.TempDir(), t.TempDir()
		for _, args := range [][]string{{"-Z" + z, "--root-owner-group", "-b", src, deb}, {"-x", deb, theirs}} {
			if out, err := exec.CommandContext(t.Context(), "dpkg-deb", args...).CombinedOutput(); err != nil {
				t.Fatalf("dpkg-deb %v: %v\n%s", args, err, out)
			}
		}
		if err := Unpack(t.Context(), deb, ours); err != nil {
			t.Fatal(err)
		}
		if a, b := snapshot(t, ours), snapshot(t, theirs); !maps.Equal(a, b) {
			t.Errorf("%s: ours %v\ntheirs %v", z, a, b)
		}
	}
}

// FuzzDeb: bytes that are no package give an error, and what is read stays
// inside the tree.
func FuzzDeb(f *testing.F) {
	f.Add(makeDeb(f, "", file("./a", "text"), link(tar.TypeLink, "./b", "./a")))
	f.Add(makeDeb(f, ".zst", file("./a", "text")))
	f.Add(makeDeb(f, ".xz", dirEntry("./d/")))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = walkDeb(t.Context(), bytes.NewReader(data), func(h *tar.Header, content io.Reader) error {
			if !fs.ValidPath(h.Name) && !strings.Contains(h.Name, "\x00") || h.Name == "." {
				t.Errorf("name %q", h.Name)
			}
			_, err := io.Copy(io.Discard, io.LimitReader(content, 1<<20))
			return err
		})
	})
}
