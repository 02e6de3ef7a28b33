//go:build cgo

package squash

import "github.com/DataDog/zstd"

// maxZstdLevel is the highest level that this build really has.
const maxZstdLevel = 22

const zstdLibrary = "github.com/DataDog/zstd v1.5.7"

// newZstd compresses with libzstd. Given a whole block it writes a single
// segment whose window is the block, as the kernel wants.
func newZstd(level, _ int) (compressFunc, error) {
	c := zstd.NewCtx()
	return func(dst, src []byte) ([]byte, error) {
		return c.CompressLevel(dst, src, level)
	}, nil
}
