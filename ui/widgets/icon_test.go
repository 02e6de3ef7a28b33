package widgets

import (
	"bytes"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/theme"
)

// inked is the part of a picture's pixels that are not its ground, and their bounds.
func inked(img image.Image) (share float64, bounds image.Rectangle) {
	ground := img.At(0, 0)
	n := 0
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if img.At(x, y) != ground {
				n++
				bounds = bounds.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return float64(n) / float64(img.Bounds().Dx()*img.Bounds().Dy()), bounds
}

// TestIcons draws every icon: each has ink, in the colour asked for, stays off the
// edge of its square, and is like no other.
func TestIcons(t *testing.T) {
	names := IconNames()
	for _, name := range strings.Fields("overview base packages drivers system users startup bootmenu files build try flash history " +
		"undo redo menu plus minus trash edit search check warning error info up down drag folder file image key eye play stop usb " +
		"disc computer copy open save close help sun moon unfold star network chip lock download clock") {
		if !slices.Contains(names, name) {
			t.Errorf("no icon %q", name)
		}
	}
	seen := map[string]string{}
	for _, name := range names {
		img := canvas.NewImageFromResource(theme.NewColoredResource(drawing(name), ColourDanger))
		c := software.NewTransparentCanvas()
		c.SetContent(img)
		c.SetPadded(false)
		c.Resize(fyne.NewSize(96, 96))
		pixels := c.Capture()
		share, bounds := inked(pixels)
		if share < 0.02 || share > 0.5 {
			t.Errorf("%s: ink on %.0f %% of its square", name, share*100)
		}
		if !bounds.In(image.Rect(4, 4, 92, 92)) {
			t.Errorf("%s: drawn to the edge, %v of 96", name, bounds)
		}
		if !has(pixels, theme.Color(ColourDanger)) {
			t.Errorf("%s: has not the colour it was asked for", name)
		}
		key := string(drawing(name).Content())
		if other, ok := seen[key]; ok {
			t.Errorf("%s and %s are the same", name, other)
		}
		seen[key] = name
	}
}

func has(img image.Image, want color.Color) bool {
	w := color.NRGBAModel.Convert(want)
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if color.NRGBAModel.Convert(img.At(x, y)) == w {
				return true
			}
		}
	}
	return false
}

func TestPicturesFollowTheTheme(t *testing.T) {
	settings := fyne.CurrentApp().Settings()
	defer settings.SetTheme(NewTheme(Light))
	names := PictureNames()
	if len(names) != 8 {
		t.Errorf("%d pictures, wanted 8: %v", len(names), names)
	}
	for _, name := range names {
		p := PictureResource(name)
		settings.SetTheme(NewTheme(Light))
		light, lightName := p.Content(), p.Name()
		settings.SetTheme(NewTheme(Dark))
		dark, darkName := p.Content(), p.Name()
		if bytes.Equal(light, dark) || lightName == darkName {
			t.Errorf("%s is the same light and dark", name)
		}
		for fill := range fillsOf(dark) {
			if !ofPalette(fill) {
				t.Errorf("%s has %s, which is no colour of the dark look", name, fill)
			}
		}
	}
}

// fillsOf are the colours of a drawing.
func fillsOf(svg []byte) map[string]bool {
	all := map[string]bool{}
	for _, part := range strings.Split(string(svg), `fill="`)[1:] {
		all[part[:strings.IndexByte(part, '"')]] = true
	}
	return all
}

func ofPalette(fill string) bool {
	for _, name := range pictureColours {
		if hex(rgba(palette[name].dark)) == fill {
			return true
		}
	}
	return false
}

func TestAppIcon(t *testing.T) {
	for _, size := range []float32{16, 32, 512} {
		c := software.NewTransparentCanvas()
		c.SetPadded(false)
		c.SetContent(canvas.NewImageFromResource(AppIcon()))
		c.Resize(fyne.NewSquareSize(size))
		if share, _ := inked(c.Capture()); share < 0.5 || share > 0.95 {
			t.Errorf("at %v: ink on %.0f %%", size, share*100)
		}
	}
}

func TestMissingDrawingsPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"icon":    func() { IconResource("nosuch") },
		"picture": func() { PictureResource("nosuch") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a missing %s went by in silence", name)
				}
			}()
			f()
		}()
	}
}

// TestOutline turns one stroke into a shape of its width.
func TestOutline(t *testing.T) {
	svg := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" stroke="#000" stroke-width="2" stroke-linecap="butt"><path d="M4 12H20"/></g></svg>`
	got, err := outline([]byte(svg), 10)
	if err != nil {
		t.Fatal(err)
	}
	c := software.NewTransparentCanvas()
	c.SetPadded(false)
	c.SetContent(canvas.NewImageFromResource(fyne.NewStaticResource("stroke.svg", got)))
	c.Resize(fyne.NewSquareSize(240))
	if _, bounds := inked(c.Capture()); bounds != image.Rect(40, 110, 200, 130) {
		t.Errorf("drawn in %v, wanted (40,110)-(200,130)", bounds)
	}
	for _, bad := range []string{"", "<svg", `<svg xmlns="http://www.w3.org/2000/svg"></svg>`} {
		if _, err := outline([]byte(bad), 1); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
