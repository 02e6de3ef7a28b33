package flash

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

func TestVerify(t *testing.T) {
	image := noise(91, 700_001)
	for _, c := range []struct {
		name   string
		change []int
		first  int64
		blocks int
	}{
		{"same", nil, -1, 0},
		{"first byte", []int{0}, 0, 1},
		{"last byte", []int{700_000}, 700_000, 1},
		{"several", []int{5000, 5001, 90_000, 400_000}, 5000, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			stick := bytes.Clone(image)
			for _, at := range c.change {
				stick[at] ^= 0x10
			}
			f := newFake(mib, 512, append(stick, noise(1, 100_000)...))
			got, err := Verify(t.Context(), f, imageOf(image), VerifyOptions{geometry: small()})
			if got.First != c.first || got.Blocks != c.blocks || got.Compared != int64(len(image)) || got.Size != int64(len(image)) {
				t.Errorf("%+v", got)
			}
			if IsKind(err, Mismatch) != (c.first >= 0) || (err != nil) != (c.first >= 0) {
				t.Error(err)
			}
			if c.first >= 0 && (got.Expected[0] != image[c.first] || got.Found[0] != image[c.first]^0x10) {
				t.Errorf("% x, % x", got.Expected, got.Found)
			}
			if f.writes > 0 || f.closings == 0 || len(f.violations) > 0 {
				t.Error(f.writes, f.closings, f.violations)
			}
		})
	}
}

func TestVerifyFails(t *testing.T) {
	image := noise(92, 700_001)
	synctest.Test(t, func(t *testing.T) {
		f := newFake(mib, 512, image)
		f.rules = []*rule{{op: "read", at: 400_000, times: 1, hang: true}}
		if _, err := Verify(t.Context(), f, imageOf(image), VerifyOptions{geometry: small()}); !IsKind(err, Silent) {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := newFake(mib, 512, image)
		f.rules = []*rule{{op: "read", at: 400_000, times: -1, err: syscall.EIO}}
		if _, err := Verify(t.Context(), f, imageOf(image), VerifyOptions{geometry: small()}); !IsKind(err, ReadFault) {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := newFake(mib, 512, image)
		f.rules = []*rule{{op: "read", at: 400_000, times: 1, trigger: cancel}}
		if _, err := Verify(ctx, f, imageOf(image), VerifyOptions{geometry: small()}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	if _, err := Verify(t.Context(), newFake(409_600, 512, nil), imageOf(image), VerifyOptions{}); !IsKind(err, TooSmall) {
		t.Error(err)
	}
	sum := VerifyOptions{SHA256: strings.Repeat("0", 64), geometry: small()}
	if _, err := Verify(t.Context(), newFake(mib, 512, image), imageOf(image), sum); !IsKind(err, WrongSum) {
		t.Error(err)
	}
}

// A first difference at a power of two speaks for a counterfeit.
func TestMismatchHint(t *testing.T) {
	for at, kind := range map[int64]Kind{64 << 20: FakeCapacity, 8 << 30: FakeCapacity, 64<<20 + 1: Mismatch, 4096: Mismatch, 0: Mismatch} {
		err := mismatch(at, []byte{1, 2}, []byte{3, 4})
		if !IsKind(err, kind) || !strings.Contains(err.Error(), "03 04 is there instead of 01 02") {
			t.Errorf("%d: %v", at, err)
		}
	}
}
