package squash

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"

	"github.com/isowright/isowright/builder/tree"
)

// Options say how to pack. The zero value is a good choice.
type Options struct {
	Compression Compression
	// Level is the compressor's own (zstd 1 to 22, gzip 1 to 9); 0 is its
	// default, 15 for zstd.
	Level int
	// BlockSize is a power of two from 4096 to 1048576; 0 means 131072.
	BlockSize int
	// ModTime is the image's own date in seconds since 1970.
	ModTime int64
	// Workers is the number of goroutines that compress; 0 means one for
	// each processor. The image does not depend on it.
	Workers int
	// Progress is told how many bytes of file data have been taken in. It
	// must not block and may be called from any goroutine.
	Progress func(done, total int64)
	// Reuse knows blocks that were packed before; nil: none.
	Reuse Reuse
}

// Result tells what was written.
type Result struct {
	// Size is the image's length in bytes, a multiple of 4096.
	Size int64
	// Inodes counts files, directories and the rest, hard links once.
	Inodes int
	// Fragments is the number of blocks shared by small files.
	Fragments int
	// DataBytes is the length of all files before packing, hard links once.
	DataBytes int64
	// Duplicates is the number of files whose content was there already,
	// DuplicateBytes their length.
	Duplicates     int
	DuplicateBytes int64
	// Blocks is the number of blocks stored, those of metadata included,
	// Reused how many of them were not compressed but taken from Options.Reuse.
	Blocks, Reused int
	// Warnings name what the format could not hold; at most maxWarnings.
	Warnings []string
}

// maxWarnings keeps a tree full of oddities from filling the report.
const maxWarnings = 100

// check fills in the defaults.
func (o Options) check() (Options, error) {
	var err error
	if o.Compression > None {
		return o, fmt.Errorf("unknown %s", o.Compression)
	}
	if o.Level, err = checkLevel(o.Compression, o.Level); err != nil {
		return o, err
	}
	if o.BlockSize == 0 {
		o.BlockSize = defaultBlockSize
	}
	if !validBlockSize(o.BlockSize) {
		return o, fmt.Errorf("block size %d: choose a power of two from %d to %d", o.BlockSize, minBlockSize, maxBlockSize)
	}
	if o.ModTime < 0 || o.ModTime > math.MaxUint32 {
		return o, fmt.Errorf("image date %d is outside 1970 to 2106", o.ModTime)
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	return o, nil
}

// Write packs t into w. Positions are relative to where the image starts, at
// w's offset 0. Data is written in order, the superblock last; an image that
// was cut short by an error or by ctx is therefore no image.
func Write(ctx context.Context, w io.WriterAt, t tree.Tree, o Options) (Result, error) {
	o, err := o.check()
	if err != nil {
		return Result{}, fmt.Errorf("write squashfs: %w", err)
	}
	p := &packer{o: o, out: &output{w: w}}
	if err := p.write(ctx, t); err != nil {
		return Result{}, fmt.Errorf("write squashfs: %w", err)
	}
	return p.result, nil
}

func (p *packer) write(ctx context.Context, t tree.Tree) error {
	if p.o.Compression == Zstd && p.o.Level > maxZstdLevel {
		p.warn("zstd level %d: this program was built without libzstd and packs at about level %d", p.o.Level, maxZstdLevel)
	}
	if err := p.scan(ctx, t); err != nil {
		return err
	}
	options := compressorOptions(p.o.Compression, p.o.Level)
	p.out.pos = superblockSize
	if err := p.out.write(options); err != nil {
		return err
	}
	if err := p.writeData(ctx); err != nil {
		return err
	}
	sb, err := p.writeTables(ctx)
	if err != nil {
		return err
	}
	if len(options) > 0 {
		sb.Flags |= flagOptions
	}
	return p.finish(sb)
}

// finish pads the image and writes the superblock, which makes it valid.
func (p *packer) finish(sb *superblock) error {
	sb.BytesUsed = uint64(p.out.pos)
	if n := p.out.pos % padSize; n != 0 {
		if err := p.out.write(make([]byte, padSize-n)); err != nil {
			return err
		}
	}
	p.result.Size = p.out.pos
	p.result.Fragments = len(p.fragments)
	p.out.pos = 0
	return p.out.write(sb.encode())
}

func (p *packer) warn(format string, args ...any) {
	switch n := len(p.result.Warnings); {
	case n < maxWarnings-1:
		p.result.Warnings = append(p.result.Warnings, fmt.Sprintf(format, args...))
	case n == maxWarnings-1:
		p.result.Warnings = append(p.result.Warnings, "and more of the like")
	}
}

// output appends to the image.
type output struct {
	w   io.WriterAt
	pos int64
}

func (o *output) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	if _, err := o.w.WriteAt(p, o.pos); err != nil {
		return fmt.Errorf("at byte %d of the image: %w", o.pos, err)
	}
	o.pos += int64(len(p))
	return nil
}
