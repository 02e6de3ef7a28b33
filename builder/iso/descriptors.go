package iso

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// The types of volume descriptors, ECMA-119 8.1.1.
const (
	typeBootRecord    = 0
	typePrimary       = 1
	typeSupplementary = 2
	typeTerminator    = 255
)

const (
	standardID = "CD001"
	elToritoID = "EL TORITO SPECIFICATION"
	// jolietEscape announces UCS-2 level 3.
	jolietEscape = "%/E"
)

// descriptor begins a volume descriptor.
func descriptor(kind byte) []byte {
	d := make([]byte, sectorSize)
	d[0] = kind
	copy(d[1:], standardID)
	d[6] = 1
	return d
}

// volumeDescriptor makes the primary descriptor or, for a Joliet hierarchy,
// the supplementary one: ECMA-119 8.4 and 8.5. The volume has blocks sectors.
func volumeDescriptor(h *hierarchy, o *Options, blocks uint32) []byte {
	d := descriptor(typePrimary)
	encode := func(s string) []byte { return []byte(s) }
	pad := []byte{' '}
	if h.tree == jolietTree {
		d[0] = typeSupplementary
		encode, pad = ucs2, []byte{0, ' '}
		copy(d[88:], jolietEscape)
	}
	text := func(from, to int, s string) {
		field := d[from:to]
		used := copy(field[:len(field)/len(pad)*len(pad)], encode(s))
		copy(field[used:], bytes.Repeat(pad, (len(field)-used)/len(pad)))
	}
	text(8, 40, "")
	text(40, 72, o.VolumeID)
	copy(d[80:], both(blocks))
	copy(d[120:], []byte{1, 0, 0, 1}) // volume set size
	copy(d[124:], []byte{1, 0, 0, 1}) // volume sequence number
	copy(d[128:], []byte{0, 8, 8, 0}) // logical block size
	copy(d[132:], both(uint32(h.tableSize)))
	binary.LittleEndian.PutUint32(d[140:], h.address(h.tableL))
	binary.BigEndian.PutUint32(d[148:], h.address(h.tableM))
	copy(d[156:190], h.rootRecord())
	text(190, 318, "")
	text(318, 446, o.Publisher)
	text(446, 574, o.Preparer)
	text(574, 702, o.Application)
	text(702, 739, "") // copyright, abstract and bibliographic file
	text(739, 776, "")
	text(776, 813, "")
	date := fmt.Sprintf("%s00\x00", h.when.Format("20060102150405"))
	copy(d[813:], date) // creation
	copy(d[830:], date) // modification
	never := "0000000000000000\x00"
	copy(d[847:], never) // expiration
	copy(d[864:], never) // effective
	d[881] = 1
	return d
}

// rootRecord is the root's record in a volume descriptor, which holds no
// system use field.
func (h *hierarchy) rootRecord() []byte {
	return h.dirRecord(h.dirs[0], []byte{0}, nil, nil)
}

// bootRecord leads firmware to the boot catalog: El Torito figure 7.
func bootRecord(catalog uint32) []byte {
	d := descriptor(typeBootRecord)
	copy(d[7:], elToritoID)
	binary.LittleEndian.PutUint32(d[0x47:], catalog)
	return d
}
