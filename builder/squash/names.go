package squash

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/isowright/isowright/builder/tree"
)

// entryNode is one name of an opened image.
type entryNode struct {
	ref         uint64 // of the inode
	name        span
	parent      uint32
	first, kids uint32 // a directory's part of Reader.nodes
	link        uint32 // the first name of the same inode
	pathLen     uint16
	dir, shared bool
}

// maxEntries bounds the names of an image by its length: a name takes at least
// a quarter of a byte however well it packs.
func (i *Reader) maxEntries() int {
	return int(min(1<<16+4*i.sb.BytesUsed, 1<<23))
}

// xattrBudget bounds the attributes of all names together, in bytes.
func (i *Reader) xattrBudget() int64 {
	return 1<<26 + int64(min(i.sb.BytesUsed, 1<<40))*512
}

// nameReader collects the names of an image, directory by directory.
type nameReader struct {
	*Reader
	seen   map[uint64]bool // directories by inode
	sizes  map[uint32]int64
	budget int64
}

// readNames lists all directories and checks all inodes.
func (i *Reader) readNames() error {
	r := &nameReader{Reader: i, seen: make(map[uint64]bool), sizes: make(map[uint32]int64), budget: i.xattrBudget()}
	root := entryNode{ref: i.sb.Root}
	if err := r.check(&root, inodeDir); err != nil {
		return fmt.Errorf("the root directory: %w", err)
	}
	i.nodes = append(i.nodes, root)
	for d := 0; d < len(i.nodes); d++ {
		if !i.nodes[d].dir {
			continue
		}
		if err := r.list(uint32(d)); err != nil {
			return fmt.Errorf("directory %q: %w", "/"+string(i.path(uint32(d))), err)
		}
	}
	i.joinLinks()
	return nil
}

// check reads a new node's inode, which must be of the type that the directory
// names.
func (r *nameReader) check(n *entryNode, typ uint16) error {
	in, c, err := r.inode(n.ref)
	if err != nil {
		return err
	}
	if basicType(in.kind) != typ {
		return fmt.Errorf("it is a %s, the directory says otherwise", in.kind)
	}
	if in.kind == tree.Symlink {
		if err := c.skip(in.size); err != nil {
			return err
		}
	}
	n.dir = in.kind == tree.Dir
	n.shared = !n.dir && in.nlink > 1
	if n.dir {
		if r.seen[n.ref] {
			return errors.New("the directory is in the tree twice")
		}
		r.seen[n.ref] = true
	}
	if in.xattr == noXattr {
		return nil
	}
	size, ok := r.sizes[in.xattr]
	if !ok {
		attrs, err := r.xattrs(in.xattr)
		if err != nil {
			return err
		}
		for name, value := range attrs {
			size += int64(len(name) + len(value))
		}
		r.sizes[in.xattr] = size
	}
	if r.budget -= size; r.budget < 0 {
		return errors.New("more extended attributes than an image of this length can have")
	}
	return nil
}

// list reads a directory's list and adds its names.
func (r *nameReader) list(d uint32) error {
	in, _, err := r.inode(r.nodes[d].ref)
	if err != nil {
		return err
	}
	first := uint32(len(r.nodes))
	if in.size > 3 {
		c, err := r.cursor(r.sb.DirTable, r.sb.IDTable, in.dirRef)
		if err != nil {
			return err
		}
		for left := in.size - 3; left > 0; {
			n, err := r.listRun(c, d, left)
			if err != nil {
				return err
			}
			left -= n
		}
	}
	kids := r.nodes[first:]
	compare := func(a, b entryNode) int { return bytes.Compare(r.name(&a), r.name(&b)) }
	if !slices.IsSortedFunc(kids, compare) {
		slices.SortFunc(kids, compare)
	}
	for k := 1; k < len(kids); k++ {
		if compare(kids[k-1], kids[k]) == 0 {
			return fmt.Errorf("the name %q is there twice", r.name(&kids[k]))
		}
	}
	r.nodes[d].first, r.nodes[d].kids = first, uint32(len(kids))
	return nil
}

// listRun reads a directory header and its entries, at most left bytes, and
// gives their length.
func (r *nameReader) listRun(c *cursor, d uint32, left int64) (int64, error) {
	le := binary.LittleEndian
	var h [dirHeaderSize]byte
	if err := c.read(h[:]); err != nil {
		return 0, err
	}
	count := le.Uint32(h[:])
	if count >= maxRun {
		return 0, fmt.Errorf("a header for %d entries", uint64(count)+1)
	}
	used := int64(dirHeaderSize)
	for range count + 1 {
		var e [dirEntrySize]byte
		if err := c.read(e[:]); err != nil {
			return 0, err
		}
		name := make([]byte, int(le.Uint16(e[6:]))+1)
		used += dirEntrySize + int64(len(name))
		if used > left || len(name) > maxNameLen {
			return 0, errors.New("an entry runs over the end of the list")
		}
		if err := c.read(name); err != nil {
			return 0, err
		}
		ref := uint64(le.Uint32(h[4:]))<<16 | uint64(le.Uint16(e[:]))
		if err := r.add(d, string(name), ref, le.Uint16(e[4:])); err != nil {
			return 0, fmt.Errorf("entry %q: %w", name, err)
		}
	}
	return used, nil
}

// add appends a name of directory d.
func (r *nameReader) add(d uint32, name string, ref uint64, typ uint16) error {
	if err := checkName(name); err != nil {
		return err
	}
	if len(r.nodes) >= r.maxEntries() || len(r.names)+len(name) > math.MaxUint32 {
		return errors.New("more names than an image of this length can have")
	}
	length := int(r.nodes[d].pathLen) + 1 + len(name)
	if length > maxPathLen+1 {
		return fmt.Errorf("its path is longer than Linux takes (%d)", maxPathLen)
	}
	n := entryNode{ref: ref, parent: d, pathLen: uint16(length)}
	n.name = span{uint32(len(r.names)), uint16(len(name))}
	r.names = append(r.names, name...)
	if err := r.check(&n, typ); err != nil {
		return err
	}
	r.nodes = append(r.nodes, n)
	return nil
}

func (i *Reader) name(n *entryNode) []byte { return i.names[n.name.off:][:n.name.len] }

// joinLinks finds the names of the same inode. The first in tree order is the
// file, the others are hard links to it.
func (i *Reader) joinLinks() {
	first := make(map[uint64]uint32)
	i.walk(func(k uint32, _ []byte) bool {
		n := &i.nodes[k]
		n.link = k
		if n.shared {
			if f, ok := first[n.ref]; ok {
				n.link = f
			} else {
				first[n.ref] = k
			}
		}
		return true
	})
}

// path builds a node's path.
func (i *Reader) path(k uint32) []byte {
	var parts [][]byte
	for ; k != 0; k = i.nodes[k].parent {
		parts = append(parts, i.name(&i.nodes[k]))
	}
	slices.Reverse(parts)
	return bytes.Join(parts, []byte{'/'})
}

// walk visits the nodes in tree order until visit says no. The path is good
// only during the call.
func (i *Reader) walk(visit func(k uint32, path []byte) bool) {
	type level struct {
		next, end uint32
		path      int // length of the directory's path
	}
	stack := []level{{next: 0, end: 1}}
	var path []byte
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next == top.end {
			stack = stack[:len(stack)-1]
			continue
		}
		k := top.next
		top.next++
		n := &i.nodes[k]
		path = path[:top.path]
		if len(path) > 0 {
			path = append(path, '/')
		}
		path = append(path, i.name(n)...)
		if !visit(k, path) {
			return
		}
		if n.kids > 0 {
			stack = append(stack, level{n.first, n.first + n.kids, len(path)})
		}
	}
}
