package squash

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/isowright/isowright/builder/tree"
)

// tables writes everything behind the file data.
type tables struct {
	*packer
	pool   *metaPool
	inodes *metaWriter
	dirs   *metaWriter
}

// writeTables writes the metadata in the order that the kernel checks: inodes,
// directories, fragments, export, ids, attributes.
func (p *packer) writeTables(ctx context.Context) (sb *superblock, err error) {
	pool, err := p.newMetaPool(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := pool.close(); err == nil {
			err = e
		}
	}()
	t := &tables{packer: p, pool: pool}
	sb = &superblock{
		Inodes: uint32(p.result.Inodes), ModTime: uint32(p.o.ModTime),
		BlockSize: uint32(p.o.BlockSize), Fragments: uint32(len(p.fragments)),
		Compressor: p.o.Compression.number(), Flags: flagDeduplicated | flagExportable,
		IDs: uint16(len(p.ids.ids)), XattrTable: invalidTable,
	}
	if p.o.Compression == None {
		sb.Flags |= flagsUncompressed
	}
	if len(p.fragments) == 0 {
		sb.Flags |= flagNoFragments
	}
	if err := t.writeInodesAndDirs(ctx, sb); err != nil {
		return nil, err
	}
	if err := t.writeLookups(sb); err != nil {
		return nil, err
	}
	return sb, t.writeXattrs(sb)
}

func (t *tables) writeInodesAndDirs(ctx context.Context, sb *superblock) error {
	sb.InodeTable = uint64(t.out.pos)
	var dirs keptBack
	t.inodes = t.pool.table(t.writeMeta)
	t.dirs = t.pool.table(dirs.add)
	if err := t.writeInodes(ctx); err != nil {
		return err
	}
	if err := t.writeDirs(ctx); err != nil {
		return err
	}
	if _, err := t.inodes.finish(); err != nil {
		return err
	}
	if _, err := t.dirs.finish(); err != nil {
		return err
	}
	root, err := t.ref(&t.nodes[0])
	if err != nil {
		return err
	}
	sb.Root = root
	sb.DirTable = uint64(t.out.pos)
	return dirs.write(t)
}

// writeMeta writes a block of metadata.
func (t *tables) writeMeta(b *metaBlock) error {
	at := t.out.pos
	if err := t.out.write(b.out); err != nil {
		return err
	}
	t.stored(&b.packedBlock, at+2)
	return nil
}

// keptBack is the directory table, packed, until the inode table ends.
type keptBack struct {
	all    []byte
	blocks []packedBlock // without their bytes
	ends   []int
}

func (k *keptBack) add(b *metaBlock) error {
	k.all = append(k.all, b.out...)
	k.blocks = append(k.blocks, packedBlock{raw: b.raw, reused: b.reused, key: b.key})
	k.ends = append(k.ends, len(k.all))
	return nil
}

func (k *keptBack) write(t *tables) error {
	base := t.out.pos
	if err := t.out.write(k.all); err != nil {
		return err
	}
	start := 0
	for i, b := range k.blocks {
		b.bytes = k.all[start+2 : k.ends[i]]
		t.stored(&b, base+int64(start)+2)
		start = k.ends[i]
	}
	return nil
}

// ref is a reference to an inode: its block and the offset in it.
func (t *tables) ref(n *node) (uint64, error) {
	block, offset, err := t.inodes.place(n.pos)
	return uint64(block)<<16 | uint64(offset), err
}

// writeLookups writes the fragment, export and id tables.
func (t *tables) writeLookups(sb *superblock) (err error) {
	le := binary.LittleEndian
	b := make([]byte, 0, 16*len(t.fragments))
	for _, f := range t.fragments {
		b = le.AppendUint64(b, uint64(f.start))
		b = le.AppendUint64(b, uint64(f.entry))
	}
	if sb.FragmentTable, err = t.writeLookup(b); err != nil {
		return err
	}
	b = make([]byte, 8*t.result.Inodes)
	for i := range t.nodes {
		n := &t.nodes[i]
		if n.kind == tree.HardLink {
			continue
		}
		ref, err := t.ref(n)
		if err != nil {
			return err
		}
		le.PutUint64(b[8*(n.number-1):], ref)
	}
	if sb.ExportTable, err = t.writeLookup(b); err != nil {
		return err
	}
	b = b[:0]
	for _, id := range t.ids.ids {
		b = le.AppendUint32(b, id)
	}
	sb.IDTable, err = t.writeLookup(b)
	return err
}

// writeLookup writes a table of fixed-size entries: metadata blocks and then
// the list of where they start, whose position it gives.
func (t *tables) writeLookup(entries []byte) (uint64, error) {
	list, err := t.writeBlocks(entries)
	if err != nil {
		return 0, err
	}
	at := t.out.pos
	return uint64(at), t.out.write(list)
}

// writeBlocks writes metadata blocks and gives the list of where they start.
func (t *tables) writeBlocks(entries []byte) ([]byte, error) {
	base := t.out.pos
	w := t.pool.table(t.writeMeta)
	if err := w.write(entries); err != nil {
		return nil, err
	}
	if _, err := w.finish(); err != nil {
		return nil, err
	}
	var list []byte
	for _, s := range w.starts[:len(w.starts)-1] {
		list = binary.LittleEndian.AppendUint64(list, uint64(base+s))
	}
	return list, nil
}

// writeXattrs writes the attribute sets and the table that numbers them.
func (t *tables) writeXattrs(sb *superblock) error {
	if len(t.xattrs.sets) == 0 {
		sb.Flags |= flagNoXattrs
		return nil
	}
	le := binary.LittleEndian
	base := t.out.pos
	w := t.pool.table(t.writeMeta)
	positions := make([]int64, len(t.xattrs.sets))
	for i, set := range t.xattrs.sets {
		positions[i] = w.size
		if err := w.write(set.data); err != nil {
			return err
		}
	}
	if _, err := w.finish(); err != nil {
		return err
	}
	var ids []byte
	for i, set := range t.xattrs.sets {
		block, offset, err := w.place(positions[i])
		if err != nil {
			return fmt.Errorf("place attributes: %w", err)
		}
		ids = le.AppendUint64(ids, uint64(block)<<16|uint64(offset))
		ids = le.AppendUint32(le.AppendUint32(ids, set.count), set.listSize)
	}
	list, err := t.writeBlocks(ids)
	if err != nil {
		return err
	}
	sb.XattrTable = uint64(t.out.pos)
	head := le.AppendUint64(nil, uint64(base))
	head = le.AppendUint32(head, uint32(len(t.xattrs.sets)))
	head = le.AppendUint32(head, 0)
	return t.out.write(append(head, list...))
}
