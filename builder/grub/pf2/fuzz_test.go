package pf2

import (
	"image"
	"image/color"
	"os"
	"testing"

	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// FuzzRead reads damaged fonts and draws with them.
func FuzzRead(f *testing.F) {
	if data, err := os.ReadFile("/usr/share/grub/ascii.pf2"); err == nil {
		f.Add(data)
	}
	made, err := FromOutline(goregular.TTF, 8, 'a', 'b')
	if err != nil {
		f.Fatal(err)
	}
	f.Add(made.Write())
	f.Add([]byte("FILE\x00\x00\x00\x04PFF2"))
	f.Add([]byte("FILE\x00\x00\x00\x04PFF2CHIX\xff\xff\xff\xffDATA\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		font, err := Read(data)
		if err != nil {
			return
		}
		var s Set
		s.Load(font)
		chars := font.Chars()
		dst := image.NewRGBA(image.Rect(0, 0, 64, 32))
		for _, c := range chars[:min(len(chars), 100)] {
			g, ok := font.Form(c)
			if ok && len(g.Bits) < (g.Width*g.Height+7)/8 {
				t.Fatalf("a glyph of %dx%d has %d bytes", g.Width, g.Height, len(g.Bits))
			}
		}
		s.Draw(dst, dst.Rect, font, 0, 16, "aé→", color.RGBA{A: 255})
	})
}

// FuzzOutline makes fonts of damaged TrueType and OpenType files.
func FuzzOutline(f *testing.F) {
	f.Add(goregular.TTF, 16)
	f.Add(gomono.TTF, 300)
	f.Add([]byte("OTTO"), 12)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		font, err := FromOutline(data, size, 'a', 'W', 'é', '→')
		if err != nil {
			return
		}
		if _, err := Read(font.Write()); err != nil {
			t.Fatalf("what was made cannot be read: %v", err)
		}
	})
}

// TestFromOutline holds a font that was made to what GRUB needs of it.
func TestFromOutline(t *testing.T) {
	for _, size := range []int{8, 10, 12, 16, 24, 48} {
		font, err := FromOutline(gomono.TTF, size)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(font.Write())
		if err != nil {
			t.Fatal(err)
		}
		if again.Name == "" || again.Ascent <= 0 || again.MaxHeight < size*3/4 || again.MaxHeight > 2*size {
			t.Errorf("%d: name %q, ascent %d, height %d", size, again.Name, again.Ascent, again.MaxHeight)
		}
		width := -1
		for r := ' '; r <= '~'; r++ {
			g, ok := again.Glyph(r)
			if !ok {
				t.Fatalf("%d: %q is missing", size, r)
			}
			if width >= 0 && g.DeviceWidth != width {
				t.Errorf("%d: %q is %d wide, others %d: the font is monospaced", size, r, g.DeviceWidth, width)
			}
			width = g.DeviceWidth
			if r != ' ' && g.Width*g.Height == 0 {
				t.Errorf("%d: %q has no pixel", size, r)
			}
		}
	}
	if _, err := FromOutline([]byte("no font"), 16); err == nil {
		t.Error("garbage is a font")
	}
}
