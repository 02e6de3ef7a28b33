package pf2

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Make makes a font of glyphs. Of head, the names and measures are taken.
func Make(head Font, glyphs map[Char]Glyph) (*Font, error) {
	if len(glyphs) == 0 {
		return nil, fmt.Errorf("make font %s: it has no characters", head.Name)
	}
	if head.MaxWidth <= 0 || head.MaxHeight <= 0 {
		return nil, fmt.Errorf("make font %s: its characters have no size", head.Name)
	}
	for _, n := range []int{head.PointSize, head.MaxWidth, head.MaxHeight, head.Ascent, head.Descent} {
		if n != int(int16(n)) {
			return nil, fmt.Errorf("make font %s: %d is too large a measure for the format", head.Name, n)
		}
	}
	chars := slices.Sorted(maps.Keys(glyphs))
	data := sections(&head)
	data = section(data, "CHIX", nil)
	binary.BigEndian.PutUint32(data[len(data)-4:], uint32(indexEntry*len(chars)))
	index := len(data)
	data = append(data, make([]byte, indexEntry*len(chars))...)
	data = append(data, "DATA\xff\xff\xff\xff"...)
	for i, c := range chars {
		if uint64(len(data)) > math.MaxUint32 {
			return nil, fmt.Errorf("make font %s: it is too large for the format", head.Name)
		}
		entry := data[index+i*indexEntry:]
		binary.BigEndian.PutUint32(entry, uint32(c))
		binary.BigEndian.PutUint32(entry[5:], uint32(len(data)))
		var err error
		if data, err = appendGlyph(data, glyphs[c]); err != nil {
			return nil, fmt.Errorf("make font %s: U+%04X: %w", head.Name, c, err)
		}
	}
	head.data, head.index = data, data[index:index+indexEntry*len(chars)]
	return &head, nil
}

// sections are those in front of the index.
func sections(f *Font) []byte {
	data := section(nil, "FILE", []byte(magic))
	for _, s := range [][2]string{{"NAME", f.Name}, {"FAMI", f.Family}, {"WEIG", f.Weight}, {"SLAN", f.Slant}} {
		data = section(data, s[0], append([]byte(s[1]), 0))
	}
	for _, s := range []struct {
		name string
		n    int
	}{
		{"PTSZ", f.PointSize}, {"MAXW", f.MaxWidth}, {"MAXH", f.MaxHeight}, {"ASCE", f.Ascent}, {"DESC", f.Descent},
	} {
		data = section(data, s.name, binary.BigEndian.AppendUint16(nil, uint16(s.n)))
	}
	return data
}

func section(data []byte, name string, body []byte) []byte {
	data = binary.BigEndian.AppendUint32(append(data, name...), uint32(len(body)))
	return append(data, body...)
}

func appendGlyph(data []byte, g Glyph) ([]byte, error) {
	if g.Width < 0 || g.Height < 0 || g.Width > maxGlyphSide || g.Height > maxGlyphSide {
		return nil, fmt.Errorf("%dx%d pixels are too large", g.Width, g.Height)
	}
	if want := (g.Width*g.Height + 7) / 8; len(g.Bits) != want {
		return nil, fmt.Errorf("%d bytes for %dx%d pixels, want %d", len(g.Bits), g.Width, g.Height, want)
	}
	for _, n := range []int{g.Width, g.Height, g.XOffset, g.YOffset, g.DeviceWidth} {
		data = binary.BigEndian.AppendUint16(data, uint16(n))
	}
	return append(data, g.Bits...), nil
}

// Write is the font as a file that GRUB reads. It must not be changed.
func (f *Font) Write() []byte { return f.data }
