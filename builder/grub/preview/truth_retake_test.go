package preview_test

import (
	"image"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/need"
)

// retaken is how many pictures of the suite each run takes anew, and attempts
// how often one is taken at most: on a computer that is busy for seconds QEMU
// loses keys.
const (
	retaken  = 10
	attempts = 3
)

// TestRetake takes ten pictures from real GRUB, others in each run, and compares
// them with the kept ones. ISOWRIGHT_SEED repeats a run.
func TestRetake(t *testing.T) {
	need.Tools(t, "qemu-system-x86_64", "grub-mkimage", "dpkg-query")
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("ISOWRIGHT_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("ISOWRIGHT_SEED: %v", err)
		}
	}
	t.Logf("ISOWRIGHT_SEED=%d takes the same pictures", seed)
	all := pictures(t)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	find := newCameras(t)
	limit := make(chan struct{}, 2) // guests at once
	for _, p := range all[:retaken] {
		t.Run(p.name(), func(t *testing.T) {
			t.Parallel()
			limit <- struct{}{}
			defer func() { <-limit }()
			retake(t, find, p)
		})
	}
}

// retake takes a picture and compares it with the kept one, or, where another
// build of GRUB is here than the one that drew that, with ours for its version.
func retake(t *testing.T, find cameras, p picture) {
	camera, grub := find[p.grub](t)
	want, err := readPicture(goldenPath(p))
	if err != nil {
		t.Fatal(err)
	}
	if grub.Version != versions[p.grub] {
		if want, err = p.draw(grub.Version); err != nil {
			t.Fatal(err)
		}
	}
	var shot *image.RGBA
	for range attempts {
		if shot, err = camera.Take(t.Context(), p.shot()); err != nil {
			t.Log(err)
			continue
		}
		n, where := differing(shot, want)
		if n == 0 || grub.Version != versions[p.grub] && n <= p.differs {
			return
		}
		t.Logf("GRUB %s: %d pixels differ, within %v", grub.Version, n, where)
	}
	t.Errorf("real GRUB draws another picture than the kept one, in %d attempts", attempts)
	if shot != nil {
		saveDifference(t, p, want, shot)
	}
}
