package gfx

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"image"
	"io"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// pngHeader is the chunk IHDR of a PNG file (ISO/IEC 15948, 11.2.2).
type pngHeader struct {
	w, h          int
	depth, colour byte
	channels      int
	palette       []byte // RGB of each index
}

// readPNG reads RGB, RGBA and palettes of 8 bits (ISO/IEC 15948). Like GRUB it
// ignores check sums and transparent colours (tRNS).
func readPNG(data []byte) (*image.NRGBA, error) {
	h, packed, err := pngChunks(data)
	if err != nil {
		return nil, err
	}
	// Deflate cannot make more than 1032 bytes of one.
	size := 0
	for _, p := range packed {
		size += len(p)
	}
	picture, err := newPicture(h.w, h.h, size, 1032)
	if err != nil {
		return nil, err
	}
	z := &pngStream{chunks: packed}
	if method, err := z.ReadByte(); err != nil || method&15 != 8 {
		return nil, fault(Damaged, saveAgain, "its pixels are not packed with deflate")
	}
	if flags, err := z.ReadByte(); err != nil || flags&0x20 != 0 {
		return nil, fault(Damaged, saveAgain, "its pixels are packed with a dictionary")
	}
	rows := flate.NewReader(z)
	if err := pngRows(rows, h, picture); err != nil {
		return nil, err
	}
	if n, err := io.ReadFull(rows, make([]byte, 1)); n != 0 || err != io.EOF {
		return nil, fault(Damaged, saveAgain, "it has more pixels than its header says")
	}
	// Of the check sum, GRUB wants nothing but that it is there, in one piece.
	if len(z.chunks) == 0 || len(z.chunks[0]) != 4 {
		return nil, fault(Refused, saveAsPNG, "the check sum of its pixels is not in one piece")
	}
	return picture, nil
}

// pngStream reads the chunks of packed pixels one after the other, and no byte
// more than is asked for.
type pngStream struct{ chunks [][]byte }

func (s *pngStream) ReadByte() (byte, error) {
	for len(s.chunks) > 0 && len(s.chunks[0]) == 0 {
		s.chunks = s.chunks[1:]
	}
	if len(s.chunks) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	b := s.chunks[0][0]
	s.chunks[0] = s.chunks[0][1:]
	return b, nil
}

func (s *pngStream) Read(p []byte) (int, error) {
	for i := range p {
		b, err := s.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = b
	}
	return len(p), nil
}

// pngChunks walks over the file and returns its header and packed pixels.
func pngChunks(data []byte) (h pngHeader, packed [][]byte, err error) {
	rest, ok := bytes.CutPrefix(data, []byte(pngMagic))
	if !ok {
		return h, nil, fault(Damaged, "name it after what it is", "it is no PNG file")
	}
	last := ""
	for last != "IEND" {
		if len(rest) < 12 {
			return h, nil, fault(Damaged, saveAgain, "it is cut off behind %q", last)
		}
		n, kind := binary.BigEndian.Uint32(rest), string(rest[4:8])
		if uint64(n) > uint64(len(rest)-12) {
			return h, nil, fault(Damaged, saveAgain, "it is cut off within %q", kind)
		}
		body := rest[8 : 8+n]
		rest = rest[12+n:]
		switch kind {
		case "IHDR":
			if h, err = parseIHDR(body); err != nil {
				return h, nil, err
			}
		case "PLTE":
			h.palette = body
		case "IDAT":
			if packed != nil && last != "IDAT" {
				return h, nil, fault(Refused, saveAsPNG, "something lies between its pixels")
			}
			packed = append(packed, body)
		}
		last = kind
	}
	if h.channels == 0 {
		return h, nil, fault(Damaged, saveAgain, "it has no header")
	}
	if packed == nil {
		return h, nil, fault(Damaged, saveAgain, "it has no pixels")
	}
	return h, packed, nil
}

func parseIHDR(body []byte) (pngHeader, error) {
	if len(body) != 13 {
		return pngHeader{}, fault(Damaged, saveAgain, "its header has %d bytes and not 13", len(body))
	}
	h := pngHeader{
		w: int(binary.BigEndian.Uint32(body)), h: int(binary.BigEndian.Uint32(body[4:])),
		depth: body[8], colour: body[9],
	}
	switch {
	case h.colour == 0 || h.colour == 4:
		return h, fault(Refused, saveAsPNG, "it is grey")
	case h.depth == 16:
		return h, fault(Noise, saveAsPNG, "it has 16 bits a channel, which GRUB shows as noise")
	case h.depth != 8:
		return h, fault(Refused, saveAsPNG, "it has %d bits a pixel", h.depth)
	case body[12] != 0:
		return h, fault(Refused, saveAsPNG, "it is interlaced")
	case body[10] != 0 || body[11] != 0:
		return h, fault(Damaged, saveAgain, "its compression %d or filter %d does not exist", body[10], body[11])
	}
	switch h.colour {
	case 2:
		h.channels = 3
	case 3:
		h.channels = 1
	case 6:
		h.channels = 4
	default:
		return h, fault(Damaged, saveAgain, "its colour type %d does not exist", h.colour)
	}
	return h, nil
}

// pngRows undoes the filters (ISO/IEC 15948, 9.2) row by row.
func pngRows(z io.Reader, h pngHeader, picture *image.NRGBA) error {
	n := h.channels
	row, above := make([]byte, 1+n*h.w), make([]byte, 1+n*h.w)
	for y := range h.h {
		if _, err := io.ReadFull(z, row); err != nil {
			return fault(Damaged, saveAgain, "row %d of %d cannot be unpacked (%v)", y+1, h.h, err)
		}
		if row[0] > 4 {
			return fault(Damaged, saveAgain, "row %d has filter %d, which does not exist", y+1, row[0])
		}
		unfilter(row[0], row[1:], above[1:], n)
		h.paint(picture.Pix[y*picture.Stride:][:4*h.w], row[1:])
		row, above = above, row
	}
	return nil
}

func unfilter(filter byte, row, above []byte, n int) {
	switch filter {
	case 1:
		for i := n; i < len(row); i++ {
			row[i] += row[i-n]
		}
	case 2:
		for i := range row {
			row[i] += above[i]
		}
	case 3:
		for i := range n {
			row[i] += above[i] / 2
		}
		for i := n; i < len(row); i++ {
			row[i] += byte((int(row[i-n]) + int(above[i])) / 2)
		}
	case 4:
		for i := range n {
			row[i] += above[i]
		}
		for i := n; i < len(row); i++ {
			row[i] += paeth(row[i-n], above[i], above[i-n])
		}
	}
}

// paeth is the neighbour that is nearest to left + above - corner.
func paeth(left, above, corner byte) byte {
	p := int(left) + int(above) - int(corner)
	dl, da, dc := abs(p-int(left)), abs(p-int(above)), abs(p-int(corner))
	switch {
	case dl <= da && dl <= dc:
		return left
	case da <= dc:
		return above
	}
	return corner
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// paint writes a row of the file as pixels.
func (h pngHeader) paint(out, row []byte) {
	switch h.colour {
	case 2:
		for o, i := 0, 0; i+2 < len(row); o, i = o+4, i+3 {
			out[o], out[o+1], out[o+2], out[o+3] = row[i], row[i+1], row[i+2], 255
		}
	case 3:
		for o, i := range row {
			if rgb := 3 * int(i); rgb+3 <= len(h.palette) {
				copy(out[4*o:], h.palette[rgb:rgb+3])
			}
			out[4*o+3] = 255
		}
	case 6:
		copy(out, row)
	}
}
