// Package squash packs a file tree into a SquashFS 4.0 image and reads such
// images back.
//
// The writer streams: file data is read ahead, compressed by several workers
// and written in order, so memory holds a bounded number of blocks and a
// compact record of each entry. The same tree and options give the same bytes,
// whatever the number of workers. The reader lists everything an image holds
// and reads its files; it takes images of any origin as hostile.
//
// The format is described in the Linux kernel's
// Documentation/filesystems/squashfs.rst and fs/squashfs/squashfs_fs.h.
//
// The package does not write or read LZ4, LZO or LZMA, nor formats before 4.0,
// does not append to an image, stores no attributes outside the user, trusted
// and security name spaces (the format has no place for POSIX ACLs) and knows
// nothing of where the image lies in a medium.
package squash

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	magic          = 0x73717368
	superblockSize = 96
	metaSize       = 8192
	// invalidTable stands for a table that the image does not have.
	invalidTable = ^uint64(0)
	// noFragment and noXattr mark inodes without them.
	noFragment = ^uint32(0)
	noXattr    = ^uint32(0)
	// rawBlock marks a data block that is stored as it is, rawMeta a metadata
	// block.
	rawBlock = 1 << 24
	rawMeta  = 1 << 15

	minBlockSize     = 4096
	maxBlockSize     = 1 << 20
	defaultBlockSize = 128 << 10
	// padSize is what images are padded to, so that they can be mounted from
	// a block device.
	padSize = 4096

	maxNameLen = 255  // NAME_MAX
	maxPathLen = 4096 // PATH_MAX
	maxLinkLen = 4096 // the kernel refuses targets of more than a page
)

// Superblock flags.
const (
	flagRawInodes     = 0x0001
	flagRawData       = 0x0002
	flagRawFragments  = 0x0008
	flagNoFragments   = 0x0010
	flagAllFragments  = 0x0020
	flagDeduplicated  = 0x0040
	flagExportable    = 0x0080
	flagRawXattrs     = 0x0100
	flagNoXattrs      = 0x0200
	flagOptions       = 0x0400
	flagRawIDs        = 0x0800
	flagsUncompressed = flagRawInodes | flagRawData | flagRawFragments | flagRawXattrs | flagRawIDs
)

// Inode types; the extended form of each is extended higher.
const (
	inodeDir = iota + 1
	inodeFile
	inodeSymlink
	inodeBlock
	inodeChar
	inodeFifo
	inodeSocket
	extended = 7
)

// superblock is the image's first 96 bytes, struct squashfs_super_block.
type superblock struct {
	Inodes, ModTime, BlockSize, Fragments uint32
	Compressor, Flags                     uint16
	IDs                                   uint16
	Root                                  uint64
	BytesUsed                             uint64
	IDTable, XattrTable                   uint64
	InodeTable, DirTable                  uint64
	FragmentTable, ExportTable            uint64
}

func (s *superblock) encode() []byte {
	le := binary.LittleEndian
	b := make([]byte, 0, superblockSize)
	b = le.AppendUint32(b, magic)
	for _, v := range []uint32{s.Inodes, s.ModTime, s.BlockSize, s.Fragments} {
		b = le.AppendUint32(b, v)
	}
	for _, v := range []uint16{s.Compressor, log2(s.BlockSize), s.Flags, s.IDs, 4, 0} {
		b = le.AppendUint16(b, v)
	}
	for _, v := range []uint64{s.Root, s.BytesUsed, s.IDTable, s.XattrTable,
		s.InodeTable, s.DirTable, s.FragmentTable, s.ExportTable} {
		b = le.AppendUint64(b, v)
	}
	return b
}

// errNotSquashFS starts the message about what is no SquashFS 4.0 image.
var errNotSquashFS = errors.New("not a SquashFS 4.0 image")

func parseSuperblock(b []byte) (*superblock, error) {
	le := binary.LittleEndian
	if le.Uint32(b) != magic {
		return nil, fmt.Errorf("%w: wrong magic number", errNotSquashFS)
	}
	if major, minor := le.Uint16(b[28:]), le.Uint16(b[30:]); major != 4 || minor != 0 {
		return nil, fmt.Errorf("%w: version %d.%d", errNotSquashFS, major, minor)
	}
	s := &superblock{
		Inodes: le.Uint32(b[4:]), ModTime: le.Uint32(b[8:]),
		BlockSize: le.Uint32(b[12:]), Fragments: le.Uint32(b[16:]),
		Compressor: le.Uint16(b[20:]), Flags: le.Uint16(b[24:]), IDs: le.Uint16(b[26:]),
		Root: le.Uint64(b[32:]), BytesUsed: le.Uint64(b[40:]),
		IDTable: le.Uint64(b[48:]), XattrTable: le.Uint64(b[56:]),
		InodeTable: le.Uint64(b[64:]), DirTable: le.Uint64(b[72:]),
		FragmentTable: le.Uint64(b[80:]), ExportTable: le.Uint64(b[88:]),
	}
	if !validBlockSize(int(s.BlockSize)) || log2(s.BlockSize) != le.Uint16(b[22:]) {
		return nil, fmt.Errorf("%w: block size %d", errNotSquashFS, s.BlockSize)
	}
	return s, nil
}

func validBlockSize(n int) bool {
	return n >= minBlockSize && n <= maxBlockSize && n&(n-1) == 0
}

// log2 of a power of two.
func log2(n uint32) uint16 {
	var l uint16
	for ; n > 1; n >>= 1 {
		l++
	}
	return l
}
