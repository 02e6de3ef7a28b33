package iso

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// The EFI system partition is FAT16 with clusters of one block. From the
// smallest size made here up to what an El Torito entry can describe, such a
// file system has 4085 to 65524 clusters, the range that defines FAT16; so no
// other kind is needed. Layout after Microsoft's "FAT: General Overview of
// On-Disk Format" 1.03. go-diskfs writes FAT too, but takes its dates from the
// environment or the clock, and fsck.fat objects to some of its results.
const (
	minESP = 3 << 20
	// maxESP is the largest multiple of the sector size below the 65536
	// blocks that overflow an El Torito entry.
	maxESP = 65532 * blockSize

	fatReserved    = 1
	fatCopies      = 2
	fatRootEntries = 512
	fatEntrySize   = 32
	fatRootBlocks  = fatRootEntries * fatEntrySize / blockSize
	fatEnd         = 0xFFFF

	attrVolume    = 0x08
	attrDirectory = 0x10
	attrArchive   = 0x20
	attrLongName  = 0x0F
)

// fatNode is a file or directory of the partition.
type fatNode struct {
	name     string
	short    [11]byte
	dir      bool
	data     []byte
	children []*fatNode
	parent   *fatNode
	cluster  uint16 // 0 for the root and for empty files
	clusters int
}

// writeESP makes the partition behind what is written so far.
func (w *Writer) writeESP() (Extent, error) {
	if w.opts.UEFI == nil {
		return Extent{}, nil
	}
	root, err := fatTree(w.opts.UEFI.Files)
	if err != nil {
		return Extent{}, err
	}
	f := &fatImage{when: time.Unix(w.opts.ModTime, 0).UTC()}
	sum := w.derive("esp serial")
	f.serial = binary.LittleEndian.Uint32(sum[:])
	if err := f.allocate(root); err != nil {
		return Extent{}, err
	}
	lba, err := w.allocate(f.size)
	if err != nil {
		return Extent{}, err
	}
	dst := io.NewOffsetWriter(w.out, int64(lba)*sectorSize)
	if err := f.write(dst, root); err != nil {
		return Extent{}, err
	}
	return Extent{lba, f.size}, nil
}

// fatTree puts files into directories and gives them short names.
func fatTree(files []ESPFile) (*fatNode, error) {
	root := &fatNode{dir: true}
	for _, file := range files {
		parts, err := splitPath(file.Path)
		if err != nil {
			return nil, err
		}
		at := root
		for i, name := range parts {
			if err := checkFATName(name); err != nil {
				return nil, fmt.Errorf("%q: %w", file.Path, err)
			}
			last := i == len(parts)-1
			next := at.child(name)
			if next == nil {
				next = &fatNode{name: name, dir: !last, parent: at}
				at.children = append(at.children, next)
			} else if last || !next.dir {
				return nil, fmt.Errorf("%q: %w (FAT ignores case)", file.Path, ErrExists)
			}
			at = next
		}
		if at == root {
			return nil, fmt.Errorf("ESP file with an empty path %q", file.Path)
		}
		at.data = file.Data
	}
	return root, root.sortAndName()
}

func (n *fatNode) child(name string) *fatNode {
	for _, c := range n.children {
		if strings.EqualFold(c.name, name) {
			return c
		}
	}
	return nil
}

func checkFATName(name string) error {
	bad := strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7F || r == '\uFFFD' || strings.ContainsRune(`"*/:<>?\|`, r)
	})
	if bad || strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || len(utf16.Encode([]rune(name))) > 255 {
		return fmt.Errorf("the name %q is not possible on FAT", name)
	}
	return nil
}

// sortAndName makes the result independent of the order of the files.
func (n *fatNode) sortAndName() error {
	slices.SortFunc(n.children, func(a, b *fatNode) int { return strings.Compare(a.name, b.name) })
	taken := map[[11]byte]bool{}
	for _, c := range n.children {
		if short, exact := shortName(c.name, 0); exact {
			c.short = short
			taken[short] = true
		}
	}
	for _, c := range n.children {
		for number := 1; c.short[0] == 0; number++ {
			if number > 99999 {
				return fmt.Errorf("too many names like %q in one directory", c.name)
			}
			if short, _ := shortName(c.name, number); !taken[short] {
				c.short = short
				taken[short] = true
			}
		}
		if err := c.sortAndName(); err != nil {
			return err
		}
	}
	return nil
}

// shortName folds a name to 8.3; with a number above 0 it ends in "~number".
// Exact tells that the long name says no more than the short, but for case.
func shortName(name string, number int) (short [11]byte, exact bool) {
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem, ext = name[:i], name[i+1:]
	}
	s, e := fatRunes(stem), fatRunes(ext)
	exact = strings.EqualFold(s, stem) && strings.EqualFold(e, ext) && len(s) <= 8 && len(e) <= 3 && s != ""
	tail := ""
	if number > 0 {
		tail = "~" + strconv.Itoa(number)
	}
	s = s[:min(len(s), 8-len(tail))] + tail
	copy(short[:], fmt.Sprintf("%-8s%-3s", s, e[:min(len(e), 3)]))
	return short, exact
}

func fatRunes(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '.':
			return -1
		case strings.ContainsRune(dCharacters+"!#$%&'()-@^`{}~", r):
			return r
		}
		return '_'
	}, strings.ToUpper(s))
}

// needsLong tells whether the short name alone would lose something.
func (n *fatNode) needsLong() bool {
	stem, ext := strings.TrimRight(string(n.short[:8]), " "), strings.TrimRight(string(n.short[8:]), " ")
	if ext != "" {
		stem += "." + ext
	}
	return n.name != stem
}

// slots counts the directory entries that a node takes.
func (n *fatNode) slots() int {
	if !n.needsLong() {
		return 1
	}
	return 1 + (len(utf16.Encode([]rune(n.name)))+12)/13
}

// contentSize is what a node occupies, in bytes.
func (n *fatNode) contentSize() int {
	if !n.dir {
		return len(n.data)
	}
	slots := 2 // "." and "..", or the volume label and one free entry
	for _, c := range n.children {
		slots += c.slots()
	}
	return slots * fatEntrySize
}
