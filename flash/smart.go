package flash

import (
	"bytes"
	"context"
)

// marks remember which blocks of the image were written to the stick, and decide
// whether reading before writing is worth it.
type marks struct {
	written []bool
	plain   bool // the stick cannot be read before writing
	pacer   pacer
}

func (m *marks) wrote(i int) {
	for len(m.written) <= i {
		m.written = append(m.written, false)
	}
	m.written[i] = true
}

// pacer decides when to write without reading first. Where nearly all differs,
// reading is lost time: after two such chunks the next four are written unread,
// and while it goes on like that, ever more, up to longestStretch. So no more
// is written in vain than had to be written before it.
type pacer struct {
	streak  int // chunks in a row that mostly differed
	unread  int // chunks still to be written without reading
	stretch int // the last number of them
}

const longestStretch = 64

// unreadNext tells that the next chunk shall not be read.
func (p *pacer) unreadNext() bool {
	if p.unread == 0 {
		return false
	}
	p.unread--
	return true
}

// saw tells how much of a chunk differed.
func (p *pacer) saw(differing, all int) {
	if differing*4 < all*3 {
		*p = pacer{}
		return
	}
	if p.streak++; p.streak >= 2 {
		p.stretch = min(max(4, 2*p.stretch), longestStretch)
		p.unread = p.stretch
	}
}

// slowToRead tells that the stick reads slower than it writes, so that
// comparing costs more than it can save.
func (w *writing) slowToRead() bool {
	read, known := w.d.reads.perByte(4 * w.d.g.chunk)
	write, knownToo := w.d.writes.perByte(4 * w.d.g.chunk)
	return known && knownToo && read > write
}

// compared is a chunk of the image, and what the stick has in its place.
type compared struct {
	k          *chunk
	begin, end int    // what of the chunk is not held back
	now        []byte // nil: it was not read
	err        error
	done       chan struct{} // closed when it has been read
}

func (c *compared) wait() {
	if c != nil {
		<-c.done
	}
}

// compare begins to read what the stick has in place of a chunk, if that is
// worth it.
func (w *writing) compare(ctx context.Context, k *chunk) *compared {
	c := &compared{k: k, end: int(w.d.up(int64(k.n))), done: make(chan struct{})}
	if k.index == 0 {
		c.begin = min(w.d.g.head, c.end)
	}
	if c.begin == c.end || w.marks.plain || w.marks.pacer.unreadNext() || w.slowToRead() {
		close(c.done)
		return c
	}
	c.now = aligned(c.end - c.begin)
	go func() {
		defer close(c.done)
		c.err = w.d.read(ctx, c.now, k.offset()+int64(c.begin))
	}()
	return c
}

// differing cuts out of a chunk what is to be written: what the stick does not
// hold yet, in whole blocks, or all of it.
func (w *writing) differing(ctx context.Context, c *compared) ([]piece, error) {
	if c == nil {
		return nil, nil
	}
	c.wait()
	if c.err != nil {
		if w.over(ctx) {
			return nil, c.err
		}
		// Writing may heal sectors that cannot be read; reading back will tell.
		w.marks.plain = true
		return w.cut(c.k, c.begin, c.end, nil), nil
	}
	pieces := w.cut(c.k, c.begin, c.end, c.now)
	if c.now != nil {
		differing := 0
		for _, p := range pieces {
			differing += len(p.data)
		}
		w.marks.pacer.saw(differing, c.end-c.begin)
	}
	return pieces, nil
}

// cut marks the blocks between begin and end of a chunk and joins those that
// differ from now; nil stands for all.
func (w *writing) cut(k *chunk, begin, end int, now []byte) []piece {
	var pieces []piece
	var kept int64
	joined := false
	block := w.d.g.block
	for at := begin; at < end; at += block {
		stop := min(at+block, end)
		index := int((k.offset() + int64(at)) / int64(block))
		if now != nil && bytes.Equal(now[at-begin:stop-begin], k.data[at:stop]) {
			kept += int64(min(stop, k.n) - at)
			joined = false
			continue
		}
		w.marks.wrote(index)
		if joined {
			p := &pieces[len(pieces)-1]
			p.data = k.data[int(p.at-k.offset()):stop]
		} else {
			pieces = append(pieces, piece{k.data[at:stop], k.offset() + int64(at)})
		}
		joined = true
	}
	if kept > 0 {
		w.mu.Lock()
		w.report.Kept += kept
		w.mu.Unlock()
		w.tell(kept)
	}
	return pieces
}
