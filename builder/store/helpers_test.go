package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/tree"
)

// memTree is a tree in memory.
type memTree []tree.Entry

func (t memTree) Len() int                      { return len(t) }
func (t memTree) Entries() iter.Seq[tree.Entry] { return slices.Values(t) }

// content is n bytes that compress, of a seed.
func content(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 3))
	var b bytes.Buffer
	for b.Len() < n {
		if r.IntN(4) == 0 {
			fmt.Fprintf(&b, "%x", r.Uint64())
		}
		fmt.Fprintf(&b, "line %d of the file\n", r.IntN(50))
	}
	return b.Bytes()[:n]
}

// files is a tree of the given contents by path; folders are made.
func files(contents map[string][]byte) memTree {
	t := memTree{{Type: tree.Dir, Mode: 0o755}}
	dirs := map[string]bool{"": true}
	for path, data := range contents {
		for dir := tree.Parent(path); !dirs[dir]; dir = tree.Parent(dir) {
			dirs[dir] = true
			t = append(t, tree.Entry{Path: dir, Type: tree.Dir, Mode: 0o755})
		}
		t = append(t, tree.Entry{
			Path: path, Mode: 0o644, Size: int64(len(data)), Content: tree.Content{Source: bytes.NewReader(data)},
		})
	}
	slices.SortFunc(t, func(a, b tree.Entry) int { return tree.Compare(a.Path, b.Path) })
	return t
}

// options pack in blocks small enough for small trees to have many.
func options(s *Session) squash.Options {
	o := squash.Options{Level: 1, BlockSize: 4096, Workers: 2}
	if s != nil {
		o.Reuse = s
	}
	return o
}

// testBase is where images begin in the files of these tests.
const testBase = 5000

// build writes an image file with the index's help, as builder does, and gives
// what lies behind testBase.
func build(t testing.TB, index *Blocks, path string, src tree.Tree) ([]byte, squash.Result) {
	t.Helper()
	s := index.Begin(false)
	defer s.Close()
	b, res, err := write(context.Background(), s, path, src)
	if err != nil {
		t.Fatal(err)
	}
	s.Commit(path, testBase)
	return b, res
}

func write(ctx context.Context, s *Session, path string, src tree.Tree) ([]byte, squash.Result, error) {
	f, err := os.Create(path + ".part")
	if err != nil {
		return nil, squash.Result{}, err
	}
	defer f.Close()
	res, err := squash.Write(ctx, io.NewOffsetWriter(f, testBase), src, options(s))
	if err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		return nil, res, err
	}
	b, err := os.ReadFile(path)
	return b[testBase:], res, err
}

// clean is the image without an index.
func clean(t testing.TB, src tree.Tree) []byte {
	t.Helper()
	b, _, err := write(context.Background(), nil, filepath.Join(t.TempDir(), "clean"), src)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// logged is a log that can be looked at.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newIndex is an index in a folder of its own, and what it logs.
func newIndex(t testing.TB) (*Blocks, *logged) {
	t.Helper()
	var l logged
	return NewBlocks(filepath.Join(t.TempDir(), "cache", "blocks.db"), newLog(&l)), &l
}

func newLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
