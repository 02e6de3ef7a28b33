package iso

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

// maxJumps bounds the CE entries of one record.
const maxJumps = 64

// detectRockRidge looks for SP in the root's own record, SUSP 5.3, and for PX
// behind it.
func (im *Image) detectRockRidge() error {
	records, err := im.records(im.root)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return errors.New("it is empty")
	}
	use := records[0].systemUse()
	if len(use) < 7 || string(use[:2]) != "SP" || use[4] != 0xBE || use[5] != 0xEF {
		return nil
	}
	p := dirParser{im: im, budget: maxContinued}
	root := im.root
	found, err := p.rockRidge(&root, records[0])
	if err != nil {
		return err
	}
	if found.attributes {
		im.RockRidge = true
		im.skip = int(use[6])
		root.Extents, root.Type, root.Size = im.root.Extents, tree.Dir, 0
		im.root = root
	}
	return nil
}

// ridge is what the entries of one record add up to.
type ridge struct {
	name       string
	attributes bool // PX was there
	hidden     bool // a directory that CL shows elsewhere
	target     []byte
	// continued says that the next SL goes on with the last component.
	continued bool
	linked    bool
}

// rockRidge reads a record's SUSP entries into e.
func (p *dirParser) rockRidge(e *Entry, r record) (ridge, error) {
	var found ridge
	use := r.systemUse()
	use = use[min(p.im.skip, len(use)):]
	for jumps := 0; use != nil; jumps++ {
		if jumps > maxJumps {
			return found, errors.New("continuation areas form a loop")
		}
		var next []byte
		for len(use) >= 4 && use[0] != 0 {
			n := int(use[2])
			if n < 4 || n > len(use) {
				return found, fmt.Errorf("broken system use entry %q of %d bytes", use[:2], n)
			}
			kind, data := string(use[:2]), use[4:n]
			use = use[n:]
			if kind == "ST" {
				break
			}
			if kind == "CE" {
				var err error
				if next, err = p.continuation(data); err != nil {
					return found, err
				}
				continue
			}
			if err := p.apply(e, &found, kind, data); err != nil {
				return found, err
			}
		}
		use = next
	}
	if e.Type == tree.Symlink {
		e.Link = string(found.target)
	}
	return found, nil
}

// continuation reads the area that a CE entry leads to.
func (p *dirParser) continuation(data []byte) ([]byte, error) {
	if len(data) < 24 {
		return nil, errors.New("short CE entry")
	}
	le := binary.LittleEndian
	at := int64(le.Uint32(data))*sectorSize + int64(le.Uint32(data[8:]))
	size := int64(le.Uint32(data[16:]))
	if size > int64(p.budget) || size > 1<<16 {
		return nil, fmt.Errorf("continuation area of %d bytes is too large", size)
	}
	p.budget -= int(size)
	b, err := p.im.readAt(at, size)
	if err != nil {
		return nil, fmt.Errorf("continuation area: %w", err)
	}
	return b, nil
}

// apply adds one entry of RRIP 1.10 or 1.12.
func (p *dirParser) apply(e *Entry, found *ridge, kind string, data []byte) error {
	le := binary.LittleEndian
	need := map[string]int{"PX": 32, "PN": 16, "NM": 1, "SL": 1, "TF": 1, "CL": 8}[kind]
	if len(data) < need {
		return fmt.Errorf("short %s entry", kind)
	}
	switch kind {
	case "PX":
		found.attributes = true
		mode := le.Uint32(data)
		e.Type, e.Mode = fileType(mode, e.Type), mode&0o7777
		e.Links, e.UID, e.GID = le.Uint32(data[8:]), le.Uint32(data[16:]), le.Uint32(data[24:])
	case "PN":
		e.Major, e.Minor = le.Uint32(data), le.Uint32(data[8:])
		if e.Major == 0 {
			e.Major, e.Minor = e.Minor>>8, e.Minor&0xFF
		}
	case "NM":
		if data[0]&^1 == 0 { // else "." or ".."
			found.name += string(data[1:])
		}
	case "SL":
		return found.link(data)
	case "TF":
		if data[0]&2 != 0 {
			e.ModTime = modified(data, e.ModTime)
		}
	case "CL": // a directory moved elsewhere, RRIP 4.1.5
		return p.relocated(e, le.Uint32(data))
	case "RE":
		found.hidden = true
	}
	if len(found.name) > maxName {
		return errors.New("a name has more than 255 bytes")
	}
	return nil
}

// relocated makes e the directory at a sector, which tells its own size.
func (p *dirParser) relocated(e *Entry, lba uint32) error {
	b, err := p.im.readAt(int64(lba)*sectorSize, sectorSize)
	if err != nil {
		return fmt.Errorf("moved directory: %w", err)
	}
	if b[0] < recordHeader+1 {
		return errors.New("moved directory: broken record")
	}
	e.Type = tree.Dir
	e.Extents = []Extent{{lba, record(b).extent().Size}}
	return nil
}

// modified is the time of modification in a TF entry.
func modified(data []byte, fallback int64) int64 {
	width := 7
	if data[0]&0x80 != 0 {
		width = 17
	}
	at := 1
	if data[0]&1 != 0 { // the time of creation comes first
		at += width
	}
	if len(data) < at+width {
		return fallback
	}
	if width == 7 {
		return parseShortDate(data[at:])
	}
	if t := parseLongDate(data[at:]); !t.IsZero() {
		return t.Unix()
	}
	return fallback
}

// link appends the components of an SL entry to the target.
func (f *ridge) link(data []byte) error {
	for data = data[1:]; len(data) >= 2; {
		flags, n := data[0], int(data[1])
		if n > len(data)-2 {
			return errors.New("broken SL entry")
		}
		if f.linked && !f.continued && string(f.target) != "/" {
			f.target = append(f.target, '/')
		}
		switch {
		case flags&linkRoot != 0:
			f.target = append(f.target, '/')
		case flags&linkCurrent != 0:
			f.target = append(f.target, '.')
		case flags&linkParent != 0:
			f.target = append(f.target, ".."...)
		default:
			f.target = append(f.target, data[2:2+n]...)
		}
		f.linked, f.continued = true, flags&1 != 0
		if len(f.target) > maxTarget {
			return errors.New("a symlink is longer than 4095 bytes")
		}
		data = data[2+n:]
	}
	if strings.ContainsRune(string(f.target), 0) {
		return errors.New("a symlink holds a zero byte")
	}
	return nil
}

// fileType reads st_mode; a record's own kind decides about directories, so
// that each has records and nothing else is taken for one.
func fileType(mode uint32, plain tree.Type) tree.Type {
	if plain == tree.Dir {
		return tree.Dir
	}
	switch mode & modeType {
	case modeSymlink:
		return tree.Symlink
	case 0o020000:
		return tree.CharDevice
	case 0o060000:
		return tree.BlockDevice
	case 0o010000:
		return tree.Fifo
	case 0o140000:
		return tree.Socket
	}
	return tree.File
}
