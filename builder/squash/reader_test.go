package squash

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	sylabs "github.com/sylabs/squashfs"

	"github.com/isowright/isowright/builder/tree"
)

// TestForeignImages reads what mksquashfs writes of a nasty tree.
func TestForeignImages(t *testing.T) {
	needTool(t, "mksquashfs")
	first, _ := pack(t, nastyTree(700), Options{Level: 1})
	dir := unpack(t, first)
	src := fromDir(t, dir)
	for _, args := range [][]string{
		{"-comp", "zstd", "-Xcompression-level", "3"}, {"-comp", "gzip"}, {"-comp", "xz", "-b", "1M"}, {"-comp", "xz", "-Xdict-size", "8K"},
		{"-comp", "zstd", "-always-use-fragments", "-b", "4K"}, {"-no-fragments", "-no-exports", "-no-duplicates"},
		{"-noI", "-noD", "-noF", "-noX", "-noId"}, {"-noI"}, {"-comp", "zstd", "-noD"},
	} {
		t.Run(strings.Join(args, ""), func(t *testing.T) {
			image := filepath.Join(t.TempDir(), "image")
			runTool(t, "mksquashfs", append([]string{dir, image, "-no-progress", "-quiet", "-mkfs-time", "1234567"}, args...)...)
			r := openImage(t, image)
			compare(t, "mksquashfs", src, r)
			if r.Err() != nil || r.Superblock().ModTime != 1234567 {
				t.Errorf("superblock %+v, %v", r.Superblock(), r.Err())
			}
		})
	}
	for _, comp := range []string{"lz4", "lzo"} {
		image := filepath.Join(t.TempDir(), "image")
		runTool(t, "mksquashfs", filepath.Join(dir, "links"), image, "-no-progress", "-quiet", "-comp", comp)
		f, err := os.Open(image)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := Open(f); err == nil || !strings.Contains(err.Error(), "packed with "+strings.ToUpper(comp)+", which is not supported") {
			t.Errorf("%s: %v", comp, err)
		}
	}
}

// TestSylabs has another reader in Go read our image. It knows no names that
// are not UTF-8, is slow with large directories and loses a hole at the very
// end of a file (of mksquashfs's images too).
func TestSylabs(t *testing.T) {
	src := memTree{dirEntry(""), dirEntry("d")}
	for _, e := range nastyTree(0) {
		if dir, _, _ := strings.Cut(e.Path, "/"); dir == "sizes" || dir == "odd" || dir == "deep" {
			src = append(src, e)
		}
	}
	for _, c := range []Compression{Zstd, Gzip, XZ} {
		b, _ := packMem(t, sorted(src), Options{Compression: c})
		fsys, err := sylabs.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range src {
			endsInHole := strings.HasPrefix(e.Path, "sizes/zeros-") || e.Path == "sizes/sparse"
			if e.Type != tree.File || !utf8.ValidString(e.Path) || endsInHole {
				continue
			}
			want, err := io.ReadAll(e.Open())
			if err != nil {
				t.Fatal(err)
			}
			have, err := fs.ReadFile(fsys, e.Path)
			if err != nil || !bytes.Equal(want, have) {
				t.Errorf("%s: %q: %d bytes instead of %d, %v", c, e.Path, len(have), len(want), err)
			}
		}
	}
}

// TestRandomAccess reads pieces of a large file in any order.
func TestRandomAccess(t *testing.T) {
	content := words(7, 9<<20)
	clear(content[1<<20 : 3<<20])
	b, _ := packMem(t, memTree{dirEntry(""), fileEntry("f", content)}, Options{Level: 1, BlockSize: 4096})
	r, err := Open(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var src tree.Source
	for e := range r.Entries() {
		src = e.Content.Source
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		at, n := rnd.IntN(len(content)), rnd.IntN(20000)
		p := make([]byte, n)
		got, err := src.ReadAt(p, int64(at))
		want := content[at:min(at+n, len(content))]
		if !bytes.Equal(p[:got], want) || (err == io.EOF) != (at+n > len(content)) {
			t.Fatalf("%d bytes at %d: have %d, %v", n, at, got, err)
		}
	}
}

// smallImage has one of everything in a few KiB.
func smallImage(t testing.TB, o Options) []byte {
	src := memTree{dirEntry(""), dirEntry("dev"), dirEntry("sizes"), dirEntry("links"), dirEntry("odd"), dirEntry("attrs")}
	src = append(src, fileEntry("sizes/words-700001", words(1, 9000)), fileEntry("sizes/zeros", make([]byte, 8192)),
		tree.Entry{Path: "dev/c0", Type: tree.CharDevice, Major: 1, Minor: 3}, tree.Entry{Path: "dev/fifo", Type: tree.Fifo})
	b, _ := packMem(t, sorted(append(src, nastyOdds()...)), o)
	return b
}

// readAll lists an image and reads the beginnings of its files.
func readAll(b []byte) error {
	r, err := Open(bytes.NewReader(b))
	if err != nil {
		return err
	}
	var first error
	for e := range r.Entries() {
		if e.Type != tree.File {
			continue
		}
		if _, err := io.CopyN(io.Discard, e.Open(), 1<<18); err != nil && err != io.EOF && first == nil {
			first = err
		}
	}
	return errors.Join(r.Err(), first)
}

// TestDamage changes every byte of an image's metadata, and cuts it short. Nothing may panic or
// take long; that is all that can be asked of bytes without checksums.
func TestDamage(t *testing.T) {
	b := smallImage(t, Options{Compression: None, BlockSize: 4096})
	if err := readAll(b); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for at := range b {
		if at > 200 && at < 9000 {
			continue // file data
		}
		for _, v := range [][]byte{{0xff}, {b[at] ^ 1}, {0}}[at%3] {
			d := bytes.Clone(b)
			d[at] = v
			start := time.Now()
			if readAll(d) != nil {
				failed++
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("byte %d as %d: %v", at, v, took)
			}
		}
	}
	if failed < 300 {
		t.Errorf("only %d damages were noticed", failed)
	}
	for n := 0; n < len(b)-4095; n += 1 + n%7 {
		if readAll(b[:n]) == nil {
			t.Fatalf("cut to %d of %d bytes it is read without an error", n, len(b))
		}
	}
}

// FuzzReader looks for images that make the reader panic or hang.
func FuzzReader(f *testing.F) {
	for _, o := range []Options{{Compression: None, BlockSize: 4096}, {Level: 1}, {Compression: Gzip}, {Compression: XZ, BlockSize: 4096}} {
		b, _ := packMem(f, memTree{dirEntry(""), dirEntry("d"), fileEntry("d/f", words(1, 5000)), fileEntry("d/g", []byte("x")),
			{Path: "d/h", Type: tree.HardLink, Link: "d/g"}, {Path: "l", Type: tree.Symlink, Link: "d", Xattrs: map[string]string{"trusted.a": "b"}}}, o)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := readAll(b); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
	})
}

// TestDirectoryLoop makes a directory hold itself.
func TestDirectoryLoop(t *testing.T) {
	b, _ := packMem(t, memTree{dirEntry(""), dirEntry("dddd"), dirEntry("dddd/eeee")}, Options{Compression: None})
	d, e := bytes.Index(b, []byte("dddd")), bytes.Index(b, []byte("eeee"))
	copy(b[e-8:e-6], b[d-8:d-6]) // the offset of the inode
	if err := readAll(b); err == nil || !strings.Contains(err.Error(), `directory "/dddd": entry "eeee": the directory is in the tree twice`) {
		t.Errorf("a loop: %v", err)
	}
}
