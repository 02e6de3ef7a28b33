package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/squash"
)

// history is a tree that changes and is built again and again, with accidents.
type history struct {
	*rand.Rand
	t        *testing.T
	index    *Blocks
	dir      string
	contents map[string][]byte
	reused   int
}

// TestHistories makes random histories of edits, builds, interrupted and
// killed builds, full disks, damaged images and a damaged index. Every
// finished image is the clean one.
func TestHistories(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			index, _ := newIndex(t)
			h := &history{rand.New(rand.NewPCG(seed, 9)), t, index, t.TempDir(), someFiles(), 0}
			for range 25 {
				h.edit()
				h.step()
			}
			if h.reused < 1000 {
				t.Errorf("only %d blocks were reused in all", h.reused)
			}
		})
	}
}

// path is one of a few images.
func (h *history) path() string { return filepath.Join(h.dir, fmt.Sprint("image", h.IntN(3))) }

func (h *history) edit() {
	for range h.IntN(4) {
		names := slices.Sorted(maps.Keys(h.contents))
		name := names[h.IntN(len(names))]
		switch h.IntN(4) {
		case 0:
			h.contents[fmt.Sprintf("d%d/new%d", h.IntN(9), h.IntN(1e6))] = content(h.Uint64(), h.IntN(12000))
		case 1:
			if len(names) > 20 {
				delete(h.contents, name)
			}
		case 2:
			b := append(bytes.Clone(h.contents[name]), "more"...)
			b[h.IntN(len(b))]++
			h.contents[name] = b
		case 3:
			h.contents[fmt.Sprintf("moved%d/it", h.IntN(1e6))] = h.contents[name]
		}
	}
}

func (h *history) step() {
	switch n := h.IntN(20); {
	case n < 3:
		h.interrupted()
	case n < 5:
		h.fullDisk()
	case n < 6:
		h.killed()
	case n < 9:
		h.damage(h.path())
	case n < 10:
		h.damage(h.index.path)
	}
	src := files(h.contents)
	got, res := build(h.t, h.index, h.path(), src)
	if !bytes.Equal(got, clean(h.t, src)) {
		h.t.Fatal("an image differs from the clean one")
	}
	h.reused += res.Reused
}

// interrupted is a build that is cancelled somewhere.
func (h *history) interrupted() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := h.index.Begin(false)
	defer s.Close()
	o, at := options(s), h.Int64N(400000)
	o.Progress = func(done, _ int64) {
		if done >= at {
			cancel()
		}
	}
	f, err := os.Create(h.path() + ".part")
	if err != nil {
		h.t.Fatal(err)
	}
	defer f.Close()
	_, err = squash.Write(ctx, f, files(h.contents), o)
	if err != nil && !errors.Is(err, context.Canceled) {
		h.t.Fatal(err)
	}
}

// limited has room for so many bytes.
type limited struct {
	io.WriterAt
	room int64
}

func (l limited) WriteAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > l.room {
		return 0, syscall.ENOSPC
	}
	return l.WriterAt.WriteAt(p, at)
}

func (h *history) fullDisk() {
	s := h.index.Begin(false)
	defer s.Close()
	f, err := os.Create(h.path() + ".part")
	if err != nil {
		h.t.Fatal(err)
	}
	defer f.Close()
	_, err = squash.Write(context.Background(), limited{f, h.Int64N(100000)}, files(h.contents), options(s))
	if !errors.Is(err, syscall.ENOSPC) {
		h.t.Fatalf("a full disk: %v", err)
	}
}

// childVar tells the child of killed what to build, again and again.
const childVar = "ISOWRIGHT_STORE_CHILD"

// killed is a process that builds until it is killed.
func (h *history) killed() {
	c := exec.Command(os.Args[0], "-test.run=^TestChild$")
	c.Env = append(os.Environ(), childVar+"="+h.index.path+":"+h.path())
	out, err := c.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		h.t.Fatal(err)
	}
	// The first byte says that a build is under way.
	_, err = out.Read(make([]byte, 1))
	timer := time.AfterFunc(time.Duration(h.IntN(80))*time.Millisecond, func() { c.Process.Kill() })
	defer timer.Stop()
	io.Copy(io.Discard, out)
	if wait := c.Wait(); err != nil || c.ProcessState.Exited() {
		h.t.Fatalf("the child was to be killed: %v, %v", err, wait)
	}
}

// TestChild is the child of killed.
func TestChild(t *testing.T) {
	index, image, ok := strings.Cut(os.Getenv(childVar), ":")
	if !ok {
		return
	}
	b := NewBlocks(index, newLog(io.Discard))
	for i := 0; ; i++ {
		fmt.Print(".")
		all := someFiles()
		all["d1/child"] = content(uint64(i), 9000)
		build(t, b, image, files(all))
	}
}

// damage changes a file, sometimes without a trace in its date.
func (h *history) damage(path string) {
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		h.t.Fatal(err)
	}
	switch h.IntN(4) {
	case 0:
		if err := os.Remove(path); err != nil {
			h.t.Fatal(err)
		}
		return
	case 1:
		b = b[:h.IntN(len(b)+1)]
	default:
		for range 1 + h.IntN(200) {
			b[h.IntN(len(b))] = byte(h.Uint32())
		}
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		h.t.Fatal(err)
	}
	if h.IntN(2) == 0 {
		if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
			h.t.Fatal(err)
		}
	}
}

// TestFullFileSystem keeps images and index on a file system of a few
// megabytes until nothing fits any more.
func TestFullFileSystem(t *testing.T) {
	if os.Geteuid() != 0 {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal("mounting needs root")
		}
		t.Skip("mounting needs root")
	}
	disk, dir := filepath.Join(t.TempDir(), "disk"), t.TempDir()
	run(t, "truncate", "-s", "3M", disk)
	run(t, "mkfs.ext4", "-q", "-m", "0", disk)
	run(t, "mount", "-o", "loop", disk, dir)
	t.Cleanup(func() { run(t, "umount", dir) })
	index, log := newIndex(t)
	index.path = filepath.Join(dir, "blocks.db")
	all := someFiles()
	full := 0
	for i := range 40 {
		all["changing"] = content(uint64(i), 60000)
		src := files(all)
		s := index.Begin(false)
		image := filepath.Join(dir, fmt.Sprint(i))
		got, _, err := write(context.Background(), s, image, src)
		switch {
		case errors.Is(err, syscall.ENOSPC):
			full++
			os.Remove(image + ".part")
			if full%2 == 0 { // make room for the next
				os.Remove(filepath.Join(dir, fmt.Sprint(i-2)))
				os.Remove(filepath.Join(dir, fmt.Sprint(i-3)))
			}
		case err != nil:
			t.Fatal(err)
		case !bytes.Equal(got, clean(t, src)):
			t.Fatalf("image %d differs from the clean one", i)
		default:
			s.Commit(image, testBase)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if full < 4 {
		t.Errorf("the disk was full %d times", full)
	}
	t.Logf("full %d times; log:\n%s", full, log)
	// With room again all is as before.
	for i := range 40 {
		os.Remove(filepath.Join(dir, fmt.Sprint(i)))
	}
	build(t, index, filepath.Join(dir, "a"), files(all))
	if _, res := build(t, index, filepath.Join(dir, "a"), files(all)); res.Reused != res.Blocks {
		t.Errorf("%d of %d blocks reused", res.Reused, res.Blocks)
	}
}

func run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}
