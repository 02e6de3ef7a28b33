package tree

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
)

// Set is a tree that can be changed. It is not safe for use by several
// goroutines while it changes.
//
// Paths given to its methods may go through symbolic links to directories of
// the tree ("lib/x" where lib points at usr/lib), as they would on the running
// system; the last element is never followed. Paths may begin with a slash.
type Set struct {
	entries map[string]Entry
	// others are the hard links to a file, by the file's path.
	others map[string][]string
	// sorted caches the order; nil after a change.
	sorted []string
	// now is the date of what is made without one.
	now int64
}

var _ Tree = (*Set)(nil)

// NewSet makes a tree with a root directory only. Entries that are made by its
// methods are dated modTime (seconds since 1970).
func NewSet(modTime int64) *Set {
	s := &Set{entries: map[string]Entry{}, others: map[string][]string{}, now: modTime}
	s.entries[""] = Entry{Type: Dir, Mode: 0o755, ModTime: modTime}
	return s
}

// Clone is a copy that can be changed apart. The contents are shared.
func (s *Set) Clone() *Set {
	c := &Set{entries: maps.Clone(s.entries), others: map[string][]string{}, now: s.now}
	for p, links := range s.others {
		c.others[p] = slices.Clone(links)
	}
	return c
}

// Len is the number of entries.
func (s *Set) Len() int { return len(s.entries) }

// Entries yields the tree in order.
func (s *Set) Entries() iter.Seq[Entry] {
	if s.sorted == nil {
		s.sorted = make([]string, 0, len(s.entries))
		for p := range s.entries {
			s.sorted = append(s.sorted, p)
		}
		slices.SortFunc(s.sorted, Compare)
	}
	order := s.sorted
	return func(yield func(Entry) bool) {
		for _, p := range order {
			if e, ok := s.entries[p]; ok && !yield(e) {
				return
			}
		}
	}
}

// Get finds an entry.
func (s *Set) Get(name string) (Entry, bool) {
	p, err := s.resolve(name)
	if err != nil {
		return Entry{}, false
	}
	e, ok := s.entries[p]
	return e, ok
}

// Put adds or replaces an entry. Missing parents are made, owned by root, mode
// 0755. Replacing a directory by something else removes what it held.
func (s *Set) Put(e Entry) error {
	p, err := s.resolve(e.Path)
	if err != nil {
		return err
	}
	e.Path = p
	if err := s.makeParents(p); err != nil {
		return err
	}
	if old, ok := s.entries[p]; ok && !(old.Type == Dir && e.Type == Dir) {
		s.drop(p)
	}
	s.entries[p] = e
	if e.Type == HardLink {
		s.others[e.Link] = append(s.others[e.Link], p)
	}
	s.sorted = nil
	return nil
}

// WriteFile puts a file owned by root.
func (s *Set) WriteFile(name string, data []byte, mode uint32) error {
	return s.Put(Entry{
		Path: name, Type: File, Mode: mode, ModTime: s.now, Size: int64(len(data)),
		Content: Content{Source: bytes.NewReader(data)},
	})
}

// Mkdir puts a directory owned by root; one that is there keeps its owner and
// gets the mode.
func (s *Set) Mkdir(name string, mode uint32) error {
	e, ok := s.Get(name)
	if !ok || e.Type != Dir {
		e = Entry{Path: name, Type: Dir, ModTime: s.now}
	}
	e.Mode = mode
	return s.Put(e)
}

// Symlink puts a symbolic link to target.
func (s *Set) Symlink(name, target string) error {
	return s.Put(Entry{Path: name, Type: Symlink, Mode: 0o777, ModTime: s.now, Link: target})
}

// Chown gives an entry to a user and group.
func (s *Set) Chown(name string, uid, gid uint32) error {
	e, ok := s.Get(name)
	if !ok {
		return fmt.Errorf("change owner of %s: %w", name, fs.ErrNotExist)
	}
	e.UID, e.GID = uid, gid
	s.entries[e.Path] = e
	return nil
}

// ReadFile gives the content of a file or of the file a hard link names. A
// symbolic link is followed inside the tree.
func (s *Set) ReadFile(name string) ([]byte, error) {
	for range maxLinks {
		e, ok := s.Get(name)
		if !ok {
			return nil, fmt.Errorf("read %s in the tree: %w", name, fs.ErrNotExist)
		}
		switch e.Type {
		case HardLink:
			name = e.Link
		case Symlink:
			name = join(Parent(e.Path), e.Link)
		case File:
			data := make([]byte, e.Size)
			if _, err := io.ReadFull(e.Open(), data); err != nil {
				return nil, fmt.Errorf("read %s in the tree: %w", name, err)
			}
			return data, nil
		default:
			return nil, fmt.Errorf("read %s in the tree: it is a %s", name, e.Type)
		}
	}
	return nil, fmt.Errorf("read %s in the tree: too many symbolic links", name)
}

// Remove takes an entry away with all it holds; one that is not there is no
// error.
func (s *Set) Remove(name string) {
	p, err := s.resolve(name)
	if err != nil || p == "" {
		return
	}
	if _, ok := s.entries[p]; ok {
		s.drop(p)
	}
}

// Glob lists the paths that match a pattern of path.Match, in order.
func (s *Set) Glob(pattern string) []string {
	var found []string
	for e := range s.Entries() {
		if ok, _ := path.Match(pattern, e.Path); ok {
			found = append(found, e.Path)
		}
	}
	return found
}

// drop removes p, and below a directory everything.
func (s *Set) drop(p string) {
	doomed := []Entry{s.entries[p]}
	if doomed[0].Type == Dir {
		for q, e := range s.entries {
			if strings.HasPrefix(q, p+"/") {
				doomed = append(doomed, e)
			}
		}
	}
	for _, e := range doomed {
		delete(s.entries, e.Path)
		if e.Type == HardLink {
			s.others[e.Link] = slices.DeleteFunc(s.others[e.Link], func(q string) bool { return q == e.Path })
		}
	}
	for _, e := range doomed {
		if e.Type == File {
			s.promote(e)
		}
	}
	s.sorted = nil
}

// promote makes the first hard link to a file that goes away the file.
func (s *Set) promote(gone Entry) {
	links := s.others[gone.Path]
	delete(s.others, gone.Path)
	if len(links) == 0 {
		return
	}
	slices.SortFunc(links, Compare)
	heir := links[0]
	gone.Path = heir
	s.entries[heir] = gone
	for _, q := range links[1:] {
		e := s.entries[q]
		e.Link = heir
		s.entries[q] = e
	}
	if len(links) > 1 {
		s.others[heir] = links[1:]
	}
}

func (s *Set) makeParents(p string) error {
	parent := Parent(p)
	if e, ok := s.entries[parent]; ok {
		if e.Type != Dir {
			return fmt.Errorf("put %s into the tree: %s is a %s", p, parent, e.Type)
		}
		return nil
	}
	if err := s.makeParents(parent); err != nil {
		return err
	}
	s.entries[parent] = Entry{Path: parent, Type: Dir, Mode: 0o755, ModTime: s.now}
	return nil
}

// maxLinks is how many symbolic links one path may go through, as in Linux.
const maxLinks = 40

// resolve gives the place in the tree that a path means.
func (s *Set) resolve(name string) (string, error) {
	todo := split(name)
	done := ""
	for links := 0; len(todo) > 0; {
		next := path.Join(done, todo[0])
		if todo[0] == ".." {
			next = Parent(done)
		}
		todo = todo[1:]
		e, ok := s.entries[next]
		if !ok || e.Type != Symlink || len(todo) == 0 {
			done = next
			continue
		}
		if links++; links > maxLinks {
			return "", fmt.Errorf("path %s goes through too many symbolic links", name)
		}
		if strings.HasPrefix(e.Link, "/") {
			done = ""
		}
		todo = append(split(e.Link), todo...)
	}
	return done, nil
}

// split gives the elements of a path without empty ones and ".".
func split(name string) []string {
	parts := strings.Split(name, "/")
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" || p == "." })
}

// join puts a link's target onto the directory of the link.
func join(dir, target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	return dir + "/" + target
}
