package flash

import (
	"bytes"
	"context"
	"fmt"
	"math/bits"

	"github.com/zeebo/blake3"
)

// readBack reads what was written, and holds it to the hashes that were taken
// when the image was read. The first MiB comes last and is read back when it is
// written.
func (w *writing) readBack(ctx context.Context) error {
	sums := w.r.blockSums()
	ranges := w.toReadBack()
	w.mu.Lock()
	whole := w.total
	w.total = 0
	for _, r := range ranges {
		w.total += r.end - r.begin
	}
	w.mu.Unlock()
	w.tell(0)
	defer func() { w.total = whole }()
	return w.d.scan(ctx, ranges, func(b []byte, at int64) error {
		if err := w.compareBlocks(ctx, b, at, sums); err != nil {
			return err
		}
		w.report.ReadBack += int64(len(b))
		w.tell(int64(len(b)))
		return nil
	})
}

// toReadBack are the parts behind the first MiB in which something was written:
// whole MiBs, none larger than a chunk. All others have been read and compared
// before.
func (w *writing) toReadBack() []span {
	g, size := w.d.g, w.report.Size
	var ranges []span
	for at := int64(g.head); at < size; at += int64(g.head) {
		if !w.marks.wroteIn(int(at)/g.block, g.head/g.block) {
			continue
		}
		end := w.d.up(min(at+int64(g.head), size))
		if n := len(ranges); n > 0 && ranges[n-1].end == at && end-ranges[n-1].begin <= int64(g.chunk) {
			ranges[n-1].end = end
		} else {
			ranges = append(ranges, span{at, end})
		}
	}
	return ranges
}

func (m *marks) wroteIn(first, n int) bool {
	for i := first; i < first+n && i < len(m.written); i++ {
		if m.written[i] {
			return true
		}
	}
	return false
}

func (w *writing) compareBlocks(ctx context.Context, b []byte, at int64, sums []sum) error {
	for i := 0; i < len(b); i += w.d.g.block {
		block := b[i:min(i+w.d.g.block, len(b))]
		begin := at + int64(i)
		if w.right(block, begin, sums) {
			continue
		}
		again := aligned(len(block))
		if err := w.d.read(ctx, again, begin); err != nil {
			return err
		}
		if w.right(again, begin, sums) {
			return &Error{
				Kind: Mismatch, Offset: begin, Advice: badStickAdvice,
				Text: "the stick gives something else each time it is read at " + place(begin),
			}
		}
		return w.whatDiffers(begin, again, sums[begin/int64(w.d.g.block)])
	}
	return nil
}

// right compares a block with its hash; what pads it to whole sectors is zero.
func (w *writing) right(block []byte, at int64, sums []sum) bool {
	n := min(int64(len(block)), w.report.Size-at)
	return blake3.Sum256(block[:n]) == sums[at/int64(w.d.g.block)] && zero(block[n:])
}

// whatDiffers finds the first byte that differs by reading the image once more.
func (w *writing) whatDiffers(at int64, found []byte, want sum) error {
	c, err := w.r.im.read(nil)
	if err != nil {
		return mismatch(at, nil, nil)
	}
	defer c.close()
	n := min(int64(len(found)), w.report.Size-at)
	image := make([]byte, len(found))
	if c.skip(at) != nil || readFull(c, image[:n]) != nil || blake3.Sum256(image[:n]) != want {
		return mismatch(at, nil, nil)
	}
	i := firstDifference(found, image)
	if i < 0 {
		return mismatch(at, nil, nil)
	}
	return mismatch(at+int64(i), image[i:], found[i:])
}

// mismatch is the error for what was read at an offset; want and got may be
// nil. A first difference at a power of two from 64 MiB on speaks for a
// counterfeit stick: that is where its real memory ends.
func mismatch(at int64, want, got []byte) error {
	e := &Error{
		Kind: Mismatch, Offset: at, Advice: badStickAdvice,
		Text: "the stick does not hold what was written at " + place(at),
	}
	if len(want) > 0 {
		n := min(8, len(want), len(got))
		e.Text += fmt.Sprintf(": % x is there instead of % x", got[:n], want[:n])
	}
	if at >= 64<<20 && bits.OnesCount64(uint64(at)) == 1 {
		e.Kind = FakeCapacity
		e.Advice = "the stick probably has only " + amount(at) + " of memory and lies about it: test its capacity"
	}
	return e
}

// firstDifference is -1 if there is none.
func firstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
