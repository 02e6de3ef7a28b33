package pf2

import (
	"image"
	"image/color"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// Set are the fonts that GRUB has loaded. The zero value has none but GRUB's
// built-in one.
type Set struct {
	fonts []*Font // the last loaded one first
}

// Load adds a font, as loadfont does.
func (s *Set) Load(f *Font) {
	s.fonts = append([]*Font{f}, s.fonts...)
}

// Find is the font of a name. exact is false where GRUB has none of that name:
// it takes the last one loaded then, and says nothing. Without any font it is
// one without characters, for which Glyph has the built-in ones.
func (s *Set) Find(name string) (f *Font, exact bool) {
	for _, f := range s.fonts {
		if f.Name == name {
			return f, true
		}
	}
	if len(s.fonts) > 0 {
		return s.fonts[0], false
	}
	return &Font{
		Name: "<No Font>", Family: "Unknown", Weight: "Unknown", Slant: "Unknown",
		MaxWidth: builtinWidth, MaxHeight: builtinHeight, Ascent: builtinAscent, Descent: builtinHeight - builtinAscent,
	}, false
}

// Glyph is the picture of a character in a font, and whether the font has it.
// What a font lacks comes from the loaded font that is most like it, then from
// the built-in one (ASCII), else it is a box with a question mark.
func (s *Set) Glyph(f *Font, r rune) (Glyph, bool) {
	if g, ok := f.Glyph(r); ok {
		return g, true
	}
	var best Glyph
	nearest := -1
	for _, other := range s.fonts {
		if other == f {
			continue
		}
		d := distance(f, other)
		if nearest >= 0 && d >= nearest {
			continue
		}
		if g, ok := other.Glyph(r); ok {
			best, nearest = g, d
		}
	}
	if nearest >= 0 {
		return best, false
	}
	return builtin(r), false
}

// distance is how unlike two fonts are to GRUB.
func distance(a, b *Font) int {
	d := 8*max(a.Ascent-b.Ascent, b.Ascent-a.Ascent) + 8*max(a.MaxHeight-b.MaxHeight, b.MaxHeight-a.MaxHeight)
	if a.Weight != b.Weight {
		d += 5
	}
	return d
}

// Width is how far the pen moves over a text, in pixels.
func (s *Set) Width(f *Font, text string) int {
	w := 0
	for _, r := range text {
		g, _ := s.Glyph(f, r)
		w += g.DeviceWidth
	}
	return w
}

// Draw paints a text from x on with its baseline at a height, and returns how
// far the pen moved.
func (s *Set) Draw(dst *image.RGBA, clip image.Rectangle, f *Font, x, baseline int, text string, c color.RGBA) int {
	pen := x
	for _, r := range text {
		g, _ := s.Glyph(f, r)
		DrawGlyph(dst, clip, g, pen, baseline, c)
		pen += g.DeviceWidth
	}
	return pen - x
}

// DrawGlyph paints one glyph with its pen at x on a baseline.
func DrawGlyph(dst *image.RGBA, clip image.Rectangle, g Glyph, x, baseline int, c color.RGBA) {
	at := image.Pt(x+g.XOffset, baseline-g.YOffset-g.Height)
	gfx.Bits(dst, clip, at, g.Width, g.Height, g.Bits, c)
}
