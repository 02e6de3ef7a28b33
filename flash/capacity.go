package flash

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/isowright/isowright/internal/progress"
	"github.com/zeebo/blake3"
)

// CapacityOptions are what CheckCapacity may be told.
type CapacityOptions struct {
	// Full writes the whole stick and reads it back: everything on it is lost,
	// and nothing can hide. Without it about a hundred places are tried, and
	// what was there is put back.
	Full     bool
	Patience time.Duration
	Progress progress.Sink
	// Seed makes what is written unlike anything else; any number will do.
	Seed uint64

	geometry geometry
}

// Capacity is the verdict on a stick.
type Capacity struct {
	// Claimed is what the stick says, Real what was found, in bytes. With a
	// quick test Real is where the last good place ends, or the distance at
	// which the stick begins anew.
	Claimed int64 `json:"claimed"`
	Real    int64 `json:"real"`
	Genuine bool  `json:"genuine"`
	// BeginsAnew: what is written behind the real end replaces what lies at the
	// beginning. Else it is lost.
	BeginsAnew bool `json:"begins_anew"`
	Full       bool `json:"full"`
	// Restored: what had been on the stick is there again.
	Restored bool `json:"restored"`
	// Verdict says all that in a sentence.
	Verdict string `json:"verdict"`
}

// The steps of CheckCapacity.
const (
	tagging   = "marking"
	checking  = "checking"
	restoring = "putting-back"
)

// CheckCapacity finds out whether a stick has all the memory that it says. It
// writes to the stick and closes it. An error says that no verdict could be
// reached; a counterfeit is a verdict.
func CheckCapacity(ctx context.Context, t Target, o CapacityOptions) (Capacity, error) {
	if o.geometry == (geometry{}) {
		o.geometry = usual()
	}
	c := &capacity{d: newDevice(t, o.geometry, o.Patience), o: o}
	c.found = Capacity{Claimed: c.d.size, Full: o.Full}
	test := c.quick
	if o.Full {
		test = c.full
	}
	err := test(ctx)
	if e := c.d.close(); err == nil {
		err = e
	}
	if err == nil {
		c.judge()
	}
	return c.found, err
}

type capacity struct {
	d     *device
	o     CapacityOptions
	found Capacity
	event progress.Event
}

func (c *capacity) step(name, text string, total int64) {
	c.event = progress.Event{Step: name, Text: text, Total: total}
	c.o.Progress.Report(c.event)
}

func (c *capacity) done(n int64) {
	c.event.Done += n
	c.o.Progress.Report(c.event)
}

// tag fills b with noise that belongs to an offset, and says which.
func (c *capacity) tag(b []byte, at int64) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], c.o.Seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(at))
	h := blake3.New()
	_, _ = h.Write(key[:]) // a hash never fails
	_, _ = h.Digest().Read(b)
	binary.LittleEndian.PutUint64(b, uint64(at))
}

// whose is the offset that a tag belongs to; false if b is none of ours.
func (c *capacity) whose(b []byte) (int64, bool) {
	at := int64(binary.LittleEndian.Uint64(b))
	if at < 0 || at >= c.d.size {
		return 0, false
	}
	want := make([]byte, len(b))
	c.tag(want, at)
	return at, bytes.Equal(b, want)
}

// places are where a quick test looks: at powers of two, where memory chips
// end, at the very end, and twice between each two of them.
func (c *capacity) places() []int64 {
	block := int64(c.d.g.block)
	last := (c.d.size - block) / block * block
	list := []int64{0, last}
	for at := block; at <= last; at *= 2 {
		for _, p := range []int64{at, at + at/4/block*block, at + at*5/8/block*block} {
			if p <= last {
				list = append(list, p)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// quick tags some places, reads all of them back and puts back what was there:
// in the other order, so that it is right again also where two places are one.
func (c *capacity) quick(ctx context.Context) (err error) {
	places := c.places()
	before := make([][]byte, len(places))
	total := int64(len(places) * c.d.g.block)
	c.step(checking, "Keeping what is there", total)
	for i, at := range places {
		before[i] = aligned(c.d.g.block)
		if err := c.d.read(ctx, before[i], at); err != nil {
			return err
		}
		c.done(int64(c.d.g.block))
	}
	written := 0
	defer func() {
		if e := c.putBack(places[:written], before); err == nil {
			err = e
		}
	}()
	c.step(tagging, "Marking places all over the stick", total)
	for _, at := range places {
		b := aligned(c.d.g.block)
		c.tag(b, at)
		written++
		if err := c.d.write(ctx, b, at); err != nil {
			return err
		}
		c.done(int64(c.d.g.block))
	}
	if err := c.d.sync(ctx); err != nil {
		return err
	}
	return c.look(ctx, places)
}

// look reads the marks.
func (c *capacity) look(ctx context.Context, places []int64) error {
	c.step(checking, "Looking for the marks", int64(len(places)*c.d.g.block))
	c.found.Real = c.d.size
	good := int64(0)
	for _, at := range places {
		b := aligned(c.d.g.block)
		if err := c.d.read(ctx, b, at); err != nil {
			return err
		}
		c.done(int64(c.d.g.block))
		owner, ours := c.whose(b)
		switch {
		case ours && owner == at:
			if c.found.Real == c.d.size {
				good = at + int64(c.d.g.block)
			}
		case ours && owner > at:
			// Real divides the distance; the smallest is the best that is known.
			if !c.found.BeginsAnew || owner-at < c.found.Real {
				c.found.Real = owner - at
			}
			c.found.BeginsAnew = true
		case !c.found.BeginsAnew && c.found.Real == c.d.size:
			c.found.Real = good
		}
	}
	return nil
}

// putBack undoes what quick has written, whatever else went wrong.
func (c *capacity) putBack(places []int64, before [][]byte) error {
	// The test may have been cancelled; this still has to be done, but not for
	// longer than a person waits.
	ctx, cancel := context.WithTimeout(context.Background(), 3*blankingTime)
	defer cancel()
	c.step(restoring, "Putting back what was there", int64(len(places)*c.d.g.block))
	for i, at := range slices.Backward(places) {
		if err := c.d.write(ctx, before[i], at); err != nil {
			return err
		}
		c.done(int64(c.d.g.block))
	}
	if err := c.d.sync(ctx); err != nil {
		return err
	}
	for i, at := range places {
		b := aligned(c.d.g.block)
		if err := c.d.read(ctx, b, at); err != nil {
			return err
		}
		if !bytes.Equal(b, before[i]) {
			if c.found.Real == c.d.size {
				return mismatch(at, before[i], b)
			}
			return nil // a counterfeit keeps nothing
		}
	}
	c.found.Restored = true
	return nil
}

// full marks every block, so that every kind of lie is seen, and leaves the
// first MiB blank.
func (c *capacity) full(ctx context.Context) error {
	parts := c.d.g.spans(0, c.d.size)
	c.step(tagging, "Writing all of the stick", c.d.size)
	for i, p := range parts {
		b := aligned(int(p.end - p.begin))
		for j := 0; j < len(b); j += c.d.g.block {
			c.tag(b[j:min(j+c.d.g.block, len(b))], p.begin+int64(j))
		}
		if err := c.d.write(ctx, b, p.begin); err != nil {
			return err
		}
		if i%8 == 7 || i == len(parts)-1 {
			if err := c.d.sync(ctx); err != nil {
				return err
			}
		}
		c.done(int64(len(b)))
	}
	c.step(checking, "Reading all of the stick", c.d.size)
	c.found.Real = 0
	err := c.d.scan(ctx, parts, func(b []byte, at int64) error {
		for j := 0; j < len(b); j += c.d.g.block {
			block := b[j:min(j+c.d.g.block, len(b))]
			owner, ours := c.whose(block)
			if ours && owner == at+int64(j) {
				c.found.Real += int64(len(block))
			} else if ours {
				c.found.BeginsAnew = true
			}
		}
		c.done(int64(len(b)))
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.d.write(ctx, aligned(c.d.headSize()), 0); err != nil {
		return err
	}
	return c.d.sync(ctx)
}

func (c *capacity) judge() {
	f := &c.found
	f.Genuine = f.Real == f.Claimed
	switch {
	case f.Genuine && f.Full:
		f.Verdict = "genuine: every byte of " + amount(f.Claimed) + " holds what is written to it"
	case f.Genuine:
		f.Verdict = "no sign of a counterfeit: what was written all over " + amount(f.Claimed) + " is there"
	case f.BeginsAnew:
		f.Verdict = fmt.Sprintf("counterfeit: it says %s, and begins anew after about %s", amount(f.Claimed), amount(f.Real))
	default:
		f.Verdict = fmt.Sprintf("counterfeit or broken: it says %s, and keeps about %s", amount(f.Claimed), amount(f.Real))
	}
}
