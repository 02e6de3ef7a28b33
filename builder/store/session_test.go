package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/tree"
)

var _ squash.Reuse = (*Session)(nil)

// someFiles is a tree whose image has some hundred blocks.
func someFiles() map[string][]byte {
	all := map[string][]byte{"noise": noise(50000), "zeros": make([]byte, 20000)}
	for i := range 60 {
		all[fmt.Sprintf("d%d/small%d", i%7, i)] = content(uint64(i), 100+i*37)
		all[fmt.Sprintf("d%d/large%d", i%5, i)] = content(uint64(1000+i), 4096+i*531)
	}
	return all
}

// noise does not compress.
func noise(n int) []byte {
	b := make([]byte, n)
	x := uint64(88172645463325252)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = byte(x >> 24)
	}
	return b
}

func TestUnchangedIsNotPackedAgain(t *testing.T) {
	index, log := newIndex(t)
	src := files(someFiles())
	image := filepath.Join(t.TempDir(), "image")
	want := clean(t, src)
	for i := range 3 {
		got, res := build(t, index, image, src)
		if !bytes.Equal(got, want) {
			t.Fatalf("build %d differs from a clean one", i)
		}
		if reused := res.Reused == res.Blocks; reused != (i > 0) || res.Blocks < 100 {
			t.Errorf("build %d: %d of %d blocks reused", i, res.Reused, res.Blocks)
		}
	}
	if log.String() != "" {
		t.Errorf("log: %s", log)
	}
}

func TestCleanReusesNothingButIsReused(t *testing.T) {
	index, _ := newIndex(t)
	src := files(someFiles())
	image := filepath.Join(t.TempDir(), "image")
	build(t, index, image, src)
	s := index.Begin(true)
	defer s.Close()
	_, res, err := write(context.Background(), s, image, src)
	if err != nil || res.Reused > 0 {
		t.Fatalf("a clean build reuses %d blocks (%v)", res.Reused, err)
	}
	s.Commit(image, testBase)
	if _, res := build(t, index, image, src); res.Reused != res.Blocks {
		t.Errorf("after a clean build %d of %d blocks reused", res.Reused, res.Blocks)
	}
}

// TestSpoiledImage changes the earlier image in every way; the next image is
// right, and as much is reused as can be.
func TestSpoiledImage(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, path string) error
		least int // blocks reused
	}{
		{"gone", func(_ *testing.T, path string) error { return os.Remove(path) }, 0},
		{"folder", func(_ *testing.T, path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o755))
		}, 0},
		{"pipe", func(_ *testing.T, path string) error {
			return errors.Join(os.Remove(path), unix.Mkfifo(path, 0o644))
		}, 0},
		{"shorter", func(_ *testing.T, path string) error { return os.Truncate(path, testBase+9000) }, 0},
		{"shorter, same date", func(t *testing.T, path string) error {
			return sameDate(t, path, func(b []byte) []byte { return b[:testBase+9000] })
		}, 0},
		{"one byte, same date", func(t *testing.T, path string) error {
			return sameDate(t, path, func(b []byte) []byte { b[testBase+200] ^= 1; return b })
		}, 100},
		{"zeros, same date", func(t *testing.T, path string) error {
			return sameDate(t, path, func(b []byte) []byte { clear(b); return b })
		}, 10}, // the raw ones
		{"moved by a byte, same date", func(t *testing.T, path string) error {
			return sameDate(t, path, func(b []byte) []byte { return append([]byte{0}, b[:len(b)-1]...) })
		}, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			index, _ := newIndex(t)
			src := files(someFiles())
			dir := t.TempDir()
			want, _ := build(t, index, filepath.Join(dir, "first"), src)
			if err := c.spoil(t, filepath.Join(dir, "first")); err != nil {
				t.Fatal(err)
			}
			got, res := build(t, index, filepath.Join(dir, "second"), src)
			if !bytes.Equal(got, want) {
				t.Error("the next image differs")
			}
			if res.Reused < c.least || c.least < 100 && res.Reused > res.Blocks/2 {
				t.Errorf("%d of %d blocks reused, want %d", res.Reused, res.Blocks, c.least)
			}
			if _, res = build(t, index, filepath.Join(dir, "third"), src); res.Reused != res.Blocks {
				t.Errorf("then %d of %d blocks reused", res.Reused, res.Blocks)
			}
		})
	}
}

// sameDate changes a file's bytes but not its date.
func sameDate(t *testing.T, path string, change func([]byte) []byte) error {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(path, change(b), 0o644), os.Chtimes(path, info.ModTime(), info.ModTime()))
}

func TestGoneImagesAreForgotten(t *testing.T) {
	index, _ := newIndex(t)
	dir := t.TempDir()
	for i := range 5 {
		build(t, index, filepath.Join(dir, fmt.Sprint(i)), files(map[string][]byte{"f": content(uint64(i), 20000)}))
	}
	for i := range 3 {
		if err := os.Remove(filepath.Join(dir, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	build(t, index, filepath.Join(dir, "5"), files(nil))
	if have := strings.Join(paths(t, index), " "); have != "5 4 3" {
		t.Errorf("the index has %s", have)
	}
}

func TestIndexIsBounded(t *testing.T) {
	t.Parallel()
	index, _ := newIndex(t)
	dir := t.TempDir()
	for i := range maxImages + 5 {
		build(t, index, filepath.Join(dir, fmt.Sprint(i)), files(map[string][]byte{"f": content(uint64(i), 20000)}))
	}
	have := paths(t, index)
	if len(have) != maxImages || have[0] != fmt.Sprint(maxImages+4) || have[maxImages-1] != "5" {
		t.Errorf("the index has %v", have)
	}
	s := index.Begin(false)
	defer s.Close()
	for i := range maxRecords + 100 {
		s.Add([32]byte{byte(i), byte(i >> 8), byte(i >> 16), 1}, int64(i), nil, true)
	}
	last := filepath.Join(dir, fmt.Sprint(maxImages+4))
	s.Commit(last, 0)
	if have := paths(t, index); len(have) != 1 {
		t.Errorf("beside an image of many blocks the index has %v", have)
	}
	after := index.Begin(false)
	defer after.Close()
	if len(after.known) != maxRecords {
		t.Errorf("%d blocks known", len(after.known))
	}
}

// paths lists the names of the images in the index, newest first.
func paths(t *testing.T, index *Blocks) []string {
	t.Helper()
	var names []string
	err := index.use(true, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			all, err := readRecords(tx)
			for _, r := range all {
				names = append(names, filepath.Base(r.Path))
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestLocked has another process hold the index all the time.
func TestLocked(t *testing.T) {
	index, log := newIndex(t)
	src := files(someFiles())
	image := filepath.Join(t.TempDir(), "image")
	want, _ := build(t, index, image, src)
	db, err := bolt.Open(index.path, 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	got, res := build(t, index, image, src)
	took := time.Since(start)
	if !bytes.Equal(got, want) || res.Reused > 0 || took > 4*time.Second {
		t.Errorf("%d blocks reused in %v", res.Reused, took)
	}
	if !strings.Contains(log.String(), "timeout") {
		t.Errorf("log: %s", log)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	build(t, index, image, src)
	if _, res := build(t, index, image, src); res.Reused != res.Blocks {
		t.Errorf("afterwards %d of %d blocks reused", res.Reused, res.Blocks)
	}
}

// TestTogether has many builds use one index at once; each opens the file by
// itself, as processes do.
func TestTogether(t *testing.T) {
	t.Parallel()
	index, log := newIndex(t)
	index.wait = 30 * time.Second
	dir := t.TempDir()
	var g sync.WaitGroup
	for i := range 6 {
		all := someFiles()
		all["own"] = content(uint64(i), 30000)
		src := files(all)
		want := clean(t, src)
		g.Go(func() {
			for range 4 {
				got, _ := build(t, index, filepath.Join(dir, fmt.Sprint(i)), src)
				if !bytes.Equal(got, want) {
					t.Error("an image differs")
				}
			}
		})
	}
	g.Wait()
	if have := paths(t, index); len(have) != 6 || log.String() != "" {
		t.Errorf("the index has %v; log: %s", have, log)
	}
}

// TestIndexCannotBeWritten has no folder for it.
func TestIndexCannotBeWritten(t *testing.T) {
	index, log := newIndex(t)
	if err := os.WriteFile(filepath.Dir(index.path), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	src := memTree(files(map[string][]byte{"f": content(1, 20000)}))
	got, _ := build(t, index, filepath.Join(t.TempDir(), "image"), tree.Tree(src))
	if !bytes.Equal(got, clean(t, src)) {
		t.Error("the image differs")
	}
	if !strings.Contains(log.String(), "only speed is lost") {
		t.Errorf("log: %s", log)
	}
}
