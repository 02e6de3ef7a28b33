package iso

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// dCharacters are those that ISO 9660 allows in names.
const dCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

// The index of each tree in node.view.
const (
	isoTree = iota
	jolietTree
)

const (
	// maxISOName is the longest name at levels 2 and 3, with its dot and
	// without ";1".
	maxISOName = 31
	// maxJolietName is how many characters fit into a directory record.
	// Joliet itself says 64, every reader takes 103.
	maxJolietName = 103
)

// nameAll gives each node below dir its identifiers in both trees and sorts
// the directories.
func nameAll(dir *node) error {
	list := dir.sorted()
	isoIDs, err := identifiers(list, isoParts, maxISOName)
	if err != nil {
		return err
	}
	visible := slices.DeleteFunc(slices.Clone(list), func(n *node) bool { return n.target != "" })
	jolietIDs, err := identifiers(visible, jolietParts, maxJolietName)
	if err != nil {
		return err
	}
	for n, id := range isoIDs {
		if !n.isDir() {
			id += ";1"
		}
		n.view[isoTree].id = []byte(id)
	}
	for n, id := range jolietIDs {
		n.view[jolietTree].id = ucs2(id)
	}
	dir.view[isoTree].order = sortByID(list, isoTree)
	dir.view[jolietTree].order = sortByID(visible, jolietTree)
	for _, n := range list {
		if n.isDir() {
			if err := nameAll(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// sortByID sorts as ECMA-119 9.3 asks. All allowed characters are above the
// filler that shorter names are padded with, so comparing bytes does it.
func sortByID(list []*node, tree int) []*node {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b *node) int { return bytes.Compare(a.view[tree].id, b.view[tree].id) })
	return list
}

// identifiers gives each node of a directory a name of its own of at most
// limit characters. Where two would be equal, the later one's stem ends in a
// number instead.
func identifiers(list []*node, parts func(*node) (stem, ext []rune), limit int) (map[*node]string, error) {
	ids := make(map[*node]string, len(list))
	taken := make(map[string]bool, len(list))
	numbers := map[string]int{}
	for _, n := range list {
		stem, ext := parts(n)
		stem = stem[:min(len(stem), limit-len(ext))]
		id := string(stem) + string(ext)
		for first := id; taken[id]; {
			number := strconv.Itoa(numbers[first])
			numbers[first]++
			keep := min(len(stem), limit-len(ext)-len(number))
			if keep < 0 {
				return nil, errors.New("too many names alike in one directory")
			}
			id = string(stem[:keep]) + number + string(ext)
		}
		taken[id] = true
		ids[n] = id
	}
	return ids, nil
}

// isoParts is a name in d-characters: the stem and, for files, a dot and at
// most 8 characters of extension.
func isoParts(n *node) (stem, ext []rune) {
	name := n.name
	suffix := ""
	if !n.isDir() {
		if i := strings.LastIndexByte(name, '.'); i > 0 {
			name, suffix = name[:i], name[i+1:]
		}
		ext = append([]rune{'.'}, dRunes(suffix)...)
		ext = ext[:min(len(ext), 1+8)]
	}
	return dRunes(name), ext
}

func dRunes(s string) []rune {
	runes := []rune(strings.ToUpper(s))
	for i, r := range runes {
		if !strings.ContainsRune(dCharacters, r) {
			runes[i] = '_'
		}
	}
	return runes
}

// jolietParts is a name in the characters that Joliet allows; the extension
// keeps its dot and is worth keeping up to 16 characters.
func jolietParts(n *node) (stem, ext []rune) {
	runes := []rune(n.name)
	for i, r := range runes {
		if r < ' ' || r > 0xFFFF || r == utf8.RuneError || utf16.IsSurrogate(r) || strings.ContainsRune(`*/:;?\`, r) {
			runes[i] = '_'
		}
	}
	dot := -1
	for i, r := range runes {
		if r == '.' {
			dot = i
		}
	}
	if dot <= 0 || len(runes)-dot > 17 || n.isDir() {
		return runes, nil
	}
	return runes[:dot], runes[dot:]
}

// ucs2 is text in big-endian 16-bit units.
func ucs2(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}
