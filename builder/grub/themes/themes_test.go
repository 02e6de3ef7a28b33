package themes_test

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	xdraw "golang.org/x/image/draw"

	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/grub/themes"
	"github.com/isowright/isowright/internal/need"
)

// menu is a medium with a theme and a menu that uses all icons.
func menu(t *testing.T, name string, w, h int) fstest.MapFS {
	t.Helper()
	files, err := themes.Theme(name, themes.Options{Width: w, Height: h, Title: "Rescue system"})
	if err != nil {
		t.Fatal(err)
	}
	unifont, err := os.ReadFile("/usr/share/grub/unicode.pf2")
	need.NoError(t, err)
	medium := fstest.MapFS{"boot/grub/fonts/unicode.pf2": {Data: unifont}}
	var cfg strings.Builder
	for file, data := range files {
		medium["boot/grub/theme/"+file] = &fstest.MapFile{Data: data}
		if strings.HasSuffix(file, ".pf2") {
			fmt.Fprintf(&cfg, "loadfont /boot/grub/theme/%s\n", file)
		}
	}
	fmt.Fprintf(&cfg, "loadfont unicode\nset gfxmode=%dx%d\nterminal_output gfxterm\nset timeout=30\nset theme=/boot/grub/theme/theme.txt\nexport theme\n", w, h)
	for _, e := range [][2]string{{"Start the rescue system", "live"}, {"Start it from memory", "to-ram"}, {"Install", "installer"},
		{"Test the memory", "memtest"}, {"First disk of this computer", "disk"}, {"Firmware settings", "firmware"},
		{"Restart", "reboot"}, {"Switch off", "poweroff"}} {
		fmt.Fprintf(&cfg, "menuentry '%s' --class %s { true }\n", e[0], e[1])
	}
	medium["boot/grub/grub.cfg"] = &fstest.MapFile{Data: []byte(cfg.String())}
	return medium
}

// TestThemes opens every theme on every size of screen: GRUB must take it, and
// there must be nothing to warn of. With ISOWRIGHT_PICTURES=DIR the pictures
// are written there.
func TestThemes(t *testing.T) {
	for _, name := range themes.Names() {
		if themes.Summary(name) == "" {
			t.Errorf("%s has no summary", name)
		}
		for _, size := range [][2]int{{640, 480}, {1024, 768}, {3840, 2160}} {
			t.Run(fmt.Sprintf("%s_%dx%d", name, size[0], size[1]), func(t *testing.T) {
				s, err := preview.Open(menu(t, name, size[0], size[1]), "boot/grub/grub.cfg",
					preview.Options{Platform: scene.UEFI, Width: size[0], Height: size[1], Version: "2.12"})
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range s.Warnings() {
					t.Errorf("%s: %s (%s)", w.Place, w.Text, w.Hint)
				}
				if s.Scene().Vars["theme"] == "" {
					t.Error("the theme is not shown")
				}
				dir := os.Getenv("ISOWRIGHT_PICTURES")
				if dir == "" {
					return
				}
				var b bytes.Buffer
				if err := png.Encode(&b, s.Image()); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s_%dx%d.png", name, size[0], size[1])), b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// TestThemeIsTheSame makes a theme twice: an image must not depend on chance.
func TestThemeIsTheSame(t *testing.T) {
	one, err := themes.Theme("calm-dark", themes.Options{})
	if err != nil {
		t.Fatal(err)
	}
	two, err := themes.Theme("calm-dark", themes.Options{})
	if err != nil || len(one) != len(two) {
		t.Fatalf("%v; %d files, %d", err, len(one), len(two))
	}
	for file, data := range one {
		if !bytes.Equal(data, two[file]) {
			t.Errorf("%s is another one the second time", file)
		}
	}
}

func TestThemeRefuses(t *testing.T) {
	for name, o := range map[string]themes.Options{
		"none":       {},
		"calm":       {},
		"calm-dark":  {Width: 100, Height: 100},
		"panel-dark": {Title: "a\"b"},
		"line-light": {Title: strings.Repeat("x", 1000)},
	} {
		if _, err := themes.Theme(name, o); err == nil {
			t.Errorf("%s with %+v is made", name, o)
		}
	}
}

// TestSheet keeps the picture of all themes in the documentation as they are.
// With ISOWRIGHT_SHEET=1 it is drawn anew.
func TestSheet(t *testing.T) {
	const file, w, h, gap = "../../../docs/img/themes.png", 400, 300, 8
	sheet := image.NewRGBA(image.Rect(0, 0, 2*w+3*gap, 3*h+4*gap))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	for i, name := range themes.Names() {
		s, err := preview.Open(menu(t, name, 800, 600), "boot/grub/grub.cfg",
			preview.Options{Platform: scene.UEFI, Width: 800, Height: 600, Version: "2.12"})
		if err != nil {
			t.Fatal(err)
		}
		at := image.Pt(gap+i%2*(w+gap), gap+i/2*(h+gap))
		img := s.Image()
		xdraw.ApproxBiLinear.Scale(sheet, image.Rectangle{at, at.Add(image.Pt(w, h))}, img, img.Bounds(), draw.Src, nil)
	}
	if os.Getenv("ISOWRIGHT_SHEET") == "1" {
		var b bytes.Buffer
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&b, sheet); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	same := image.NewRGBA(kept.Bounds())
	draw.Draw(same, same.Rect, kept, image.Point{}, draw.Src)
	if same.Rect != sheet.Rect || !bytes.Equal(same.Pix, sheet.Pix) {
		t.Error("docs/img/themes.png shows other themes: draw it with `make theme-sheet`")
	}
}
