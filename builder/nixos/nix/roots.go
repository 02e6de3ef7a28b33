package nix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Root is a link that keeps a store path and all it needs from the garbage
// collector.
type Root struct {
	// Link lies where we made it, Path is what it keeps.
	Link string
	Path string
	// Made is when.
	Made time.Time
	// ClosureSize in bytes, of what may be shared with other roots. 0 where
	// the path is gone.
	ClosureSize int64
	// Gone tells that the path is in the store no more.
	Gone bool
}

// Roots lists the roots in a folder of out-links, oldest first. What else lies
// there is passed over; a folder that does not exist has none.
func (n *Nix) Roots(ctx context.Context, dir string) ([]Root, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the kept results: %w", err)
	}
	var roots []Root
	var paths []string
	for _, entry := range entries {
		link := filepath.Join(dir, entry.Name())
		root, ok := n.root(link)
		if !ok {
			continue
		}
		if !root.Gone {
			paths = append(paths, root.Path)
		}
		roots = append(roots, root)
	}
	slices.Sort(paths)
	infos, err := n.Sizes(ctx, "", slices.Compact(paths)...)
	if err != nil {
		return nil, err
	}
	for i := range roots {
		for _, info := range infos {
			if info.Path == roots[i].Path {
				roots[i].ClosureSize = info.ClosureSize
			}
		}
	}
	slices.SortStableFunc(roots, func(a, b Root) int { return a.Made.Compare(b.Made) })
	return roots, nil
}

// root looks at one link; false for what is no root.
func (n *Nix) root(link string) (Root, bool) {
	target, err := os.Readlink(link)
	if err != nil || filepath.Dir(target) != n.StoreDir {
		return Root{}, false
	}
	info, err := os.Lstat(link)
	if err != nil {
		return Root{}, false
	}
	return Root{Link: link, Path: target, Made: info.ModTime(), Gone: !n.has(target)}, true
}

// has looks whether the store has a path. A store that cannot be looked into
// from here is taken at its word.
func (n *Nix) has(path string) bool {
	if n.places == nil {
		return true
	}
	_, err := os.Lstat(n.places.Of(path))
	return err == nil
}

// Free takes a root away. Its store paths stay until the garbage is
// collected.
func (n *Nix) Free(r Root) error {
	if _, ok := n.root(r.Link); !ok {
		return fmt.Errorf("free %s: it is no link into the Nix store", r.Link)
	}
	if err := os.Remove(r.Link); err != nil {
		return fmt.Errorf("free %s: %w", r.Link, err)
	}
	return nil
}

// freed is nix's last line of a collection, for example "12 store paths
// deleted, 34.56 MiB freed".
var freed = regexp.MustCompile(`(\d+) store paths? deleted, ([0-9.]+) ([KMGTPEZY]i?B|B|bytes) freed`)

// CollectGarbage removes everything from the store that no root keeps,
// whoever put it there. It tells how many paths and about how many bytes that
// were.
func (n *Nix) CollectGarbage(ctx context.Context) (paths int, size int64, err error) {
	var out bytes.Buffer
	l, err := n.run(ctx, command{args: slices.Concat(base(), []string{"store", "gc"}, n.keeping(), n.settings.options()), out: &out, watch: n.watch})
	if err != nil {
		return 0, 0, fmt.Errorf("collect garbage: %w", err)
	}
	text := out.String() + "\n" + strings.Join(l.messages, "\n")
	if m := freed.FindStringSubmatch(text); m != nil {
		if paths, err = strconv.Atoi(m[1]); err != nil {
			return 0, 0, fmt.Errorf("collect garbage: %w", err)
		}
		size = bytesOf(m[2], m[3])
	}
	return paths, size, nil
}
