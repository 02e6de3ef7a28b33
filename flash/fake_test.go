package flash

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// small is the geometry of tests: a 64th of the usual one, so that thousands of
// sticks can be written.
func small() geometry {
	return geometry{block: 4 << 10, head: 16 << 10, chunk: 64 << 10, owed: 512 << 10}
}

// fake is a stick in memory. It holds whoever uses it to what O_DIRECT demands,
// and fails in the ways that sticks do.
type fake struct {
	mu     sync.Mutex
	size   int64 // what it says
	sector int
	memory []byte // what it really has, as long as power is there
	kept   []byte // what would be left without power
	cached []write

	wraps bool // beyond the memory: begins anew; else writes are dropped
	rules []*rule

	violations []string
	writes     int // that had an effect
	syncs      int
	reads      int64 // bytes
	closed     chan struct{}
	closings   int
	gone       bool
	swapped    time.Time // since then another stick is in its place, and answers soon
	strange    int       // writes to it
}

type write struct {
	at   int64
	data []byte
}

// rule is one fault: it strikes operations of the kind op that touch the byte
// at (any, if negative), after that many have passed, and so many times (always,
// if negative).
type rule struct {
	op    string // "read", "write", "sync", "close", "forget"
	at    int64
	after int
	times int
	err   error
	// what happens besides:
	short   bool // half is done, and no error given
	hang    bool // until closed
	flip    bool // one bit is wrong
	vanish  bool // ENODEV from now on
	swap    bool // after vanishing another stick answers
	abrupt  bool // at once; only where nothing else is under way
	trigger func()
}

func newFake(size int64, sector int, content []byte) *fake {
	f := &fake{size: size, sector: sector, memory: make([]byte, size), closed: make(chan struct{})}
	copy(f.memory, content)
	f.kept = slices.Clone(f.memory)
	return f
}

// counterfeit has only so much memory.
func counterfeit(size, memory int64, sector int, wraps bool, content []byte) *fake {
	f := newFake(size, sector, nil)
	f.memory, f.wraps = make([]byte, memory), wraps
	copy(f.memory, content)
	f.kept = slices.Clone(f.memory)
	return f
}

// strike finds the rule that applies to an operation.
func (f *fake) strike(op string, at int64, n int) *rule {
	for _, r := range f.rules {
		if r.op != op || r.times == 0 || r.at >= 0 && (r.at < at || r.at >= at+int64(n)) {
			continue
		}
		if r.after > 0 {
			r.after--
			continue
		}
		r.times--
		return r
	}
	return nil
}

var errClosed = errors.New("closed while it hung")

// begin looks for faults; a hang ends when the stick is closed.
func (f *fake) begin(op string, b []byte, at int64) (*rule, error) {
	f.mu.Lock()
	if b != nil {
		f.inspect(op, b, at)
	}
	r := f.strike(op, at, len(b))
	// Nothing answers while sticks are changed: a tenth of a second.
	if f.gone || !f.swapped.IsZero() && time.Since(f.swapped) < 100*time.Millisecond {
		f.mu.Unlock()
		return nil, syscall.ENODEV
	}
	if r != nil && r.vanish {
		f.gone = !r.swap
		if r.swap {
			f.swapped = time.Now()
			if r.abrupt {
				f.swapped = f.swapped.Add(-time.Second)
			}
		}
		f.mu.Unlock()
		return nil, syscall.ENODEV
	}
	f.mu.Unlock()
	if r == nil {
		return nil, nil
	}
	if r.trigger != nil {
		r.trigger()
	}
	if r.hang {
		<-f.closed
		return nil, errClosed
	}
	return r, r.err
}

func (f *fake) inspect(op string, b []byte, at int64) {
	sector := int64(f.sector)
	switch {
	case at%sector != 0 || int64(len(b))%sector != 0:
		f.violations = append(f.violations, fmt.Sprintf("%s of %d bytes at %d is not in whole sectors", op, len(b), at))
	case uintptr(unsafe.Pointer(unsafe.SliceData(b)))%alignment != 0:
		f.violations = append(f.violations, fmt.Sprintf("%s at %d: buffer is not aligned", op, at))
	case at < 0 || at+int64(len(b)) > f.size:
		f.violations = append(f.violations, fmt.Sprintf("%s of %d bytes at %d leaves the device", op, len(b), at))
	case f.closings > 0:
		f.violations = append(f.violations, op+" after closing")
	}
}

// place is where in the memory an address lies; -1: nowhere.
func (f *fake) place(at int64) int64 {
	switch {
	case at < int64(len(f.memory)):
		return at
	case f.wraps:
		return at % int64(len(f.memory))
	}
	return -1
}

func (f *fake) ReadAt(b []byte, at int64) (int, error) {
	r, err := f.begin("read", b, at)
	if err != nil {
		return 0, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads += int64(len(b))
	for i := 0; i < len(b); i += f.sector {
		part := b[i : i+f.sector]
		if p := f.place(at + int64(i)); p >= 0 {
			copy(part, f.memory[p:])
		} else {
			clear(part)
		}
	}
	if r != nil && r.flip {
		i := 0
		if r.at >= 0 {
			i = int(r.at - at)
		}
		b[i] ^= 1
	}
	if r != nil && r.short {
		return len(b) / 2, nil
	}
	return len(b), nil
}

func (f *fake) WriteAt(b []byte, at int64) (int, error) {
	r, err := f.begin("write", b, at)
	if err != nil {
		return 0, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.swapped.IsZero() {
		f.strange++
	}
	data := slices.Clone(b)
	if r != nil && r.short {
		data = data[:len(b)/2/f.sector*f.sector]
	}
	f.writes++
	for i := 0; i < len(data); i += f.sector {
		if p := f.place(at + int64(i)); p >= 0 {
			copy(f.memory[p:], data[i:i+f.sector])
			f.cached = append(f.cached, write{p, data[i : i+f.sector]})
		}
	}
	if r != nil && r.flip {
		if p := f.place(max(r.at, at)); p >= 0 {
			f.memory[p] ^= 1
		}
	}
	if r != nil && r.short {
		return len(data), nil
	}
	return len(b), nil
}

func (f *fake) Sync() error {
	if _, err := f.begin("sync", nil, 0); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.syncs++
	f.cached = nil
	copy(f.kept, f.memory)
	return nil
}

func (f *fake) Forget(int64, int64) error {
	_, err := f.begin("forget", nil, 0)
	return err
}

func (f *fake) Size() int64     { return f.size }
func (f *fake) SectorSize() int { return f.sector }

func (f *fake) Close() error {
	f.mu.Lock()
	if f.closings++; f.closings == 1 {
		close(f.closed)
	}
	r := f.strike("close", 0, 0)
	f.mu.Unlock()
	if r != nil {
		return r.err
	}
	return nil
}

// powerCut is what is left when power goes now: of what was not synced, any
// sectors, in any order.
func (f *fake) powerCut(r *rand.Rand) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	left := slices.Clone(f.kept)
	for _, i := range r.Perm(len(f.cached)) {
		if r.IntN(2) == 0 {
			copy(left[f.cached[i].at:], f.cached[i].data)
		}
	}
	return left
}

// reopen is the same stick, plugged in again and without faults.
func (f *fake) reopen() *fake {
	g := newFake(f.size, f.sector, nil)
	g.memory, g.kept, g.wraps = f.memory, f.kept, f.wraps
	return g
}

// imageOf is an image in memory.
func imageOf(b []byte) Image {
	return ImageFrom("test.iso", int64(len(b)), func() (io.ReadCloser, error) {
		return struct {
			io.Reader
			io.Closer
		}{bytes.NewReader(b), io.NopCloser(nil)}, nil
	})
}

// noise is n bytes of a seed, with runs of zeros as images have them.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 5))
	b := make([]byte, n)
	for i := 0; i < n; i += 4096 {
		if i > 0 && r.IntN(8) == 0 {
			continue
		}
		page := b[i:min(i+4096, n)]
		for len(page) >= 8 {
			binary.NativeEndian.PutUint64(page, r.Uint64())
			page = page[8:]
		}
		for j := range page {
			page[j] = byte(r.Uint32())
		}
	}
	return b
}
