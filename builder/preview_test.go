package builder

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/internal/need"
)

// lookDesign is one with every file that a menu can have.
func lookDesign(t *testing.T) design.Design {
	t.Helper()
	dir := t.TempDir()
	var grey bytes.Buffer
	must(t, png.Encode(&grey, image.NewGray(image.Rect(0, 0, 64, 48))))
	must(t, os.WriteFile(filepath.Join(dir, "back.png"), grey.Bytes(), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "Go.ttf"), goregular.TTF, 0o600))
	d := design.Design{Format: 1, Name: "Look", Distribution: "debian", Base: "minimal", Dir: dir}
	d.Boot.Background, d.Boot.Fonts, d.Boot.FontSize = "back.png", []string{"Go.ttf"}, 20
	d.Boot.Variants = []string{"serial", "nomodeset"}
	d.Boot.Colours.MenuHighlight = "yellow/blue"
	return d
}

func loader(t *testing.T) Loader {
	t.Helper()
	font, _, err := HostFont()
	need.NoError(t, err)
	return Loader{Version: "2.12", Font: font}
}

// TestPreviewOfADesign goes from the design to the pixels.
func TestPreviewOfADesign(t *testing.T) {
	d := lookDesign(t)
	s, warnings, err := Preview(d, loader(t), preview.Options{Platform: scene.UEFI, Width: 1024, Height: 768})
	must(t, err)
	if len(warnings) > 0 || len(s.Warnings()) > 0 {
		t.Errorf("warnings %v %v", warnings, s.Warnings())
	}
	sc := s.Scene()
	// The person's font is loaded last, so that it is the menu's.
	if !sc.Graphics || sc.Background != "boot/grub/background.png" || !strings.HasSuffix(sc.Fonts[len(sc.Fonts)-1], "fonts/Go.pf2") ||
		len(sc.Entries) != 3 || sc.Entries[1].Title != "Other ways to start" || sc.Vars["menu_color_highlight"] != "yellow/blue" {
		t.Errorf("%+v", sc)
	}
	blue, picture := 0, s.Image()
	for y := range 768 {
		if picture.RGBAAt(500, y) == (color.RGBA{0, 0, 0xa8, 255}) {
			blue++
		}
	}
	if blue < 20 || blue > 30 { // one line of a font of 20 pixels
		t.Errorf("the chosen line has %d rows of its colour", blue)
	}
	must(t, s.Submenu("Other ways to start"))
	if sc = s.Scene(); len(sc.Entries) != 2 || sc.Vars["menu_color_highlight"] != "yellow/blue" || !strings.Contains(sc.Entries[1].Source, "ttyS0") {
		t.Errorf("submenu %+v", sc)
	}
}

// TestPreviewIsTheMedium: the preview's files are those that a build writes.
func TestPreviewIsTheMedium(t *testing.T) {
	d := lookDesign(t)
	m, _, err := Menu(d)
	must(t, err)
	files, err := MenuMedium(d, m, []byte("font"))
	must(t, err)
	for _, name := range []string{"boot/grub/background.png", "boot/grub/fonts/Go.pf2", "boot/grub/fonts/unicode.pf2", "boot/grub/grub.cfg"} {
		if _, err := fs.Stat(files, name); err != nil {
			t.Error(err)
		}
	}
	if c, err := png.DecodeConfig(bytes.NewReader(files["boot/grub/background.png"])); err != nil || c.ColorModel == color.GrayModel {
		t.Errorf("the background is still grey: %v", err)
	}
	if !bytes.HasPrefix(files["boot/grub/fonts/Go.pf2"], []byte("FILE\x00\x00\x00\x04PFF2")) {
		t.Error("the font is not GRUB's")
	}
}

// TestMenuWarnings: a design's menu is looked at as a whole, with and without a font.
func TestMenuWarnings(t *testing.T) {
	d := lookDesign(t)
	zero := 0
	d.Boot.Timeout = &zero
	d.Boot.Entries = []design.BootEntry{{Title: strings.Repeat("long ", 30)}, {Title: "\U0001f600"}}
	for _, l := range []Loader{{}, loader(t)} {
		warnings, err := MenuWarnings(d, l)
		must(t, err)
		var all []string
		for _, w := range warnings {
			all = append(all, w.Place+": "+w.Text)
			if w.Hint == "" {
				t.Errorf("%+v has no hint", w)
			}
		}
		text := strings.Join(all, "\n")
		for _, want := range []string{"timeout: ", "entries[0] title: "} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		if len(l.Font) > 0 != strings.Contains(text, "no loaded font has") {
			t.Errorf("characters without a glyph:\n%s", text)
		}
	}
	d = design.Design{Format: 1, Name: "x", Distribution: "nixos", Base: "netboot"}
	if w, err := MenuWarnings(d, Loader{}); err != nil || len(w) > 0 {
		t.Errorf("a bundle without a menu: %v %v", w, err)
	}
}
