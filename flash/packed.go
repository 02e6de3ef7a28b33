package flash

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
)

// packedSize is how long the content of a packed image is, as its headers say;
// -1 if they do not. exact tells that they speak of the whole file.
func packedSize(kind string, f io.ReaderAt, head []byte, size int64) (n int64, exact bool) {
	switch kind {
	case "zstd":
		var h zstd.Header
		if h.Decode(head) == nil && h.HasFCS && h.FrameContentSize < 1<<62 {
			return int64(h.FrameContentSize), false
		}
	case "xz":
		if n, err := xzSize(f, size); err == nil {
			return n, true
		}
	}
	// gzip has the size modulo 4 GiB, bzip2 none.
	return -1, false
}

var errNoIndex = errors.New("no index of one xz stream")

// xzSize adds up the index at the end of an .xz file of a single stream (The
// .xz File Format 1.2.1, sections 2.1.2 and 4).
func xzSize(f io.ReaderAt, size int64) (int64, error) {
	const footerSize, headerSize = 12, 12
	footer := make([]byte, footerSize)
	if size < headerSize+footerSize {
		return 0, errNoIndex
	}
	if _, err := f.ReadAt(footer, size-footerSize); err != nil {
		return 0, err
	}
	if string(footer[10:]) != "YZ" || crc32.ChecksumIEEE(footer[4:10]) != binary.LittleEndian.Uint32(footer) {
		return 0, errNoIndex
	}
	backward := (int64(binary.LittleEndian.Uint32(footer[4:])) + 1) * 4
	// 16 MiB hold the records of a million blocks.
	if backward > 16<<20 || backward > size-headerSize-footerSize {
		return 0, errNoIndex
	}
	index := make([]byte, backward)
	if _, err := f.ReadAt(index, size-footerSize-backward); err != nil {
		return 0, err
	}
	packed, unpacked, err := xzIndex(index)
	if err != nil || headerSize+packed+backward+footerSize != size {
		return 0, errNoIndex // several streams, or padding behind this one
	}
	return unpacked, nil
}

// xzIndex gives the sizes of all blocks together, packed with their padding
// and unpacked.
func xzIndex(index []byte) (packed, unpacked int64, err error) {
	if len(index) < 8 || index[0] != 0 ||
		crc32.ChecksumIEEE(index[:len(index)-4]) != binary.LittleEndian.Uint32(index[len(index)-4:]) {
		return 0, 0, errNoIndex
	}
	r := bytes.NewReader(index[1 : len(index)-4])
	count, err := binary.ReadUvarint(r)
	if err != nil || count > uint64(len(index)) {
		return 0, 0, errNoIndex
	}
	for range count {
		p, e1 := binary.ReadUvarint(r)
		u, e2 := binary.ReadUvarint(r)
		if e1 != nil || e2 != nil || p > 1<<61 || u > 1<<61 {
			return 0, 0, errNoIndex
		}
		packed += int64(p+3) &^ 3
		unpacked += int64(u)
		if packed > 1<<61 || unpacked > 1<<61 {
			return 0, 0, errNoIndex
		}
	}
	return packed, unpacked, nil
}
