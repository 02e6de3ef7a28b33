package flash

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

const mib = 1 << 20

// start writes with the small geometry.
func start(ctx context.Context, f *fake, im Image, o Options) (Report, error) {
	o.geometry = small()
	return Write(ctx, Stick{Target: f}, im, o)
}

// holds is what has to be true of every write, however it ended.
func holds(t *testing.T, f *fake, image []byte, r Report, err error) {
	t.Helper()
	for _, v := range f.violations {
		t.Error(v)
	}
	if f.closings == 0 {
		t.Error("the stick was left open")
	}
	if f.strange > 0 {
		t.Error("something was written to a stick that came in place of ours")
	}
	if (err == nil) != (r.State == Succeeded) {
		t.Errorf("state %s with error %v", r.State, err)
	}
	head := f.kept[:min(small().head, len(f.kept))]
	switch r.FirstMiB {
	case FirstUntouched:
		if f.writes > 0 {
			t.Errorf("%d writes, and the first MiB untouched", f.writes)
		}
	case FirstBlank:
		if !zero(head) {
			t.Error("the first MiB is not blank")
		}
	}
	if err == nil {
		if r.FirstMiB != FirstWritten && f.writes > 0 {
			t.Errorf("done, with the first MiB %s", r.FirstMiB)
		}
		if !bytes.Equal(f.kept[:len(image)], image) {
			t.Errorf("done, and the stick differs from the image at %d", firstDifference(f.kept, image))
		}
		end := f.kept[max(len(image), len(f.kept)-small().head):]
		if !zero(end) {
			t.Error("there is something left at the end")
		}
	} else if r.FirstMiB == FirstWritten && !IsKind(err, EjectFault) && !IsKind(err, CloseFault) {
		t.Errorf("the first MiB was written in spite of: %v", err)
	}
}

func TestWrite(t *testing.T) {
	sizes := []int{1, 512, 4095, 4096, 5000, 16 << 10, 16<<10 + 1, 64 << 10, 100_000, 700_001, mib}
	for _, sector := range []int{512, 4096} {
		for _, size := range sizes {
			for _, o := range []Options{{}, {Full: true}, {NoVerify: true}} {
				t.Run(fmt.Sprintf("%d bytes, sectors of %d, %v %v", size, sector, o.Full, o.NoVerify), func(t *testing.T) {
					image := noise(uint64(size), size)
					old := noise(99, 2*mib)
					f := newFake(2*mib, sector, old)
					r, err := start(t.Context(), f, imageOf(image), o)
					if err != nil {
						t.Fatal(err)
					}
					holds(t, f, image, r, err)
					s := sha256.Sum256(image)
					if r.Size != int64(size) || r.SHA256 != hex.EncodeToString(s[:]) {
						t.Errorf("report says %d bytes with %s", r.Size, r.SHA256)
					}
					if r.Verified == o.NoVerify {
						t.Errorf("verified: %v", r.Verified)
					}
					// Between the image and the last MiB nothing changes.
					if a, b := (size+sector-1)/sector*sector, 2*mib-small().head; a > small().head && !bytes.Equal(f.memory[a:b], old[a:b]) {
						t.Error("more was written than the image and the end")
					}
				})
			}
		}
	}
}

// An image as large as the stick leaves no room for anything at the end.
func TestWriteFillsTheStick(t *testing.T) {
	for _, short := range []int{0, 1, 513, 5000, 40_000} {
		image := noise(1, mib-short)
		f := newFake(mib, 512, noise(2, mib))
		r, err := start(t.Context(), f, imageOf(image), Options{})
		if err != nil {
			t.Fatal(err)
		}
		holds(t, f, image, r, err)
	}
}

func TestIdenticalStickIsOnlyRead(t *testing.T) {
	image := noise(3, 900_000)
	for _, plan := range []struct {
		name  string
		stick []byte
	}{{"same", image}, {"same with room", image}} {
		t.Run(plan.name, func(t *testing.T) {
			f := newFake(2*mib, 512, plan.stick)
			r, err := start(t.Context(), f, imageOf(image), Options{})
			holds(t, f, image, r, err)
			if err != nil || f.writes != 0 || !r.Verified || r.Kept != int64(len(image)) || r.FirstMiB != FirstUntouched {
				t.Errorf("%d writes, %+v, %v", f.writes, r, err)
			}
		})
	}
}

// A stick with nearly all of the image gets only the rest, but always its first
// MiB anew: it is blank while anything else is written.
func TestOnlyDifferencesAreWritten(t *testing.T) {
	image := noise(4, 4*mib)
	old := slices.Clone(image)
	for _, at := range []int{300_000, 1_500_000, 1_504_000, 4_000_000} {
		old[at] ^= 0xff
	}
	f := newFake(5*mib, 512, old)
	var blankBefore bool
	f.rules = []*rule{{op: "write", at: 300_000, times: 1, trigger: func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		blankBefore = zero(f.kept[:small().head])
	}}}
	r, err := start(t.Context(), f, imageOf(image), Options{})
	holds(t, f, image, r, err)
	if err != nil || !r.Verified {
		t.Fatal(r, err)
	}
	if !blankBefore {
		t.Error("the first MiB was not blank on the medium when the first other byte was written")
	}
	if want := int64(4*4096 + small().head); r.Written > want {
		t.Errorf("%d bytes written, want %d at most", r.Written, want)
	}
	if r.ReadBack > mib/4 {
		t.Errorf("%d bytes read back", r.ReadBack)
	}
	if r.Kept < 3*mib {
		t.Errorf("only %d bytes kept", r.Kept)
	}
}

// Where all differs, hardly anything is read in vain.
func TestPlainWritingWhereAllDiffers(t *testing.T) {
	image, old := noise(5, 16*mib), noise(6, 16*mib)
	f := newFake(17*mib, 512, old)
	r, err := start(t.Context(), f, imageOf(image), Options{NoVerify: true})
	holds(t, f, image, r, err)
	if err != nil || f.reads > mib {
		t.Errorf("%d bytes read, %v", f.reads, err)
	}
}

// slow is a stick of given speeds, in nanoseconds a byte.
type slow struct {
	*fake
	read, write time.Duration
}

func (s slow) ReadAt(b []byte, at int64) (int, error) {
	time.Sleep(time.Duration(len(b)) * s.read)
	return s.fake.ReadAt(b, at)
}

func (s slow) WriteAt(b []byte, at int64) (int, error) {
	time.Sleep(time.Duration(len(b)) * s.write)
	return s.fake.WriteAt(b, at)
}

// A stick that reads slower than it writes is not compared any further.
func TestPlainWritingWhereReadingIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		image := noise(5, 8*mib)
		old := slices.Clone(image)
		for at := 0; at < len(old); at += 40_000 {
			old[at] ^= 1
		}
		f := newFake(9*mib, 512, old)
		r, err := Write(t.Context(), Stick{Target: slow{f, 100, 10}}, imageOf(image), Options{NoVerify: true, geometry: small()})
		holds(t, f, image, r, err)
		if err != nil || f.reads > 4*mib {
			t.Errorf("%d bytes read, %v", f.reads, err)
		}
	})
}

// fails are the faults that a stick may have, and what must come of them.
var fails = []struct {
	name  string
	rules []*rule
	kind  Kind
	first FirstMiB
	o     Options
	ok    bool // the fault is got over
}{
	{name: "short write", rules: []*rule{{op: "write", at: 500_000, times: 1, short: true}}, ok: true},
	{name: "short writes without end", rules: []*rule{{op: "write", at: 500_000, times: -1, short: true}}, kind: WriteFault, first: FirstBlank},
	{name: "short read", rules: []*rule{{op: "read", at: 500_000, times: 1, short: true}}, ok: true},
	{name: "EIO once", rules: []*rule{{op: "write", at: 500_000, times: 1, err: syscall.EIO}}, ok: true},
	{name: "EIO thrice", rules: []*rule{{op: "write", at: 500_000, times: 3, err: syscall.EIO}}, ok: true},
	{name: "EIO for good", rules: []*rule{{op: "write", at: 500_000, times: -1, err: syscall.EIO}}, kind: WriteFault, first: FirstBlank},
	{name: "EAGAIN", rules: []*rule{{op: "write", at: 500_000, times: 2, err: syscall.EAGAIN}}, ok: true},
	{name: "EIO on reading back", rules: []*rule{{op: "read", at: 500_000, times: -1, err: syscall.EIO}}, kind: ReadFault, first: FirstBlank},
	{name: "EIO on reading back once", rules: []*rule{{op: "read", at: 500_000, times: 1, err: syscall.EIO}}, ok: true},
	{name: "EIO on blanking", rules: []*rule{{op: "write", at: 0, times: -1, err: syscall.EIO}}, kind: WriteFault, first: FirstUnknown},
	{name: "EIO on the boot record", rules: []*rule{{op: "write", at: 0, after: 1, times: 4, err: syscall.EIO}}, kind: WriteFault, first: FirstBlank},
	{name: "EIO in the first MiB", rules: []*rule{{op: "write", at: 8000, after: 1, times: 4, err: syscall.EIO}}, kind: WriteFault, first: FirstBlank},
	{name: "ENOSPC", rules: []*rule{{op: "write", at: 500_000, times: 1, err: syscall.ENOSPC}}, kind: NoSpace, first: FirstBlank},
	{name: "EROFS", rules: []*rule{{op: "write", at: -1, times: -1, err: syscall.EROFS}}, kind: ReadOnly, first: FirstUnknown},
	{name: "ENOMEDIUM", rules: []*rule{{op: "write", at: 500_000, times: 1, err: syscall.ENOMEDIUM}}, kind: Gone, first: FirstBlank},
	{name: "pulled out while writing", rules: []*rule{{op: "write", at: 500_000, vanish: true, times: 1}}, kind: Gone, first: FirstBlank},
	{name: "pulled out while reading back", rules: []*rule{{op: "read", at: 500_000, vanish: true, times: 1}}, kind: Gone, first: FirstBlank, o: Options{Full: true}},
	{name: "pulled out at the boot record", rules: []*rule{{op: "write", at: 0, after: 1, vanish: true, times: 1}}, kind: Gone, first: FirstUnknown},
	{name: "another stick comes in its place", rules: []*rule{{op: "write", at: 500_000, vanish: true, swap: true, times: 1}}, kind: Gone, first: FirstBlank},
	{name: "another stick at the boot record", rules: []*rule{{op: "write", at: 0, after: 1, vanish: true, swap: true, abrupt: true, times: 1}}, kind: Gone, first: FirstUnknown},
	{name: "hangs in writing", rules: []*rule{{op: "write", at: 500_000, hang: true, times: 1}}, kind: Silent, first: FirstBlank},
	{name: "hangs in reading", rules: []*rule{{op: "read", at: 500_000, hang: true, times: 1}}, kind: Silent, first: FirstBlank},
	{name: "hangs in syncing", rules: []*rule{{op: "sync", at: -1, after: 1, hang: true, times: 1}}, kind: Silent, first: FirstBlank},
	{name: "hangs at the boot record", rules: []*rule{{op: "write", at: 0, after: 1, hang: true, times: 1}}, kind: Silent, first: FirstUnknown},
	{name: "sync fails", rules: []*rule{{op: "sync", at: -1, after: 2, err: syscall.EIO, times: 1}}, kind: SyncFault, first: FirstBlank},
	{name: "last sync fails", rules: []*rule{{op: "sync", at: -1, after: 5, err: syscall.EIO, times: 1}}, kind: SyncFault, first: FirstBlank},
	{name: "lies on reading back", rules: []*rule{{op: "read", at: 500_000, flip: true, times: -1}}, kind: Mismatch, first: FirstBlank, o: Options{Full: true}},
	{name: "reads differently each time", rules: []*rule{{op: "read", at: 500_000, flip: true, times: 1}}, kind: Mismatch, first: FirstBlank, o: Options{Full: true}},
	{name: "lies about the boot record", rules: []*rule{{op: "read", at: 100, flip: true, times: -1}}, kind: Mismatch, first: FirstBlank, o: Options{Full: true}},
	{name: "writes a wrong boot record", rules: []*rule{{op: "write", at: 100, after: 1, flip: true, times: 1}}, kind: Mismatch, first: FirstBlank},
	{name: "writes a wrong bit", rules: []*rule{{op: "write", at: 500_000, flip: true, times: 1}}, kind: Mismatch, first: FirstBlank},
	{name: "close fails", rules: []*rule{{op: "close", at: -1, err: syscall.EIO, times: 1}}, kind: CloseFault, first: FirstWritten},
	{name: "the cache cannot be dropped", rules: []*rule{{op: "forget", at: -1, err: syscall.EIO, times: -1}}, kind: ReadFault, first: FirstBlank},
}

func TestFailures(t *testing.T) {
	image := noise(7, 1_500_000)
	for _, c := range fails {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(2*mib, 512, noise(8, 2*mib))
				for _, r := range c.rules {
					again := *r
					f.rules = append(f.rules, &again)
				}
				o := c.o
				o.Patience = 30 * time.Second
				r, err := start(t.Context(), f, imageOf(image), o)
				synctest.Wait() // what was left hanging has ended
				holds(t, f, image, r, err)
				if c.ok {
					if err != nil || !r.Verified {
						t.Errorf("not got over: %v", err)
					}
					return
				}
				if !IsKind(err, c.kind) || r.State != Failed {
					t.Errorf("state %s, %v; want an error of kind %q", r.State, err, c.kind)
				}
				if r.FirstMiB != c.first {
					t.Errorf("the first MiB is %q, want %q", r.FirstMiB, c.first)
				}
				if r.Verified && c.kind != CloseFault {
					t.Error("called verified")
				}
				var e *Error
				if errors.As(err, &e) && (e.Text == "" || e.Advice == "" && e.Kind != Silent) {
					t.Errorf("says too little: %+v", e)
				}
				again := f.reopen()
				r, err = start(t.Context(), again, imageOf(image), Options{})
				holds(t, again, image, r, err)
				if err != nil {
					t.Errorf("the next one does not mend it: %v", err)
				}
			})
		})
	}
}

// TestCancel cancels at every operation, also where the stick hangs then.
func TestCancel(t *testing.T) {
	image := noise(9, 1_200_000)
	for _, op := range []string{"read", "write", "sync"} {
		for _, after := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 20, 23, 26, 27, 28, 29, 30, 40} {
			for _, hang := range []bool{false, true} {
				for _, full := range []bool{false, true} {
					synctest.Test(t, func(t *testing.T) {
						ctx, cancel := context.WithCancel(t.Context())
						f := newFake(2*mib, 512, noise(10, 2*mib))
						var at time.Time
						rule := &rule{op: op, at: -1, after: after, times: 1, hang: hang, trigger: func() {
							at = time.Now()
							cancel()
						}}
						f.rules = append(f.rules, rule)
						r, err := start(ctx, f, imageOf(image), Options{Full: full})
						struck := rule.times == 0
						if struck && time.Since(at) > time.Second {
							t.Errorf("%s %d: took %s", op, after, time.Since(at))
						}
						synctest.Wait()
						holds(t, f, image, r, err)
						if struck && (r.State != Cancelled || !errors.Is(err, context.Canceled)) {
							t.Errorf("%s %d: state %s, %v", op, after, r.State, err)
						}
						if struck && r.FirstMiB == FirstUnknown && !hang {
							t.Errorf("%s %d: the first MiB is unknown", op, after)
						}
						cancel()
					})
				}
			}
		}
	}
}

// An image that is not what its checksum was made for is found out before the
// first MiB is written.
func TestWrongSum(t *testing.T) {
	image := noise(11, 800_000)
	f := newFake(mib, 512, nil)
	r, err := start(t.Context(), f, imageOf(image), Options{SHA256: strings.Repeat("ab", 32)})
	holds(t, f, image, r, err)
	if !IsKind(err, WrongSum) || r.FirstMiB != FirstBlank {
		t.Error(r, err)
	}
	s := sha256.Sum256(image)
	f = newFake(mib, 512, nil)
	r, err = start(t.Context(), f, imageOf(image), Options{SHA256: strings.ToUpper(hex.EncodeToString(s[:]))})
	holds(t, f, image, r, err)
	if err != nil {
		t.Error(err)
	}
}

func TestRefusedBeforeTheFirstByte(t *testing.T) {
	image := noise(12, 800_000)
	f := newFake(799_744, 512, noise(1, 799_744))
	r, err := start(t.Context(), f, imageOf(image), Options{})
	holds(t, f, image, r, err)
	if !IsKind(err, TooSmall) || r.FirstMiB != FirstUntouched {
		t.Error(r, err)
	}
	f = newFake(mib, 512, noise(1, mib))
	r, err = Write(t.Context(), Stick{Target: f, Same: func() error { return errors.New("another serial") }},
		imageOf(image), Options{geometry: small()})
	holds(t, f, image, r, err)
	if !IsKind(err, NotTheOne) || r.FirstMiB != FirstUntouched {
		t.Error(r, err)
	}
}

// An image whose size is not known before it is read may turn out too large.
func TestTooSmallFoundOnTheWay(t *testing.T) {
	image := noise(13, 900_000)
	im := imageOf(image)
	im.Size, im.Exact = -1, false
	f := newFake(700_416, 512, noise(1, 700_416))
	r, err := start(t.Context(), f, im, Options{})
	holds(t, f, image, r, err)
	if !IsKind(err, TooSmall) || r.FirstMiB != FirstBlank {
		t.Error(r, err)
	}
}

// An image that cannot be read, ends early or has grown is no success.
func TestBadImages(t *testing.T) {
	image := noise(14, 900_000)
	broken := func(r io.Reader, size int64) Image {
		return ImageFrom("x", size, func() (io.ReadCloser, error) { return io.NopCloser(r), nil })
	}
	for name, im := range map[string]Image{
		"does not open":  ImageFrom("x", 900_000, func() (io.ReadCloser, error) { return nil, syscall.EACCES }),
		"cannot be read": broken(io.MultiReader(bytes.NewReader(image[:500_000]), errReader{syscall.EIO}), 900_000),
		"cut off":        broken(bytes.NewReader(image[:500_000]), 900_000),
		"grown":          broken(bytes.NewReader(image), 500_000),
		"empty":          broken(bytes.NewReader(nil), 0),
	} {
		f := newFake(mib, 512, noise(1, mib))
		r, err := start(t.Context(), f, im, Options{})
		holds(t, f, image, r, err)
		if !IsKind(err, ImageFault) || r.State != Failed {
			t.Errorf("%s: %s, %v", name, r.State, err)
		}
	}
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// The states come in their order, bytes never go back within one, and the last
// of each is its total.
func TestProgress(t *testing.T) {
	image := noise(15, 900_000)
	var mu sync.Mutex
	var states []string
	last := map[string]progress.Event{}
	sink := func(e progress.Event) {
		mu.Lock()
		defer mu.Unlock()
		if len(states) == 0 || states[len(states)-1] != e.Step {
			states = append(states, e.Step)
		} else if e.Done < last[e.Step].Done {
			t.Errorf("%s goes back from %d to %d", e.Step, last[e.Step].Done, e.Done)
		}
		last[e.Step] = e
	}
	f := newFake(mib, 512, noise(1, mib))
	r, err := Write(t.Context(), Stick{Target: f, Progress: sink}, imageOf(image), Options{geometry: small()})
	holds(t, f, image, r, err)
	want := []string{"preparing", "writing", "flushing", "verifying", "finishing", "succeeded"}
	if !slices.Equal(states, want) {
		t.Errorf("states %v, want %v", states, want)
	}
	for _, s := range []string{"writing", "verifying"} {
		if e := last[s]; e.Done != e.Total || e.Total == 0 {
			t.Errorf("%s ended at %d of %d", s, e.Done, e.Total)
		}
	}
}

func TestEjectAndSleep(t *testing.T) {
	image := noise(16, 100_000)
	for _, fail := range []bool{false, true} {
		f := newFake(mib, 512, nil)
		slept, why := 0, ""
		s := Stick{Target: f, Eject: func(context.Context) error {
			if f.closings != 1 {
				t.Error("ejected before it was closed")
			}
			if fail {
				return syscall.EBUSY
			}
			return nil
		}}
		o := Options{geometry: small(), Inhibit: func(_ context.Context, w string) (func(), error) {
			why = w
			if fail {
				return nil, errors.New("no logind")
			}
			return func() { slept++ }, nil
		}}
		r, err := Write(t.Context(), s, imageOf(image), o)
		if fail {
			if !IsKind(err, EjectFault) || r.State != Failed || r.FirstMiB != FirstWritten || len(r.Notes) != 1 {
				t.Error(r, err)
			}
			continue
		}
		if err != nil || !r.Ejected || slept != 1 || why == "" {
			t.Error(r, err, slept, why)
		}
	}
}
