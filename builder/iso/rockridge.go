package iso

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"
)

const (
	// ceSize is the length of a CE entry.
	ceSize = 28
	// maxEntry is the length of the longest SUSP entry.
	maxEntry = 255
	// maxRecord is the longest directory record: an even number in a byte.
	maxRecord = 254
)

// The texts of the ER entry, from RRIP 1.12 section 4.3.
const (
	erID     = "IEEE_P1282"
	erText   = "THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS"
	erSource = "PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE P1282 SPECIFICATION"
)

// entry makes one SUSP entry.
func entry(signature string, data ...[]byte) []byte {
	e := append([]byte(signature), 0, 1)
	for _, d := range data {
		e = append(e, d...)
	}
	e[2] = byte(len(e))
	return e
}

// both is a 32-bit number in both byte orders, as ECMA-119 7.3.3 has it.
func both(v uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, v), v)
}

// rockRidge are the entries of a node under its own name.
func rockRidge(n *node, when time.Time) [][]byte {
	return slices.Concat(attributes(n, when), nameEntries(n.name), linkEntries(n.target))
}

// rockRidgeSelf are the entries of "." and ".."; those of the root's own "."
// also declare SUSP and Rock Ridge.
func rockRidgeSelf(n *node, self bool, when time.Time) [][]byte {
	list := attributes(n, when)
	if self && n.parent == n {
		sp := entry("SP", []byte{0xBE, 0xEF, 0})
		er := entry("ER", []byte{byte(len(erID)), byte(len(erText)), byte(len(erSource)), 1},
			[]byte(erID), []byte(erText), []byte(erSource))
		list = append(append([][]byte{sp}, list...), er)
	}
	return list
}

// attributes are PX (mode, links, owner root, serial number) and TF (times of
// modification, access and change).
func attributes(n *node, when time.Time) [][]byte {
	px := entry("PX", both(n.mode), both(n.links()), both(0), both(0), both(n.serial))
	at := shortDate(when)
	return [][]byte{px, entry("TF", []byte{0x0E}, at, at, at)}
}

// nameEntries are the NM entries of a name; each but the last is marked as
// continued.
func nameEntries(name string) [][]byte {
	var list [][]byte
	for rest := name; rest != ""; {
		part := rest[:min(len(rest), maxEntry-5)]
		rest = rest[len(part):]
		flags := byte(0)
		if rest != "" {
			flags = 1
		}
		list = append(list, entry("NM", []byte{flags}, []byte(part)))
	}
	return list
}

// linkEntries are the SL entries of a symlink's target.
func linkEntries(target string) [][]byte {
	if target == "" {
		return nil
	}
	var list [][]byte
	var body []byte
	flush := func() {
		list = append(list, entry("SL", []byte{0}, body))
		body = nil
	}
	for _, part := range components(target) {
		const room = maxEntry - 5
		if len(body)+len(part.text)+2 > room && len(body) > 0 {
			flush()
		}
		for len(part.text)+2 > room {
			body = append([]byte{part.flags | 1, room - 2}, part.text[:room-2]...)
			part.text = part.text[room-2:]
			flush()
		}
		body = append(body, part.flags, byte(len(part.text)))
		body = append(body, part.text...)
	}
	flush()
	for _, sl := range list[:len(list)-1] {
		sl[4] = 1 // continues in the next SL
	}
	return list
}

// component is one component record of an SL entry.
type component struct {
	flags byte
	text  string
}

// The flags of a component that stands for a name of its own.
const (
	linkCurrent = 2
	linkParent  = 4
	linkRoot    = 8
)

func components(target string) []component {
	var list []component
	if strings.HasPrefix(target, "/") {
		list = append(list, component{flags: linkRoot})
		if target = target[1:]; target == "" {
			return list
		}
	}
	for _, part := range strings.Split(target, "/") {
		switch part {
		case ".":
			list = append(list, component{flags: linkCurrent})
		case "..":
			list = append(list, component{flags: linkParent})
		default:
			list = append(list, component{text: part})
		}
	}
	return list
}

// areas collects the continuation areas of one directory. None crosses a
// sector: the Linux kernel refuses those.
type areas struct {
	lba uint32
	buf []byte
}

// fit says how many of the entries go into room bytes: all, or as many as leave
// room for a CE entry.
func fit(entries [][]byte, room int) int {
	total, n := 0, 0
	for _, e := range entries {
		if total += len(e); total+ceSize <= room {
			n++
		}
	}
	if total <= room {
		return len(entries)
	}
	return n
}

// split gives the bytes for a system use field of room bytes, and puts what
// does not fit into continuation areas.
func (a *areas) split(entries [][]byte, room int) []byte {
	n := fit(entries, room)
	field := slices.Concat(entries[:n]...)
	if n < len(entries) {
		field = append(field, a.add(entries[n:])...)
	}
	return field
}

// add puts entries into an area and gives the CE entry that leads there.
func (a *areas) add(entries [][]byte) []byte {
	room := sectorSize - len(a.buf)%sectorSize
	if fit(entries, room) < len(entries) && room < maxEntry+ceSize {
		a.buf = append(a.buf, make([]byte, room)...)
		room = sectorSize
	}
	start := len(a.buf)
	n := fit(entries, room)
	a.buf = append(a.buf, slices.Concat(entries[:n]...)...)
	if n < len(entries) {
		hole := len(a.buf)
		a.buf = append(a.buf, make([]byte, ceSize)...)
		length := len(a.buf) - start
		next := a.add(entries[n:]) // may move a.buf
		copy(a.buf[hole:], next)
		return a.ce(start, length)
	}
	return a.ce(start, len(a.buf)-start)
}

func (a *areas) ce(start, length int) []byte {
	return entry("CE", both(a.lba+uint32(start/sectorSize)), both(uint32(start%sectorSize)), both(uint32(length)))
}
