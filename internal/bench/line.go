package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// line is one comparison. Both sides make an image file.
type line struct {
	name, text string
	// prepare makes what both sides start from; it is not measured.
	prepare func(context.Context) error
	// ours and peer make an image at a path that is free.
	ours, peer func(ctx context.Context, image string) (Cost, error)
	// reset brings the peer back to where it started; it is not measured.
	reset func(context.Context) error
	// clear removes what prepare made for this line alone; nil: nothing.
	clear func()
	// check compares the images and says what it found equal.
	check func(ctx context.Context, ours, peer string) (string, error)
	dir   string
}

// lines are all comparisons, in the order in which they are measured. The
// names are kept stable: results are compared by them.
func lines(o options) []line {
	var all []line
	levels := []struct {
		level int
		end   string
	}{{3, "-3"}, {19, ""}}
	if o.quick {
		levels = levels[:1]
	}
	for _, l := range levels {
		d := debianTree(o)
		all = append(all, packLine(o, "first-build"+l.end, "a Debian root to an image", d, l.level))
	}
	for _, l := range levels {
		all = append(all, rebuildLines(o, "", l.end, debianTree(o), l.level)...)
	}
	if o.small {
		for _, l := range levels {
			all = append(all, packLine(o, "small-files"+l.end, "many small files to an image", storeTree(o), l.level))
			all = append(all, rebuildLines(o, "small-", l.end, storeTree(o), l.level)...)
		}
	}
	for _, l := range levels {
		all = append(all, liveBuildLine(o, "live-build"+l.end, l.level))
	}
	return append(all, flashLines(o)...)
}

// measureLine runs ours and the peer in turn. Every pair of images is checked.
func measureLine(ctx context.Context, l line, runs int) (Result, error) {
	r := Result{Name: l.name, Text: l.text}
	if err := os.MkdirAll(l.dir, 0o755); err != nil {
		return r, fmt.Errorf("make a folder: %w", err)
	}
	if l.clear != nil {
		defer l.clear()
	}
	if err := l.prepare(ctx); err != nil {
		return r, fmt.Errorf("prepare: %w", err)
	}
	ours, peer := filepath.Join(l.dir, "ours.iso"), filepath.Join(l.dir, "peer.iso")
	defer os.Remove(ours)
	defer os.Remove(peer)
	for i := range runs {
		os.Remove(ours)
		c, err := l.ours(ctx, ours)
		if err != nil {
			return r, fmt.Errorf("ours: %w", err)
		}
		r.Ours.Runs = append(r.Ours.Runs, c)
		os.Remove(peer)
		if l.reset != nil {
			if err := l.reset(ctx); err != nil {
				return r, fmt.Errorf("reset the peer: %w", err)
			}
		}
		if c, err = l.peer(ctx, peer); err != nil {
			return r, fmt.Errorf("peer: %w", err)
		}
		r.Peer.Runs = append(r.Peer.Runs, c)
		if r.Check, err = l.check(ctx, ours, peer); err != nil {
			return r, fmt.Errorf("the images differ: %w", err)
		}
		fmt.Fprintf(os.Stderr, "  run %d: ours %.1f s (CPU %.1f), peer %.1f s (CPU %.1f); %s\n", i+1,
			r.Ours.Runs[i].Wall, r.Ours.Runs[i].CPU(), r.Peer.Runs[i].Wall, r.Peer.Runs[i].CPU(), r.Check)
	}
	var err error
	if r.Ours.Size, err = size(ours); err != nil {
		return r, err
	}
	if r.Peer.Size, err = size(peer); err != nil {
		return r, err
	}
	r.finish()
	return r, nil
}

func size(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, fmt.Errorf("measure an image: %w", err)
	}
	return info.Size(), nil
}
