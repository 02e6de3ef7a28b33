package term

import (
	"golang.org/x/text/unicode/norm"

	"github.com/isowright/isowright/builder/grub/pf2"
)

// markPlace is where a mark goes on its character.
type markPlace int

const (
	alone markPlace = iota // not on it: in a cell of its own
	over
	above
	aboveLeft
	aboveRight
	right     // at the upper right, touching
	farRight  // at the upper right, higher
	below     // with a gap between
	belowNear // touching
)

// place goes by the canonical combining class (Unicode Standard, chapter 4.3).
// GRUB knows these; a mark of any other class gets a cell of its own.
func place(r rune) markPlace {
	switch { // vowels of Thaana, which have no class
	case r == 0x7A8 || r == 0x7A9:
		return below
	case r >= 0x7A6 && r <= 0x7B0:
		return above
	}
	switch norm.NFC.PropertiesString(string(r)).CCC() {
	case 1, 21:
		return over
	case 19, 23, 26, 27, 28, 30, 31, 33, 34, 35, 36, 214, 228, 230: // Hebrew to 26, Arabic to 36
		return above
	case 25:
		return aboveLeft
	case 24:
		return aboveRight
	case 216:
		return right
	case 232:
		return farRight
	case 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 29, 32, 218, 220, 222, 240:
		return below
	case 202:
		return belowNear
	}
	return alone
}

// gapAbove is how many rows are between a character and a mark above it: as many
// as the font puts between the mark and a small letter, which GRUB takes to be a
// row higher than half the ascent. Found with fonts whose ascent was changed.
func gapAbove(f *pf2.Font, g pf2.Glyph) int {
	return gapOr(g.YOffset-(f.Ascent/2+1), f)
}

// gapBelow is the same for a mark below: the font's distance from the baseline.
func gapBelow(f *pf2.Font, g pf2.Glyph) int {
	return gapOr(-(g.YOffset + g.Height), f)
}

// gapOr is the gap where the font leaves none. The divisor fits ascents of 14 to
// 40 pixels.
func gapOr(gap int, f *pf2.Font) int {
	if gap > 0 {
		return gap
	}
	return f.Ascent / 11
}

// marks are the glyphs of a character's marks, with the offsets that they get
// on it. Those above and below move out with the character's own height and
// with the marks before.
func (w Window) marks(c Cluster, base pf2.Glyph) []pf2.Glyph {
	top, bottom := base.YOffset+base.Height, base.YOffset
	var all []pf2.Glyph
	for _, r := range c.Marks {
		g, _ := w.Fonts.Glyph(w.Font, r)
		where := place(r)
		switch where {
		case alone:
		case aboveLeft:
			g.XOffset = base.XOffset
		case aboveRight:
			g.XOffset = base.XOffset + base.Width - g.Width
		case right, farRight:
			g.XOffset = base.XOffset + base.Width
		default:
			g.XOffset = base.XOffset + (base.Width-g.Width)/2
		}
		switch where {
		case over:
			g.YOffset = base.YOffset + base.Height - g.Height - (base.Height-g.Height)/2
		case above, aboveLeft, aboveRight:
			g.YOffset = top + gapAbove(w.Font, g)
			top = g.YOffset + g.Height
		case right:
			g.YOffset = top - g.Height
		case farRight:
			g.YOffset = top
		case below:
			g.YOffset = bottom - g.Height - gapBelow(w.Font, g)
			bottom = g.YOffset
		case belowNear:
			g.YOffset = bottom - g.Height
			bottom = g.YOffset
		}
		all = append(all, g)
	}
	return all
}
