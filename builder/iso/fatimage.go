package iso

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
)

// espLabel is the partition's volume label, padded to 11 bytes.
const espLabel = "ESP        "

// fatImage is the geometry of one FAT16 file system.
type fatImage struct {
	when      time.Time
	serial    uint32
	size      int64 // bytes
	fatBlocks int
	used      int // clusters
}

// allocate lays all nodes out one after another and chooses the size.
func (f *fatImage) allocate(root *fatNode) error {
	if slots := root.contentSize() / fatEntrySize; slots > fatRootEntries {
		return fmt.Errorf("%d entries in the root directory, FAT16 has room for %d", slots, fatRootEntries)
	}
	if err := f.allocateChildren(root); err != nil {
		return err
	}
	data := int64(f.used) * blockSize
	// Two FATs of 2 bytes for each block, and room to grow by a little.
	need := data + data/blockSize*4 + (fatReserved+fatRootBlocks+8)*blockSize
	f.size = max(minESP, (need+sectorSize*32-1)/(sectorSize*32)*(sectorSize*32))
	f.size = min(f.size, maxESP)
	f.fatBlocks = (int(f.size/blockSize)*2 + 4 + blockSize - 1) / blockSize
	if int64(f.used) > f.size/blockSize-int64(f.dataStart()) {
		return fmt.Errorf("the files have %d MiB; a CD can boot from an ESP of 31 MiB at most", data>>20)
	}
	return nil
}

func (f *fatImage) allocateChildren(dir *fatNode) error {
	for _, c := range dir.children {
		c.clusters = (c.contentSize() + blockSize - 1) / blockSize
		if f.used+c.clusters > maxESP/blockSize {
			return fmt.Errorf("the files have more than %d MiB; a CD can boot from an ESP of 31 MiB at most",
				f.used*blockSize>>20)
		}
		if c.clusters > 0 {
			c.cluster = uint16(f.used + 2)
			f.used += c.clusters
		}
		if err := f.allocateChildren(c); err != nil {
			return err
		}
	}
	return nil
}

// dataStart is the block of cluster 2.
func (f *fatImage) dataStart() int {
	return fatReserved + fatCopies*f.fatBlocks + fatRootBlocks
}

func (f *fatImage) write(dst io.WriterAt, root *fatNode) error {
	if _, err := dst.WriteAt(f.bootSector(), 0); err != nil {
		return err
	}
	table := make([]byte, f.fatBlocks*blockSize)
	binary.LittleEndian.PutUint16(table, 0xFFF8)
	binary.LittleEndian.PutUint16(table[2:], fatEnd)
	if err := f.writeNodes(dst, root, table); err != nil {
		return err
	}
	for i := range fatCopies {
		if _, err := dst.WriteAt(table, int64(fatReserved+i*f.fatBlocks)*blockSize); err != nil {
			return err
		}
	}
	rootDir := append(f.entry([11]byte([]byte(espLabel)), attrVolume, 0, 0), f.childEntries(root)...)
	_, err := dst.WriteAt(rootDir, int64(fatReserved+fatCopies*f.fatBlocks)*blockSize)
	return err
}

// writeNodes writes what lies below dir and links its clusters.
func (f *fatImage) writeNodes(dst io.WriterAt, dir *fatNode, table []byte) error {
	for _, c := range dir.children {
		for i := range c.clusters {
			at := int(c.cluster) + i
			next := uint16(at + 1)
			if i == c.clusters-1 {
				next = fatEnd
			}
			binary.LittleEndian.PutUint16(table[at*2:], next)
		}
		data := c.data
		if c.dir {
			data = f.directory(c)
		}
		if len(data) > 0 {
			at := int64(f.dataStart()+int(c.cluster)-2) * blockSize
			if _, err := dst.WriteAt(data, at); err != nil {
				return fmt.Errorf("%q: %w", c.name, err)
			}
		}
		if err := f.writeNodes(dst, c, table); err != nil {
			return err
		}
	}
	return nil
}

// directory is the content of a directory other than the root.
func (f *fatImage) directory(d *fatNode) []byte {
	self := f.entry([11]byte([]byte(".          ")), attrDirectory, d.cluster, 0)
	up := f.entry([11]byte([]byte("..         ")), attrDirectory, d.parent.cluster, 0)
	return append(append(self, up...), f.childEntries(d)...)
}

func (f *fatImage) childEntries(d *fatNode) []byte {
	var list []byte
	for _, c := range d.children {
		if c.needsLong() {
			list = append(list, longEntries(c)...)
		}
		attr := byte(attrArchive)
		if c.dir {
			attr = attrDirectory
		}
		list = append(list, f.entry(c.short, attr, c.cluster, uint32(len(c.data)))...)
	}
	return list
}

// entry is one short directory entry.
func (f *fatImage) entry(name [11]byte, attr byte, cluster uint16, size uint32) []byte {
	e := make([]byte, fatEntrySize)
	copy(e, name[:])
	e[11] = attr
	date, clock := dosTime(f.when)
	le := binary.LittleEndian
	le.PutUint16(e[14:], clock) // created
	le.PutUint16(e[16:], date)
	le.PutUint16(e[18:], date) // accessed
	le.PutUint16(e[22:], clock)
	le.PutUint16(e[24:], date)
	le.PutUint16(e[26:], cluster)
	le.PutUint32(e[28:], size)
	return e
}

// longEntries hold the long name in pieces of 13 units, the last piece first.
func longEntries(n *fatNode) []byte {
	units := utf16.Encode([]rune(n.name))
	count := (len(units) + 12) / 13
	if len(units)%13 != 0 {
		units = append(units, 0)
	}
	var list []byte
	for i := count; i > 0; i-- {
		e := make([]byte, fatEntrySize)
		e[0] = byte(i)
		if i == count {
			e[0] |= 0x40
		}
		e[11] = attrLongName
		e[13] = shortChecksum(n.short)
		for j, at := range [13]int{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30} {
			unit := uint16(0xFFFF)
			if k := (i-1)*13 + j; k < len(units) {
				unit = units[k]
			}
			binary.LittleEndian.PutUint16(e[at:], unit)
		}
		list = append(list, e...)
	}
	return list
}

func shortChecksum(short [11]byte) byte {
	var sum byte
	for _, c := range short {
		sum = sum>>1 | sum<<7
		sum += c
	}
	return sum
}

// dosTime counts from 1980 in steps of two seconds.
func dosTime(t time.Time) (date, clock uint16) {
	if t.Year() < 1980 {
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	date = uint16((t.Year()-1980)<<9 | int(t.Month())<<5 | t.Day())
	clock = uint16(t.Hour()<<11 | t.Minute()<<5 | t.Second()/2)
	return date, clock
}

func (f *fatImage) bootSector() []byte {
	b := make([]byte, blockSize)
	le := binary.LittleEndian
	copy(b, []byte{0xEB, 0x3C, 0x90})
	copy(b[3:], "ISOWRGHT")
	le.PutUint16(b[11:], blockSize)
	b[13] = 1 // blocks in a cluster
	le.PutUint16(b[14:], fatReserved)
	b[16] = fatCopies
	le.PutUint16(b[17:], fatRootEntries)
	if blocks := f.size / blockSize; blocks < 1<<16 {
		le.PutUint16(b[19:], uint16(blocks))
	}
	b[21] = 0xF8 // fixed disk
	le.PutUint16(b[22:], uint16(f.fatBlocks))
	le.PutUint16(b[24:], 32) // CHS geometry, which nobody uses
	le.PutUint16(b[26:], 64)
	b[36] = 0x80
	b[38] = 0x29
	le.PutUint32(b[39:], f.serial)
	copy(b[43:], espLabel)
	copy(b[54:], "FAT16   ")
	copy(b[62:], []byte{0xCD, 0x18, 0xEB, 0xFE}) // not a BIOS boot disk: next one
	b[510], b[511] = 0x55, 0xAA
	return b
}
