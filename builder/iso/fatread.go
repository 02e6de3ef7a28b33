package iso

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// maxFATDir bounds one directory, in bytes: 65536 entries, as FAT does.
const maxFATDir = 65536 * fatEntrySize

// fatFS reads directories of FAT12, FAT16 and FAT32 by their short names,
// which is all that finding a boot loader takes.
type fatFS struct {
	r           *io.SectionReader
	bits        int
	clusterSize int64 // bytes
	fat         int64 // offset of the first FAT
	root        int64 // offset of the root directory, for FAT12 and FAT16
	rootSize    int64
	rootCluster uint32 // for FAT32
	data        int64  // offset of cluster 2
	clusters    uint32
}

func openFAT(r *io.SectionReader) (*fatFS, error) {
	b := make([]byte, blockSize)
	if _, err := r.ReadAt(b, 0); err != nil {
		return nil, fmt.Errorf("read boot sector: %w", err)
	}
	le := binary.LittleEndian
	sector, perCluster := int64(le.Uint16(b[11:])), int64(b[13])
	reserved, copies := int64(le.Uint16(b[14:])), int64(b[16])
	total, perFAT := int64(le.Uint16(b[19:])), int64(le.Uint16(b[22:]))
	if total == 0 {
		total = int64(le.Uint32(b[32:]))
	}
	f := &fatFS{r: r, rootSize: int64(le.Uint16(b[17:])) * fatEntrySize}
	if perFAT == 0 {
		perFAT, f.rootCluster = int64(le.Uint32(b[36:])), le.Uint32(b[44:])
	}
	known := sector == 512 || sector == 1024 || sector == 2048 || sector == 4096
	if !known || perCluster == 0 || perCluster&(perCluster-1) != 0 || reserved == 0 || copies == 0 || perFAT == 0 {
		return nil, errors.New("it holds no FAT file system")
	}
	f.clusterSize, f.fat = sector*perCluster, reserved*sector
	f.root = f.fat + copies*perFAT*sector
	f.data = f.root + (f.rootSize+sector-1)/sector*sector
	if f.data >= total*sector {
		return nil, errors.New("its FAT file system has no room for data")
	}
	f.clusters = uint32((total*sector - f.data) / f.clusterSize)
	switch {
	case f.clusters < 4085:
		f.bits = 12
	case f.clusters < 65525:
		f.bits = 16
	default:
		f.bits = 32
	}
	return f, nil
}

// next is the cluster behind one in its chain, and whether there is one.
func (f *fatFS) next(cluster uint32) (uint32, bool, error) {
	b := make([]byte, 4)
	at, width := f.fat+int64(cluster)*int64(f.bits)/8, (f.bits+4)/8
	if _, err := f.r.ReadAt(b[:width], at); err != nil {
		return 0, false, fmt.Errorf("read FAT: %w", err)
	}
	v := binary.LittleEndian.Uint32(b)
	end := uint32(0x0FFFFFF8)
	switch f.bits {
	case 12:
		if cluster%2 != 0 {
			v >>= 4
		}
		v, end = v&0xFFF, 0xFF8
	case 16:
		end = 0xFFF8
	default:
		v &= 0x0FFFFFFF
	}
	return v, v < end, nil
}

// directory reads the entries of the directory at a cluster; 0 is the root.
func (f *fatFS) directory(cluster uint32) ([]byte, error) {
	if cluster == 0 && f.bits != 32 {
		b := make([]byte, f.rootSize)
		_, err := f.r.ReadAt(b, f.root)
		return b, err
	}
	if cluster == 0 {
		cluster = f.rootCluster
	}
	var b []byte
	for more := true; more; {
		if cluster < 2 || cluster-2 >= f.clusters || int64(len(b))+f.clusterSize > maxFATDir {
			return nil, errors.New("broken cluster chain of a directory")
		}
		part := make([]byte, f.clusterSize)
		if _, err := f.r.ReadAt(part, f.data+int64(cluster-2)*f.clusterSize); err != nil {
			return nil, fmt.Errorf("read directory: %w", err)
		}
		b = append(b, part...)
		var err error
		if cluster, more, err = f.next(cluster); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// list gives the short names in a directory.
func (f *fatFS) list(path string) ([]string, error) {
	cluster := uint32(0)
	for _, part := range strings.Split(path, "/") {
		entries, err := f.directory(cluster)
		if err != nil {
			return nil, err
		}
		found := false
		eachShort(entries, func(name string, e []byte) {
			if !found && strings.EqualFold(name, part) && e[11]&attrDirectory != 0 {
				found = true
				cluster = uint32(binary.LittleEndian.Uint16(e[20:]))<<16 | uint32(binary.LittleEndian.Uint16(e[26:]))
			}
		})
		if !found {
			return nil, fmt.Errorf("%s: %w", part, fs.ErrNotExist)
		}
		if f.bits != 32 {
			cluster &= 0xFFFF
		}
	}
	entries, err := f.directory(cluster)
	var names []string
	eachShort(entries, func(name string, _ []byte) { names = append(names, name) })
	return names, err
}

// eachShort visits the entries in use, without long names and volume label.
func eachShort(entries []byte, visit func(name string, e []byte)) {
	for ; len(entries) >= fatEntrySize && entries[0] != 0; entries = entries[fatEntrySize:] {
		e := entries[:fatEntrySize]
		if e[0] == 0xE5 || e[11]&attrVolume != 0 {
			continue
		}
		name := strings.TrimRight(string(e[:8]), " ")
		if ext := strings.TrimRight(string(e[8:11]), " "); ext != "" {
			name += "." + ext
		}
		visit(name, e)
	}
}
