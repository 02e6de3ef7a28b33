package squash

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/isowright/isowright/builder/tree"
)

// errCorrupt tells of a structure that points where nothing can be.
var errCorrupt = errors.New("the image is damaged")

// blockCache keeps the blocks unpacked last.
type blockCache struct {
	mu     sync.Mutex
	blocks map[int64]cachedBlock
	order  []int64 // a ring of keys
	next   int
}

type cachedBlock struct {
	data []byte
	next int64 // where the next metadata block starts
}

func newBlockCache(n int) *blockCache {
	return &blockCache{blocks: make(map[int64]cachedBlock, n), order: make([]int64, 0, n)}
}

func (c *blockCache) get(at int64) (cachedBlock, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.blocks[at]
	return b, ok
}

func (c *blockCache) put(at int64, b cachedBlock) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.blocks[at]; ok {
		return
	}
	if len(c.order) < cap(c.order) {
		c.order = append(c.order, at)
	} else {
		delete(c.blocks, c.order[c.next])
		c.order[c.next] = at
		c.next = (c.next + 1) % len(c.order)
	}
	c.blocks[at] = b
}

// metaBlock unpacks the metadata block at a position of the image and tells
// where the next one starts.
func (i *Reader) metaBlock(at int64) ([]byte, int64, error) {
	if b, ok := i.meta.get(at); ok {
		return b.data, b.next, nil
	}
	var h [2]byte
	if at < superblockSize || at > int64(i.sb.BytesUsed)-2 {
		return nil, 0, fmt.Errorf("%w: a metadata block at byte %d", errCorrupt, at)
	}
	if err := readFull(i.r, h[:], at); err != nil {
		return nil, 0, err
	}
	head := binary.LittleEndian.Uint16(h[:])
	n := int64(head &^ rawMeta)
	if n == 0 || n > metaSize || at+2+n > int64(i.sb.BytesUsed) {
		return nil, 0, fmt.Errorf("%w: a metadata block of %d bytes at byte %d", errCorrupt, n, at)
	}
	data, err := i.unpackAt(at+2, int(n), metaSize, head&rawMeta != 0)
	if err == nil && len(data) == 0 {
		err = errCorrupt
	}
	if err != nil {
		return nil, 0, fmt.Errorf("metadata block at byte %d: %w", at, err)
	}
	i.meta.put(at, cachedBlock{data, at + 2 + n})
	return data, at + 2 + n, nil
}

// unpackAt reads n bytes and unpacks them to at most limit bytes.
func (i *Reader) unpackAt(at int64, n, limit int, raw bool) ([]byte, error) {
	packed := make([]byte, n)
	if err := readFull(i.r, packed, at); err != nil || raw {
		return packed, err
	}
	return i.unpack(make([]byte, 0, limit), packed)
}

// cursor reads the stream of a metadata table.
type cursor struct {
	image *Reader
	data  []byte // rest of the block
	at    int64  // start of the block
	size  int    // length of the block
	next  int64  // start of the next block
	end   int64  // end of the table
}

// cursor starts at a reference, a block from the table's start and an offset in
// it.
func (i *Reader) cursor(start, end uint64, ref uint64) (*cursor, error) {
	block, offset := ref>>16, int(ref&0xffff)
	if block >= end-start {
		return nil, fmt.Errorf("%w: a reference outside its table", errCorrupt)
	}
	data, next, err := i.metaBlock(int64(start + block))
	if err != nil {
		return nil, err
	}
	if offset >= len(data) {
		return nil, fmt.Errorf("%w: a reference outside its block", errCorrupt)
	}
	return &cursor{i, data[offset:], int64(start + block), len(data), next, int64(end)}, nil
}

// advance goes to the next block if this one is used up.
func (c *cursor) advance() (err error) {
	if len(c.data) == 0 {
		if c.next >= c.end {
			return fmt.Errorf("%w: a table ends early", errCorrupt)
		}
		c.at = c.next
		c.data, c.next, err = c.image.metaBlock(c.at)
		c.size = len(c.data)
	}
	return err
}

// position is the block that the cursor stands in and the offset in it.
func (c *cursor) position() (block int64, offset int) { return c.at, c.size - len(c.data) }

func (c *cursor) read(p []byte) error {
	for len(p) > 0 {
		if err := c.advance(); err != nil {
			return err
		}
		n := copy(p, c.data)
		p, c.data = p[n:], c.data[n:]
	}
	return nil
}

func (c *cursor) skip(n int64) error {
	for n > 0 {
		if err := c.advance(); err != nil {
			return err
		}
		k := min(n, int64(len(c.data)))
		c.data = c.data[k:]
		n -= k
	}
	return nil
}

// lookup reads entry k, len(p) bytes long, of a table whose list of blocks is
// at a position of the image.
func (i *Reader) lookup(list int64, k int64, p []byte) error {
	at := k * int64(len(p))
	var start [8]byte
	if err := readFull(io.NewSectionReader(i.r, 0, int64(i.sb.BytesUsed)), start[:], list+at/metaSize*8); err != nil {
		return fmt.Errorf("%w: %w", errCorrupt, err)
	}
	pos := binary.LittleEndian.Uint64(start[:])
	if pos > math.MaxInt64 {
		return fmt.Errorf("%w: a table at byte %d", errCorrupt, pos)
	}
	data, _, err := i.metaBlock(int64(pos))
	if err != nil {
		return err
	}
	offset := int(at % metaSize)
	if len(data) < offset+len(p) {
		return fmt.Errorf("%w: a table ends early", errCorrupt)
	}
	copy(p, data[offset:])
	return nil
}

// inode is a decoded inode.
type inode struct {
	kind         tree.Type
	mode         uint16
	uid, gid     uint32
	mtime        uint32
	nlink        uint32
	rdev         uint32
	xattr        uint32
	size         int64 // of a file, list or symlink target
	start        int64 // of a file's blocks
	frag, fragAt uint32
	dirRef       uint64
}

// inode reads an inode. The cursor is left at its block list or symlink
// target.
func (i *Reader) inode(ref uint64) (*inode, *cursor, error) {
	c, err := i.cursor(i.sb.InodeTable, i.sb.DirTable, ref)
	if err != nil {
		return nil, nil, fmt.Errorf("inode: %w", err)
	}
	le := binary.LittleEndian
	var h [16]byte
	if err := c.read(h[:]); err != nil {
		return nil, nil, fmt.Errorf("inode: %w", err)
	}
	typ, uid, gid := le.Uint16(h[:]), int(le.Uint16(h[4:])), int(le.Uint16(h[6:]))
	if uid >= len(i.ids) || gid >= len(i.ids) {
		return nil, nil, fmt.Errorf("%w: an owner that is not in the id table", errCorrupt)
	}
	in := &inode{
		mode: le.Uint16(h[2:]) & 0o7777, uid: i.ids[uid], gid: i.ids[gid],
		mtime: le.Uint32(h[8:]), xattr: noXattr, frag: noFragment,
	}
	if typ < inodeDir || typ > inodeSocket+extended {
		return nil, nil, fmt.Errorf("%w: inode type %d", errCorrupt, typ)
	}
	long := typ > extended
	if long {
		typ -= extended
	}
	if err := in.body(c, typ, long); err != nil {
		return nil, nil, fmt.Errorf("inode: %w", err)
	}
	if in.size < 0 || in.start < 0 {
		return nil, nil, fmt.Errorf("%w: an inode with impossible sizes", errCorrupt)
	}
	return in, c, nil
}

// body reads what follows the common part.
func (in *inode) body(c *cursor, typ uint16, long bool) error {
	switch typ {
	case inodeDir:
		return in.dirBody(c, long)
	case inodeFile:
		return in.fileBody(c, long)
	}
	kinds := map[uint16]tree.Type{
		inodeSymlink: tree.Symlink, inodeBlock: tree.BlockDevice, inodeChar: tree.CharDevice,
		inodeFifo: tree.Fifo, inodeSocket: tree.Socket,
	}
	in.kind = kinds[typ]
	var b [8]byte
	n := 8
	if typ == inodeFifo || typ == inodeSocket {
		n = 4
	}
	if err := c.read(b[:n]); err != nil {
		return err
	}
	in.nlink = binary.LittleEndian.Uint32(b[:])
	switch v := binary.LittleEndian.Uint32(b[4:]); typ {
	case inodeSymlink:
		if v == 0 || v > maxLinkLen {
			return fmt.Errorf("%w: a symlink target of %d bytes", errCorrupt, v)
		}
		in.size = int64(v)
	case inodeBlock, inodeChar:
		in.rdev = v
	}
	if !long {
		return nil
	}
	after := *c // the attributes stand behind a symlink's target
	if err := after.skip(in.size); err != nil {
		return err
	}
	if err := after.read(b[:4]); err != nil {
		return err
	}
	in.xattr = binary.LittleEndian.Uint32(b[:])
	return nil
}

func (in *inode) dirBody(c *cursor, long bool) error {
	le := binary.LittleEndian
	in.kind = tree.Dir
	if !long {
		var b [16]byte
		if err := c.read(b[:]); err != nil {
			return err
		}
		in.nlink, in.size = le.Uint32(b[4:]), int64(le.Uint16(b[8:]))
		in.dirRef = uint64(le.Uint32(b[:]))<<16 | uint64(le.Uint16(b[10:]))
		return nil
	}
	var b [24]byte
	if err := c.read(b[:]); err != nil {
		return err
	}
	in.nlink, in.size = le.Uint32(b[:]), int64(le.Uint32(b[4:]))
	in.dirRef = uint64(le.Uint32(b[8:]))<<16 | uint64(le.Uint16(b[18:]))
	in.xattr = le.Uint32(b[20:])
	return nil
}

func (in *inode) fileBody(c *cursor, long bool) error {
	le := binary.LittleEndian
	in.kind = tree.File
	if !long {
		var b [16]byte
		if err := c.read(b[:]); err != nil {
			return err
		}
		in.nlink, in.start, in.size = 1, int64(le.Uint32(b[:])), int64(le.Uint32(b[12:]))
		in.frag, in.fragAt = le.Uint32(b[4:]), le.Uint32(b[8:])
		return nil
	}
	var b [40]byte
	if err := c.read(b[:]); err != nil {
		return err
	}
	in.start, in.size = int64(le.Uint64(b[:])), int64(le.Uint64(b[8:]))
	in.nlink, in.frag, in.fragAt = le.Uint32(b[24:]), le.Uint32(b[28:]), le.Uint32(b[32:])
	in.xattr = le.Uint32(b[36:])
	return nil
}
