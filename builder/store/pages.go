package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"

	"golang.org/x/sys/unix"
)

// The layout of bbolt's file, version 2 (go.etcd.io/bbolt, internal/common:
// page.go, meta.go, bucket.go, inode.go). All numbers have the byte order of
// the machine. A page begins with its number (8 bytes), flags (2), count of its
// elements (2) and the number of further pages that belong to it (4). Elements
// of 16 bytes follow: of a branch pos, ksize (4 each) and the page (8), of a
// leaf flags, pos, ksize, vsize (4 each), where pos counts from the element. A
// leaf element with flag 1 is a bucket: its value holds the root page (8) and
// the sequence (8); with root 0 a leaf page follows.
const (
	pageHead    = 16
	elementSize = 16
	metaSize    = 64

	branchFlag   = 0x01
	leafFlag     = 0x02
	metaFlag     = 0x04
	freelistFlag = 0x10

	bucketFlag = 0x01

	// maxLeaf is more than a leaf of the library has, in bytes.
	maxLeaf = 16 << 20

	boltMagic   = 0xED0CDAED
	boltVersion = 2
)

// pages is a bbolt file in memory.
type pages struct {
	data []byte
	// size of a page in bytes, root and free are the numbers of the root
	// bucket's page and of the list of free pages, end is the first page that
	// is not in use.
	size            int
	root, free, end uint64
	// seen are the pages met so far.
	seen map[uint64]bool
}

// visitor is called for each element of a leaf with the bucket that it is in,
// "" for the root.
type visitor func(bucket string, flags uint32, key, value []byte) error

// checkPages holds every page that can be reached to what bbolt relies on. An
// empty file is one that bbolt has not begun.
func checkPages(f *os.File) error {
	return mapped(f, func(data []byte) error {
		if len(data) == 0 {
			return nil
		}
		p, err := openPages(data)
		if err != nil {
			return err
		}
		if _, err := p.walk("", p.root, nil, func(string, uint32, []byte, []byte) error { return nil }); err != nil {
			return err
		}
		return p.checkFree()
	})
}

// mapped maps a file to memory for do.
func mapped(f *os.File, do func([]byte) error) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return do(nil)
	}
	if !info.Mode().IsRegular() || info.Size() != int64(int(info.Size())) {
		return fmt.Errorf("%w: not a regular file", errDamaged)
	}
	data, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return err
	}
	return errors.Join(do(data), unix.Munmap(data))
}

// openPages reads the newer one of the two metas that is whole.
func openPages(data []byte) (*pages, error) {
	p := &pages{data: data, size: os.Getpagesize(), seen: map[uint64]bool{0: true, 1: true}}
	newest := uint64(0)
	found := false
	for place := range 2 {
		at := place * p.size
		if len(data) < at+pageHead+metaSize {
			continue
		}
		m := data[at+pageHead:][:metaSize]
		h := fnv.New64a()
		h.Write(m[:metaSize-8])
		switch {
		case u32(m[0:]) != boltMagic || u32(m[4:]) != boltVersion || u64(m[56:]) != h.Sum64():
			continue
		case u32(m[8:]) != uint32(p.size) || binary.NativeEndian.Uint16(data[at+8:]) != metaFlag:
			continue
		case found && u64(m[48:]) <= newest:
			continue
		}
		found, newest = true, u64(m[48:])
		p.root, p.free, p.end = u64(m[16:]), u64(m[32:]), u64(m[40:])
	}
	switch {
	case !found:
		return p, fmt.Errorf("%w: it does not begin like a bbolt file", errDamaged)
	case p.end > uint64(len(data)/p.size):
		return p, fmt.Errorf("%w: its end is missing", errDamaged)
	}
	return p, nil
}

func u32(b []byte) uint32 { return binary.NativeEndian.Uint32(b) }
func u64(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }

// page gives a page with those that belong to it. Each is given once: bbolt's
// pages form a tree.
func (p *pages) page(id uint64) (flags uint16, b []byte, err error) {
	if id >= p.end || p.seen[id] {
		return 0, nil, fmt.Errorf("%w: page %d is not where it belongs", errDamaged, id)
	}
	b = p.data[int(id)*p.size:]
	more := uint64(u32(b[12:]))
	if u64(b) != id || more >= p.end-id {
		return 0, nil, fmt.Errorf("%w: page %d is another", errDamaged, id)
	}
	for n := id; n <= id+more; n++ {
		if p.seen[n] {
			return 0, nil, fmt.Errorf("%w: page %d is used twice", errDamaged, n)
		}
		p.seen[n] = true
	}
	return binary.NativeEndian.Uint16(b[8:]), b[:int(more+1)*p.size], nil
}

// walk visits a bucket's pages from one on, in order. The first key is not less
// than low; the last one is given.
func (p *pages) walk(bucket string, id uint64, low []byte, visit visitor) (last []byte, err error) {
	flags, b, err := p.page(id)
	if err != nil {
		return nil, err
	}
	n := int(binary.NativeEndian.Uint16(b[10:]))
	switch {
	case flags == leafFlag:
		return p.leaf(bucket, b, low, visit)
	case flags != branchFlag || n == 0:
		return nil, fmt.Errorf("%w: page %d is of no known kind", errDamaged, id)
	}
	keys := ordered{last: low, first: true}
	for i := range n {
		e, ok := element(b, i)
		if !ok {
			return nil, fmt.Errorf("%w: page %d is cut off", errDamaged, id)
		}
		key, ok := cut(e, u32(e), u32(e[4:]))
		if !ok || !keys.next(key) {
			return nil, fmt.Errorf("%w: the keys of page %d are not in order", errDamaged, id)
		}
		if keys.last, err = p.walk(bucket, u64(e[8:]), key, visit); err != nil {
			return nil, err
		}
	}
	return keys.last, nil
}

// leaf visits the elements of a leaf, those of its buckets too. Our files have
// no buckets in buckets.
func (p *pages) leaf(bucket string, b, low []byte, visit visitor) (last []byte, err error) {
	keys, used := ordered{last: low, first: true}, 0
	for i := range int(binary.NativeEndian.Uint16(b[10:])) {
		flags, key, value, ok := leafElement(b, i, &used)
		if !ok || !keys.next(key) || flags&bucketFlag != 0 && bucket != "" {
			return nil, fmt.Errorf("%w: the entries of a leaf are not in order", errDamaged)
		}
		if err := visit(bucket, flags, key, value); err != nil {
			return nil, err
		}
		if flags&bucketFlag == 0 {
			continue
		}
		if err := p.bucket(string(key), value, visit); err != nil {
			return nil, err
		}
	}
	return keys.last, nil
}

// bucket visits the bucket that a leaf's value is.
func (p *pages) bucket(name string, value []byte, visit visitor) error {
	switch {
	case len(value) < pageHead:
	case u64(value) != 0:
		_, err := p.walk(name, u64(value), nil, visit)
		return err
	case len(value) >= 2*pageHead && binary.NativeEndian.Uint16(value[pageHead+8:]) == leafFlag:
		_, err := p.leaf(name, value[pageHead:], nil, visit)
		return err
	}
	return fmt.Errorf("%w: a bucket is cut off", errDamaged)
}

// element is the i-th of a page, with all that follows it.
func element(b []byte, i int) ([]byte, bool) {
	at := pageHead + i*elementSize
	if len(b) < at+elementSize {
		return nil, false
	}
	return b[at:], true
}

// leafElement is the i-th of a leaf. Elements may not share bytes: used is how
// far those before it reach.
func leafElement(b []byte, i int, used *int) (flags uint32, key, value []byte, ok bool) {
	e, ok := element(b, i)
	if !ok {
		return 0, nil, nil, false
	}
	begin, ksize, vsize := len(b)-len(e)+int(u32(e[4:])), int(u32(e[8:])), int(u32(e[12:]))
	end := begin + ksize + vsize
	if begin < *used || end > len(b) {
		return 0, nil, nil, false
	}
	*used = end
	return u32(e), b[begin : begin+ksize], b[begin+ksize : end : end], true
}

func cut(b []byte, at, n uint32) ([]byte, bool) {
	if uint64(at)+uint64(n) > uint64(len(b)) {
		return nil, false
	}
	return b[at : at+n : at+n], true
}

// ordered checks that keys rise; the first one may be what it begins with.
type ordered struct {
	last  []byte
	first bool
}

func (o *ordered) next(key []byte) bool {
	order := bytes.Compare(o.last, key)
	ok := order < 0 || o.first && order == 0
	o.last, o.first = key, false
	return ok && len(key) > 0
}

// checkFree holds the list of free pages to be one, of pages that are not in
// use. Without a list bbolt makes one on opening, in a goroutine whose panics
// end the process; we never write a file without.
func (p *pages) checkFree() error {
	flags, b, err := p.page(p.free)
	if err != nil {
		return err
	}
	n, at := uint64(binary.NativeEndian.Uint16(b[10:])), pageHead
	if n == 0xFFFF {
		n, at = u64(b[pageHead:]), pageHead+8
	}
	if flags != freelistFlag || n > uint64(len(b)-at)/8 {
		return fmt.Errorf("%w: the list of free pages is none", errDamaged)
	}
	last := uint64(1)
	for i := range int(n) {
		id := u64(b[at+8*i:])
		if id <= last || id >= p.end || p.seen[id] {
			return fmt.Errorf("%w: page %d is not free", errDamaged, id)
		}
		last = id
	}
	return nil
}

// scan visits the elements of every leaf in the file, also of those that were
// given up and not yet overwritten, as far as they can be read.
func (p *pages) scan(visit func(key, value []byte)) {
	for at := 0; at+p.size <= len(p.data); at += p.size {
		b := p.data[at:]
		if binary.NativeEndian.Uint16(b[8:]) != leafFlag {
			continue
		}
		// A leaf without bounds could be read again for each page of the file.
		span := min(int64(len(b)), (int64(u32(b[12:]))+1)*int64(p.size), maxLeaf)
		scanLeaf(b[:span], func(flags uint32, key, value []byte) {
			switch {
			case flags&bucketFlag == 0:
				visit(key, value)
			case len(value) >= 2*pageHead && u64(value) == 0:
				scanLeaf(value[pageHead:], func(_ uint32, key, value []byte) { visit(key, value) })
			}
		})
	}
}

func scanLeaf(b []byte, visit func(flags uint32, key, value []byte)) {
	used := 0
	for i := range int(binary.NativeEndian.Uint16(b[10:])) {
		if flags, key, value, ok := leafElement(b, i, &used); ok {
			visit(flags, key, value)
		}
	}
}
