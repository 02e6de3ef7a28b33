package flash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
)

func TestCapacityVerdicts(t *testing.T) {
	const size = 16 * mib
	for _, full := range []bool{false, true} {
		for _, c := range []struct {
			memory int64
			wraps  bool
		}{{size, false}, {mib, true}, {2 * mib, true}, {8 * mib, true}, {mib, false}, {3 * mib, false}, {13 * mib, false}, {size - 4096, false}} {
			t.Run(fmt.Sprintf("%d of %d, begins anew: %v, full: %v", c.memory, size, c.wraps, full), func(t *testing.T) {
				old := noise(51, int(c.memory))
				f := counterfeit(size, c.memory, 512, c.wraps, old)
				got, err := CheckCapacity(t.Context(), f, CapacityOptions{Full: full, Seed: 7, geometry: small()})
				if err != nil {
					t.Fatal(err)
				}
				if len(f.violations) > 0 || f.closings == 0 {
					t.Error(f.violations, f.closings)
				}
				if got.Genuine != (c.memory == size) || got.Verdict == "" || got.Claimed != size {
					t.Errorf("%+v", got)
				}
				if !got.Genuine && got.BeginsAnew != c.wraps {
					t.Errorf("%+v", got)
				}
				// A quick test knows the end to a third of an octave.
				if got.Real > c.memory || got.Real < c.memory/2 || full && got.Real != c.memory {
					t.Errorf("real capacity %d, want %d", got.Real, c.memory)
				}
				if full && !zero(f.kept[:small().head]) {
					t.Error("the first MiB is not blank")
				}
				if !full && !bytes.Equal(f.kept, old) {
					t.Errorf("what was there is not put back, from %d on", firstDifference(f.kept, old))
				}
				if !full && c.memory == size && !got.Restored {
					t.Error("does not say so")
				}
			})
		}
	}
}

// What the quick test has overwritten is put back, too, when it is cancelled or
// meets an error.
func TestCapacityPutsBack(t *testing.T) {
	for after := range 40 {
		for _, cancelled := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				old := noise(52, 4*mib)
				f := newFake(4*mib, 512, old)
				rule := &rule{op: "write", at: -1, after: after, times: 1}
				if cancelled {
					rule.trigger = cancel
				} else {
					rule.err = syscall.ENOSPC
				}
				f.rules = append(f.rules, rule)
				got, err := CheckCapacity(ctx, f, CapacityOptions{Seed: 8, geometry: small()})
				during := after < len((&capacity{d: newDevice(f, small(), 0)}).places())
				if during && err == nil {
					t.Errorf("%d: %+v without an error", after, got)
				}
				if cancelled && during && !errors.Is(err, context.Canceled) {
					t.Errorf("%d: %v", after, err)
				}
				if (cancelled || during) && !bytes.Equal(f.kept, old) {
					t.Errorf("%d: what was there is not put back", after)
				}
				if f.closings == 0 {
					t.Error("left open")
				}
			})
		}
	}
}

func TestPlacesCoverTheStick(t *testing.T) {
	for _, size := range []int64{8192, 40960, mib, 5 * mib, 31 * mib} {
		c := &capacity{d: newDevice(newFake(size, 512, nil), small(), 0)}
		places := c.places()
		last := size - int64(small().block)
		if !slices.IsSorted(places) || places[0] != 0 || places[len(places)-1] != last || len(places) > 60 {
			t.Errorf("%d: %v", size, places)
		}
	}
}
