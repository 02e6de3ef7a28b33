package gfx

import (
	"encoding/binary"
	"image"
)

const saveAsJPEG = "save it as baseline JPEG in colour, or as PNG"

// jpegFile is what the segments of a JPEG file say (ITU-T T.81, annex B).
type jpegFile struct {
	w, h       int
	components []jpegComponent
	h0, v0     int // sampling of the first component: blocks in a unit
	quant      [2][64]int32
	dc, ac     [2]huffman
	restart    int // units between restart marks, 0: none
}

type jpegComponent struct {
	quant, dc, ac byte
}

// readJPEG reads baseline JPEG (ITU-T T.81) with GRUB's arithmetic.
func readJPEG(data []byte) (*image.NRGBA, error) {
	if len(data) < 2 || data[0] != 0xff || data[1] != 0xd8 {
		return nil, fault(Damaged, "name it after what it is", "it is no JPEG file")
	}
	f := &jpegFile{}
	rest := data[2:]
	for {
		marker, body, next, err := jpegSegment(rest)
		if err != nil {
			return nil, err
		}
		rest = next
		if marker == 0xda {
			if err := f.scanHeader(body); err != nil {
				return nil, err
			}
			return f.decode(rest)
		}
		if err := f.segment(marker, body); err != nil {
			return nil, err
		}
	}
}

// jpegSegment cuts the next segment off.
func jpegSegment(data []byte) (marker byte, body, rest []byte, err error) {
	if len(data) < 4 {
		return 0, nil, nil, fault(Damaged, saveAgain, "it is cut off in front of its pixels")
	}
	if data[0] != 0xff {
		return 0, nil, nil, fault(Damaged, saveAgain, "there is no segment where one should be")
	}
	n := int(binary.BigEndian.Uint16(data[2:]))
	if n < 2 || 2+n > len(data) {
		return 0, nil, nil, fault(Damaged, saveAgain, "it is cut off within segment %02X", data[1])
	}
	return data[1], data[4 : 2+n], data[2+n:], nil
}

func (f *jpegFile) segment(marker byte, body []byte) error {
	switch marker {
	case 0xc0:
		return f.frameHeader(body)
	case 0xc4:
		return f.huffmanTables(body)
	case 0xdb:
		return f.quantTables(body)
	case 0xdd:
		if len(body) < 2 {
			return fault(Damaged, saveAgain, "its restart interval is missing")
		}
		f.restart = int(binary.BigEndian.Uint16(body))
	case 0xc2:
		return fault(Refused, saveAsJPEG, "it is a progressive JPEG")
	case 0xc1, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf:
		return fault(Refused, saveAsJPEG, "it is no baseline JPEG (frame %02X)", marker)
	}
	return nil
}

func (f *jpegFile) quantTables(body []byte) error {
	for len(body) > 0 {
		wide, id := body[0]>>4, body[0]&15
		switch {
		case wide != 0:
			return fault(Refused, saveAsJPEG, "its quantisation has 16 bits")
		case id > 1:
			return fault(Refused, saveAsJPEG, "it has more than two quantisation tables")
		case len(body) < 65:
			return fault(Damaged, saveAgain, "its quantisation is cut off")
		}
		for i, q := range body[1:65] {
			f.quant[id][zigzag[i]] = int32(q)
		}
		body = body[65:]
	}
	return nil
}

func (f *jpegFile) huffmanTables(body []byte) error {
	for len(body) > 0 {
		if len(body) < 17 {
			return fault(Damaged, saveAgain, "its Huffman tables are cut off")
		}
		class, id := body[0]>>4, body[0]&15
		n := 0
		for _, c := range body[1:17] {
			n += int(c)
		}
		if class > 1 || id > 1 {
			return fault(Refused, saveAsJPEG, "it has more than two Huffman tables of a kind")
		}
		if n > 256 || len(body) < 17+n {
			return fault(Damaged, saveAgain, "its Huffman tables are damaged")
		}
		table := &f.dc[id]
		if class == 1 {
			table = &f.ac[id]
		}
		if !table.build([16]byte(body[1:17]), body[17:17+n]) {
			return fault(Damaged, saveAgain, "its Huffman tables are damaged")
		}
		body = body[17+n:]
	}
	return nil
}

func (f *jpegFile) frameHeader(body []byte) error {
	if len(body) < 6 || len(body) < 6+3*int(body[5]) {
		return fault(Damaged, saveAgain, "its header is cut off")
	}
	f.h, f.w = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	switch n := body[5]; {
	case body[0] != 8:
		return fault(Refused, saveAsJPEG, "it has %d bits a channel", body[0])
	case n != 1 && n != 3:
		return fault(Refused, saveAsJPEG, "it has %d channels", n)
	}
	f.components = make([]jpegComponent, body[5])
	for i := range f.components {
		id, sampling, quant := body[6+3*i], body[7+3*i], body[8+3*i]
		h, v := int(sampling>>4), int(sampling&15)
		switch {
		case int(id) != i+1:
			return fault(Refused, saveAsJPEG, "its channels are not numbered from 1 on")
		case quant > 1:
			return fault(Refused, saveAsJPEG, "it has more than two quantisation tables")
		case h < 1 || v < 1 || i == 0 && (h > 2 || v > 2) || i > 0 && h*v > 1:
			return fault(Refused, "save it with the colour sampled 4:2:0 or 4:4:4, or as PNG",
				"its channels are sampled in a way that GRUB does not know")
		case i == 0:
			f.h0, f.v0 = h, v
		}
		f.components[i].quant = quant
	}
	return nil
}

// scanHeader takes the channels' tables.
func (f *jpegFile) scanHeader(body []byte) error {
	if f.components == nil {
		return fault(Damaged, saveAgain, "it has no header in front of its pixels")
	}
	if len(body) < 1 || len(body) < 1+2*int(body[0])+3 {
		return fault(Damaged, saveAgain, "its pixels' header is cut off")
	}
	if int(body[0]) != len(f.components) {
		return fault(Refused, saveAsJPEG, "its channels are not interleaved")
	}
	for i := range f.components {
		id, tables := int(body[1+2*i]), body[2+2*i]
		if id < 1 || id > len(f.components) || tables>>4 > 1 || tables&15 > 1 {
			return fault(Damaged, saveAgain, "its pixels' header is damaged")
		}
		f.components[id-1].dc, f.components[id-1].ac = tables>>4, tables&15
	}
	return nil
}

// decode reads the pixels, unit by unit. GRUB looks for restart marks at the
// end of a row of units alone, and wants the end mark behind the last one.
func (f *jpegFile) decode(data []byte) (*image.NRGBA, error) {
	perUnit := f.h0*f.v0 + len(f.components) - 1
	// A block takes at least two bits.
	picture, err := newPicture(f.w, f.h, len(data), max(4*64*f.h0*f.v0/perUnit, 1))
	if err != nil {
		return nil, err
	}
	columns := (f.w + 8*f.h0 - 1) / (8 * f.h0)
	rows := (f.h + 8*f.v0 - 1) / (8 * f.v0)
	if f.restart > 0 && f.restart%columns != 0 && f.restart < columns*rows {
		return nil, fault(Refused, saveAsJPEG, "it has restart marks within a row")
	}
	s := &jpegScan{file: f, bits: bitReader{data: data}}
	for row := range rows {
		if f.restart > 0 && row > 0 && row*columns%f.restart == 0 && !s.restart() {
			return nil, fault(Damaged, saveAgain, "the restart mark above row %d is missing", row*8*f.v0)
		}
		for column := range columns {
			x, y := column*8*f.h0, row*8*f.v0
			if !s.unit() {
				return nil, fault(Damaged, saveAgain, "its pixels are damaged at %d,%d", x, y)
			}
			s.paint(picture, x, y)
		}
	}
	if rest := s.bits.data; len(rest) < 2 || rest[0] != 0xff || rest[1] != 0xd9 {
		return nil, fault(Damaged, saveAgain, "the end mark behind its pixels is missing")
	}
	return picture, nil
}
