package flash

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// counted counts how much of an image is read.
func counted(image []byte, read, opened *atomic.Int64) Image {
	return ImageFrom("test.iso", int64(len(image)), func() (io.ReadCloser, error) {
		opened.Add(1)
		return io.NopCloser(io.TeeReader(bytes.NewReader(image), counter{read})), nil
	})
}

type counter struct{ n *atomic.Int64 }

func (c counter) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return len(b), nil
}

// Sticks of the same kind share one reading of the image.
func TestSeveralSticks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		image := noise(81, 3*mib+5)
		var read, opened atomic.Int64
		var sticks []Stick
		var fakes []*fake
		for i := range 5 {
			f := newFake(4*mib, []int{512, 4096}[i%2], noise(uint64(i), 4*mib))
			fakes = append(fakes, f)
			sticks = append(sticks, Stick{Target: slow{f, 10, 40}})
		}
		for i, r := range WriteAll(t.Context(), sticks, counted(image, &read, &opened), Options{geometry: small()}) {
			holds(t, fakes[i], image, r.Report, r.Err)
			if r.Err != nil || !r.Report.Verified {
				t.Errorf("stick %d: %+v", i, r)
			}
		}
		if opened.Load() != 1 || read.Load() != int64(len(image)) {
			t.Errorf("opened %d times, %d bytes read of %d", opened.Load(), read.Load(), len(image))
		}
	})
}

// Sticks that are slow, hang, fail or are pulled out do not hold up the others,
// whichever is first.
func TestBadSticksAmongGoodOnes(t *testing.T) {
	image := noise(82, 3*mib)
	faults := map[string]*rule{
		"hangs":      {op: "write", at: 1_000_000, times: 1, hang: true},
		"fails":      {op: "write", at: 2_000_000, times: -1, err: syscall.EIO},
		"pulled out": {op: "write", at: 200_000, times: 1, vanish: true},
		"lies":       {op: "read", at: 200_000, times: -1, flip: true},
	}
	for name, fault := range faults {
		for _, place := range []int{0, 2} {
			t.Run(fmt.Sprint(name, place), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var sticks []Stick
					var fakes []*fake
					var ended [3]time.Duration
					begin := time.Now()
					for i := range 3 {
						f := newFake(4*mib, 512, noise(uint64(i), 4*mib))
						if i == place {
							again := *fault
							f.rules = []*rule{&again}
						}
						s := Stick{Target: slow{f, 10, 40}}
						if i == 1 {
							s.Target = slow{f, 1000, 4000} // a hundred times as slow
						}
						s.Same = func() error { return nil }
						s.Target = &timed{s.Target, func() { ended[i] = time.Since(begin) }}
						fakes, sticks = append(fakes, f), append(sticks, s)
					}
					results := WriteAll(t.Context(), sticks, imageOf(image), Options{Full: true, geometry: small()})
					synctest.Wait()
					for i, r := range results {
						holds(t, fakes[i], image, r.Report, r.Err)
						if (r.Err != nil) != (i == place) {
							t.Errorf("stick %d: %+v, %v", i, r.Report, r.Err)
						}
					}
					// The fast good one needs a sixth of a second by itself.
					if fast := ended[2-place]; fast > time.Second {
						t.Errorf("the fast stick had to wait: %s", fast)
					}
				})
			})
		}
	}
}

// timed tells when it is closed.
type timed struct {
	Target
	closed func()
}

func (c *timed) Close() error {
	c.closed()
	return c.Target.Close()
}

// A stick that reads the image by itself does not take another image for it.
func TestImageChangesMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		image := noise(83, 3*mib)
		changed := slices.Clone(image)
		changed[2*mib] ^= 1
		var opened atomic.Int64
		im := ImageFrom("x", int64(len(image)), func() (io.ReadCloser, error) {
			if opened.Add(1) > 1 {
				return io.NopCloser(bytes.NewReader(changed)), nil
			}
			return io.NopCloser(bytes.NewReader(image)), nil
		})
		fast, late := newFake(4*mib, 512, nil), newFake(4*mib, 512, nil)
		results := WriteAll(t.Context(), []Stick{{Target: fast}, {Target: slow{late, 1000, 4000}}}, im,
			Options{Full: true, geometry: small()})
		holds(t, fast, image, results[0].Report, results[0].Err)
		holds(t, late, image, results[1].Report, results[1].Err)
		if results[0].Err != nil || !IsKind(results[1].Err, ImageFault) {
			t.Errorf("%v, %v", results[0].Err, results[1].Err)
		}
	})
}
