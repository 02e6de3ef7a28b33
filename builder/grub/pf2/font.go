// Package pf2 reads, writes, makes and draws GRUB's fonts. The format PF2 is
// described in GRUB's developer manual ("PFF2 Font File Format"); which glyph
// GRUB takes when a font lacks one was found by comparing pictures.
package pf2

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sort"
)

// Font is a bitmap font. It must not be changed.
type Font struct {
	Name                  string // "Unifont Regular 16", what gfxterm_font and themes ask for
	Family, Weight, Slant string
	PointSize             int
	MaxWidth, MaxHeight   int // pixels
	Ascent, Descent       int // pixels above and below the baseline
	data                  []byte
	index                 []byte // of 9 bytes: code point, flags, offset in data
}

// Char is a Unicode code point or, with bits above it, the form of an Arabic
// letter that is joined to its neighbours.
type Char uint32

// The joined forms, as bits of a Char.
const (
	Initial Char = 1 << 30 // joined to the letter on its left
	Final   Char = 1 << 31 // joined to the letter on its right
	Medial  Char = Initial | Final
)

// Glyph is one character's picture.
type Glyph struct {
	Width, Height    int    // pixels
	XOffset, YOffset int    // of the left lower corner, from the baseline's pen upwards
	DeviceWidth      int    // how far the pen moves
	Bits             []byte // from the most significant bit on, rows without padding
}

const (
	magic      = "PFF2"
	indexEntry = 9
	glyphHead  = 10
	// maxGlyphSide in pixels; larger glyphs are damage.
	maxGlyphSide = 4096
)

// Read reads a font file. Glyphs are looked at when they are asked for.
func Read(data []byte) (*Font, error) {
	if len(data) > math.MaxInt32 {
		return nil, errors.New("read font: it has more than 2 GiB")
	}
	f := &Font{data: data}
	rest, first := data, true
	for len(rest) >= 8 {
		name, n := string(rest[:4]), binary.BigEndian.Uint32(rest[4:])
		rest = rest[8:]
		if name == "DATA" {
			break
		}
		if uint64(n) > uint64(len(rest)) {
			return nil, fmt.Errorf("read font: it is cut off within section %q", name)
		}
		body := rest[:n]
		rest = rest[n:]
		if first && (name != "FILE" || string(body) != magic) {
			break
		}
		first = false
		if err := f.section(name, body); err != nil {
			return nil, fmt.Errorf("read font: section %q: %w", name, err)
		}
	}
	if first {
		return nil, errors.New("read font: it is no PF2 font: make one with grub-mkfont")
	}
	if f.index == nil {
		return nil, errors.New("read font: it has no index of characters")
	}
	if f.MaxWidth <= 0 || f.MaxHeight <= 0 {
		return nil, errors.New("read font: it does not say how large its characters are")
	}
	return f, nil
}

func (f *Font) section(name string, body []byte) error {
	number := map[string]*int{
		"PTSZ": &f.PointSize, "MAXW": &f.MaxWidth, "MAXH": &f.MaxHeight, "ASCE": &f.Ascent, "DESC": &f.Descent,
	}[name]
	text := map[string]*string{"NAME": &f.Name, "FAMI": &f.Family, "WEIG": &f.Weight, "SLAN": &f.Slant}[name]
	switch {
	case number != nil:
		if len(body) != 2 {
			return fmt.Errorf("it has %d bytes and not 2", len(body))
		}
		*number = int(int16(binary.BigEndian.Uint16(body)))
	case text != nil:
		*text = cString(body)
	case name == "CHIX":
		return f.indexSection(body)
	}
	return nil
}

func cString(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// indexSection wants ascending characters, as GRUB does.
func (f *Font) indexSection(body []byte) error {
	if len(body)%indexEntry != 0 {
		return fmt.Errorf("its %d bytes are no whole entries", len(body))
	}
	last := int64(-1)
	for i := 0; i < len(body); i += indexEntry {
		code := int64(binary.BigEndian.Uint32(body[i:]))
		if code <= last {
			return fmt.Errorf("U+%04X comes after U+%04X", code, last)
		}
		last = code
	}
	f.index = body
	return nil
}

// Len is the number of characters.
func (f *Font) Len() int { return len(f.index) / indexEntry }

// Chars are the characters, ascending.
func (f *Font) Chars() []Char {
	all := make([]Char, f.Len())
	for i := range all {
		all[i] = f.char(i)
	}
	return all
}

func (f *Font) char(i int) Char {
	return Char(binary.BigEndian.Uint32(f.index[i*indexEntry:]))
}

// Glyph is a character's picture, if the font has it.
func (f *Font) Glyph(r rune) (Glyph, bool) { return f.Form(Char(r)) }

// Form is the picture of a character or of a letter's joined form, if the font
// has it.
func (f *Font) Form(c Char) (Glyph, bool) {
	i := sort.Search(f.Len(), func(i int) bool { return f.char(i) >= c })
	if i == f.Len() || f.char(i) != c {
		return Glyph{}, false
	}
	at := uint64(binary.BigEndian.Uint32(f.index[i*indexEntry+5:]))
	if at+glyphHead > uint64(len(f.data)) {
		return Glyph{}, false
	}
	head := f.data[at:]
	number := func(i int) int { return int(int16(binary.BigEndian.Uint16(head[i:]))) }
	g := Glyph{
		Width: int(binary.BigEndian.Uint16(head)), Height: int(binary.BigEndian.Uint16(head[2:])),
		XOffset: number(4), YOffset: number(6), DeviceWidth: number(8),
	}
	n := (g.Width*g.Height + 7) / 8
	if g.Width > maxGlyphSide || g.Height > maxGlyphSide || glyphHead+n > len(head) {
		return Glyph{}, false
	}
	g.Bits = head[glyphHead : glyphHead+n : glyphHead+n]
	return g, true
}
