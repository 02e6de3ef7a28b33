package preview_test

import (
	"flag"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/isowright/isowright/internal/truth"
	"github.com/isowright/isowright/internal/vm"
)

// take is the pattern of the names of pictures that TestTake takes anew.
var take = flag.String("take", "", "take pictures whose names match from real GRUB and keep them")

// TestTake takes golden pictures from real GRUB: `make grub-pictures`.
func TestTake(t *testing.T) {
	if *take == "" {
		t.Log("nothing to take: see `make grub-pictures`")
		return
	}
	wanted := regexp.MustCompile(*take)
	cameras := newCameras(t)
	for _, p := range pictures(t) {
		if !wanted.MatchString(p.name()) {
			continue
		}
		t.Run(p.name(), func(t *testing.T) {
			t.Parallel()
			shot, err := cameras(t, p.grub).Take(t.Context(), p.shot())
			if err != nil {
				t.Fatal(err)
			}
			if err := writePicture(goldenPath(p), shot); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func goldenPath(p picture) string { return filepath.Join(truthDir, p.name()+".png") }

// shot is what the camera has to do for the picture.
func (p picture) shot() truth.Shot {
	firmware := vm.BIOS
	if p.firmware == "uefi" {
		firmware = vm.UEFI
	}
	return truth.Shot{Firmware: firmware, Files: p.files, Width: p.width, Height: p.height,
		Keys: p.keys, Wait: p.wait, Until: p.until, Blinks: p.blinks}
}

// newCameras gives a function that finds the camera for a version of GRUB.
func newCameras(t *testing.T) func(t *testing.T, version string) *truth.Camera {
	ctx, host := t.Context(), truth.Host()
	cameras := map[string]*truth.Camera{"2.06": truth.NewCamera(ctx, host, t.TempDir())}
	return func(t *testing.T, version string) *truth.Camera {
		c := cameras[version]
		if c == nil {
			t.Fatalf("no GRUB %s", version)
		}
		return c
	}
}
