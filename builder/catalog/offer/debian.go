package offer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/sealed"
	"github.com/isowright/isowright/builder/catalog/search"
	"github.com/isowright/isowright/internal/progress"
)

// Lists are the package lists of one state of Debian's archive.
type Lists struct {
	State      catalog.State
	Release    string
	Components []string
	// Packages reads them: the newest version of every package, sorted by name.
	Packages func(context.Context) (iter.Seq[catalog.Listed], error)
}

// Dir is the folder of Debian's catalogues in the program's cache.
func Dir(cache string) string { return filepath.Join(cache, "catalogues", "debian") }

// kept is how many states' catalogues stay on the disk, 30 MB each.
const kept = 3

// Debian gives the catalogue of a state of the archive from the folder; where
// it is not there, or damaged, it is made of the lists, in some seconds. Notes
// are sentences about what a person should know of that. sink may be nil.
func Debian(ctx context.Context, dir string, lists Lists, sink progress.Sink) (*Catalogue, []string, error) {
	path, err := statePath(dir, lists.State.ID)
	if err != nil {
		return nil, nil, err
	}
	a, notes, err := openArchive(path)
	if err != nil {
		return nil, nil, err
	}
	if a == nil {
		if err := write(ctx, path, lists, sink); err != nil {
			return nil, notes, err
		}
		if a, _, err = openArchive(path); err == nil && a == nil {
			err = fmt.Errorf("open the catalogue: %s is not what was written: %w", path, sealed.ErrDamaged)
		}
		if err != nil {
			return nil, notes, err
		}
	}
	now := time.Now() // the time of last use, by which the others are dropped
	os.Chtimes(path, now, now)
	return newCatalogue(a, Info{
		Distribution: "debian", Release: lists.Release, Components: lists.Components,
		State: lists.State.ID, Date: lists.State.Date,
	}, assets.DebianList), notes, nil
}

// openArchive opens a state's file. It gives none where there is no usable one.
func openArchive(path string) (a *archive, notes []string, err error) {
	file, err := sealed.Open(path, format)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, sealed.ErrVersion):
		return nil, nil, nil
	case errors.Is(err, sealed.ErrDamaged):
		return nil, []string{"The catalogue of packages was damaged; it has been made anew from the archive's lists."}, nil
	case err != nil:
		return nil, nil, fmt.Errorf("open the catalogue: %w", err)
	}
	a = &archive{file: file, index: new(search.Index)}
	err = errors.Join(file.View(bucketIndex, keySearch, a.index.UnmarshalBinary), file.View(bucketIndex, keyGraph, a.readGraph))
	if err != nil {
		file.Close()
		return nil, nil, fmt.Errorf("open the catalogue %s: %w", path, err)
	}
	return a, nil, nil
}

// archive is the part of Debian.
type archive struct {
	file  *sealed.File
	index *search.Index
	needs *graph
}

func (a *archive) readGraph(data []byte) (err error) {
	if a.needs, err = decodeGraph(data); err != nil {
		return err
	}
	a.needs.index = a.index
	if a.needs.packages() != a.index.Len() {
		return errGraph
	}
	return nil
}

func (a *archive) size() int                 { return a.index.Len() }
func (a *archive) near(name string) []string { return a.index.Near(name) }
func (a *archive) graph() *graph             { return a.needs }
func (a *archive) close() error              { return a.file.Close() }

func (a *archive) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range a.index.Len() {
			if !yield(a.index.Name(i)) {
				return
			}
		}
	}
}

func (a *archive) find(query string, limit int) []string {
	found := a.index.Search(query, limit)
	names := make([]string, len(found))
	for i, n := range found {
		names[i] = a.index.Name(n)
	}
	return names
}

func (a *archive) get(name string) (it Item, ok bool) {
	err := a.file.View(bucketPackages, name, func(data []byte) error { return json.Unmarshal(data, &it) })
	return it, err == nil
}
