package squash

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
	"github.com/ulikunitz/xz"
)

// Compression is how an image's blocks are packed.
type Compression uint8

// The compressions that can be written and read.
const (
	Zstd Compression = iota
	Gzip
	XZ
	None
)

// String is the name used in project files.
func (c Compression) String() string {
	names := [...]string{"zstd", "gzip", "xz", "none"}
	if int(c) < len(names) {
		return names[c]
	}
	return fmt.Sprintf("compression(%d)", uint8(c))
}

// ParseCompression is the inverse of String.
func ParseCompression(s string) (Compression, error) {
	for c := Zstd; c <= None; c++ {
		if c.String() == s {
			return c, nil
		}
	}
	return 0, fmt.Errorf("unknown compression %q: choose zstd, gzip, xz or none", s)
}

// Compressor numbers in the superblock.
const (
	compressorGzip = 1
	compressorLZMA = 2
	compressorLZO  = 3
	compressorXZ   = 4
	compressorLZ4  = 5
	compressorZstd = 6
)

// number is the compressor's number in the superblock. An image without
// compression has every "uncompressed" flag and names gzip, which every kernel
// has.
func (c Compression) number() uint16 {
	return [...]uint16{compressorZstd, compressorGzip, compressorXZ, compressorGzip}[c]
}

// Default levels are those of mksquashfs.
const (
	defaultZstdLevel = 15
	defaultGzipLevel = 9
	// maxMetaLevel bounds the level for metadata: above it a block of 8 KiB
	// takes much longer and gets hardly smaller.
	maxMetaLevel = 15
)

// checkLevel gives the level to use for a wanted one, 0 being the default.
func checkLevel(c Compression, level int) (int, error) {
	top := map[Compression]int{Zstd: 22, Gzip: 9, XZ: 0, None: 0}[c]
	if level < 0 || level > top {
		if top == 0 {
			return 0, fmt.Errorf("%s has no levels: leave the level out", c)
		}
		return 0, fmt.Errorf("%s level %d does not exist: choose 1 to %d", c, level, top)
	}
	if level == 0 {
		level = map[Compression]int{Zstd: defaultZstdLevel, Gzip: defaultGzipLevel}[c]
	}
	return level, nil
}

// The libraries that pack. Another version of one may pack differently, so
// nothing that it packed before is reused: a test holds them to go.mod.
const (
	klauspostLibrary = "github.com/klauspost/compress v1.20.3"
	gzipLibrary      = klauspostLibrary
	xzLibrary        = "github.com/ulikunitz/xz v0.5.17"
)

// compressFunc packs src, reusing dst's memory where it can. It belongs to one
// goroutine. The result may be longer than src.
type compressFunc func(dst, src []byte) ([]byte, error)

// newCompressor makes a compressFunc for blocks of up to blockSize bytes. It is
// nil for None.
func newCompressor(c Compression, level, blockSize int) (compressFunc, error) {
	switch c {
	case Zstd:
		return newZstd(level, blockSize)
	case Gzip:
		return newGzip(level)
	case XZ:
		return newXZ(blockSize)
	case None:
		return nil, nil
	}
	return nil, fmt.Errorf("unknown %s", c)
}

func newGzip(level int) (compressFunc, error) {
	w, err := zlib.NewWriterLevel(io.Discard, level)
	if err != nil {
		return nil, err
	}
	return func(dst, src []byte) ([]byte, error) {
		buf := bytes.NewBuffer(dst[:0])
		w.Reset(buf)
		if _, err := w.Write(src); err != nil {
			return nil, err
		}
		err := w.Close()
		return buf.Bytes(), err
	}, nil
}

// newXZ writes streams that the kernel's decoder takes: one LZMA2 filter, a
// dictionary no larger than a block, CRC32.
func newXZ(blockSize int) (compressFunc, error) {
	cfg := xz.WriterConfig{DictCap: max(blockSize, metaSize), CheckSum: xz.CRC32}
	if err := cfg.Verify(); err != nil {
		return nil, err
	}
	return func(dst, src []byte) ([]byte, error) {
		buf := bytes.NewBuffer(dst[:0])
		w, err := cfg.NewWriter(buf)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(src); err != nil {
			return nil, err
		}
		err = w.Close()
		return buf.Bytes(), err
	}, nil
}

// compressorOptions is the block after the superblock that tells readers what
// the compressor was set to; nil where everything is the default.
func compressorOptions(c Compression, level int) []byte {
	le := binary.LittleEndian
	var b []byte
	switch {
	case c == Zstd && level != defaultZstdLevel:
		b = le.AppendUint32(le.AppendUint16(b, 4|rawMeta), uint32(level))
	case c == Gzip && level != defaultGzipLevel:
		b = le.AppendUint32(le.AppendUint16(b, 8|rawMeta), uint32(level))
		b = le.AppendUint16(le.AppendUint16(b, 15), 0) // window bits, strategies
	}
	return b
}
