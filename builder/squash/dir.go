package squash

import (
	"context"
	"encoding/binary"
	"errors"
	"math"

	"github.com/isowright/isowright/builder/tree"
)

const (
	dirHeaderSize = 12
	dirEntrySize  = 8
	// maxRun is the most entries that one directory header covers.
	maxRun = 256
)

// listing is where a directory's list went.
type listing struct {
	pos, size int64 // in the stream of the directory table
	index     []dirIndex
}

// dirIndex lets the kernel start its search late in a long list: a header that
// begins a block's entries, with the first name under it.
type dirIndex struct {
	at   int64 // from the start of the list
	name span
}

// run is a directory header with its entries.
type run struct {
	block  int64 // of the inodes in the inode table
	number uint32
	count  uint32
	first  span
	body   []byte
}

// writeDirs writes the lists and inodes of the directories, those within
// before those around them, since a list needs the places of its inodes.
func (t *tables) writeDirs(ctx context.Context) error {
	for d := len(t.nodes) - 1; d >= 0; d-- {
		n := &t.nodes[d]
		if n.kind != tree.Dir {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		l, err := t.writeList(n)
		if err != nil {
			return err
		}
		inode, err := t.dirInode(n, l)
		if err != nil {
			return err
		}
		n.pos = t.inodes.size
		if err := t.inodes.write(inode); err != nil {
			return err
		}
	}
	return nil
}

// writeList writes a directory's list.
func (t *tables) writeList(dir *node) (*listing, error) {
	le := binary.LittleEndian
	l := &listing{pos: t.dirs.size}
	r := &run{}
	for _, k := range t.list(dir) {
		name := t.nodes[k].name
		if t.nodes[k].kind == tree.HardLink {
			k = t.nodes[k].aux
		}
		n := &t.nodes[k]
		block, offset, err := t.inodes.place(n.pos)
		if err != nil {
			return nil, err
		}
		delta := int64(n.number) - int64(r.number)
		full := r.count == maxRun || len(r.body)+dirEntrySize+int(name.len) > metaSize
		if r.count == 0 || full || block != r.block || delta != int64(int16(delta)) {
			if err := t.writeRun(l, r); err != nil {
				return nil, err
			}
			*r = run{block: block, number: n.number, first: name, body: r.body[:0]}
			delta = 0
		}
		r.count++
		r.body = le.AppendUint16(r.body, offset)
		r.body = le.AppendUint16(r.body, uint16(delta))
		r.body = le.AppendUint16(r.body, basicType(n.kind))
		r.body = le.AppendUint16(r.body, name.len-1)
		r.body = append(r.body, t.str(name)...)
	}
	if err := t.writeRun(l, r); err != nil {
		return nil, err
	}
	l.size = t.dirs.size - l.pos
	if l.size+3 <= metaSize || len(l.index) > math.MaxUint16 {
		l.index = nil
	}
	return l, nil
}

// writeRun writes a header and its entries.
func (t *tables) writeRun(l *listing, r *run) error {
	if r.count == 0 {
		return nil
	}
	if r.block > math.MaxUint32 {
		return errors.New("the inodes take more than the 4 GiB that SquashFS can hold")
	}
	at := t.dirs.size - l.pos
	last := l.pos
	if n := len(l.index); n > 0 {
		last += l.index[n-1].at
	}
	if t.dirs.size/metaSize != last/metaSize {
		l.index = append(l.index, dirIndex{at, r.first})
	}
	le := binary.LittleEndian
	h := le.AppendUint32(make([]byte, 0, dirHeaderSize), r.count-1)
	h = le.AppendUint32(le.AppendUint32(h, uint32(r.block)), r.number)
	if err := t.dirs.write(h); err != nil {
		return err
	}
	return t.dirs.write(r.body)
}
