package gfx

import "image"

// zigzag is the place of each coefficient in its block (T.81, figure A.6).
var zigzag = [64]byte{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// huffman is a table of codes (T.81, annex C): lookup has for each following 8
// bits the value and the code's length; longer codes go by their length.
type huffman struct {
	lookup [256]uint16 // length << 8 | value, 0: longer
	values []byte
	max    [18]int32 // the largest code of a length, -1: none
	offset [18]int32 // index of a length's first value less its code
}

func (t *huffman) build(counts [16]byte, values []byte) bool {
	*t = huffman{values: values}
	code, k := int32(0), int32(0)
	for i, n := range counts {
		length := i + 1
		t.max[length] = -1
		if code+int32(n) > 1<<length {
			return false
		}
		if n > 0 {
			t.offset[length] = k - code
			for range n {
				if length <= 8 {
					first := code << (8 - length)
					for j := range int32(1) << (8 - length) {
						t.lookup[first+j] = uint16(length)<<8 | uint16(values[k])
					}
				}
				code++
				k++
			}
			t.max[length] = code - 1
		}
		code <<= 1
	}
	return true
}

// bitReader reads the bits of a scan. Behind its end come zeros.
type bitReader struct {
	data []byte
	acc  uint32
	n    uint // bits in acc
	over int  // bits that were not there
}

// fill brings at least 16 bits, if there are so many.
func (b *bitReader) fill() {
	for b.n <= 24 {
		var c byte
		switch {
		case len(b.data) == 0:
			b.over += 8
		case b.data[0] != 0xff:
			c, b.data = b.data[0], b.data[1:]
		case len(b.data) > 1 && b.data[1] == 0:
			c, b.data = 0xff, b.data[2:]
		default: // a mark: the scan stops in front of it
			b.over += 8
		}
		b.acc |= uint32(c) << (24 - b.n)
		b.n += 8
	}
}

func (b *bitReader) take(n uint) uint32 {
	if n == 0 {
		return 0
	}
	if b.n < n {
		b.fill()
	}
	v := b.acc >> (32 - n)
	b.acc <<= n
	b.n -= n
	return v
}

// short tells whether bits were taken that were not there.
func (b *bitReader) short() bool { return b.over > int(b.n) }

// restart goes behind the next restart mark and tells whether it was there.
func (s *jpegScan) restart() bool {
	b := &s.bits
	b.acc, b.n, b.over = 0, 0, 0
	s.last = [3]int32{}
	if len(b.data) < 2 || b.data[0] != 0xff || b.data[1]&0xf8 != 0xd0 {
		return false
	}
	b.data = b.data[2:]
	return true
}

// symbol reads one code; -1: there is no such code.
func (b *bitReader) symbol(t *huffman) int {
	if b.n < 16 {
		b.fill()
	}
	if e := t.lookup[b.acc>>24]; e != 0 {
		b.acc <<= e >> 8
		b.n -= uint(e >> 8)
		return int(e & 255)
	}
	for length := 9; length <= 16; length++ {
		code := int32(b.acc >> (32 - length))
		if code <= t.max[length] {
			b.acc <<= length
			b.n -= uint(length)
			// A table may promise codes that it gives no values for.
			if i := code + t.offset[length]; i >= 0 && int(i) < len(t.values) {
				return int(t.values[i])
			}
			return -1
		}
	}
	return -1
}

// number reads a signed number of n bits (T.81, F.2.2.1, EXTEND).
func (b *bitReader) number(n uint) int32 {
	v := int32(b.take(n))
	if n > 0 && v < 1<<(n-1) {
		v -= 1<<n - 1
	}
	return v
}

// jpegScan decodes units: the blocks of all channels that cover one place.
type jpegScan struct {
	file   *jpegFile
	bits   bitReader
	last   [3]int32     // DC of the block before, a channel
	blocks [6][64]int32 // luma 1, 2 or 4, then both chroma
}

func (s *jpegScan) unit() bool {
	luma := s.file.h0 * s.file.v0
	for i := range luma + len(s.file.components) - 1 {
		if !s.block(&s.blocks[i], max(i-luma+1, 0)) {
			return false
		}
	}
	return !s.bits.short()
}

// block reads one block and transforms it.
func (s *jpegScan) block(block *[64]int32, channel int) bool {
	c := s.file.components[channel]
	quant := &s.file.quant[c.quant]
	*block = [64]int32{}
	n := s.bits.symbol(&s.file.dc[c.dc])
	if n < 0 || n > 16 {
		return false
	}
	s.last[channel] += s.bits.number(uint(n))
	block[0] = s.last[channel] * quant[0]
	for k := 1; k < 64; k++ {
		v := s.bits.symbol(&s.file.ac[c.ac])
		if v < 0 {
			return false
		}
		run, n := v>>4, uint(v&15)
		if n == 0 && run != 15 {
			break
		}
		k += run
		if k > 63 {
			return false
		}
		at := zigzag[k]
		block[at] = s.bits.number(n) * quant[at]
	}
	inverse(block)
	return true
}

// paint writes the unit's pixels. Each pixel takes the nearest colour.
func (s *jpegScan) paint(picture *image.NRGBA, x0, y0 int) {
	h, v := s.file.h0, s.file.v0
	blue, red := &s.blocks[h*v], &s.blocks[h*v+1]
	for y := range min(8*v, s.file.h-y0) {
		out := picture.Pix[picture.PixOffset(x0, y0+y):]
		for x := range min(8*h, s.file.w-x0) {
			luma := s.blocks[y/8*h+x/8][y%8*8+x%8]
			c := y/v*8 + x/h
			o := out[4*x : 4*x+4 : 4*x+4]
			o[0], o[1], o[2] = toRGB(luma, blue[c], red[c])
			o[3] = 255
		}
	}
}

// toRGB is GRUB's conversion of colours, in 1/256.
func toRGB(y, cb, cr int32) (r, g, b uint8) {
	y = max(min(y, 127), -128) + 128
	cb, cr = max(min(cb, 127), -128), max(min(cr, 127), -128)
	return clamp(y + 359*cr>>8), clamp(y - (88*cb+183*cr)>>8), clamp(y + 454*cb>>8)
}

func clamp(v int32) uint8 { return uint8(max(min(v, 255), 0)) }
