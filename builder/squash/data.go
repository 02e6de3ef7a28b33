package squash

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// How data flows (each arrow is a bounded queue):
//
//	batcher ─► readers (small contents) ─► packer ─► compressors ─► writer
//
// The batcher runs ahead and has whole small files read, several at a time.
// The packer walks all files in order: it drops duplicates, gathers small
// contents into fragment blocks and hands out blocks to compress; blocks of
// large files are read by the goroutine that compresses them. The writer takes
// finished blocks in the order in which they were handed out. Reading and
// compressing are done by the same workers.

// job is one block on its way into the image.
type job struct {
	file  int // index of the file, or -1 for a fragment block
	block int // index in packer.blocks or packer.fragments
	at    int64
	in    []byte // BlockSize long
	n     int    // bytes used of in
	out   []byte // memory for the packed form
	// packedBlock is what to write, empty for zeros.
	packedBlock
	done chan error
}

// fragment is an entry of the fragment table.
type fragment struct {
	start int64
	entry uint32
}

// dataWriter is the state of one run of the queues.
type dataWriter struct {
	*packer
	taken     atomic.Int64
	freeJobs  chan *job
	jobs      chan *job // to the workers
	order     chan *job // to the writer
	freeBatch chan *batch
	batches   chan *batch // to the workers
	ready     chan *batch // to the packer
	current   *batch
	frag      *job // the fragment block being filled
	frags     int  // how many there have been
	seen      map[contentKey]int32
	common    []bool // by size: several small files have it
}

// blockCount is the number of a file's own blocks. A file of less than a block
// has none and goes into a fragment block. The ends of larger files are blocks
// of their own: packed with others they would take as much room, and cost the
// reader a block more.
func (p *packer) blockCount(size int64) int64 {
	bs := int64(p.o.BlockSize)
	if size < bs {
		return 0
	}
	return (size-1)/bs + 1
}

// writeData packs the contents of all files.
func (p *packer) writeData(ctx context.Context) error {
	if err := p.findLargeDuplicates(ctx); err != nil {
		return err
	}
	packs, err := p.packers(p.o.Level, p.o.BlockSize)
	if err != nil {
		return err
	}
	d := p.newDataWriter()
	g, ctx := errgroup.WithContext(ctx)
	for _, pack := range packs {
		g.Go(func() error { return d.work(ctx, pack) })
	}
	g.Go(func() error { return d.batch(ctx) })
	g.Go(func() error { return d.pack(ctx) })
	g.Go(func() error { return d.store(ctx) })
	return g.Wait()
}

func (p *packer) newDataWriter() *dataWriter {
	jobs, batches := 4*p.o.Workers+4, 2*p.o.Workers+2
	d := &dataWriter{
		packer:   p,
		freeJobs: make(chan *job, jobs), jobs: make(chan *job, jobs), order: make(chan *job, jobs),
		freeBatch: make(chan *batch, batches), batches: make(chan *batch, batches), ready: make(chan *batch, batches),
		seen:   make(map[contentKey]int32),
		common: p.commonSizes(),
	}
	for range jobs {
		d.freeJobs <- &job{done: make(chan error, 1)}
	}
	for range batches {
		d.freeBatch <- &batch{done: make(chan error, 1)}
	}
	return d
}

// report tells that n more bytes of file data have been dealt with.
func (d *dataWriter) report(n int64) {
	d.o.Progress(d.taken.Add(n), d.result.DataBytes)
}

// pack walks the files in order.
func (d *dataWriter) pack(ctx context.Context) error {
	defer close(d.jobs)
	defer close(d.order)
	bs := int64(d.o.BlockSize)
	for i := range d.files {
		f := &d.files[i]
		if f.same >= 0 {
			d.duplicate(f)
			d.report(f.size)
			continue
		}
		if f.size > 0 && f.size < bs {
			if err := d.packSmall(ctx, i); err != nil {
				return err
			}
		}
		for b := range d.blockCount(f.size) {
			j, err := take(ctx, d.freeJobs)
			if err != nil {
				return err
			}
			j.file, j.block = i, f.blocks+int(b)
			j.at, j.n = f.offset+b*bs, int(min(bs, f.size-b*bs))
			d.send(j)
		}
	}
	d.flushFragment()
	return nil
}

// send hands a block out; the queues have room for every job there is.
func (d *dataWriter) send(j *job) {
	d.jobs <- j
	d.order <- j
}

func (d *dataWriter) duplicate(f *file) {
	d.result.Duplicates++
	d.result.DuplicateBytes += f.size
}

// packSmall puts file i into a fragment block.
func (d *dataWriter) packSmall(ctx context.Context, i int) error {
	s, err := d.nextSmall(ctx)
	if err != nil {
		return err
	}
	f := &d.files[i]
	if s.hashed {
		key := contentKey{f.size, s.sum}
		if same, ok := d.seen[key]; ok {
			f.same = same
			d.duplicate(f)
			return nil
		}
		d.seen[key] = int32(i)
	}
	if d.frag != nil && (d.frag.n+len(s.data) > d.o.BlockSize || d.cutsFragment(f)) {
		d.flushFragment()
	}
	if d.frag == nil {
		if d.frag, err = take(ctx, d.freeJobs); err != nil {
			return err
		}
		d.frag.file, d.frag.block, d.frag.n = -1, d.frags, 0
		d.frag.in = sized(d.frag.in, d.o.BlockSize)
		d.frags++
	}
	f.frag, f.fragAt = uint32(d.frag.block), uint32(d.frag.n)
	d.frag.n += copy(d.frag.in[d.frag.n:], s.data)
	return nil
}

// flushFragment hands out the fragment block being filled.
func (d *dataWriter) flushFragment() {
	if d.frag != nil {
		d.send(d.frag)
		d.frag = nil
	}
}

// work reads and compresses until both queues are closed.
func (d *dataWriter) work(ctx context.Context, w *blockPacker) error {
	jobs, batches := d.jobs, d.batches
	for jobs != nil || batches != nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case b, ok := <-batches:
			if !ok {
				batches = nil
				continue
			}
			b.done <- d.readBatch(ctx, b)
		case j, ok := <-jobs:
			if !ok {
				jobs = nil
				continue
			}
			j.done <- d.compress(j, w)
		}
	}
	return nil
}

// compress reads a block if need be and packs it.
func (d *dataWriter) compress(j *job, w *blockPacker) error {
	if j.file >= 0 {
		f := &d.files[j.file]
		j.in = sized(j.in, d.o.BlockSize)
		if err := readFull(f.src, j.in[:j.n], j.at); err != nil {
			return fmt.Errorf("read %q: %w", "/"+d.path(f.node), err)
		}
		d.report(int64(j.n))
		if isZero(j.in[:j.n]) {
			j.packedBlock = packedBlock{}
			return nil
		}
	}
	j.out = sized(j.out, compressBound(d.o.BlockSize))
	var err error
	j.packedBlock, err = w.do(j.in[:j.n], j.out)
	return err
}

// entry is a block's value in a block list or in the fragment table.
func (p *packedBlock) entry() uint32 {
	if p.raw {
		return uint32(len(p.bytes)) | rawBlock
	}
	return uint32(len(p.bytes))
}

// store writes blocks in order and notes where they are.
func (d *dataWriter) store(ctx context.Context) error {
	for {
		j, ok, err := receive(ctx, d.order)
		if err != nil || !ok {
			return err
		}
		if err := wait(ctx, j.done); err != nil {
			return err
		}
		d.place(j)
		at := d.out.pos
		if err := d.out.write(j.bytes); err != nil {
			return err
		}
		if len(j.bytes) > 0 {
			d.stored(&j.packedBlock, at)
		}
		d.freeJobs <- j
	}
}

// place records a block's position.
func (d *dataWriter) place(j *job) {
	if j.file < 0 {
		d.fragments = append(d.fragments, fragment{d.out.pos, j.entry()})
		return
	}
	f := &d.files[j.file]
	if j.block == f.blocks {
		f.start = d.out.pos
	}
	d.blocks[j.block] = j.entry()
	if len(j.bytes) == 0 {
		f.sparse += int64(j.n)
	}
}

// take waits for something from a queue that is never closed.
func take[T any](ctx context.Context, c <-chan T) (T, error) {
	v, _, err := receive(ctx, c)
	return v, err
}

func receive[T any](ctx context.Context, c <-chan T) (v T, ok bool, err error) {
	select {
	case v, ok = <-c:
		return v, ok, nil
	case <-ctx.Done():
		return v, false, ctx.Err()
	}
}

// wait takes the outcome of a piece of work.
func wait(ctx context.Context, done <-chan error) error {
	outcome, _, err := receive(ctx, done)
	if err != nil {
		return err
	}
	return outcome
}

// sized gives a buffer of n bytes, b if it is large enough.
func sized(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// compressBound is more than any of the compressors makes of n bytes.
func compressBound(n int) int { return n + n/128 + 1024 }

func readFull(r io.ReaderAt, p []byte, at int64) error {
	n, err := r.ReadAt(p, at)
	switch {
	case n == len(p):
		return nil
	case err == nil || err == io.EOF:
		return fmt.Errorf("content ends early, at byte %d: %w", at+int64(n), io.ErrUnexpectedEOF)
	}
	return err
}

func isZero(p []byte) bool {
	for len(p) >= 8 {
		if binary.NativeEndian.Uint64(p) != 0 {
			return false
		}
		p = p[8:]
	}
	for _, b := range p {
		if b != 0 {
			return false
		}
	}
	return true
}
