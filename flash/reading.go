package flash

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"slices"
	"sync"

	"github.com/zeebo/blake3"
)

const (
	// keptChunks is how far sticks that are written together may be apart
	// before the slower one reads the image by itself, aheadChunks how far the
	// image is read ahead of the fastest.
	keptChunks  = 12
	aheadChunks = 3
)

// sum is the BLAKE3 hash of a block.
type sum [32]byte

// chunk is a piece of the image: data[:n] is its content, zeros follow it up to
// the full size of a chunk.
type chunk struct {
	index int
	data  []byte
	n     int
}

func (c *chunk) offset() int64 { return int64(c.index) * int64(len(c.data)) }

// sums are the hashes of a chunk's blocks.
func (c *chunk) sums(g geometry) []sum {
	var s []sum
	for at := 0; at < c.n; at += g.block {
		s = append(s, blake3.Sum256(c.data[at:min(at+g.block, c.n)]))
	}
	return s
}

// reading is one pass over the image that any number of sticks share. Its
// goroutine reads a little ahead of the fastest of them and keeps the hash of
// every block, by which the sticks are verified: so what is proven is what was
// read the first time, whatever happens to the file meanwhile.
type reading struct {
	im     Image
	g      geometry
	keep   int // chunks
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	changed chan struct{} // closed and made anew when anything below changes
	kept    []*chunk      // the last ones, oldest first
	next    int           // index of the chunk that is read next
	wanted  int           // highest index that was asked for
	blocks  []sum
	ended   bool
	err     error
	size    int64  // of the content; known when ended
	content string // SHA-256; known when ended
	file    string // SHA-256 of the packed file, "" if it is not packed
}

func newReading(ctx context.Context, im Image, g geometry, shared bool) *reading {
	r := &reading{im: im, g: g, keep: aheadChunks + 1, changed: make(chan struct{})}
	if shared {
		r.keep = keptChunks
	}
	r.ctx, r.cancel = context.WithCancel(ctx)
	go r.run()
	return r
}

// stop ends the goroutine. It does not wait for it: it may hang in reading the
// file.
func (r *reading) stop() { r.cancel() }

func (r *reading) announce() {
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *reading) run() {
	raw := sha256.New()
	total := sha256.New()
	c, err := r.im.read(raw)
	if err == nil {
		err = r.fill(c, total)
		if err == nil && c.drain() != nil {
			err = r.im.fault(errors.New("its end cannot be read"))
		}
		_ = c.close() // it was only read
	}
	if err == nil && r.im.Exact && r.im.Size != r.size {
		err = fault(ImageFault, "it may have been changed or cut off meanwhile: try again", nil,
			"the image has %d bytes instead of %d", r.size, r.im.Size)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended, r.err = true, err
	r.content = hexSum(total)
	if r.im.Compression != "" {
		r.file = hexSum(raw)
	}
	r.announce()
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// fill reads chunk after chunk, as they are wanted.
func (r *reading) fill(c *content, total hash.Hash) error {
	for {
		if err := r.waitUntilWanted(); err != nil {
			return err
		}
		k := &chunk{index: r.next, data: aligned(r.g.chunk)}
		n, err := io.ReadFull(c, k.data)
		k.n = n
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && n < r.g.chunk
		if err != nil && !last {
			return r.im.fault(err)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) && r.im.Compression != "" && cutOff(c) {
			return r.im.fault(io.ErrUnexpectedEOF)
		}
		total.Write(k.data[:n])
		sums := k.sums(r.g)
		r.mu.Lock()
		r.size += int64(n)
		if n > 0 {
			r.blocks = append(r.blocks, sums...)
			r.kept = append(r.kept, k)
			if len(r.kept) > r.keep {
				r.kept = slices.Delete(r.kept, 0, 1)
			}
			r.next++
		}
		r.announce()
		r.mu.Unlock()
		if last {
			return nil
		}
	}
}

// cutOff tells an unpacker's own "unexpected EOF" from the one that ReadFull
// makes of the content's regular end: after that, the unpacker says EOF again.
func cutOff(c *content) bool {
	_, err := c.Read(make([]byte, 1))
	return !errors.Is(err, io.EOF)
}

func (r *reading) waitUntilWanted() error {
	for {
		r.mu.Lock()
		wanted, changed := r.next <= r.wanted+aheadChunks, r.changed
		r.mu.Unlock()
		if wanted {
			return r.ctx.Err()
		}
		select {
		case <-changed:
		case <-r.ctx.Done():
			return r.ctx.Err()
		}
	}
}

// errBehind says that a chunk is no longer kept.
var errBehind = errors.New("the chunk has gone by")

// chunk gives the chunk of an index, io.EOF behind the last one.
func (r *reading) chunk(ctx context.Context, index int) (*chunk, error) {
	for {
		r.mu.Lock()
		if index > r.wanted {
			r.wanted = index
			r.announce()
		}
		changed := r.changed
		k, err := r.look(index)
		r.mu.Unlock()
		if k != nil || err != nil {
			return k, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// look gives what there is of a chunk now; nothing if it is still to come.
func (r *reading) look(index int) (*chunk, error) {
	if index >= r.next {
		if r.ended && r.err == nil {
			return nil, io.EOF
		}
		return nil, r.err
	}
	if first := r.next - len(r.kept); index >= first {
		return r.kept[index-first], nil
	}
	return nil, errBehind
}

// finish waits until the image has been read to its end and gives its size.
// Sticks that read by themselves need it, and those that come to the end first.
func (r *reading) finish(ctx context.Context) (int64, error) {
	for index := 0; ; {
		r.mu.Lock()
		index = max(r.next, index)
		ended, err, size := r.ended, r.err, r.size
		r.mu.Unlock()
		if ended {
			return size, err
		}
		if _, err := r.chunk(ctx, index); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errBehind) {
			return 0, err
		}
	}
}

// hashes are the SHA-256 of the content and, if the image is packed, of the
// file. Only after finish.
func (r *reading) hashes() (content, file string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.content, r.file
}

// blockSums are the hashes of the blocks so far.
func (r *reading) blockSums() []sum {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.blocks
}

// cursor goes through a shared reading, chunk by chunk. Where it falls behind
// the others it opens the image for itself.
type cursor struct {
	r     *reading
	index int
	own   *content
}

func (c *cursor) close() {
	if c.own != nil {
		_ = c.own.close() // it was only read
		c.own = nil
	}
}

// next gives the next chunk, io.EOF behind the last one.
func (c *cursor) next(ctx context.Context) (*chunk, error) {
	k, err := c.r.chunk(ctx, c.index)
	if errors.Is(err, errBehind) {
		k, err = c.alone(ctx)
	} else {
		c.close()
	}
	if err == nil {
		c.index++
	}
	return k, err
}

// alone reads a chunk that the others have behind them, and holds it to the
// hashes that were taken then.
func (c *cursor) alone(ctx context.Context) (*chunk, error) {
	type result struct {
		k   *chunk
		err error
	}
	done := make(chan result, 1)
	own := c.own
	go func() {
		k := &chunk{index: c.index, data: aligned(c.r.g.chunk)}
		var err error
		if own == nil {
			if own, err = c.r.im.read(nil); err != nil {
				done <- result{nil, err}
				return
			}
			err = own.skip(k.offset())
		}
		if err == nil {
			k.n, err = io.ReadFull(own, k.data)
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			done <- result{nil, c.r.im.fault(err)}
			return
		}
		done <- result{k, nil}
	}()
	select {
	case got := <-done:
		c.own = own
		if got.err != nil {
			return nil, got.err
		}
		first := c.index * (c.r.g.chunk / c.r.g.block)
		known := c.r.blockSums()
		if s := got.k.sums(c.r.g); first+len(s) > len(known) || !slices.Equal(s, known[first:first+len(s)]) {
			return nil, fault(ImageFault, "let it rest while it is written, and start again", nil,
				"the image has changed while it was written")
		}
		return got.k, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
