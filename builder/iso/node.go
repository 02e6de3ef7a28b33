package iso

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The file type bits of st_mode, as Rock Ridge stores them.
const (
	modeType    = 0o170000
	modeDir     = 0o040000
	modeFile    = 0o100000
	modeSymlink = 0o120000

	defaultFileMode = 0o444
	defaultDirMode  = 0o555

	maxName = 255
	// maxTarget is Linux's PATH_MAX without the final zero.
	maxTarget = 4095
)

// node is one name in the image.
type node struct {
	name     string
	mode     uint32 // st_mode: type and permissions
	parent   *node  // the root's is the root itself
	children map[string]*node
	// lba and size are those of a file's data.
	lba    uint32
	size   int64
	target string
	// serial is the inode number in PX, and orders the nodes by age.
	serial uint32
	// view is the node as the ISO 9660 and the Joliet tree show it.
	view [2]view
}

// view is a node's look in one of the two trees.
type view struct {
	id []byte
	// order holds a directory's children as the standard sorts them.
	order []*node
}

func (n *node) isDir() bool { return n.mode&modeType == modeDir }

// links counts the names of a directory as Unix does: its own, "." and the
// ".." of each directory in it.
func (n *node) links() uint32 {
	if !n.isDir() {
		return 1
	}
	count := uint32(2)
	for _, c := range n.children {
		if c.isDir() {
			count++
		}
	}
	return count
}

// sorted are the children in the order of their names' bytes.
func (n *node) sorted() []*node {
	list := make([]*node, 0, len(n.children))
	for _, c := range n.children {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	return list
}

func newRoot() *node {
	root := &node{mode: modeDir | defaultDirMode, children: map[string]*node{}, serial: 1}
	root.parent = root
	return root
}

// splitPath checks a path and gives its elements; the root has none.
func splitPath(path string) ([]string, error) {
	trimmed := strings.TrimPrefix(path, "/")
	if trimmed == "" {
		return nil, nil
	}
	parts := strings.Split(trimmed, "/")
	for _, p := range parts {
		switch {
		case p == "" || p == "." || p == "..":
			return nil, fmt.Errorf("path %q has an element %q", path, p)
		case len(p) > maxName:
			return nil, fmt.Errorf("path %q has a name of %d bytes, at most %d are possible", path, len(p), maxName)
		case strings.ContainsRune(p, 0):
			return nil, fmt.Errorf("path %q holds a zero byte", path)
		}
	}
	return parts, nil
}

// addNode puts a node at a path, making missing parents.
func (w *Writer) addNode(path string, n *node) error {
	parts, err := splitPath(path)
	if err != nil {
		return err
	}
	if len(parts) == 0 {
		return errors.New("the root directory is always there")
	}
	dir := w.root
	for _, name := range parts[:len(parts)-1] {
		next := dir.children[name]
		if next == nil {
			next = &node{mode: modeDir | defaultDirMode, children: map[string]*node{}}
			w.link(dir, name, next)
		}
		if !next.isDir() {
			return fmt.Errorf("%q: %q is not a directory", path, name)
		}
		dir = next
	}
	name := parts[len(parts)-1]
	if dir.children[name] != nil {
		return fmt.Errorf("%q: %w", path, ErrExists)
	}
	w.link(dir, name, n)
	return nil
}

func (w *Writer) link(dir *node, name string, n *node) {
	w.serial++
	n.name, n.parent, n.serial = name, dir, w.serial
	dir.children[name] = n
}

// find is the node at a path, or nil.
func (w *Writer) find(path string) *node {
	parts, err := splitPath(path)
	if err != nil {
		return nil
	}
	n := w.root
	for _, name := range parts {
		if n = n.children[name]; n == nil {
			return nil
		}
	}
	return n
}
