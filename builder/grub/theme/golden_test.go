package theme

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
)

// TestGolden compares every case with the picture of real GRUB.
func TestGolden(t *testing.T) {
	dir := "testdata/golden"
	if d := os.Getenv("ISOWRIGHT_THEME_GOLDEN"); d != "" {
		dir = d
	}
	for _, c := range loadCases(t) {
		t.Run(c.name, func(t *testing.T) {
			want, err := readPNG(filepath.Join(dir, c.name+".png"))
			if err != nil {
				t.Fatal(err)
			}
			files := c.files(t)
			th, _, err := Load(files, "/theme/theme.txt")
			if err != nil {
				t.Fatal(err)
			}
			best, got := c.compare(t, th, files, want)
			if best > 0 {
				t.Errorf("%d pixels differ", best)
				if out := os.Getenv("ISOWRIGHT_THEME_OUT"); out != "" {
					writePNG(t, filepath.Join(out, c.name+".png"), got)
					writePNG(t, filepath.Join(out, c.name+"-diff.png"), difference(got, want))
				}
			}
		})
	}
}

// compare draws a case; with a timeout it tries the seconds below too, because
// the picture was taken in one of them.
func (c gcase) compare(t *testing.T, th *Theme, files fstest.MapFS, want image.Image) (best int, picture *image.RGBA) {
	s, fonts := c.scene(files), c.loadFonts(t, files)
	cache := NewCache(gfx.NewCache(64 << 20))
	best = 1 << 30
	for try := 0; try < 20 && best > 0; try++ {
		got := gfx.New(s.Width, s.Height)
		cache.Render(got, th, &s, fonts)
		if n := count(got, want); n < best {
			best, picture = n, got
		}
		if s.TimeoutLeft <= 0 {
			break
		}
		s.TimeoutLeft--
	}
	return best, picture
}

func (c gcase) loadFonts(t testing.TB, files fstest.MapFS) *pf2.Set {
	fonts := &pf2.Set{}
	for _, name := range c.fonts {
		f, err := pf2.Read(files["fonts/"+name+".pf2"].Data)
		if err != nil {
			t.Fatal(err)
		}
		fonts.Load(f)
	}
	return fonts
}

func count(a, b image.Image) (n int) {
	if a.Bounds() != b.Bounds() {
		return 1 << 29
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if !same(a.At(x, y), b.At(x, y)) {
				n++
			}
		}
	}
	return n
}

func same(a, b color.Color) bool {
	r, g, bb, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	return r == r2 && g == g2 && bb == b2
}

func difference(a, b image.Image) image.Image {
	d := image.NewRGBA(a.Bounds())
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			d.Set(x, y, color.RGBA{0, 0, 0, 255})
			if !same(a.At(x, y), b.At(x, y)) {
				d.Set(x, y, color.RGBA{255, 0, 0, 255})
			}
		}
	}
	return d
}

func readPNG(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

func writePNG(t *testing.T, name string, m image.Image) {
	f, err := os.Create(name)
	if err == nil {
		err = errors.Join(png.Encode(f, m), f.Close())
	}
	if err != nil {
		t.Fatal(fmt.Errorf("write %s: %w", name, err))
	}
}
