package gfx

import (
	"encoding/binary"
	"image"
)

// tgaHeader is the size of the header of a TGA file (Truevision TGA File
// Format Specification 2.0, "TGA File Header").
const tgaHeader = 18

// Kinds of a TGA file; in runs they are 8 more.
const (
	tgaMapped = 1
	tgaColour = 2
	tgaGrey   = 3
	tgaRuns   = 8
)

// readTGA reads colours of 24 and 32 bits, grey and palettes of 8 bits, raw or
// in runs. The file's side (left or right) and offsets are ignored.
func readTGA(data []byte) (*image.NRGBA, error) {
	if len(data) < tgaHeader {
		return nil, fault(Damaged, saveAgain, "it is cut off within its header")
	}
	kind, depth := data[2]&^tgaRuns, int(data[16])
	mapped, mapSize, mapDepth := data[1] != 0, int(binary.LittleEndian.Uint16(data[5:])), int(data[7])
	switch {
	case kind == tgaColour && (depth == 24 || depth == 32), kind == tgaGrey && depth == 8:
	case kind == tgaMapped && depth == 8 && mapped && mapDepth == 24:
	default:
		return nil, fault(Refused, "save it as TGA with 24 or 32 bits a pixel, or as PNG",
			"it has kind %d with %d bits a pixel", data[2], depth)
	}
	at := tgaHeader + int(data[0])
	t := tga{n: depth / 8, kind: kind, runs: data[2]&tgaRuns != 0}
	if kind == tgaMapped { // of other kinds, GRUB takes a palette for pixels
		bytes := mapSize * ((mapDepth + 7) / 8)
		if len(data) < at+bytes {
			return nil, fault(Damaged, saveAgain, "it is cut off within its palette")
		}
		t.palette, at = data[at:at+bytes], at+bytes
	}
	if len(data) < at {
		return nil, fault(Damaged, saveAgain, "it is cut off within its header")
	}
	t.pixels = data[at:]
	return t.read(int(binary.LittleEndian.Uint16(data[12:])), int(binary.LittleEndian.Uint16(data[14:])), data[17])
}

func (t *tga) read(w, h int, descriptor byte) (*image.NRGBA, error) {
	gain := 1
	if t.runs {
		gain = 128
	}
	picture, err := newPicture(w, h, len(t.pixels), gain)
	if err != nil {
		return nil, err
	}
	const topDown = 0x20
	for y := range h {
		row := h - 1 - y
		if descriptor&topDown != 0 {
			row = y
		}
		if !t.row(picture.Pix[row*picture.Stride:][:4*w]) {
			return nil, fault(Damaged, saveAgain, "it is cut off in row %d of %d", y+1, h)
		}
	}
	return picture, nil
}

// tga is a stream of pixels.
type tga struct {
	pixels  []byte
	palette []byte // blue, green, red of each index
	n       int    // bytes a pixel
	kind    byte
	runs    bool
	left    int  // pixels until the next packet
	same    bool // the packet repeats one pixel
}

// row reads one row and tells whether it was there.
func (t *tga) row(out []byte) bool {
	for o := 0; o < len(out); o += 4 {
		if t.runs && t.left == 0 {
			if len(t.pixels) == 0 {
				return false
			}
			t.left, t.same = int(t.pixels[0]&127)+1, t.pixels[0]&128 != 0
			t.pixels = t.pixels[1:]
		}
		t.left--
		if len(t.pixels) < t.n {
			return false
		}
		t.paint(out[o : o+4 : o+4])
		if !t.same || t.left == 0 {
			t.pixels = t.pixels[t.n:]
		}
	}
	return true
}

// paint writes the next pixel. What is not in a palette is black.
func (t *tga) paint(out []byte) {
	p := t.pixels
	switch t.kind {
	case tgaGrey:
		out[0], out[1], out[2], out[3] = p[0], p[0], p[0], 255
	case tgaMapped:
		out[3] = 255
		if i := 3 * int(p[0]); i+3 <= len(t.palette) {
			out[0], out[1], out[2] = t.palette[i+2], t.palette[i+1], t.palette[i]
		}
	default:
		out[0], out[1], out[2], out[3] = p[2], p[1], p[0], 255
		if t.n == 4 {
			out[3] = p[3]
		}
	}
}
