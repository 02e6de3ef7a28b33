package gfx

import (
	"encoding/binary"
	"image"
)

// readTGA reads pictures of 24 and 32 bits a pixel, raw (type 2) or in runs
// (type 10) (Truevision TGA 2.0, appendix "field descriptions").
func readTGA(data []byte) (*image.NRGBA, error) {
	const header = 18
	if len(data) < header {
		return nil, fault(Damaged, saveAgain, "it is cut off within its header")
	}
	kind, depth, descriptor := data[2], int(data[16]), data[17]
	if data[1] != 0 || kind != 2 && kind != 10 || depth != 24 && depth != 32 {
		return nil, fault(Refused, "save it as TGA with 24 or 32 bits a pixel, or as PNG",
			"it has kind %d with %d bits a pixel", kind, depth)
	}
	w, h := int(binary.LittleEndian.Uint16(data[12:])), int(binary.LittleEndian.Uint16(data[14:]))
	if len(data) < header+int(data[0]) {
		return nil, fault(Damaged, saveAgain, "it is cut off within its header")
	}
	pixels := data[header+int(data[0]):]
	gain := 1
	if kind == 10 {
		gain = 128
	}
	picture, err := newPicture(w, h, len(pixels), gain)
	if err != nil {
		return nil, err
	}
	t := tga{pixels: pixels, n: depth / 8, runs: kind == 10}
	for y := range h {
		row := y
		if descriptor&0x20 == 0 { // the first row is the lowest one
			row = h - 1 - y
		}
		if !t.row(picture.Pix[row*picture.Stride:][:4*w]) {
			return nil, fault(Damaged, saveAgain, "it is cut off in row %d of %d", y+1, h)
		}
	}
	return picture, nil
}

// tga is a stream of pixels.
type tga struct {
	pixels []byte
	n      int // bytes a pixel
	runs   bool
	left   int  // pixels until the next packet
	same   bool // the packet repeats one pixel
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
		out[o], out[o+1], out[o+2], out[o+3] = t.pixels[2], t.pixels[1], t.pixels[0], 255
		if t.n == 4 {
			out[o+3] = t.pixels[3]
		}
		if !t.same || t.left == 0 {
			t.pixels = t.pixels[t.n:]
		}
	}
	return true
}
