package term

import (
	"image"
	"image/color"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// The VGA's text mode 3, as QEMU shows it.
const (
	vgaColumns, vgaRows = 80, 25
	vgaCellW, vgaCellH  = 9, gfx.VGAGlyphHeight
	// VGAWidth and VGAHeight are the screen in pixels.
	VGAWidth, VGAHeight = vgaColumns * vgaCellW, vgaRows * vgaCellH
)

// vga is a BIOS's text console. Its cursor blinks; pictures show it.
type vga struct{ dst *image.RGBA }

func (d vga) size() (columns, rows int) { return vgaColumns, vgaRows }

func (d vga) counts() int { return 2 }

func (d vga) mirrors() bool { return false }

func (d vga) width(Cluster) int { return 1 }

func (d vga) clear(as colours) {
	gfx.Fill(d.dst, image.Rect(0, 0, VGAWidth, VGAHeight), vgaColour(as.behind))
}

// cursor is the two lowest rows of its cell, as SeaBIOS sets it.
func (d vga) cursor(column, row int, as colours) {
	at := image.Pt(column*vgaCellW, (row+1)*vgaCellH)
	gfx.Fill(d.dst, image.Rect(at.X, at.Y-2, at.X+vgaCellW, at.Y), vgaColour(as.front))
}

func (d vga) put(column, row int, c Cluster, as colours) {
	at := image.Pt(column*vgaCellW, row*vgaCellH)
	box := image.Rectangle{Min: at, Max: at.Add(image.Pt(vgaCellW, vgaCellH))}
	gfx.Fill(d.dst, box, vgaColour(as.behind))
	code := codePage437(c.Base)
	bits := gfx.VGAGlyph(code)
	gfx.Bits(d.dst, box, at, 8, vgaCellH, []byte(bits), vgaColour(as.front))
	if code >= 0xC0 && code <= 0xDF { // lines go on in the ninth column
		for y := range vgaCellH {
			if bits[y]&1 != 0 {
				gfx.Fill(d.dst, image.Rect(at.X+8, at.Y+y, at.X+9, at.Y+y+1), vgaColour(as.front))
			}
		}
	}
}

// vgaColour is a colour of the VGA's palette. Bright backgrounds do not exist:
// their bit makes the text blink.
func vgaColour(i int) color.RGBA {
	if i == 6 {
		return color.RGBA{0xa8, 0x57, 0, 255}
	}
	dark, light := uint8(0), uint8(0xa8)
	if i >= 8 {
		dark, light = 0x57, 0xff
	}
	part := func(bit int) uint8 {
		if i&bit != 0 {
			return light
		}
		return dark
	}
	return color.RGBA{part(4), part(2), part(1), 255}
}

// codePage437 is what GRUB writes into the VGA's memory: ASCII and the few
// characters that its menu needs.
func codePage437(r rune) byte {
	switch r {
	case '\u2190':
		return 0x1B
	case arrowUp:
		return 0x18
	case arrowRight:
		return 0x1A
	case arrowDown:
		return 0x19
	case arrowUpDown:
		return 0x12
	case frameDown:
		return 0xB3
	case frameAcross:
		return 0xC4
	case frameUpLeft:
		return 0xDA
	case frameUpRight:
		return 0xBF
	case frameLoLeft:
		return 0xC0
	case frameLoRight:
		return 0xD9
	}
	if r < 0x7F {
		return byte(r)
	}
	return '?'
}
