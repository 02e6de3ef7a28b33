package iso

import (
	"encoding/binary"
	"fmt"
	"time"
)

const (
	recordHeader   = 33
	flagDirectory  = 2
	flagMoreExtent = 0x80
	// maxDirectories is what the 16-bit parent numbers of a path table reach.
	maxDirectories = 1<<16 - 1
)

// hierarchy is one set of directory records and path tables: of the ISO 9660
// or the Joliet tree, with addresses that count from the device's beginning or
// from partition 1.
type hierarchy struct {
	tree int    // isoTree or jolietTree
	base uint32 // the sector that addresses count from
	when time.Time
	// dirs are in path table order: by depth, then by parent, then by name.
	dirs   []*node
	number map[*node]int // position in dirs, counted from 1
	places map[*node]place
	// The path tables, little and big endian. tableSize is in bytes.
	tableSize      int64
	tableL, tableM uint32
}

// place is where a directory lies, in sectors from the image's beginning. Its
// continuation areas follow its records.
type place struct {
	lba     uint32
	records int64 // bytes, a multiple of sectorSize
}

func newHierarchy(root *node, tree int, base uint32, when time.Time) (*hierarchy, error) {
	h := &hierarchy{tree: tree, base: base, when: when, dirs: []*node{root}, places: map[*node]place{}}
	h.number = map[*node]int{root: 1}
	for i := 0; i < len(h.dirs); i++ {
		for _, c := range h.dirs[i].view[tree].order {
			if c.isDir() {
				h.dirs = append(h.dirs, c)
				h.number[c] = len(h.dirs)
			}
		}
	}
	if len(h.dirs) > maxDirectories {
		return nil, fmt.Errorf("%d directories, ISO 9660 can have at most %d", len(h.dirs), maxDirectories)
	}
	h.tableSize = int64(len(h.pathTable(binary.LittleEndian)))
	return h, nil
}

// allocate gives the path tables and directories their sectors.
func (h *hierarchy) allocate(w *Writer) error {
	var err error
	take := func(size int64) (lba uint32) {
		if err == nil {
			lba, err = w.allocate(size)
		}
		return lba
	}
	h.tableL, h.tableM = take(h.tableSize), take(h.tableSize)
	for _, d := range h.dirs {
		records, continued := h.render(d)
		h.places[d] = place{take(int64(len(records) + len(continued))), int64(len(records))}
	}
	return err
}

// write puts the path tables and directories into their sectors.
func (h *hierarchy) write(w *Writer) error {
	if err := w.writeSectors(h.tableL, h.pathTable(binary.LittleEndian)); err != nil {
		return fmt.Errorf("write path table: %w", err)
	}
	if err := w.writeSectors(h.tableM, h.pathTable(binary.BigEndian)); err != nil {
		return fmt.Errorf("write path table: %w", err)
	}
	for _, d := range h.dirs {
		records, continued := h.render(d)
		if err := w.writeSectors(h.places[d].lba, append(records, continued...)); err != nil {
			return fmt.Errorf("write directory %q: %w", d.name, err)
		}
	}
	return nil
}

// address is a sector as this hierarchy counts.
func (h *hierarchy) address(lba uint32) uint32 { return lba - h.base }

// render makes a directory's records and its continuation areas, in whole
// sectors. Their sizes do not depend on addresses, so it serves both before
// and after allocation.
func (h *hierarchy) render(d *node) (records, continued []byte) {
	at := h.places[d]
	more := &areas{lba: h.address(at.lba) + uint32(at.records/sectorSize)}
	add := func(record []byte) {
		// No record crosses a sector: ECMA-119 6.8.1.1.
		if free := sectorSize - len(records)%sectorSize; free < len(record) {
			records = append(records, make([]byte, free)...)
		}
		records = append(records, record...)
	}
	add(h.dirRecord(d, []byte{0}, rockRidgeSelf(d, true, h.when), more))
	add(h.dirRecord(d.parent, []byte{1}, rockRidgeSelf(d.parent, false, h.when), more))
	for _, c := range d.view[h.tree].order {
		if c.isDir() {
			add(h.dirRecord(c, c.view[h.tree].id, rockRidge(c, h.when), more))
			continue
		}
		for _, r := range h.fileRecords(c, more) {
			add(r)
		}
	}
	return padded(records), padded(more.buf)
}

func (h *hierarchy) dirRecord(n *node, id []byte, rr [][]byte, more *areas) []byte {
	at := h.places[n]
	return h.record(at.lba, uint32(at.records), flagDirectory, id, rr, more)
}

// fileRecords are a file's records, one for each extent.
func (h *hierarchy) fileRecords(n *node, more *areas) [][]byte {
	var list [][]byte
	rr := rockRidge(n, h.when)
	lba, rest := n.lba, n.size
	for {
		size, flags := rest, byte(0)
		if rest > maxExtent {
			size, flags = maxExtent, flagMoreExtent
		}
		list = append(list, h.record(lba, uint32(size), flags, n.view[h.tree].id, rr, more))
		if rest -= size; rest == 0 {
			return list
		}
		lba += uint32(sectors(size))
	}
}

// record makes one directory record, ECMA-119 9.1. Rock Ridge entries belong to
// the ISO 9660 tree alone, and are left out where more is nil.
func (h *hierarchy) record(lba, size uint32, flags byte, id []byte, rr [][]byte, more *areas) []byte {
	r := append(make([]byte, 2, maxRecord), both(h.address(lba))...)
	r = append(r, both(size)...)
	r = append(r, shortDate(h.when)...)
	r = append(r, flags, 0, 0, 1, 0, 0, 1, byte(len(id))) // volume sequence number 1
	r = append(r, id...)
	r = even(r)
	if h.tree == isoTree && more != nil {
		r = even(append(r, more.split(rr, maxRecord-len(r))...))
	}
	r[0] = byte(len(r))
	return r
}

// pathTable lists all directories, ECMA-119 9.4.
func (h *hierarchy) pathTable(order binary.AppendByteOrder) []byte {
	var t []byte
	for _, d := range h.dirs {
		id := d.view[h.tree].id
		if d.parent == d {
			id = []byte{0}
		}
		t = append(t, byte(len(id)), 0)
		t = order.AppendUint32(t, h.address(h.places[d].lba))
		t = order.AppendUint16(t, uint16(h.number[d.parent]))
		t = even(append(t, id...))
	}
	return t
}

func even(b []byte) []byte {
	if len(b)%2 != 0 {
		b = append(b, 0)
	}
	return b
}

// padded fills the last sector with zeros.
func padded(b []byte) []byte {
	return append(b, make([]byte, -len(b)&(sectorSize-1))...)
}

// shortDate is ECMA-119 9.1.5, in UTC.
func shortDate(t time.Time) []byte {
	return []byte{byte(t.Year() - 1900), byte(t.Month()), byte(t.Day()),
		byte(t.Hour()), byte(t.Minute()), byte(t.Second()), 0}
}
