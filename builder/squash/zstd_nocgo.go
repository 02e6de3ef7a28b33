//go:build !cgo

package squash

import "github.com/klauspost/compress/zstd"

// maxZstdLevel is the highest level that this build really has; what is above
// it is packed at this level, with a warning.
const maxZstdLevel = 11

const zstdLibrary = klauspostLibrary

// newZstd compresses in pure Go. There are four strengths, about libzstd's
// levels 1, 3, 7 and 11; levels 1-2, 3-5, 6-9 and 10-22 are mapped to them.
// Frames must be single segments without checksum: the kernel's window is one
// block.
func newZstd(level, blockSize int) (compressFunc, error) {
	e, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)),
		zstd.WithSingleSegment(true), zstd.WithWindowSize(max(blockSize, metaSize)),
		zstd.WithEncoderCRC(false), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return func(dst, src []byte) ([]byte, error) {
		return e.EncodeAll(src, dst[:0]), nil
	}, nil
}
