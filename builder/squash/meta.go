package squash

import (
	"context"
	"encoding/binary"

	"golang.org/x/sync/errgroup"
)

// metaBlock is 8 KiB of metadata being compressed.
type metaBlock struct {
	in  []byte
	out []byte // packed, behind a header of two bytes
	packedBlock
	done chan error
}

// metaPool compresses metadata blocks of several tables at once.
type metaPool struct {
	ctx    context.Context
	g      *errgroup.Group
	blocks chan *metaBlock
	free   []*metaBlock
	ahead  int // blocks that one table may have under way
}

func (p *packer) newMetaPool(ctx context.Context) (*metaPool, error) {
	packs, err := p.packers(min(p.o.Level, maxMetaLevel), metaSize)
	if err != nil {
		return nil, err
	}
	m := &metaPool{ctx: ctx, g: new(errgroup.Group), blocks: make(chan *metaBlock), ahead: 4 * p.o.Workers}
	for _, pack := range packs {
		m.g.Go(func() error {
			for b := range m.blocks {
				b.done <- b.compress(pack)
			}
			return nil
		})
	}
	return m, nil
}

// close ends the workers.
func (m *metaPool) close() error {
	close(m.blocks)
	return m.g.Wait()
}

func (m *metaPool) get() *metaBlock {
	if n := len(m.free); n > 0 {
		b := m.free[n-1]
		m.free = m.free[:n-1]
		return b
	}
	return &metaBlock{in: make([]byte, 0, metaSize), done: make(chan error, 1)}
}

// compress packs the block behind its header of two bytes.
func (b *metaBlock) compress(w *blockPacker) (err error) {
	b.out = sized(b.out, 2+compressBound(metaSize))
	if b.packedBlock, err = w.do(b.in, b.out[2:]); err != nil {
		return err
	}
	head := uint16(len(b.bytes))
	if b.raw {
		head |= rawMeta
	}
	b.out = append(b.out[:2], b.bytes...)
	binary.LittleEndian.PutUint16(b.out, head)
	return nil
}

// metaWriter is one table of metadata: a stream cut into blocks of 8 KiB.
type metaWriter struct {
	pool    *metaPool
	sink    func(*metaBlock) error
	current *metaBlock
	pending []*metaBlock
	starts  []int64 // of each finished block, and of the one after them
	size    int64   // of the stream so far
}

func (m *metaPool) table(sink func(*metaBlock) error) *metaWriter {
	return &metaWriter{pool: m, sink: sink, current: m.get(), starts: []int64{0}}
}

// write appends to the stream.
func (w *metaWriter) write(p []byte) error {
	w.size += int64(len(p))
	for len(p) > 0 {
		n := min(len(p), metaSize-len(w.current.in))
		w.current.in = append(w.current.in, p[:n]...)
		p = p[n:]
		if len(w.current.in) == metaSize {
			if err := w.submit(); err != nil {
				return err
			}
		}
	}
	return nil
}

// submit has the current block compressed.
func (w *metaWriter) submit() error {
	select {
	case w.pool.blocks <- w.current:
	case <-w.pool.ctx.Done():
		return w.pool.ctx.Err()
	}
	w.pending = append(w.pending, w.current)
	w.current = w.pool.get()
	if len(w.pending) >= w.pool.ahead {
		return w.drain(1)
	}
	return nil
}

// drain waits for the first n blocks under way.
func (w *metaWriter) drain(n int) error {
	for _, b := range w.pending[:n] {
		if err := wait(w.pool.ctx, b.done); err != nil {
			return err
		}
		if err := w.sink(b); err != nil {
			return err
		}
		w.starts = append(w.starts, w.starts[len(w.starts)-1]+int64(len(b.out)))
		b.in = b.in[:0]
		w.pool.free = append(w.pool.free, b)
	}
	w.pending = append(w.pending[:0], w.pending[n:]...)
	return nil
}

// place is where a position of the stream ends up: the start of its block,
// counted from the start of the table, and the offset in the block. It waits
// until that is known.
func (w *metaWriter) place(pos int64) (block int64, offset uint16, err error) {
	i := int(pos / metaSize)
	if missing := i + 1 - len(w.starts); missing > 0 {
		if err := w.drain(missing); err != nil {
			return 0, 0, err
		}
	}
	return w.starts[i], uint16(pos % metaSize), nil
}

// finish writes what is left and gives the length of the table in the image.
func (w *metaWriter) finish() (int64, error) {
	if len(w.current.in) > 0 {
		if err := w.submit(); err != nil {
			return 0, err
		}
	}
	err := w.drain(len(w.pending))
	return w.starts[len(w.starts)-1], err
}
