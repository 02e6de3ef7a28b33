package squash

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"
)

// fileSource is the content of a file in an image.
type fileSource struct {
	image *Reader
	ref   uint64

	mu sync.Mutex
	in *inode
	// list stands in the block list, where at says. marks are points in it,
	// one for every markStep blocks so far seen.
	list  *cursor
	at    mark
	marks []mark
}

// mark is a place in a block list.
type mark struct {
	block  int64 // the block that comes next
	disk   int64 // where it lies in the image
	meta   int64 // the metadata block that its entry lies in
	offset int
}

const markStep = 1024

// ReadAt implements io.ReaderAt.
func (f *fileSource) ReadAt(p []byte, off int64) (int, error) {
	if err := f.load(); err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, fmt.Errorf("read at %d: negative offset", off)
	}
	done := 0
	for done < len(p) && off < f.in.size {
		n, err := f.readBlock(p[done:], off)
		done += n
		off += int64(n)
		if err != nil {
			return done, err
		}
	}
	if done < len(p) {
		return done, io.EOF
	}
	return done, nil
}

// load reads the inode once.
func (f *fileSource) load() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.in != nil {
		return nil
	}
	in, c, err := f.image.inode(f.ref)
	if err != nil {
		return err
	}
	f.list = c
	f.at = mark{disk: in.start}
	f.at.meta, f.at.offset = c.position()
	f.marks = []mark{f.at}
	f.in = in
	return nil
}

// rewind moves to the mark before block i unless the list stands well already.
func (f *fileSource) rewind(i int64) error {
	m := f.marks[min(i/markStep, int64(len(f.marks)-1))]
	if m.block <= f.at.block && f.at.block <= i {
		return nil
	}
	data, next, err := f.image.metaBlock(m.meta)
	if err != nil {
		return err
	}
	*f.list = cursor{f.image, data[m.offset:], m.meta, len(data), next, f.list.end}
	f.at = m
	return nil
}

// readBlock copies from the one block that off lies in.
func (f *fileSource) readBlock(p []byte, off int64) (int, error) {
	bs := int64(f.image.sb.BlockSize)
	i := off / bs
	length := min(bs, f.in.size-i*bs)
	from := off - i*bs
	p = p[:min(int64(len(p)), length-from)]
	if length < bs && f.in.frag != noFragment {
		data, err := f.image.fragment(f.in.frag)
		if err != nil {
			return 0, err
		}
		if end := int64(f.in.fragAt) + length; end > int64(len(data)) {
			return 0, fmt.Errorf("%w: a file's end outside its fragment block", errCorrupt)
		}
		return copy(p, data[int64(f.in.fragAt)+from:]), nil
	}
	disk, entry, err := f.locate(i)
	if err != nil {
		return 0, err
	}
	if entry == 0 {
		clear(p)
		return len(p), nil
	}
	data, err := f.image.dataBlock(disk, entry)
	if err != nil {
		return 0, err
	}
	if int64(len(data)) < length {
		return 0, fmt.Errorf("%w: a data block of %d bytes instead of %d", errCorrupt, len(data), length)
	}
	return copy(p, data[from:]), nil
}

// locate finds a block by the block list.
func (f *fileSource) locate(i int64) (disk int64, entry uint32, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.rewind(i); err != nil {
		return 0, 0, err
	}
	for f.at.block <= i {
		if f.at.block == int64(len(f.marks))*markStep {
			m := f.at
			m.meta, m.offset = f.list.position()
			f.marks = append(f.marks, m)
		}
		var b [4]byte
		if err := f.list.read(b[:]); err != nil {
			f.at.block = math.MaxInt64 // the list has to be found anew
			return 0, 0, err
		}
		entry, disk = binary.LittleEndian.Uint32(b[:]), f.at.disk
		f.at.block++
		f.at.disk += int64(entry &^ rawBlock)
		if f.at.disk < 0 || f.at.disk > int64(f.image.sb.BytesUsed) {
			f.at.block = math.MaxInt64
			return 0, 0, fmt.Errorf("%w: a data block outside the image", errCorrupt)
		}
	}
	return disk, entry, nil
}

// dataBlock unpacks a data or fragment block.
func (i *Reader) dataBlock(at int64, entry uint32) ([]byte, error) {
	if b, ok := i.data.get(at); ok {
		return b.data, nil
	}
	n, raw := int64(entry&^rawBlock), entry&rawBlock != 0
	if n > int64(i.sb.BlockSize) || at < superblockSize || at > int64(i.sb.BytesUsed)-n {
		return nil, fmt.Errorf("%w: a data block of %d bytes at byte %d", errCorrupt, n, at)
	}
	data, err := i.unpackAt(at, int(n), int(i.sb.BlockSize), raw)
	if err != nil {
		return nil, fmt.Errorf("data block at byte %d: %w", at, err)
	}
	i.data.put(at, cachedBlock{data: data})
	return data, nil
}

// fragment unpacks a fragment block.
func (i *Reader) fragment(k uint32) ([]byte, error) {
	if k >= i.sb.Fragments || i.sb.FragmentTable > math.MaxInt64 {
		return nil, fmt.Errorf("%w: fragment block %d of %d", errCorrupt, k, i.sb.Fragments)
	}
	var b [16]byte
	if err := i.lookup(int64(i.sb.FragmentTable), int64(k), b[:]); err != nil {
		return nil, fmt.Errorf("fragment table: %w", err)
	}
	at := binary.LittleEndian.Uint64(b[:])
	if at > math.MaxInt64 {
		return nil, fmt.Errorf("%w: a fragment block at byte %d", errCorrupt, at)
	}
	return i.dataBlock(int64(at), binary.LittleEndian.Uint32(b[8:]))
}
