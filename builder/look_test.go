package builder_test

import (
	"image"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/internal/need"
	"github.com/isowright/isowright/internal/truth"
	"github.com/isowright/isowright/internal/vm"
)

// TestLookIsWhatGRUBShows makes the medium's menu files of designs with a theme
// of our own and with a TrueType font, has real GRUB show them, and holds the
// preview to its picture.
func TestLookIsWhatGRUBShows(t *testing.T) {
	need.Tools(t, "qemu-system-x86_64", "grub-mkimage", "dpkg-query")
	grub, err := truth.Host(t.Context())
	need.NoError(t, err)
	font, from, err := builder.HostFont()
	need.NoError(t, err)
	t.Log("GRUB", grub.Version, "font", from)
	camera := truth.NewCamera(t.Context(), grub, t.TempDir())
	forever := -1
	for name, boot := range map[string]design.Boot{
		"own theme": {Theme: "isowright:panel-dark", Look: design.BootLook{Accent: "#e07020"}, Title: `Anna's "tools"`, Fonts: []string{"own.ttf"}, FontSize: 18},
		"own font":  {Fonts: []string{"own.ttf"}, FontSize: 18},
	} {
		t.Run(name, func(t *testing.T) {
			boot.Resolution, boot.Timeout = "1024x768", &forever
			d := design.WithDefaults(design.Design{
				Format: design.Format, Name: "Rescue", Distribution: "debian", Base: "minimal", Dir: t.TempDir(), Boot: boot,
			})
			if err := os.WriteFile(filepath.Join(d.Dir, "own.ttf"), goregular.TTF, 0o644); err != nil {
				t.Fatal(err)
			}
			if problems := append(design.Validate(d), design.CheckFiles(d)...); len(problems) > 0 {
				t.Fatal(problems)
			}
			compareLook(t, camera, d, builder.Loader{Version: grub.Version, Font: font})
		})
	}
}

// attempts is how often a picture is taken at most: on a busy computer QEMU
// loses keys and frames.
const attempts = 3

func compareLook(t *testing.T, camera *truth.Camera, d design.Design, l builder.Loader) {
	t.Helper()
	menu, _, err := builder.Menu(d)
	if err != nil {
		t.Fatal(err)
	}
	files, err := builder.MenuMedium(d, menu, l.Font)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := builder.Preview(d, l, preview.Options{Platform: scene.BIOS, Width: 1024, Height: 768})
	if err != nil {
		t.Fatal(err)
	}
	want := s.Image()
	for range attempts {
		shot, err := camera.Take(t.Context(), truth.Shot{Firmware: vm.BIOS, Files: files, Width: 1024, Height: 768})
		if err != nil {
			t.Log(err)
			continue
		}
		n := differing(shot, want)
		if n == 0 {
			return
		}
		t.Logf("%d pixels differ", n)
	}
	t.Error("real GRUB shows another picture than the preview")
}

// differing counts pixels.
func differing(a, b *image.RGBA) (n int) {
	if a.Rect != b.Rect {
		return max(len(a.Pix), len(b.Pix)) / 4
	}
	for i := 0; i < len(a.Pix); i += 4 {
		if [3]byte(a.Pix[i:i+3]) != [3]byte(b.Pix[i:i+3]) {
			n++
		}
	}
	return n
}
