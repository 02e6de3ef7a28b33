package squash

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// idTable numbers the owners: inodes hold 16-bit indexes to 32-bit ids.
type idTable struct {
	ids   []uint32
	known map[uint32]uint16
}

func (t *idTable) index(id uint32) (uint16, error) {
	if i, ok := t.known[id]; ok {
		return i, nil
	}
	if len(t.ids) == math.MaxUint16 {
		return 0, fmt.Errorf("more than %d different owners and groups", math.MaxUint16)
	}
	if t.known == nil {
		t.known = make(map[uint32]uint16)
	}
	i := uint16(len(t.ids))
	t.ids = append(t.ids, id)
	t.known[id] = i
	return i, nil
}

// xattrPrefixes are the name spaces that the format has, by their number.
var xattrPrefixes = [...]string{"user.", "trusted.", "security."}

// maxXattrValue is the kernel's XATTR_SIZE_MAX.
const maxXattrValue = 1 << 16

// xattrSets numbers the different sets of attributes.
type xattrSets struct {
	sets  []xattrSet
	known map[string]uint32
}

// xattrSet is one set as it stands in the image.
type xattrSet struct {
	data  []byte // struct squashfs_xattr_entry and _val, one after another
	count uint32
	// listSize is the length of the names as listxattr(2) gives them.
	listSize uint32
}

// index finds the set's number, noXattr for an empty one, and the names that
// could not be stored.
func (x *xattrSets) index(attrs map[string]string) (uint32, []string, error) {
	if len(attrs) == 0 {
		return noXattr, nil, nil
	}
	le := binary.LittleEndian
	var set xattrSet
	var dropped []string
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		kind := slices.IndexFunc(xattrPrefixes[:], func(p string) bool { return strings.HasPrefix(name, p) })
		if kind < 0 {
			dropped = append(dropped, name)
			continue
		}
		rest, value := name[len(xattrPrefixes[kind]):], attrs[name]
		if rest == "" || len(name) > maxNameLen || len(value) > maxXattrValue {
			return 0, nil, fmt.Errorf("attribute %q with a value of %d bytes is more than Linux takes", name, len(value))
		}
		set.data = le.AppendUint16(set.data, uint16(kind))
		set.data = le.AppendUint16(set.data, uint16(len(rest)))
		set.data = append(set.data, rest...)
		set.data = le.AppendUint32(set.data, uint32(len(value)))
		set.data = append(set.data, value...)
		set.count++
		set.listSize += uint32(len(name)) + 1
	}
	if set.count == 0 {
		return noXattr, dropped, nil
	}
	if i, ok := x.known[string(set.data)]; ok {
		return i, dropped, nil
	}
	if x.known == nil {
		x.known = make(map[string]uint32)
	}
	i := uint32(len(x.sets))
	set.data = bytes.Clone(set.data)
	x.sets = append(x.sets, set)
	x.known[string(set.data)] = i
	return i, dropped, nil
}
