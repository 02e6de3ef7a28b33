package squash

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/isowright/isowright/builder/tree"
)

// basicType is an inode's type in directories and, plus extended, in inodes.
func basicType(k tree.Type) uint16 {
	return [...]uint16{
		tree.File: inodeFile, tree.Dir: inodeDir, tree.Symlink: inodeSymlink,
		tree.CharDevice: inodeChar, tree.BlockDevice: inodeBlock,
		tree.Fifo: inodeFifo, tree.Socket: inodeSocket,
	}[k]
}

// inodeHeader is struct squashfs_base_inode.
func inodeHeader(b []byte, typ uint16, n *node) []byte {
	le := binary.LittleEndian
	for _, v := range []uint16{typ, n.mode, n.uid, n.gid} {
		b = le.AppendUint16(b, v)
	}
	return le.AppendUint32(le.AppendUint32(b, n.mtime), n.number)
}

// writeInodes writes the inodes of everything but directories, those of one
// directory together.
func (t *tables) writeInodes(ctx context.Context) error {
	var b []byte
	for d := range t.nodes {
		if t.nodes[d].kind != tree.Dir {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, k := range t.list(&t.nodes[d]) {
			n := &t.nodes[k]
			switch n.kind {
			case tree.Dir, tree.HardLink:
				continue
			case tree.File:
				b = t.fileInode(b[:0], n)
			default:
				b = t.otherInode(b[:0], n)
			}
			n.pos = t.inodes.size
			if err := t.inodes.write(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// fileInode is struct squashfs_reg_inode, or squashfs_lreg_inode where the
// short form does not do.
func (t *tables) fileInode(b []byte, n *node) []byte {
	le := binary.LittleEndian
	f := &t.files[n.aux]
	if f.same >= 0 {
		f = &t.files[f.same]
	}
	blocks, _ := t.split(f.size)
	long := f.start > math.MaxUint32 || f.size > math.MaxUint32 || f.sparse > 0 || n.nlink > 1 || n.xattr != noXattr
	if long {
		b = inodeHeader(b, inodeFile+extended, n)
		b = le.AppendUint64(b, uint64(f.start))
		b = le.AppendUint64(b, uint64(f.size))
		// The kernel takes a file whose sparse bytes are all its bytes
		// for one of the short form.
		b = le.AppendUint64(b, uint64(min(f.sparse, max(f.size-1, 0))))
		b = le.AppendUint32(b, n.nlink)
		b = le.AppendUint32(le.AppendUint32(b, f.frag), f.fragAt)
		b = le.AppendUint32(b, n.xattr)
	} else {
		b = inodeHeader(b, inodeFile, n)
		b = le.AppendUint32(b, uint32(f.start))
		b = le.AppendUint32(le.AppendUint32(b, f.frag), f.fragAt)
		b = le.AppendUint32(b, uint32(f.size))
	}
	for _, entry := range t.blocks[f.blocks:][:blocks] {
		b = le.AppendUint32(b, entry)
	}
	return b
}

// otherInode is the inode of a symlink, device, fifo or socket.
func (t *tables) otherInode(b []byte, n *node) []byte {
	le := binary.LittleEndian
	typ := basicType(n.kind)
	if n.xattr != noXattr {
		typ += extended
	}
	b = inodeHeader(b, typ, n)
	b = le.AppendUint32(b, n.nlink)
	switch n.kind {
	case tree.Symlink:
		b = le.AppendUint32(b, uint32(n.link.len))
		b = append(b, t.str(n.link)...)
	case tree.CharDevice, tree.BlockDevice:
		b = le.AppendUint32(b, n.aux)
	}
	if n.xattr != noXattr {
		b = le.AppendUint32(b, n.xattr)
	}
	return b
}

// dirInode is struct squashfs_dir_inode, or squashfs_ldir_inode where the
// short form does not do.
func (t *tables) dirInode(n *node, l *listing) ([]byte, error) {
	le := binary.LittleEndian
	block, offset, err := t.dirs.place(l.pos)
	if err != nil {
		return nil, err
	}
	// The length counts "." and "..", which are not stored, as three bytes.
	size := l.size + 3
	if block > math.MaxUint32 || size > math.MaxUint32 {
		return nil, fmt.Errorf("the directories take more than the 4 GiB that SquashFS can hold")
	}
	parent := t.nodes[n.parent].number
	if n == &t.nodes[0] {
		parent = uint32(t.result.Inodes) + 1
	}
	if size <= math.MaxUint16 && n.xattr == noXattr && len(l.index) == 0 {
		b := inodeHeader(nil, inodeDir, n)
		b = le.AppendUint32(le.AppendUint32(b, uint32(block)), n.nlink)
		b = le.AppendUint16(le.AppendUint16(b, uint16(size)), offset)
		return le.AppendUint32(b, parent), nil
	}
	b := inodeHeader(nil, inodeDir+extended, n)
	b = le.AppendUint32(le.AppendUint32(b, n.nlink), uint32(size))
	b = le.AppendUint32(le.AppendUint32(b, uint32(block)), parent)
	b = le.AppendUint16(le.AppendUint16(b, uint16(len(l.index))), offset)
	b = le.AppendUint32(b, n.xattr)
	for _, x := range l.index {
		block, _, err := t.dirs.place(l.pos + x.at)
		if err != nil {
			return nil, err
		}
		name := t.str(x.name)
		b = le.AppendUint32(le.AppendUint32(b, uint32(x.at)), uint32(block))
		b = append(le.AppendUint32(b, uint32(len(name)-1)), name...)
	}
	return b, nil
}
