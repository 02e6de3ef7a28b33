package squash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/tree"
)

// memImage is an image in memory.
type memImage struct{ b []byte }

func (m *memImage) WriteAt(p []byte, at int64) (int, error) {
	if need := int(at) + len(p); need > len(m.b) {
		m.b = append(m.b, make([]byte, need-len(m.b))...)
	}
	return copy(m.b[at:], p), nil
}

// packMem writes an image in memory.
func packMem(t testing.TB, src tree.Tree, o Options) ([]byte, Result) {
	t.Helper()
	var m memImage
	res, err := Write(context.Background(), &m, src, o)
	if err != nil {
		t.Fatal(err)
	}
	return m.b, res
}

func TestRefused(t *testing.T) {
	root := dirEntry("")
	file := fileEntry("a", []byte("x"))
	for _, c := range []struct {
		name string
		tree memTree
		o    Options
		want string
	}{
		{"no parent", memTree{root, fileEntry("no/file", nil)}, Options{}, `"/no/file": its directory "/no" is not in the tree`},
		{"parent is a file", memTree{root, file, fileEntry("a/b", nil)}, Options{}, `its directory "/a" is not in the tree`},
		{"out of order", memTree{root, fileEntry("b", nil), file}, Options{}, `"/a": comes after "/b"`},
		{"twice", memTree{root, file, file}, Options{}, `"/a": is in the tree twice`},
		{"dots", memTree{root, fileEntry("..", nil)}, Options{}, `bad path element ".."`},
		{"empty element", memTree{root, fileEntry("/a", nil)}, Options{}, `bad path element ""`},
		{"zero byte", memTree{root, fileEntry("a\x00b", nil)}, Options{}, `bad character in name`},
		{"long name", memTree{root, fileEntry(strings.Repeat("n", 256), nil)}, Options{}, "name of 256 bytes is longer"},
		{"root is a file", memTree{fileEntry("", nil)}, Options{}, "the root is a file"},
		{"no content", memTree{root, {Path: "a", Size: 5}}, Options{}, "5 bytes without content"},
		{"empty link", memTree{root, {Path: "a", Type: tree.Symlink}}, Options{}, "symlink target of 0 bytes"},
		{"device", memTree{root, {Path: "a", Type: tree.CharDevice, Major: 4096}}, Options{}, "device 4096:0"},
		{"lost link", memTree{root, {Path: "a", Type: tree.HardLink, Link: "b"}}, Options{}, `"/a": hard link to "/b", which is not`},
		{"link to itself", memTree{root, {Path: "a", Type: tree.HardLink, Link: "a"}}, Options{}, "which is a hardlink"},
		{"link to a directory", memTree{root, {Path: "a", Type: tree.HardLink, Link: "d"}, dirEntry("d")}, Options{}, "which is a dir"},
		{"unknown kind", memTree{root, {Path: "a", Type: 77}}, Options{}, "unknown kind of entry type(77)"},
		{"big attribute", memTree{root, {Path: "a", Xattrs: map[string]string{"user.x": strings.Repeat("x", 70000)}}}, Options{}, `attribute "user.x"`},
		{"block size", memTree{root}, Options{BlockSize: 5000}, "power of two"},
		{"zstd level", memTree{root}, Options{Level: 23}, "zstd level 23 does not exist: choose 1 to 22"},
		{"xz level", memTree{root}, Options{Compression: XZ, Level: 1}, "xz has no levels"},
		{"compression", memTree{root}, Options{Compression: 9}, "unknown compression(9)"},
		{"date", memTree{root}, Options{ModTime: -1}, "image date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Write(context.Background(), &memImage{}, c.tree, c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "write squashfs: ") {
				t.Errorf("want an error with %q, have %v", c.want, err)
			}
		})
	}
}

func TestNoRoot(t *testing.T) {
	for _, src := range []memTree{nil, {fileEntry("a", []byte("text"))}} {
		b, _ := packMem(t, src, Options{ModTime: 99})
		r, err := Open(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		root := tree.Entry{Type: tree.Dir, Mode: 0o755, ModTime: 99}
		compare(t, "without root", append(memTree{root}, src...), r)
	}
}

func TestTooManyOwners(t *testing.T) {
	src := memTree{dirEntry("")}
	for i := range 65535 {
		e := fileEntry(fmt.Sprintf("f%05d", i), nil)
		e.UID, e.GID = uint32(i+1), uint32(i+1)
		src = append(src, e)
	}
	// With the root's owner 0 there is one owner too many.
	_, err := Write(context.Background(), &memImage{}, src, Options{Level: 1})
	if err == nil || !strings.Contains(err.Error(), "more than 65535 different owners") {
		t.Errorf("65536 owners: %v", err)
	}
	b, _ := packMem(t, src[:len(src)-1], Options{Level: 1})
	r, err := Open(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "65535 owners", src[:len(src)-1], r)
}

func TestDuplicates(t *testing.T) {
	big, small := noise(1, 300000), noise(2, 1000)
	almost := bytes.Clone(big)
	almost[150000]++ // the ends are alike
	src := memTree{dirEntry("")}
	for i := range 10 {
		src = append(src, fileEntry(fmt.Sprintf("big%d", i), big))
	}
	for i := range 10 {
		src = append(src, fileEntry(fmt.Sprintf("small%d", i), small))
	}
	src = sorted(append(src, fileEntry("almost", almost), fileEntry("other", noise(3, 1000))))
	b, res := packMem(t, src, Options{})
	if res.Duplicates != 18 || res.DuplicateBytes != 9*(300000+1000) {
		t.Errorf("found %d duplicates of %d bytes", res.Duplicates, res.DuplicateBytes)
	}
	if len(b) > 2*300000+3*4096 {
		t.Errorf("the image has %d bytes", len(b))
	}
	r, err := Open(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "duplicates", src, r)
}

// failing is a source that fails.
type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestReadError(t *testing.T) {
	broken := errors.New("the disk is on fire")
	for _, size := range []int64{10, 1 << 20} {
		e := tree.Entry{Path: "d/f", Size: size, Content: tree.Content{Source: failing{broken}}}
		_, err := Write(context.Background(), &memImage{}, memTree{dirEntry(""), dirEntry("d"), e}, Options{})
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), `"/d/f"`) {
			t.Errorf("%d bytes: %v", size, err)
		}
		e.Content.Source = bytes.NewReader(make([]byte, size-1))
		_, err = Write(context.Background(), &memImage{}, memTree{dirEntry(""), dirEntry("d"), e}, Options{})
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), `"/d/f"`) {
			t.Errorf("%d bytes, one missing: %v", size, err)
		}
	}
}

// fullDisk has room for so many bytes.
type fullDisk struct{ room int64 }

func (f fullDisk) WriteAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.room {
		return 0, syscall.ENOSPC
	}
	return len(p), nil
}

func TestDiskFull(t *testing.T) {
	src := memTree{dirEntry(""), fileEntry("a", noise(1, 5<<20))}
	for i := range 3000 {
		src = append(src, fileEntry(fmt.Sprintf("f%d", i), noise(uint64(i), 100)))
	}
	sorted(src)
	_, res := packMem(t, src, Options{})
	for _, room := range []int64{0, 50, 100, 1 << 20, 5 << 20, res.Size - 5000, res.Size - 1} {
		_, err := Write(context.Background(), fullDisk{room}, src, Options{})
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("room for %d of %d bytes: %v", room, res.Size, err)
		}
	}
}

// endless is a source that never ends and does not compress well.
type endless struct{}

func (endless) ReadAt(p []byte, at int64) (int, error) {
	x := uint64(at)*0x9e3779b97f4a7c15 + 1
	for i := range p {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		p[i] = byte(x) & 0x3f
	}
	return len(p), nil
}

// TestCancel stops the work in its middle.
func TestCancel(t *testing.T) {
	for _, src := range []memTree{
		{dirEntry(""), {Path: "f", Size: 1 << 40, Content: tree.Content{Source: endless{}}}},
		{dirEntry(""), {Path: "f", Size: 1 << 40, Content: tree.Content{Source: endless{}}}, {Path: "g", Size: 1 << 40, Content: tree.Content{Source: endless{}}}},
	} {
		before := runtime.NumGoroutine()
		ctx, cancel := context.WithCancel(context.Background())
		var stopped atomic.Int64
		o := Options{Progress: func(done, _ int64) {
			if done > 4<<20 && stopped.CompareAndSwap(0, time.Now().UnixNano()) {
				cancel()
			}
		}}
		if len(src) == 3 { // busy looking for duplicates, which is not progress
			time.AfterFunc(100*time.Millisecond, func() { stopped.Store(time.Now().UnixNano()); cancel() })
		}
		_, err := Write(ctx, fullDisk{1 << 50}, src, o)
		took := time.Duration(time.Now().UnixNano() - stopped.Load())
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if took > 500*time.Millisecond {
			t.Errorf("it took %v to stop", took)
		}
		t.Logf("stopped after %v", took)
		if n := runtime.NumGoroutine(); n > before+1 {
			t.Errorf("%d goroutines are left, %d before", n, before)
		}
	}
}

// TestSparse packs a file of more than 4 GiB that is nearly all holes.
func TestSparse(t *testing.T) {
	const size = 5<<30 + 12345
	src := memTree{dirEntry(""), fileEntry("after", noise(9, 400000)), {Path: "big", Size: size, Content: tree.Content{Source: holes{}}}}
	b, res := packMem(t, sorted(src), Options{Level: 1, BlockSize: 1 << 20})
	if res.Size > 1<<20 {
		t.Errorf("the image has %d bytes", res.Size)
	}
	r, err := Open(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	checkBig(t, "our reader", r, size)
	image, _ := pack(t, src, Options{Level: 1, BlockSize: 1 << 20})
	checkBig(t, "kernel", mounted(t, image), size)
}

// holes is zeros but for a text every GiB.
type holes struct{}

const inHole = "text"

func (holes) ReadAt(p []byte, at int64) (int, error) {
	clear(p)
	first := (at + 1<<30 - 1) >> 30 << 30
	for ; first < at+int64(len(p)); first += 1 << 30 {
		copy(p[first-at:], inHole)
	}
	return len(p), nil
}

// checkBig looks at the ends and the texts of the file big.
func checkBig(t *testing.T, who string, src tree.Tree, size int64) {
	t.Helper()
	for e := range src.Entries() {
		if e.Path != "big" {
			continue
		}
		if e.Size != size {
			t.Errorf("%s: length %d", who, e.Size)
		}
		for at := int64(0); at < size; at += 1 << 30 {
			p := make([]byte, 4096)
			if _, err := e.Content.Source.ReadAt(p, at); err != nil || string(p[:5]) != inHole+"\x00" {
				t.Errorf("%s: at %d: %q, %v", who, at, p[:5], err)
			}
		}
		p := make([]byte, 100)
		if n, err := e.Content.Source.ReadAt(p, size-50); n != 50 || err != io.EOF || p[0] != 0 {
			t.Errorf("%s: at the end: %d bytes, %v", who, n, err)
		}
		return
	}
	t.Errorf("%s: the file is not there", who)
}

// TestMany packs 50,000 entries, a million with ISOWRIGHT_HEAVY=1.
func TestMany(t *testing.T) {
	n := 50000
	if os.Getenv("ISOWRIGHT_HEAVY") == "1" {
		n = 1000000
	}
	src := manyFiles(n)
	start := time.Now()
	image, res := pack(t, src, Options{})
	t.Logf("%d entries packed in %v to %d bytes; peak memory of the process %d MiB", n, time.Since(start), res.Size, peakMemory(t))
	start = time.Now()
	r := openImage(t, image)
	t.Logf("opened in %v", time.Since(start))
	if r.Len() != src.Len() {
		t.Errorf("%d entries, want %d", r.Len(), src.Len())
	}
	start = time.Now()
	count := 0
	for e := range r.Entries() {
		if want := src[count]; e.Path != want.Path || e.Size != want.Size || e.Type != want.Type {
			t.Fatalf("entry %d is %q of %d bytes, want %q of %d", count, e.Path, e.Size, want.Path, want.Size)
		}
		count++
	}
	t.Logf("listed in %v", time.Since(start))
	if n <= 50000 {
		compare(t, "kernel", src, mounted(t, image))
	} else {
		needTool(t, "unsquashfs")
		if lines := strings.Count(runTool(t, "unsquashfs", "-l", "-d", "x", image), "\n"); lines < n {
			t.Errorf("unsquashfs lists %d lines", lines)
		}
	}
}

// manyFiles is n entries: a large directory, directories of 100, files of up
// to 40 bytes, many of them alike.
func manyFiles(n int) memTree {
	src := memTree{dirEntry(""), dirEntry("flat"), dirEntry("tree")}
	text := bytes.NewReader(words(1, 4096))
	for i := 0; len(src) < n; i++ {
		e := tree.Entry{Mode: 0o644, ModTime: int64(i), Size: int64(i % 40), Content: tree.Content{Source: text, Offset: int64(i % 4000)}}
		if i%2 == 0 {
			e.Path = fmt.Sprintf("flat/file%07d", i)
		} else {
			dir := fmt.Sprintf("tree/dir%05d", i/200)
			if i%200 == 1 {
				src = append(src, dirEntry(dir))
			}
			e.Path = fmt.Sprintf("%s/%d", dir, i)
		}
		src = append(src, e)
	}
	return sorted(src)
}

// peakMemory is the most memory that this process has had, in MiB.
func peakMemory(t *testing.T) int64 {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return int64(u.Maxrss) >> 10
}

// TestHuge packs an image and a file of more than 4 GiB.
func TestHuge(t *testing.T) {
	if os.Getenv("ISOWRIGHT_HEAVY") != "1" {
		t.Skip("set ISOWRIGHT_HEAVY=1 to write 5 GB")
	}
	const size = 4<<30 + 300000
	src := memTree{dirEntry("")}
	for _, name := range []string{"big", "mid/a", "z"} {
		if strings.Contains(name, "/") {
			src = append(src, dirEntry("mid"))
		}
		e := tree.Entry{Path: name, Mode: 0o600, Size: 3000000, Content: tree.Content{Source: noisy{}, Offset: int64(len(src)) << 40}}
		if name == "big" {
			e.Size = size
		}
		src = append(src, e)
	}
	for _, o := range []Options{{Compression: None}, {Level: 1}} {
		start := time.Now()
		image, res := pack(t, src, o)
		t.Logf("%s: %d bytes in %v, peak memory %d MiB", o.Compression, res.Size, time.Since(start), peakMemory(t))
		compare(t, "our reader", src, openImage(t, image))
		compare(t, "kernel", src, mounted(t, image))
	}
}

// noisy is a source that does not compress at all.
type noisy struct{}

func (noisy) ReadAt(p []byte, at int64) (int, error) {
	for i := range p {
		if k := at + int64(i); i == 0 || k%8 == 0 {
			x := uint64(k/8) + 0x9e3779b97f4a7c15
			x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
			x = (x ^ x>>27) * 0x94d049bb133111eb
			x ^= x >> 31
			for j := k % 8; j < 8 && i+int(j-k%8) < len(p); j++ {
				p[i+int(j-k%8)] = byte(x >> (8 * j))
			}
		}
	}
	return len(p), nil
}
