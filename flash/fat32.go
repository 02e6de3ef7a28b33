package flash

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// extent is something to be written: data, or n zeros if it is nil.
type extent struct {
	at   int64
	n    int64
	data []byte
}

// fat32 lays out an empty FAT32 file system (Microsoft, FAT: General Overview
// of On-Disk Format 1.03). All sizes are in sectors but the first.
type fat32 struct {
	sector   int64 // bytes
	start    int64 // of the partition
	sectors  int64 // of the partition
	cluster  int64
	reserved int64
	table    int64 // one of the two
	clusters int64
	label    string
	serial   uint32
}

const (
	// minClusters and maxClusters are what makes a FAT be one of 32 bits.
	minClusters = 65525
	maxClusters = 0x0ffffff5 - 2
	leastBefore = 32 // reserved sectors
	infoSector  = 1
	bootCopy    = 6
)

// newFAT32 chooses clusters as Microsoft's table does, smaller ones where there
// would be too few of them, and lets the data begin at a whole MiB, so that no
// cluster lies in two of the stick's erase blocks.
func newFAT32(start, sectors, sector int64, label string, serial uint32) (fat32, error) {
	f := fat32{sector: sector, start: start, sectors: sectors, label: label, serial: serial}
	bytes := sectors * sector
	size := int64(32 << 10)
	for _, s := range []struct{ upTo, cluster int64 }{{8 << 30, 4 << 10}, {16 << 30, 8 << 10}, {32 << 30, 16 << 10}} {
		if bytes <= s.upTo {
			size = min(size, s.cluster)
		}
	}
	for size = max(size, sector); size >= sector; size /= 2 {
		f.cluster = size / sector
		f.layOut()
		if f.clusters >= minClusters {
			break
		}
	}
	if f.clusters < minClusters || f.clusters > maxClusters || f.reserved > 0xffff || sectors > 0xffffffff {
		return f, fmt.Errorf("%d sectors of %d bytes cannot hold a FAT32 file system", sectors, sector)
	}
	return f, nil
}

func (f *fat32) layOut() {
	align := (1 << 20) / f.sector
	// As many entries as there could be clusters if there were no tables.
	f.table = ((f.sectors/f.cluster+2)*4 + f.sector - 1) / f.sector
	data := (leastBefore + 2*f.table + align - 1) / align * align
	f.reserved = data - 2*f.table
	f.clusters = (f.sectors - data) / f.cluster
}

// extents are what to write, without what may stay as it is: the data area but
// for the root's cluster.
func (f *fat32) extents() []extent {
	at := func(sector int64) int64 { return (f.start + sector) * f.sector }
	boot, info := f.bootSector(), f.infoSector()
	tables := aligned(int(f.sector))
	binary.LittleEndian.PutUint32(tables, 0x0ffffff8)     // the medium
	binary.LittleEndian.PutUint32(tables[4:], 0x0fffffff) // shut down cleanly
	binary.LittleEndian.PutUint32(tables[8:], 0x0fffffff) // the root's only cluster
	first, second := f.reserved, f.reserved+f.table
	return []extent{
		{at: at(0), n: f.reserved * f.sector},
		{at: at(0), data: boot},
		{at: at(infoSector), data: info},
		{at: at(bootCopy), data: boot},
		{at: at(bootCopy + infoSector), data: info},
		{at: at(first + 1), n: (f.table - 1) * f.sector},
		{at: at(first), data: tables},
		{at: at(second + 1), n: (f.table - 1) * f.sector},
		{at: at(second), data: tables},
		{at: at(second + f.table), data: f.root()},
	}
}

func (f *fat32) bootSector() []byte {
	b := aligned(int(f.sector))
	copy(b, "\xeb\x58\x90ISOWRGHT")
	le := binary.LittleEndian
	le.PutUint16(b[11:], uint16(f.sector))
	b[13] = byte(f.cluster)
	le.PutUint16(b[14:], uint16(f.reserved))
	b[16] = 2    // tables
	b[21] = 0xf8 // no floppy disk
	le.PutUint16(b[24:], 63)
	le.PutUint16(b[26:], 255)
	le.PutUint32(b[28:], uint32(f.start))
	le.PutUint32(b[32:], uint32(f.sectors))
	le.PutUint32(b[36:], uint32(f.table))
	le.PutUint32(b[44:], 2) // cluster of the root
	le.PutUint16(b[48:], infoSector)
	le.PutUint16(b[50:], bootCopy)
	b[64] = 0x80
	b[66] = 0x29
	le.PutUint32(b[67:], f.serial)
	copy(b[71:], f.name())
	copy(b[82:], "FAT32   ")
	// Whoever boots it is stopped: an endless loop.
	copy(b[90:], "\xf4\xeb\xfd")
	b[510], b[511] = 0x55, 0xaa
	return b
}

func (f *fat32) infoSector() []byte {
	b := aligned(int(f.sector))
	le := binary.LittleEndian
	le.PutUint32(b, 0x41615252)
	le.PutUint32(b[484:], 0x61417272)
	le.PutUint32(b[488:], uint32(f.clusters-1)) // the root takes one
	le.PutUint32(b[492:], 3)                    // the next free one
	le.PutUint32(b[508:], 0xaa550000)
	return b
}

// root is a folder with the volume's label alone.
func (f *fat32) root() []byte {
	b := aligned(int(f.cluster * f.sector))
	if f.label != "" {
		copy(b, f.name())
		b[11] = 8
		// 1980-01-01, the first day of FAT; no clock is needed.
		binary.LittleEndian.PutUint16(b[24:], 1<<5|1)
	}
	return b
}

func (f *fat32) name() string {
	if f.label == "" {
		return "NO NAME    "
	}
	return fmt.Sprintf("%-11s", f.label)
}

// checkLabel says what is wrong with a volume label: it is at most 11 capital
// letters, digits and a few signs, which every system shows alike.
func checkLabel(label string) error {
	if len(label) > 11 {
		return fmt.Errorf("the label %q has more than 11 characters", label)
	}
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ "
	if strings.Trim(label, allowed) != "" || strings.HasPrefix(label, " ") {
		return fmt.Errorf("the label %q may have only capital letters, digits, -, _ and blanks", label)
	}
	return nil
}
