//go:build cgo

package squash

import "github.com/DataDog/zstd"

// maxZstdLevel is the highest level that this build really has.
const maxZstdLevel = 22

const zstdLibrary = "github.com/DataDog/zstd v1.5.7"

// Level 19 goes over each block twice, which takes as long again as level 17
// and gains 0.2 % of a Debian root. Nearly all of that lies in blocks that level
// 1 packs to between these shares of their size: text and code. What packs
// better or worse hardly gains (docs/performance.md has the figures).
const (
	thoroughLevel = 19
	quickLevel    = 17
	guessLevel    = 1
	paysFrom      = 0.33
	paysTo        = 0.46
	// paysBlock is the largest block for which this holds, in bytes: in larger
	// ones the second pass finds more.
	paysBlock = 128 << 10
)

// newZstd compresses with libzstd. Given a whole block it writes a single
// segment whose window is the block, as the kernel wants.
func newZstd(level, blockSize int) (compressFunc, error) {
	c := zstd.NewCtx()
	if level != thoroughLevel || blockSize > paysBlock {
		return func(dst, src []byte) ([]byte, error) {
			return c.CompressLevel(dst, src, level)
		}, nil
	}
	var guess []byte
	return func(dst, src []byte) ([]byte, error) {
		var err error
		if guess, err = c.CompressLevel(guess, src, guessLevel); err != nil {
			return nil, err
		}
		level := quickLevel
		if share := float64(len(guess)) / float64(len(src)); share >= paysFrom && share <= paysTo {
			level = thoroughLevel
		}
		return c.CompressLevel(dst, src, level)
	}, nil
}
