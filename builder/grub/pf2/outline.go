package pf2

import (
	"errors"
	"fmt"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Limits of making a font from outlines.
const (
	MaxOutlineSize  = 128      // pixels an em
	maxOutlineBytes = 64 << 20 // of a font file
	maxOutlineRunes = 70000
	maxOutlineEms   = 16      // of a glyph's width and height
	maxOutlineWork  = 1 << 30 // pixels and crossings looked at for a font
)

// MenuRunes are the characters that GRUB's menu itself needs beside ASCII: the
// frame (heavy box drawing), the arrows of the help and of long lists and
// titles. Characters that a font lacks come from another loaded font.
func MenuRunes() []rune { return []rune("━┃┏┓┗┛←↑→↓↕") }

// FromOutline makes a font of size pixels an em from a TrueType or OpenType
// file, with the given characters or, if there are none, those that menus are
// made of: ASCII, Latin, Greek, Cyrillic, punctuation, arrows and box drawing.
// What the file lacks is left out.
func FromOutline(data []byte, size int, runes ...rune) (*Font, error) {
	if size < 4 || size > MaxOutlineSize {
		return nil, fmt.Errorf("make font: %d pixels: take 4 to %d", size, MaxOutlineSize)
	}
	if len(data) > maxOutlineBytes {
		return nil, fmt.Errorf("make font: the file has %d bytes, %d are taken", len(data), maxOutlineBytes)
	}
	if len(runes) == 0 {
		runes = usualRunes()
	}
	if len(runes) > maxOutlineRunes {
		return nil, fmt.Errorf("make font: %d characters are too many: take at most %d", len(runes), maxOutlineRunes)
	}
	o, err := openOutlines(data, size)
	if err != nil {
		return nil, fmt.Errorf("make font: %w", err)
	}
	glyphs := map[Char]Glyph{}
	for _, r := range runes {
		if g, ok := o.glyph(r); ok {
			glyphs[Char(r)] = g
		}
		if o.work > maxOutlineWork {
			return nil, errors.New("make font: its outlines are too large: take another font or fewer pixels")
		}
	}
	return Make(o.head(glyphs), glyphs)
}

// usualRunes are those of a font for menus.
func usualRunes() []rune {
	var all []rune
	for _, r := range [][2]rune{{0x20, 0x7e}, {0xa0, 0x52f}, {0x1e00, 0x1fff}, {0x2010, 0x2027}, {0x2030, 0x205e},
		{0x20a0, 0x20bf}, {0x2190, 0x21ff}, {0x2500, 0x25ff}} {
		for c := r[0]; c <= r[1]; c++ {
			if unicode.IsPrint(c) || c == 0xa0 {
				all = append(all, c)
			}
		}
	}
	return all
}

// outlines are an opened font file at one size.
type outlines struct {
	font *sfnt.Font
	buf  sfnt.Buffer
	ppem fixed.Int26_6
	size int
	work int // done so far
	face font.Metrics
}

func openOutlines(data []byte, size int) (*outlines, error) {
	f, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("the file is no TrueType or OpenType font: %w", err)
	}
	o := &outlines{font: f, ppem: fixed.I(size), size: size}
	if o.face, err = f.Metrics(&o.buf, o.ppem, font.HintingFull); err != nil {
		return nil, fmt.Errorf("read the font's measures: %w", err)
	}
	return o, nil
}

// head are names and measures.
func (o *outlines) head(glyphs map[Char]Glyph) Font {
	name := func(id sfnt.NameID, otherwise string) string {
		if s, err := o.font.Name(&o.buf, id); err == nil && s != "" {
			return s
		}
		return otherwise
	}
	f := Font{Family: name(sfnt.NameIDFamily, "Unknown"), Weight: "normal", Slant: "normal", PointSize: o.size}
	style := name(sfnt.NameIDSubfamily, "Regular")
	f.Name = fmt.Sprintf("%s %s %d", f.Family, style, o.size)
	f.Ascent, f.Descent = o.face.Ascent.Ceil(), o.face.Descent.Ceil()
	for _, g := range glyphs {
		f.MaxWidth = max(f.MaxWidth, g.Width, g.DeviceWidth)
		f.Ascent = max(f.Ascent, g.Height+g.YOffset)
		f.Descent = max(f.Descent, -g.YOffset)
	}
	f.MaxHeight = f.Ascent + f.Descent
	return f
}

// glyph draws one character.
func (o *outlines) glyph(r rune) (Glyph, bool) {
	i, err := o.font.GlyphIndex(&o.buf, r)
	if err != nil || i == 0 {
		return Glyph{}, false
	}
	advance, err := o.font.GlyphAdvance(&o.buf, i, o.ppem, font.HintingFull)
	if err != nil {
		return Glyph{}, false
	}
	segments, err := o.font.LoadGlyph(&o.buf, i, o.ppem, nil)
	if err != nil {
		return Glyph{}, false
	}
	g, work, ok := scanConvert(segments, advance.Round(), maxOutlineEms*o.size)
	o.work += work
	return g, ok
}
