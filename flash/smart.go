package flash

import (
	"bytes"
	"context"
)

// marks remember of every block of the image what became of it on the stick,
// and decide whether reading before writing is worth it.
type marks struct {
	equal   []bool // read before anything was written to it, and right
	written []bool
	plain   bool // the stick cannot be read before writing
	pacer   pacer
}

func set(list *[]bool, i int) {
	for len(*list) <= i {
		*list = append(*list, false)
	}
	(*list)[i] = true
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

// differing cuts out of a chunk what is to be written: what the stick does not
// hold yet, in whole blocks, or all of it.
func (w *writing) differing(ctx context.Context, k *chunk) ([]piece, error) {
	begin := 0
	if k.index == 0 {
		begin = w.d.g.head // held back
	}
	end := int(w.d.up(int64(k.n)))
	if begin >= end {
		return nil, nil
	}
	m := &w.marks
	if m.plain || m.pacer.unreadNext() || w.slowToRead() {
		return w.cut(k, begin, end, nil), nil
	}
	now := aligned(end - begin)
	if err := w.d.read(ctx, now, k.offset()+int64(begin)); err != nil {
		if w.over(ctx) {
			return nil, err
		}
		// Writing may heal sectors that cannot be read; reading back will tell.
		m.plain = true
		return w.cut(k, begin, end, nil), nil
	}
	pieces := w.cut(k, begin, end, now)
	differing := 0
	for _, p := range pieces {
		differing += len(p.data)
	}
	m.pacer.saw(differing, end-begin)
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
			set(&w.marks.equal, index)
			kept += int64(min(stop, k.n) - at)
			joined = false
			continue
		}
		set(&w.marks.written, index)
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

// wrapsExcluded tells that what was written cannot have gone to where other
// parts of the image lie. Some counterfeit sticks drop the high bits of
// addresses: with a real capacity of 2^k, what is written at x + 2^k replaces
// what lies at x, which may have been compared before. Two blocks at such a
// distance, both read and right before anything else was written to any place
// that would be the same as theirs, but different from each other, prove that
// the stick does not do that for this k.
func (m *marks) wrapsExcluded(sums []sum, g geometry) bool {
	for period := g.period / g.block; period < len(sums); period *= 2 {
		if !m.excludes(period, sums) {
			return false
		}
	}
	return true
}

func (m *marks) excludes(period int, sums []sum) bool {
	written := make([]bool, period)
	for i, w := range m.written {
		if w {
			written[i%period] = true
		}
	}
	seen := make([]int, period) // the first right block of each place, plus one
	for i, e := range m.equal {
		at := i % period
		if !e || written[at] || i >= len(sums) {
			continue
		}
		if seen[at] == 0 {
			seen[at] = i + 1
		} else if sums[seen[at]-1] != sums[i] {
			return true
		}
	}
	return false
}
