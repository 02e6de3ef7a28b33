package flash

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// alignment of buffers, lengths and offsets that suits every O_DIRECT device.
const alignment = 4096

const (
	// defaultPatience is how long one operation may take. Cheap sticks pause
	// for many seconds while they tidy up.
	defaultPatience = 30 * time.Second
	// lastMoment is how long an operation may go on when all has been
	// cancelled, before the stick is given up.
	lastMoment = 300 * time.Millisecond
	attempts   = 4
)

// device is a target that is never waited for without end. An operation that
// does not come back is left behind, and with it the device: no other is ever
// begun, because nobody knows when the lost one will take effect.
type device struct {
	t        Target
	patience time.Duration
	g        geometry
	sector   int64
	size     int64 // whole sectors
	closed   sync.Once

	mu   sync.Mutex
	lost error // why no operation may be begun any more
	// hangs: one that was begun has not come back.
	hangs bool

	reads, writes pace
}

func newDevice(t Target, g geometry, patience time.Duration) *device {
	if patience <= 0 {
		patience = defaultPatience
	}
	sector := int64(max(t.SectorSize(), 1))
	return &device{
		t: t, g: g, patience: patience, sector: sector, size: t.Size() / sector * sector,
	}
}

// pace measures how fast operations are.
type pace struct{ bytes, nanos atomic.Int64 }

func (p *pace) add(n int, took time.Duration) {
	p.bytes.Add(int64(n))
	p.nanos.Add(int64(took))
}

// perByte is nanoseconds a byte; false until there are enough bytes to tell.
func (p *pace) perByte(enough int) (float64, bool) {
	n := p.bytes.Load()
	return float64(p.nanos.Load()) / float64(max(n, 1)), n >= int64(enough)
}

// gone is why the device cannot be used, nil if it can.
func (d *device) gone() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lost
}

func (d *device) lose(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lost == nil {
		d.lost = err
	}
}

// call runs one operation. When it does not end within the device's patience,
// or when ctx ends and it does not follow soon, the device is lost and closed.
func (d *device) call(ctx context.Context, patience time.Duration, f func() error) error {
	if err := d.gone(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.wait(ctx, patience, f)
}

// wait is call without looking whether the device is lost.
func (d *device) wait(ctx context.Context, patience time.Duration, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		err := fault(Silent, "pull it out, plug it in again and start once more; if it happens again, use another port or stick",
			nil, "the stick has stopped answering: nothing came back for %s", patience.Round(time.Second))
		d.abandon(err)
		return err
	case <-ctx.Done():
	}
	soon := time.NewTimer(lastMoment)
	defer soon.Stop()
	select {
	case err := <-done:
		if err != nil && !worthRetrying(err) {
			return err
		}
	case <-soon.C:
		d.abandon(fault(Silent, "", nil, "the stick did not answer when all was cancelled"))
	}
	return ctx.Err()
}

// abandon closes the target beside an operation that hangs: some targets end
// it then, for others the kernel closes when it ends.
func (d *device) abandon(why error) {
	d.lose(why)
	d.mu.Lock()
	d.hangs = true
	d.mu.Unlock()
	go d.closed.Do(func() { _ = d.t.Close() })
}

// close closes the target; a second call does nothing.
func (d *device) close() error {
	d.mu.Lock()
	hangs, lost := d.hangs, d.lost
	d.mu.Unlock()
	if hangs {
		return nil // closed already
	}
	var err error
	// A context of its own: closing happens after all else, however that ended.
	e := d.wait(context.Background(), d.patience, func() error {
		d.closed.Do(func() { err = d.t.Close() })
		return nil
	})
	if e != nil {
		return e
	}
	if err != nil && lost == nil {
		return fault(CloseFault, badStickAdvice, err, "the stick reports an error on closing")
	}
	return nil
}

// try repeats an operation that fails with an error worth it.
func (d *device) try(ctx context.Context, op string, at int64, f func() error) error {
	var err error
	for n := range attempts {
		if n > 0 {
			select {
			case <-time.After(100 * time.Millisecond << n):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err = d.call(ctx, d.patience, f); err == nil || !worthRetrying(err) {
			break
		}
	}
	err = deviceFault(op, at, err)
	if IsKind(err, Gone) {
		// Whatever answers now may be another stick.
		d.lose(err)
	}
	return err
}

// read fills b from the medium, past any cache of the kernel's.
func (d *device) read(ctx context.Context, b []byte, at int64) error {
	return d.try(ctx, "read", at, func() error {
		begin := time.Now()
		if err := d.t.Forget(at, int64(len(b))); err != nil {
			return err
		}
		n, err := d.t.ReadAt(b, at)
		if n == len(b) {
			d.reads.add(n, time.Since(begin))
			return nil
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return err
	})
}

// write writes all of b. Since the same bytes go to the same place, it may be
// repeated as a whole.
func (d *device) write(ctx context.Context, b []byte, at int64) error {
	return d.try(ctx, "write", at, func() error {
		begin := time.Now()
		n, err := d.t.WriteAt(b, at)
		if err == nil && n != len(b) {
			err = io.ErrShortWrite
		}
		if err == nil {
			d.writes.add(n, time.Since(begin))
		}
		return err
	})
}

// sync is not repeated: after one failure the kernel has forgotten what was not
// written, and would call the next one a success. It may take longer, as it
// waits for everything that is under way.
func (d *device) sync(ctx context.Context) error {
	err := deviceFault("sync", -1, d.call(ctx, 2*d.patience, d.t.Sync))
	if IsKind(err, Gone) {
		d.lose(err)
	}
	return err
}

// up rounds n up to whole sectors.
func (d *device) up(n int64) int64 { return (n + d.sector - 1) / d.sector * d.sector }

// aligned makes a buffer that direct I/O takes.
func aligned(n int) []byte {
	b := make([]byte, n+alignment)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) & (alignment - 1)
	return b[skip : skip+n : skip+n]
}
