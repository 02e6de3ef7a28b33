package term

import (
	_ "embed"
	"image"
	"image/color"
	"sort"

	"github.com/isowright/isowright/builder/grub/gfx"
)

//go:embed fonts/gop.bin
var gopFont string

// EDK II's console on a screen of 1280 x 800 pixels (OVMF's own choice): GRUB
// takes the mode with the most cells, and its cells are centred.
const (
	gopColumns, gopRows = 100, 31
	gopCellW, gopCellH  = 8, 19
	gopRecord           = 2 + gopCellH
)

// gop is EDK II's text console.
type gop struct {
	dst    *image.RGBA
	origin image.Point
}

func newGOP(dst *image.RGBA) gop {
	size := dst.Rect.Size()
	return gop{dst, image.Pt((size.X-gopColumns*gopCellW)/2, (size.Y-gopRows*gopCellH)/2)}
}

func (d gop) size() (columns, rows int) { return gopColumns, gopRows }

func (d gop) counts() int { return 1 }

func (d gop) mirrors() bool { return true }

// width is 0 for what the firmware's font does not have.
func (d gop) width(c Cluster) int {
	if _, ok := gopGlyph(c.Base); !ok {
		return 0
	}
	return 1
}

// clear: the firmware forgets the background's colour.
func (d gop) clear(colours) { gfx.Fill(d.dst, d.dst.Rect, color.RGBA{A: 255}) }

func (d gop) box(column, row int) image.Rectangle {
	at := d.origin.Add(image.Pt(column*gopCellW, row*gopCellH))
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(gopCellW, gopCellH))}
}

func (d gop) put(column, row int, c Cluster, as colours) {
	char := c.Base
	if c.Mirrored {
		char = mirrored(char)
	}
	bits, ok := gopGlyph(char)
	if !ok {
		return
	}
	box := d.box(column, row)
	gfx.Fill(d.dst, box, gopColour(as.behind))
	gfx.Bits(d.dst, box, box.Min, gopCellW, gopCellH, []byte(bits), gopColour(as.front))
}

// cursor is a bar in the last three rows of pixels.
func (d gop) cursor(column, row int, as colours) {
	box := d.box(column, row)
	box.Min.Y = box.Max.Y - 3
	gfx.Fill(d.dst, box, gopColour(as.front))
}

// gopGlyph are the rows of a character's picture. GRUB has no way to give the
// firmware a character beyond 16 bits: it writes a question mark.
func gopGlyph(r rune) (string, bool) {
	if r > 0xFFFF {
		r = '?'
	}
	code := func(i int) rune { return rune(gopFont[i*gopRecord])<<8 | rune(gopFont[i*gopRecord+1]) }
	n := len(gopFont) / gopRecord
	i := sort.Search(n, func(i int) bool { return code(i) >= r })
	if i == n || code(i) != r {
		return "", false
	}
	return gopFont[i*gopRecord+2:][:gopCellH], true
}

// gopColour is a colour of EDK II's console.
func gopColour(i int) color.RGBA {
	if i == 8 {
		return color.RGBA{0x30, 0x30, 0x30, 255}
	}
	light := uint8(0x98)
	if i > 8 {
		light = 0xff
	}
	part := func(bit int) uint8 {
		if i&bit != 0 {
			return light
		}
		return 0
	}
	return color.RGBA{part(4), part(2), part(1), 255}
}
