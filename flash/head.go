package flash

import (
	"bytes"
	"context"
	"time"
)

const (
	// bootSize is what is written last of the first MiB, in bytes: the boot
	// record and the head of the GPT lie there with every sector size. Without
	// them nothing else is looked at.
	bootSize = 4096
	// blankingTime is how long zeroing the first MiB may take after a failure,
	// cancelledTime when somebody waits for the end.
	blankingTime  = 10 * time.Second
	cancelledTime = 300 * time.Millisecond
)

func zero(b []byte) bool {
	for len(b) > 0 {
		n := min(len(b), len(zeros))
		if !bytes.Equal(b[:n], zeros[:n]) {
			return false
		}
		b = b[n:]
	}
	return true
}

// zeros are compared with, never written to.
var zeros [4096]byte

// takeHead keeps the image's first MiB back. Where the stick's is another, the
// empty piece that is given has it blanked while reading goes on.
func (w *writing) takeHead(k *chunk) []piece {
	n := min(w.d.g.head, k.n)
	w.head = aligned(int(w.d.up(int64(n))))
	copy(w.head, k.data[:n])
	w.tell(int64(n))
	if !w.sameHead() {
		return []piece{{}}
	}
	w.mu.Lock()
	w.report.Kept += int64(n)
	w.mu.Unlock()
	return nil
}

// sameHead tells that the stick began with the image's first MiB.
func (w *writing) sameHead() bool {
	return w.old != nil && bytes.Equal(w.old[:len(w.head)], w.head)
}

// blank zeroes the first MiB, once, and waits until that is on the stick. It
// comes before everything else that is written.
func (w *writing) blank(ctx context.Context) error {
	if w.report.FirstMiB == FirstBlank {
		return nil
	}
	if w.old == nil || !zero(w.old) {
		w.report.FirstMiB = FirstUnknown
		if err := w.zeroHead(ctx); err != nil {
			return err
		}
	}
	w.report.FirstMiB = FirstBlank
	return nil
}

// headSize is how much is written last, in bytes.
func (d *device) headSize() int { return int(min(int64(d.g.head), d.size)) }

// over tells that an error is no reason to try something else: all was
// cancelled, or the stick is lost.
func (w *writing) over(ctx context.Context) bool { return ctx.Err() != nil || w.d.gone() != nil }

func (w *writing) zeroHead(ctx context.Context) error {
	if err := w.d.write(ctx, aligned(w.d.headSize()), 0); err != nil {
		return err
	}
	return w.d.sync(ctx)
}

// keepBlank is for a stick that something went wrong with: whatever is in the
// first MiB by then, it must not look bootable. A stick that nothing was
// written to keeps what it has.
func (w *writing) keepBlank(cancelled bool) {
	if w.report.FirstMiB != FirstUnknown {
		return
	}
	limit := blankingTime
	if cancelled {
		limit = cancelledTime
	}
	// A context of its own, because the one of the write may have ended.
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if w.zeroHead(ctx) == nil {
		w.report.FirstMiB = FirstBlank
	}
}

// commit writes the first MiB, its boot record after all else is on the stick,
// and reads it back.
func (w *writing) commit(ctx context.Context) error {
	if !w.o.NoVerify {
		if err := w.stillBlank(ctx); err != nil {
			return err
		}
	}
	w.report.FirstMiB = FirstUnknown
	if err := w.d.writeHead(ctx, w.head); err != nil {
		return err
	}
	w.report.Written += int64(len(w.head))
	if !w.o.NoVerify {
		back := aligned(len(w.head))
		if err := w.d.read(ctx, back, 0); err != nil {
			return err
		}
		if at := firstDifference(back, w.head); at >= 0 {
			return mismatch(int64(at), w.head[at:], back[at:])
		}
		w.report.ReadBack += int64(len(back))
		if err := w.readSamePlaces(ctx); err != nil {
			return err
		}
	}
	w.report.FirstMiB = FirstWritten
	return ctx.Err()
}

func (d *device) writeHead(ctx context.Context, head []byte) error {
	boot := min(bootSize, len(head))
	if len(head) > boot {
		if err := d.write(ctx, head[boot:], int64(boot)); err != nil {
			return err
		}
		if err := d.sync(ctx); err != nil {
			return err
		}
	}
	if err := d.write(ctx, head[:boot], 0); err != nil {
		return err
	}
	return d.sync(ctx)
}

// stillBlank holds that nothing of what was written elsewhere has ended up in
// the first MiB, as on a counterfeit stick that begins anew at its real end.
func (w *writing) stillBlank(ctx context.Context) error {
	head := aligned(w.d.headSize())
	if err := w.d.read(ctx, head, 0); err != nil {
		return err
	}
	if zero(head) {
		return nil
	}
	w.report.FirstMiB = FirstUnknown
	return &Error{
		Kind: Mismatch, Offset: 0, Advice: "it may have less memory than it says, or be worn out: test its capacity",
		Text: "the stick does not keep apart what is written to it: its first MiB should be blank and is not",
	}
}

// readSamePlaces finds out counterfeit sticks that drop the high bits of
// addresses: with a real capacity of 2^k the first MiB, which has just been
// written, is what is read there. On such a stick any block may have been
// overwritten by another one after it was compared.
func (w *writing) readSamePlaces(ctx context.Context) error {
	if w.r == nil {
		return nil
	}
	sums := w.r.blockSums()
	for at := int64(w.d.g.head); at < w.report.Size; at *= 2 {
		b := aligned(int(w.d.up(min(at+int64(w.d.g.block), w.report.Size)) - at))
		if err := w.d.read(ctx, b, at); err != nil {
			return err
		}
		if err := w.compareBlocks(ctx, b, at, sums); err != nil {
			return err
		}
	}
	return nil
}

// clearEnd zeroes the last MiB outside of the image: the second copy of an old
// partition table lies there (in the last 33 sectors), and the headers of some
// RAIDs and file systems. It comes before the image, so that it can do no harm
// to it on a stick that is smaller than it says.
func (w *writing) clearEnd(ctx context.Context) error {
	head := int64(w.d.headSize())
	begin := max(w.d.size-head, head)
	if w.r.im.Exact {
		begin = max(begin, w.d.up(w.r.im.Size))
	}
	if begin >= w.d.size {
		return nil
	}
	end := aligned(int(w.d.size - begin))
	if w.old != nil {
		err := w.d.read(ctx, end, begin)
		if err == nil && zero(end) || err != nil && w.over(ctx) {
			return err
		}
		clear(end)
	}
	if err := w.blank(ctx); err != nil {
		return err
	}
	if err := w.d.write(ctx, end, begin); err != nil {
		return err
	}
	return w.d.sync(ctx)
}
