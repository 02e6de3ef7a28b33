package inspect

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

// maxLinks is how many symbolic links a path may lead through, as in Linux.
const maxLinks = 40

// Index finds the entries of a tree by path.
type Index struct {
	// Entries are in tree order, the root directory first.
	Entries []tree.Entry
	at      map[string]int
}

// NewIndex takes over a tree's entries and puts them in tree order.
func NewIndex(entries []tree.Entry) *Index {
	byPath := func(a, b tree.Entry) int { return tree.Compare(a.Path, b.Path) }
	if !slices.IsSortedFunc(entries, byPath) {
		slices.SortStableFunc(entries, byPath)
	}
	x := &Index{Entries: entries, at: make(map[string]int, len(entries))}
	for i, e := range entries {
		x.at[e.Path] = i
	}
	return x
}

// Bytes is the sum of all files' sizes; a nil index has none.
func (x *Index) Bytes() int64 {
	if x == nil {
		return 0
	}
	sum := int64(0)
	for _, e := range x.Entries {
		sum += e.Size
	}
	return sum
}

// Get finds an entry by its exact path, without following links.
func (x *Index) Get(path string) (tree.Entry, bool) {
	i, ok := x.at[path]
	if !ok {
		return tree.Entry{}, false
	}
	return x.Entries[i], true
}

// Children are what a directory holds, in order.
func (x *Index) Children(dir string) []tree.Entry {
	var list []tree.Entry
	for _, e := range x.Below(dir) {
		if e.Path != dir && e.Parent() == dir {
			list = append(list, e)
		}
	}
	return list
}

// Below is an entry with everything below it.
func (x *Index) Below(path string) []tree.Entry {
	begin, ok := x.at[path]
	if !ok {
		return nil
	}
	end := begin + 1
	for end < len(x.Entries) && (path == "" || strings.HasPrefix(x.Entries[end].Path, path+"/")) {
		end++
	}
	return x.Entries[begin:end]
}

// Resolve finds an entry by a path that may lead through symbolic links, which
// stay within the tree. follow says whether to follow one that path itself
// names. A hard link gives the file it is another name of.
func (x *Index) Resolve(path string, follow bool) (tree.Entry, error) {
	todo, here := split(path), ""
	for links := 0; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if name == ".." {
			here = tree.Parent(here)
			continue
		}
		e, ok := x.Get(join(here, name))
		if !ok {
			return e, &fs.PathError{Op: "find", Path: "/" + join(here, name), Err: fs.ErrNotExist}
		}
		if e.Type != tree.Symlink || len(todo) == 0 && !follow {
			if len(todo) > 0 && e.Type != tree.Dir {
				return e, &fs.PathError{Op: "find", Path: "/" + e.Path, Err: errors.New("not a folder")}
			}
			here = e.Path
			continue
		}
		if links++; links > maxLinks {
			return e, &fs.PathError{Op: "find", Path: path, Err: errors.New("too many symbolic links")}
		}
		if strings.HasPrefix(e.Link, "/") {
			here = ""
		}
		todo = append(split(e.Link), todo...)
	}
	e, ok := x.Get(here)
	if !ok {
		return e, errors.New("the image has no root folder")
	}
	return x.Target(e)
}

// Target gives the file that a hard link is another name of, under the link's
// path; everything else stays as it is.
func (x *Index) Target(e tree.Entry) (tree.Entry, error) {
	if e.Type != tree.HardLink {
		return e, nil
	}
	first, ok := x.Get(e.Link)
	if !ok || first.Type == tree.HardLink {
		return e, fmt.Errorf("/%s is a hard link to /%s, which is not there", e.Path, e.Link)
	}
	first.Path = e.Path
	return first, nil
}

// split cuts a path into its elements; "." and empty ones fall away.
func split(path string) []string {
	var elements []string
	for name := range strings.SplitSeq(path, "/") {
		if name != "" && name != "." {
			elements = append(elements, name)
		}
	}
	return elements
}

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}
