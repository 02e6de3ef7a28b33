package squash

import (
	"fmt"

	"github.com/zeebo/blake3"
)

// Key names a block together with the way it is packed: a BLAKE3 hash.
type Key = [32]byte

// Reuse knows the blocks of earlier images. It only saves time: the image has
// the same bytes with it and without. Its methods are called from several
// goroutines.
type Reuse interface {
	// Find gives the packed form of a block: exactly the bytes that Add was
	// told of, in buf's memory if they fit; or block itself if that is how it
	// is stored. What is unknown, damaged or gone is not found.
	Find(key Key, block, buf []byte) (packed []byte, ok bool)
	// Add tells of a block that has been written, at bytes behind the start
	// of the image. A raw one is stored as it is. It must not keep packed.
	Add(key Key, at int64, packed []byte, raw bool)
}

// blockPacker packs blocks of up to a size; it belongs to one goroutine.
type blockPacker struct {
	pack  compressFunc // nil for None
	reuse Reuse        // nil where nothing is reused
	hash  *blake3.Hasher
}

// packers makes one for each worker.
func (p *packer) packers(level, blockSize int) ([]*blockPacker, error) {
	packs := make([]*blockPacker, p.o.Workers)
	recipe := recipe(p.o.Compression, level, blockSize)
	for i := range packs {
		pack, err := newCompressor(p.o.Compression, level, blockSize)
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", p.o.Compression, err)
		}
		packs[i] = &blockPacker{pack: pack}
		if pack == nil || p.o.Reuse == nil {
			continue
		}
		packs[i].reuse = p.o.Reuse
		if packs[i].hash, err = blake3.NewKeyed(recipe[:]); err != nil {
			return nil, fmt.Errorf("start hashing: %w", err)
		}
	}
	return packs, nil
}

// recipe stands for everything but a block's bytes that its packed form
// depends on; its number counts the ways in which the libraries were used.
func recipe(c Compression, level, blockSize int) Key {
	library := map[Compression]string{Zstd: zstdLibrary, Gzip: gzipLibrary, XZ: xzLibrary}[c]
	return blake3.Sum256(fmt.Appendf(nil, "isowright block 2: %s, level %d, block size %d, %s", c, level, blockSize, library))
}

// packedBlock is what became of a block.
type packedBlock struct {
	bytes  []byte // what is stored: the block itself if raw
	raw    bool
	reused bool
	key    Key
}

// stored counts a block that lies in the image now, at bytes behind its start.
func (p *packer) stored(b *packedBlock, at int64) {
	p.result.Blocks++
	if b.reused {
		p.result.Reused++
	}
	if p.o.Reuse != nil && p.o.Compression != None {
		p.o.Reuse.Add(b.key, at, b.bytes, b.raw)
	}
}

// do packs block; buf is memory for the result.
func (w *blockPacker) do(block, buf []byte) (packedBlock, error) {
	p := packedBlock{bytes: block, raw: true}
	if w.pack == nil {
		return p, nil
	}
	if w.reuse != nil {
		w.hash.Reset()
		w.hash.Write(block)
		w.hash.Sum(p.key[:0])
		if b, ok := w.reuse.Find(p.key, block, buf); ok && len(b) > 0 && len(b) <= len(block) {
			p.bytes, p.raw, p.reused = b, len(b) == len(block), true
			return p, nil
		}
	}
	out, err := w.pack(buf, block)
	if err != nil {
		return p, fmt.Errorf("compress a block: %w", err)
	}
	if len(out) < len(block) {
		p.bytes, p.raw = out, false
	}
	return p, nil
}
