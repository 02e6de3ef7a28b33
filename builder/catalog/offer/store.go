package offer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/groups"
	"github.com/isowright/isowright/builder/catalog/sealed"
	"github.com/isowright/isowright/builder/catalog/search"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/safefile"
)

// A state's catalogue is a sealed file. Bucket "packages" holds an Item as JSON
// under each name, "index" the search index "search" and the dependencies
// "graph".
const (
	bucketPackages = "packages"
	bucketIndex    = "index"
	keySearch      = "search"
	keyGraph       = "graph"
)

// format tells the files of this package. The list of groups is part of its
// version, for the keywords and commands in it are part of the index; the number
// before it changes with everything else that makes older files unreadable.
var format = sealed.Format{Magic: "isowright debian", Version: crc32.ChecksumIEEE([]byte("1" + assets.DebianList))}

// suffix is what the files' names end in.
const suffix = ".db"

var statePattern = regexp.MustCompile(`^sha256:[0-9a-z]{1,64}$`)

// statePath is the file of a state's catalogue.
func statePath(dir, state string) (string, error) {
	if !statePattern.MatchString(state) {
		return "", fmt.Errorf("%q is no ID of an archive's state", state)
	}
	return filepath.Join(dir, strings.TrimPrefix(state, "sha256:")+suffix), nil
}

// write makes the catalogue of a state. Of several processes that do so at once
// one writes and the others wait for it.
func write(ctx context.Context, path string, lists Lists, sink progress.Sink) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the catalogues: %w", err)
	}
	out, err := lock(ctx, path)
	if err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	defer out.Abort()
	if file, err := sealed.Open(path, format); err == nil { // another process has just written it
		return file.Close()
	}
	sink.Report(progress.Event{Step: "index", Text: "Reading the package lists into the catalogue"})
	work, err := os.MkdirTemp(dir, "*.tmp")
	if err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	defer os.RemoveAll(work)
	packages, err := lists.Packages(ctx)
	if err != nil {
		return err
	}
	w, err := newWriter(filepath.Join(work, "catalogue"))
	if err == nil {
		defer w.Close()
		err = w.fill(ctx, packages, sink)
	}
	if err == nil {
		err = w.Seal(out, format)
	}
	if err == nil {
		err = out.Commit()
	}
	if err == nil {
		err = prune(dir, path)
	}
	if err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	return nil
}

// lock waits until no other process writes the file.
func lock(ctx context.Context, path string) (*safefile.File, error) {
	for {
		out, err := safefile.Create(path, 0o644)
		if !errors.Is(err, safefile.ErrBusy) {
			return out, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// prune drops the catalogues that were not used for longest, and what killed
// runs left longer ago than any run takes.
func prune(dir, newest string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	type used struct {
		path string
		when time.Time
	}
	var states []used
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // gone already
		}
		u := used{filepath.Join(dir, e.Name()), info.ModTime()}
		switch {
		case strings.HasSuffix(u.path, suffix) && u.path != newest:
			states = append(states, u)
		case strings.HasSuffix(u.path, ".tmp") && time.Since(u.when) > time.Hour:
			if err := os.RemoveAll(u.path); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(states, func(a, b used) int { return cmp.Or(b.when.Compare(a.when), strings.Compare(a.path, b.path)) })
	for _, u := range states[min(kept-1, len(states)):] {
		if err := os.Remove(u.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// writer fills a new catalogue.
type writer struct {
	*sealed.Writer
	search *search.Builder
	graph  *graphBuilder
	listed map[string]groups.Line
	last   string
}

func newWriter(path string) (*writer, error) {
	file, err := sealed.Create(path, bucketPackages, bucketIndex)
	if err != nil {
		return nil, err
	}
	return &writer{
		Writer: file, search: search.NewBuilder(search.Flat), graph: newGraphBuilder(),
		listed: groups.ByName(assets.DebianList),
	}, nil
}

// fill writes the packages, then their indexes.
func (w *writer) fill(ctx context.Context, packages func(func(catalog.Listed) bool), sink progress.Sink) error {
	for p := range packages {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.add(p); err != nil {
			return err
		}
	}
	x, err := w.search.Index()
	if err != nil {
		return err
	}
	found, err := x.MarshalBinary()
	if err != nil {
		return err
	}
	needs, err := w.graph.finish().encode()
	if err != nil {
		return err
	}
	return errors.Join(w.Put(bucketIndex, keyGraph, needs), w.Put(bucketIndex, keySearch, found))
}

// add writes one package.
func (w *writer) add(p catalog.Listed) error {
	if p.Name <= w.last {
		return fmt.Errorf("the package %q comes after %q", p.Name, w.last)
	}
	w.last = p.Name
	l, known := w.listed[p.Name]
	boost := 0
	if known {
		boost = l.Boost()
	}
	w.search.Add(search.Item{
		Name: p.Name, Other: append([]string{l.Command}, l.Keywords...), Summary: p.Summary, Boost: boost,
	})
	w.graph.add(p)
	it := Item{
		Name: p.Name, Version: p.Version, Summary: p.Summary, Section: section(p.Section), Component: p.Component,
		Command: l.Command, Homepage: p.Homepage, Download: p.Download, Installed: p.Installed,
		Unfree: unfree(p.Component),
	}
	data, err := json.Marshal(it)
	if err != nil {
		return err
	}
	return w.Put(bucketPackages, p.Name, data)
}

// section is a section without its component ("non-free/net").
func section(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// unfree tells the parts of the archive that are not free software.
func unfree(component string) bool {
	return component == "non-free" || component == "non-free-firmware"
}
