package pf2

import (
	"bytes"
	"os"
	"testing"

	"github.com/isowright/isowright/internal/need"
)

// unifont is the font that comes with GRUB.
const unifont = "/usr/share/grub/unicode.pf2"

func readFont(t testing.TB, path string) *Font {
	t.Helper()
	need.Tools(t, path)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestReadUnifont(t *testing.T) {
	f := readFont(t, unifont)
	if f.Name != "Unifont Regular 16" || f.Family != "Unifont" || f.Weight != "normal" || f.Slant != "normal" ||
		f.PointSize != 16 || f.MaxWidth != 16 || f.MaxHeight != 16 || f.Ascent != 14 || f.Descent != 2 {
		t.Errorf("head: %q %q %q %q %d %d %d %d %d", f.Name, f.Family, f.Weight, f.Slant,
			f.PointSize, f.MaxWidth, f.MaxHeight, f.Ascent, f.Descent)
	}
	if f.Len() != 57248 {
		t.Errorf("%d characters", f.Len())
	}
	for _, r := range f.Chars() {
		if _, ok := f.Form(r); !ok {
			t.Errorf("U+%04X cannot be read", r)
		}
	}
}

func TestWriteGivesTheSameFile(t *testing.T) {
	for _, path := range []string{unifont, "/usr/share/grub/ascii.pf2", "/usr/share/grub/euro.pf2"} {
		f := readFont(t, path)
		glyphs := map[Char]Glyph{}
		for _, r := range f.Chars() {
			glyphs[r], _ = f.Form(r)
		}
		made, err := Make(*f, glyphs)
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := os.ReadFile(path); !bytes.Equal(made.Write(), want) {
			t.Errorf("%s: %d bytes differ from %d of grub-mkfont's", path, len(made.Write()), len(want))
		}
	}
}

func TestBuiltinIsUnifont(t *testing.T) {
	f := readFont(t, unifont)
	var s Set
	for r := ' '; r <= '~'; r++ {
		want, _ := f.Glyph(r)
		have, own := s.Glyph(&Font{}, r)
		have.YOffset -= 2 // the built-in font's baseline is below its cells
		if own || drawn(want) != drawn(have) {
			t.Errorf("%q differs", r)
		}
	}
}

// drawn is a glyph in a cell of Unifont.
func drawn(g Glyph) (cell [16]uint16) {
	for y := range g.Height {
		for x := range g.Width {
			if i := y*g.Width + x; g.Bits[i/8]&(0x80>>(i%8)) != 0 {
				cell[14-g.YOffset-g.Height+y] |= 1 << (x + g.XOffset)
			}
		}
	}
	return cell
}
