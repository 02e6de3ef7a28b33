package squash

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

// decompressFunc unpacks src into dst's memory and gives what it holds then.
// What does not fit into dst's capacity is an error. Several goroutines may
// call it.
type decompressFunc func(dst, src []byte) ([]byte, error)

// newDecompressor makes the function for a compressor's number.
func newDecompressor(number uint16, blockSize int) (decompressFunc, error) {
	switch number {
	case compressorZstd:
		return newUnzstd()
	case compressorGzip:
		return newUnzlib(), nil
	case compressorXZ:
		return newUnxz(uint32(max(blockSize, metaSize))), nil
	case compressorLZMA, compressorLZO, compressorLZ4:
		name := map[uint16]string{compressorLZMA: "LZMA", compressorLZO: "LZO", compressorLZ4: "LZ4"}[number]
		return nil, fmt.Errorf("the image is packed with %s, which is not supported: unpack it with unsquashfs and pack it anew", name)
	}
	return nil, fmt.Errorf("%w: compressor number %d is unknown", errNotSquashFS, number)
}

// maxWindow is the largest zstd window taken from other writers; the kernel
// takes no more than a block.
const maxWindow = 32 << 20

func newUnzstd() (decompressFunc, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true),
		zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxWindow))
	if err != nil {
		return nil, err
	}
	return func(dst, src []byte) ([]byte, error) {
		return d.DecodeAll(src, dst[:0])
	}, nil
}

func newUnzlib() decompressFunc {
	var pool sync.Pool
	return func(dst, src []byte) ([]byte, error) {
		r, ok := pool.Get().(io.ReadCloser)
		var err error
		if ok {
			err = r.(zlib.Resetter).Reset(bytes.NewReader(src), nil)
		} else {
			r, err = zlib.NewReader(bytes.NewReader(src))
		}
		if err != nil {
			return nil, err
		}
		defer pool.Put(r)
		return readInto(dst, r)
	}
}

func newUnxz(dictMax uint32) decompressFunc {
	var pool sync.Pool
	return func(dst, src []byte) ([]byte, error) {
		r, ok := pool.Get().(*xz.Reader)
		var err error
		if ok {
			err = r.Reset(bytes.NewReader(src))
		} else {
			r, err = xz.NewReader(bytes.NewReader(src), dictMax)
		}
		if err != nil {
			return nil, err
		}
		defer pool.Put(r)
		return readInto(dst, r)
	}
}

// errTooLong tells of a block that unpacks to more than a block.
var errTooLong = errors.New("block unpacks to more than its size")

// readInto reads r to its end.
func readInto(dst []byte, r io.Reader) ([]byte, error) {
	dst = dst[:cap(dst)]
	n, err := io.ReadFull(r, dst)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return dst[:n], nil
	case err != nil:
		return nil, err
	}
	var more [1]byte
	if _, err := io.ReadFull(r, more[:]); err == nil {
		return nil, errTooLong
	} else if err != io.EOF {
		return nil, err
	}
	return dst, nil
}
