package preview_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/isowright/isowright/internal/need"
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
	all := newCameras(t)
	for _, p := range pictures(t) {
		if !wanted.MatchString(p.name()) {
			continue
		}
		t.Run(p.name(), func(t *testing.T) {
			t.Parallel()
			camera, _ := all[p.grub](t)
			shot, err := camera.Take(t.Context(), p.shot())
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

// cameras are those of the two versions of GRUB, made when they are needed.
type cameras map[string]func(t *testing.T) (*truth.Camera, truth.GRUB)

// newCameras finds the host's GRUB, which is to be Debian 12's, and fetches that
// of Debian 13. Where something is missing the test is skipped, with
// ISOWRIGHT_REQUIRE_TOOLS=1 it fails.
func newCameras(t *testing.T) cameras {
	ctx, dir := t.Context(), t.TempDir()
	user, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	find := func(version string, grub func() (truth.GRUB, error)) func(t *testing.T) (*truth.Camera, truth.GRUB) {
		var found truth.GRUB
		camera := sync.OnceValues(func() (*truth.Camera, error) {
			var err error
			if found, err = grub(); err == nil && !strings.HasPrefix(found.Version, version) {
				err = fmt.Errorf("GRUB %s is wanted and %s is here", version, found.Version)
			}
			return truth.NewCamera(ctx, found, dir), err
		})
		return func(t *testing.T) (*truth.Camera, truth.GRUB) {
			t.Helper()
			c, err := camera()
			need.NoError(t, err)
			return c, found
		}
	}
	return cameras{
		"2.06": find("2.06", func() (truth.GRUB, error) { return truth.Host(ctx) }),
		"2.12": find("2.12", func() (truth.GRUB, error) {
			return truth.Release(ctx, "trixie", filepath.Join(user, "isowright"), filepath.Join(dir, "trixie"))
		}),
	}
}
