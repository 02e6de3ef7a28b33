package squash

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/zeebo/blake3"
	"golang.org/x/sync/errgroup"
)

// contentKey tells contents apart.
type contentKey struct {
	size int64
	sum  digest
}

// digest is a BLAKE3 hash cut to 128 bits: two contents that agree would have
// to be searched for with 2^64 tries.
type digest [16]byte

func digestOf(p []byte) digest {
	sum := blake3.Sum256(p)
	return digest(sum[:16])
}

// batch is several files of less than a block read together.
type batch struct {
	buf   []byte
	used  int
	small []small
	next  int // the first that pack has not had
	done  chan error
}

// small is one of them, whole.
type small struct {
	data   []byte
	file   int
	sum    digest
	hashed bool
}

// maxBatch bounds the contents in a batch, so that the first block is not long
// in coming when files are tiny.
const maxBatch = 256

// batch has small contents read ahead of pack, in the order of the files.
func (d *dataWriter) batch(ctx context.Context) error {
	defer close(d.batches)
	defer close(d.ready)
	var b *batch
	send := func() {
		d.batches <- b
		d.ready <- b
		b = nil
	}
	for i := range d.files {
		f := &d.files[i]
		n := int(min(f.size, int64(d.o.BlockSize)))
		if n == 0 || n == d.o.BlockSize {
			continue
		}
		if b != nil && (b.used+n > d.o.BlockSize || len(b.small) == maxBatch) {
			send()
		}
		if b == nil {
			var err error
			if b, err = take(ctx, d.freeBatch); err != nil {
				return err
			}
			b.buf, b.used, b.small, b.next = sized(b.buf, d.o.BlockSize), 0, b.small[:0], 0
		}
		b.small = append(b.small, small{
			data: b.buf[b.used:][:n], file: i, hashed: d.common[n],
		})
		b.used += n
	}
	if b != nil {
		send()
	}
	return nil
}

func (d *dataWriter) readBatch(ctx context.Context, b *batch) error {
	for i := range b.small {
		s := &b.small[i]
		f := &d.files[s.file]
		if err := readFull(f.src, s.data, f.offset); err != nil {
			return fmt.Errorf("read %q: %w", "/"+d.path(f.node), err)
		}
		if s.hashed {
			s.sum = digestOf(s.data)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	d.report(int64(b.used))
	return nil
}

// nextSmall gives the next small content; it is good until the next call.
func (d *dataWriter) nextSmall(ctx context.Context) (*small, error) {
	if d.current != nil && d.current.next == len(d.current.small) {
		d.freeBatch <- d.current
		d.current = nil
	}
	if d.current == nil {
		b, err := take(ctx, d.ready)
		if err != nil {
			return nil, err
		}
		if err := wait(ctx, b.done); err != nil {
			return nil, err
		}
		d.current = b
	}
	d.current.next++
	return &d.current.small[d.current.next-1], nil
}

// commonSizes tells which lengths of less than a block several files have;
// only those need hashing.
func (p *packer) commonSizes() []bool {
	once, twice := make([]bool, p.o.BlockSize), make([]bool, p.o.BlockSize)
	for i := range p.files {
		if n := p.files[i].size; n < int64(p.o.BlockSize) {
			twice[n] = once[n]
			once[n] = true
		}
	}
	return twice
}

// findLargeDuplicates marks files of a block or more whose content an earlier
// file has. Only files of equal length are looked at, first their two ends and
// then, where those agree, all of them.
func (p *packer) findLargeDuplicates(ctx context.Context) error {
	perSize := make(map[int64]int)
	for i := range p.files {
		if p.files[i].size >= int64(p.o.BlockSize) {
			perSize[p.files[i].size]++
		}
	}
	var alike []int
	for i := range p.files {
		if perSize[p.files[i].size] > 1 {
			alike = append(alike, i)
		}
	}
	alike, _, err := p.refine(ctx, alike, endsOf)
	if err != nil {
		return err
	}
	alike, keys, err := p.refine(ctx, alike, wholeOf)
	if err != nil {
		return err
	}
	first := make(map[contentKey]int32)
	for n, i := range alike {
		if same, ok := first[keys[n]]; ok {
			p.files[i].same = same
		} else {
			first[keys[n]] = int32(i)
		}
	}
	return nil
}

// refine keeps the files that share their key with another.
func (p *packer) refine(ctx context.Context, in []int, sum func(context.Context, *file) (digest, error)) ([]int, []contentKey, error) {
	keys := make([]contentKey, len(in))
	g, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(p.o.Workers, len(in)) {
		g.Go(func() error {
			for n := next.Add(1) - 1; n < int64(len(in)); n = next.Add(1) - 1 {
				f := &p.files[in[n]]
				s, err := sum(ctx, f)
				if err != nil {
					return fmt.Errorf("read %q: %w", "/"+p.path(f.node), err)
				}
				keys[n] = contentKey{f.size, s}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	count := make(map[contentKey]int)
	for _, k := range keys {
		count[k]++
	}
	var out []int
	var left []contentKey
	for n, i := range in {
		if count[keys[n]] > 1 {
			out, left = append(out, i), append(left, keys[n])
		}
	}
	return out, left, nil
}

// endsOf hashes a file's first and last 4 KiB.
func endsOf(ctx context.Context, f *file) (digest, error) {
	const n = 4096
	var buf [2 * n]byte
	if err := readFull(f.src, buf[:n], f.offset); err != nil {
		return digest{}, err
	}
	if err := readFull(f.src, buf[n:], f.offset+f.size-n); err != nil {
		return digest{}, err
	}
	return digestOf(buf[:]), ctx.Err()
}

// wholeOf hashes all of a file.
func wholeOf(ctx context.Context, f *file) (digest, error) {
	h := blake3.New()
	buf := make([]byte, 256<<10)
	for at := int64(0); at < f.size; at += int64(len(buf)) {
		if ctx.Err() != nil {
			return digest{}, ctx.Err()
		}
		p := buf[:min(int64(len(buf)), f.size-at)]
		if err := readFull(f.src, p, f.offset+at); err != nil {
			return digest{}, err
		}
		h.Write(p)
	}
	return digest(h.Sum(nil)[:16]), nil
}
