package squash

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

const (
	// xattrOutOfLine marks an attribute whose value stands elsewhere.
	xattrOutOfLine = 0x100
	// maxXattrSet bounds the attributes of one inode, in bytes.
	maxXattrSet = 1 << 20
)

// xattrs reads a set of attributes, nil for noXattr.
func (i *Reader) xattrs(k uint32) (map[string]string, error) {
	if k == noXattr {
		return nil, nil
	}
	m, err := i.readXattrs(k)
	if err != nil {
		return nil, fmt.Errorf("extended attributes: %w", err)
	}
	return m, nil
}

func (i *Reader) readXattrs(k uint32) (map[string]string, error) {
	le := binary.LittleEndian
	table := i.sb.XattrTable
	if table > i.sb.BytesUsed-16 {
		return nil, fmt.Errorf("%w: the image has none", errCorrupt)
	}
	var h [16]byte
	if err := readFull(i.r, h[:], int64(table)); err != nil {
		return nil, err
	}
	start := le.Uint64(h[:])
	if k >= le.Uint32(h[8:]) || start >= table {
		return nil, fmt.Errorf("%w: set %d of %d", errCorrupt, k, le.Uint32(h[8:]))
	}
	var b [16]byte
	if err := i.lookup(int64(table)+16, int64(k), b[:]); err != nil {
		return nil, err
	}
	c, err := i.cursor(start, table, le.Uint64(b[:]))
	if err != nil {
		return nil, err
	}
	m := make(map[string]string)
	total := 0
	for range le.Uint32(b[8:]) {
		name, value, err := i.readXattr(c, start)
		if err != nil {
			return nil, err
		}
		if total += len(name) + len(value) + 8; total > maxXattrSet {
			return nil, errors.New("more than 1 MiB of them on one file")
		}
		m[name] = value
	}
	return m, nil
}

// readXattr reads one attribute of the list that c stands in.
func (i *Reader) readXattr(c *cursor, start uint64) (name, value string, err error) {
	le := binary.LittleEndian
	var h [4]byte
	if err := c.read(h[:]); err != nil {
		return "", "", err
	}
	kind := le.Uint16(h[:])
	prefix := int(kind &^ xattrOutOfLine)
	if prefix >= len(xattrPrefixes) {
		return "", "", fmt.Errorf("%w: name space %d", errCorrupt, prefix)
	}
	rest := make([]byte, le.Uint16(h[2:]))
	if len(rest) > math.MaxUint8 {
		return "", "", fmt.Errorf("%w: a name of %d bytes", errCorrupt, len(rest))
	}
	if err := c.read(rest); err != nil {
		return "", "", err
	}
	v, err := readXattrValue(c)
	if err == nil && kind&xattrOutOfLine != 0 {
		if len(v) != 8 {
			return "", "", fmt.Errorf("%w: a value's place of %d bytes", errCorrupt, len(v))
		}
		var at *cursor
		if at, err = i.cursor(start, i.sb.XattrTable, le.Uint64(v)); err == nil {
			v, err = readXattrValue(at)
		}
	}
	return xattrPrefixes[prefix] + string(rest), string(v), err
}

func readXattrValue(c *cursor) ([]byte, error) {
	var h [4]byte
	if err := c.read(h[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(h[:])
	if n > maxXattrValue {
		return nil, fmt.Errorf("%w: a value of %d bytes", errCorrupt, n)
	}
	v := make([]byte, n)
	return v, c.read(v)
}
