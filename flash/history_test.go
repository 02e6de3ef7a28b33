package flash

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
)

// histories is how many random lives of sticks are tried; ISOWRIGHT_HEAVY=1
// tries twenty times as many.
func histories() int {
	if os.Getenv("ISOWRIGHT_HEAVY") == "1" {
		return 60_000
	}
	return 2000
}

// TestHistories lets sticks live: written, failing, cancelled, without power,
// written again. After each step what has to hold must hold, and the last one,
// without a fault, has to leave the image on the stick.
func TestHistories(t *testing.T) {
	for seed := range histories() {
		synctest.Test(t, func(t *testing.T) {
			history(t, rand.New(rand.NewPCG(uint64(seed), 11)))
			if t.Failed() {
				t.Fatalf("the life with seed %d went wrong", seed)
			}
		})
	}
}

func history(t *testing.T, r *rand.Rand) {
	sector := []int{512, 4096}[r.IntN(2)]
	image := noise(r.Uint64(), 1+r.IntN(700_000))
	size := int64(len(image)+sector-1) / int64(sector) * int64(sector)
	size += int64(r.IntN(3)) * int64(r.IntN(40)) * int64(sector)
	f := newFake(size, sector, oldContent(r, image, int(size)))
	for range r.IntN(3) {
		f = step(t, r, f, image)
		if r.IntN(4) == 0 {
			image = mutated(r, image)
		}
	}
	o := Options{Full: r.IntN(4) == 0}
	report, err := start(t.Context(), f, imageOf(image), o)
	holds(t, f, image, report, err)
	if err != nil || !report.Verified {
		t.Errorf("a good stick: %+v, %v", report, err)
	}
}

// oldContent is what a stick may hold: nothing, something, or nearly the image.
func oldContent(r *rand.Rand, image []byte, size int) []byte {
	switch r.IntN(4) {
	case 0:
		return nil
	case 1:
		return noise(r.Uint64(), size)
	case 2:
		return image
	}
	old := mutated(r, image)
	return old[:r.IntN(len(old)+1)]
}

// mutated is an image of the same size with some parts changed.
func mutated(r *rand.Rand, image []byte) []byte {
	b := slices.Clone(image)
	for range 1 + r.IntN(4) {
		at := r.IntN(len(b))
		for i := at; i < min(at+1+r.IntN(30_000), len(b)); i++ {
			b[i] ^= 0x55
		}
	}
	return b
}

// step writes once with random faults and gives the stick as it comes back.
func step(t *testing.T, r *rand.Rand, f *fake, image []byte) *fake {
	before := slices.Clone(f.kept)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var left []byte
	f.rules = randomRules(r, f, cancel, func() {
		if left == nil {
			left = f.powerCut(r)
		}
	})
	o := Options{Full: r.IntN(3) == 0, NoVerify: r.IntN(5) == 0}
	report, err := start(ctx, f, imageOf(image), o)
	synctest.Wait()
	if o.NoVerify && err == nil {
		lied(t, f, image, report)
	} else {
		holds(t, f, image, report, err)
	}
	next := f.reopen()
	if left != nil {
		afterPowerCut(t, left, before, image)
		next.memory, next.kept = left, slices.Clone(left)
	}
	return next
}

// lied is all that can be asked when nothing was read back.
func lied(t *testing.T, f *fake, image []byte, r Report) {
	if r.Verified && !bytes.Equal(f.kept[:len(image)], image) {
		t.Error("called verified")
	}
}

// afterPowerCut holds that a stick has something in its boot record only if all
// the rest of the image is there, or nothing but its first MiB has been touched.
// The sectors of the boot record itself may come in any order.
func afterPowerCut(t *testing.T, left, before, image []byte) {
	t.Helper()
	boot := min(bootSize, len(image))
	if zero(left[:min(bootSize, len(left))]) || bytes.Equal(left[boot:len(image)], image[boot:]) {
		return
	}
	if head := min(small().head, len(left)); !bytes.Equal(left[head:], before[head:]) {
		t.Errorf("without power in between the stick has a boot record, and not all that belongs to it (%d)",
			firstDifference(left[:len(image)], image))
	}
}

func randomRules(r *rand.Rand, f *fake, cancel, cut func()) []*rule {
	var rules []*rule
	errs := []error{syscall.EIO, syscall.EAGAIN, syscall.ENOSPC, syscall.ENODEV, syscall.EROFS, syscall.ETIMEDOUT}
	for range r.IntN(3) {
		x := &rule{op: []string{"read", "write", "write", "sync"}[r.IntN(4)], at: -1, after: r.IntN(25), times: 1 + r.IntN(6)}
		if r.IntN(3) == 0 && x.op != "sync" {
			x.at, x.after = r.Int64N(f.size), r.IntN(3)
		}
		switch r.IntN(8) {
		case 0:
			x.hang, x.times = true, 1
		case 1:
			x.short = x.op != "sync"
		case 2:
			x.flip = x.op == "read" // a stick may lie when it is read
		case 3:
			x.vanish, x.swap, x.times = true, r.IntN(2) == 0, 1
		case 4:
			x.trigger, x.times = cancel, 1
		case 5:
			x.trigger, x.times = cut, 1
		default:
			x.err = errs[r.IntN(len(errs))]
		}
		rules = append(rules, x)
	}
	return rules
}

// TestPowerCut takes the power away before every single operation.
func TestPowerCut(t *testing.T) {
	image := noise(21, 300_000)
	for _, old := range [][]byte{noise(22, 400_000), mutated(rand.New(rand.NewPCG(1, 1)), image), image} {
		for _, op := range []string{"write", "sync"} {
			for after := range 40 {
				r := rand.New(rand.NewPCG(uint64(after), 3))
				f := newFake(409_600, 512, old)
				before := slices.Clone(f.kept)
				var left []byte
				f.rules = []*rule{{op: op, at: -1, after: after, times: 1, trigger: func() { left = f.powerCut(r) }}}
				report, err := start(t.Context(), f, imageOf(image), Options{})
				holds(t, f, image, report, err)
				if left != nil {
					afterPowerCut(t, left, before, image)
				}
			}
		}
	}
}

// TestCounterfeits writes to sticks that have less memory than they say, in
// ways that only reading back finds.
func TestCounterfeits(t *testing.T) {
	for seed := range 120 {
		r := rand.New(rand.NewPCG(uint64(seed), 12))
		image := noise(uint64(seed), 300_000+r.IntN(1_500_000))
		memory := int64(128<<10) << r.IntN(4)
		old := oldContent(r, image, int(min(memory, int64(len(image)))))
		f := counterfeit(4*mib, memory, 512, r.IntN(2) == 0, old)
		o := Options{Full: r.IntN(4) == 0}
		report, err := start(t.Context(), f, imageOf(image), o)
		name := fmt.Sprintf("seed %d: %d bytes on a stick of %d (begins anew: %v)", seed, len(image), memory, f.wraps)
		if int64(len(image)) > memory {
			if err == nil {
				t.Errorf("%s: taken for good: %+v", name, report)
			} else if report.FirstMiB != FirstBlank || !zero(f.kept[:small().head]) && !f.wraps {
				t.Errorf("%s: %s: the first MiB is %s", name, err, report.FirstMiB)
			}
			continue
		}
		// What lies beyond is of no use to the image, so that it may be right.
		if err == nil && !bytes.Equal(f.kept[:len(image)], image) {
			t.Errorf("%s: taken for right", name)
		}
	}
}

// TestCounterfeitEndsInItsHead has the end of the image, and nothing else, land
// in the first MiB, where it is right until that is written.
func TestCounterfeitEndsInItsHead(t *testing.T) {
	for _, memory := range []int{300 << 10, 500 << 10, 777 << 10} {
		image := noise(uint64(memory), memory+small().head/2)
		f := counterfeit(2*mib, int64(memory), 512, true, nil)
		r, err := start(t.Context(), f, imageOf(image), Options{})
		if !IsKind(err, Mismatch) || r.FirstMiB != FirstBlank {
			t.Errorf("%d: %+v, %v", memory, r, err)
		}
	}
}

// TestCounterfeitEndsInZeros is the same with zeros, which the blank first MiB
// cannot be told from: only where it appears when it is written tells.
func TestCounterfeitEndsInZeros(t *testing.T) {
	for _, memory := range []int{256 << 10, 512 << 10, mib} {
		image := append(noise(uint64(memory), memory), make([]byte, 5000)...)
		f := counterfeit(2*mib, int64(memory), 512, true, image[:memory])
		r, err := start(t.Context(), f, imageOf(image), Options{})
		if !IsKind(err, Mismatch) || r.FirstMiB != FirstBlank {
			t.Errorf("%d: %+v, %v", memory, r, err)
		}
	}
}

// TestCounterfeitBehindGoodBlocks is the worst case for comparing before
// writing: the parts read first are right, and are overwritten later by what
// belongs elsewhere.
func TestCounterfeitBehindGoodBlocks(t *testing.T) {
	const memory = 256 << 10
	image := noise(31, 900_000)
	f := counterfeit(mib, memory, 512, true, image[:memory])
	r, err := start(t.Context(), f, imageOf(image), Options{})
	if err == nil || r.FirstMiB != FirstBlank {
		t.Errorf("%+v, %v", r, err)
	}
}
