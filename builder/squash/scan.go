package squash

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

// packer holds what is known of the tree while it is packed. A million entries
// take about 200 MB here; everything else is bounded.
type packer struct {
	o      Options
	out    *output
	result Result

	nodes    []node   // in tree order, the root first
	children []uint32 // node indexes, grouped by directory
	text     []byte   // names and symlink targets
	files    []file
	blocks   []uint32 // the block lists of all files, one after another
	ids      idTable
	xattrs   xattrSets

	fragments []fragment
}

// node is one name of the tree.
type node struct {
	name, link  span // link: the target of a symlink
	parent      uint32
	first, kids uint32 // a directory's part of packer.children
	// aux is the index of a file's content, a device's number or the node
	// that a hard link names.
	aux    uint32
	mtime  uint32
	nlink  uint32
	xattr  uint32
	number uint32 // inode number
	pos    int64  // of the inode in the inode table before compression
	mode   uint16
	uid    uint16
	gid    uint16
	kind   tree.Type
}

// span is a piece of packer.text.
type span struct {
	off uint32
	len uint16
}

// file is the content of a regular file.
type file struct {
	src    tree.Source
	offset int64
	size   int64
	start  int64 // of the first block in the image
	sparse int64 // bytes in blocks that are not stored
	blocks int   // index of the first in packer.blocks
	node   uint32
	same   int32 // an earlier file of the same content, or -1
	frag   uint32
	fragAt uint32
}

// maxBlocks bounds the block lists in memory to 1 GiB: 32 TiB of file data in
// blocks of 128 KiB.
const maxBlocks = 1 << 28

// scan takes the tree in and checks it.
func (p *packer) scan(ctx context.Context, t tree.Tree) error {
	n := t.Len() + 1
	p.nodes, p.files = make([]node, 0, n), make([]file, 0, n)
	s := scanner{packer: p}
	for e := range t.Entries() {
		if len(p.nodes)%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(p.nodes) == 0 && e.Path != "" {
			s.add(tree.Entry{Type: tree.Dir, Mode: 0o755, ModTime: p.o.ModTime})
		}
		if err := s.add(e); err != nil {
			return fmt.Errorf("%q: %w", "/"+e.Path, err)
		}
	}
	if len(p.nodes) == 0 {
		s.add(tree.Entry{Type: tree.Dir, Mode: 0o755, ModTime: p.o.ModTime})
	}
	p.groupChildren()
	for _, l := range s.hardLinks {
		if err := p.resolve(l.node, l.target); err != nil {
			return err
		}
	}
	p.number()
	return p.layoutBlocks()
}

// scanner turns entries into nodes.
type scanner struct {
	*packer
	last      string
	dirs      []openDir
	hardLinks []hardLink
}

// openDir is a directory whose entries may still come.
type openDir struct {
	path string
	node uint32
}

type hardLink struct {
	node   uint32
	target string
}

func (s *scanner) add(e tree.Entry) error {
	if err := checkPath(e); err != nil {
		return err
	}
	if len(s.nodes) == math.MaxInt32 {
		return errors.New("too many entries")
	}
	i := uint32(len(s.nodes))
	n := node{kind: e.Type, mode: uint16(e.Mode & 0o7777), nlink: 1, xattr: noXattr}
	if i > 0 {
		if c := tree.Compare(s.last, e.Path); c == 0 {
			return errors.New("is in the tree twice")
		} else if c > 0 {
			return fmt.Errorf("comes after %q: the tree is out of order", "/"+s.last)
		}
		parent, err := s.parent(e)
		if err != nil {
			return err
		}
		n.parent = parent
		s.nodes[parent].kids++
	}
	s.last = e.Path
	var err error
	if n.name, err = s.keep(e.Name()); err != nil {
		return err
	}
	if err := s.attributes(&n, e); err != nil {
		return err
	}
	if err := s.content(&n, i, e); err != nil {
		return err
	}
	s.nodes = append(s.nodes, n)
	return nil
}

func checkPath(e tree.Entry) error {
	if e.Path == "" {
		if e.Type != tree.Dir {
			return fmt.Errorf("the root is a %s, not a directory", e.Type)
		}
		return nil
	}
	if len(e.Path) > maxPathLen {
		return fmt.Errorf("path of %d bytes is longer than Linux takes (%d)", len(e.Path), maxPathLen)
	}
	for name := range strings.SplitSeq(e.Path, "/") {
		if err := checkName(name); err != nil {
			return err
		}
	}
	return nil
}

// checkName refuses what no directory can hold.
func checkName(name string) error {
	switch {
	case name == "" || name == "." || name == "..":
		return fmt.Errorf("bad path element %q", name)
	case len(name) > maxNameLen:
		return fmt.Errorf("name of %d bytes is longer than Linux takes (%d)", len(name), maxNameLen)
	case strings.ContainsAny(name, "/\x00"):
		return fmt.Errorf("bad character in name %q", name)
	}
	return nil
}

// parent finds the open directory that e lies in and closes those before it.
func (s *scanner) parent(e tree.Entry) (uint32, error) {
	want := e.Parent()
	for len(s.dirs) > 0 {
		top := s.dirs[len(s.dirs)-1]
		if top.path == want {
			return top.node, nil
		}
		s.dirs = s.dirs[:len(s.dirs)-1]
	}
	return 0, fmt.Errorf("its directory %q is not in the tree", "/"+want)
}

// keep stores a short text.
func (p *packer) keep(s string) (span, error) {
	if len(p.text)+len(s) > math.MaxUint32 {
		return span{}, errors.New("more than 4 GiB of names")
	}
	off := uint32(len(p.text))
	p.text = append(p.text, s...)
	return span{off, uint16(len(s))}, nil
}

func (p *packer) str(s span) []byte { return p.text[s.off:][:s.len] }

// attributes takes over owner, date and extended attributes.
func (s *scanner) attributes(n *node, e tree.Entry) error {
	if e.Type == tree.HardLink {
		return nil
	}
	var err error
	if n.uid, err = s.ids.index(e.UID); err != nil {
		return err
	}
	if n.gid, err = s.ids.index(e.GID); err != nil {
		return err
	}
	clamped := min(max(e.ModTime, 0), math.MaxUint32)
	if clamped != e.ModTime {
		s.warn("%q: date %d is outside 1970 to 2106, stored as %d", "/"+e.Path, e.ModTime, clamped)
	}
	n.mtime = uint32(clamped)
	var dropped []string
	if n.xattr, dropped, err = s.xattrs.index(e.Xattrs); err != nil {
		return err
	}
	for _, name := range dropped {
		s.warn("%q: SquashFS cannot hold the attribute %s; it is left out", "/"+e.Path, name)
	}
	return nil
}

// content takes over what the entry is.
func (s *scanner) content(n *node, i uint32, e tree.Entry) error {
	var err error
	switch e.Type {
	case tree.Dir:
		n.nlink = 2
		if i > 0 {
			s.nodes[n.parent].nlink++
		}
		s.dirs = append(s.dirs, openDir{e.Path, i})
	case tree.File:
		if e.Size < 0 || e.Size > 0 && e.Content.Source == nil {
			return fmt.Errorf("a file of %d bytes without content", e.Size)
		}
		n.aux = uint32(len(s.files))
		s.files = append(s.files, file{
			src: e.Content.Source, offset: e.Content.Offset, size: e.Size,
			node: i, same: -1, frag: noFragment,
		})
		s.result.DataBytes += e.Size
	case tree.Symlink:
		if len(e.Link) == 0 || len(e.Link) > maxLinkLen {
			return fmt.Errorf("symlink target of %d bytes: Linux takes 1 to %d", len(e.Link), maxLinkLen)
		}
		n.link, err = s.keep(e.Link)
	case tree.CharDevice, tree.BlockDevice:
		if e.Major > 0xfff || e.Minor > 0xfffff {
			return fmt.Errorf("device %d:%d: Linux takes up to %d:%d", e.Major, e.Minor, 0xfff, 0xfffff)
		}
		n.aux = e.Minor&0xff | e.Major<<8 | e.Minor&^0xff<<12
	case tree.HardLink:
		s.hardLinks = append(s.hardLinks, hardLink{i, e.Link})
	case tree.Fifo, tree.Socket:
	default:
		return fmt.Errorf("unknown kind of entry %s", e.Type)
	}
	return err
}

// groupChildren lists each directory's entries together.
func (p *packer) groupChildren() {
	p.children = make([]uint32, len(p.nodes)-1)
	var at uint32
	for i := range p.nodes {
		p.nodes[i].first = at
		at += p.nodes[i].kids
		p.nodes[i].kids = 0
	}
	for i := 1; i < len(p.nodes); i++ {
		d := &p.nodes[p.nodes[i].parent]
		p.children[d.first+d.kids] = uint32(i)
		d.kids++
	}
}

func (p *packer) list(dir *node) []uint32 { return p.children[dir.first:][:dir.kids] }

// resolve points a hard link at the node it names.
func (p *packer) resolve(link uint32, target string) error {
	at := p.find(target)
	switch {
	case at < 0:
		return fmt.Errorf("%q: hard link to %q, which is not in the tree", "/"+p.path(link), "/"+target)
	case p.nodes[at].kind == tree.Dir || p.nodes[at].kind == tree.HardLink:
		return fmt.Errorf("%q: hard link to %q, which is a %s", "/"+p.path(link), "/"+target, p.nodes[at].kind)
	}
	p.nodes[link].aux = uint32(at)
	p.nodes[at].nlink++
	return nil
}

// find looks a path up, -1 if it is not there.
func (p *packer) find(path string) int {
	at := uint32(0)
	for name := range strings.SplitSeq(path, "/") {
		kids := p.list(&p.nodes[at])
		i, ok := slices.BinarySearchFunc(kids, name, func(k uint32, name string) int {
			return strings.Compare(string(p.str(p.nodes[k].name)), name)
		})
		if !ok {
			return -1
		}
		at = kids[i]
	}
	return int(at)
}

// path is the name of a node for messages.
func (p *packer) path(i uint32) string {
	var names []string
	for ; i != 0; i = p.nodes[i].parent {
		names = append(names, string(p.str(p.nodes[i].name)))
	}
	slices.Reverse(names)
	return strings.Join(names, "/")
}

// number gives inode numbers so that those of one directory are consecutive,
// which keeps directory headers few.
func (p *packer) number() {
	next := uint32(1)
	p.nodes[0].number = next
	for d := range p.nodes {
		if p.nodes[d].kind != tree.Dir {
			continue
		}
		for _, k := range p.list(&p.nodes[d]) {
			if p.nodes[k].kind != tree.HardLink {
				next++
				p.nodes[k].number = next
			}
		}
	}
	p.result.Inodes = int(next)
}

// layoutBlocks gives every file its part of the block lists.
func (p *packer) layoutBlocks() error {
	total := int64(0)
	for i := range p.files {
		f := &p.files[i]
		f.blocks = int(total)
		if total += p.blockCount(f.size); total > maxBlocks {
			return fmt.Errorf("%q: the files are too large for blocks of %d bytes", "/"+p.path(f.node), p.o.BlockSize)
		}
	}
	p.blocks = make([]uint32, total)
	return nil
}
