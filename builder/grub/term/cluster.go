package term

import "unicode"

// Cluster is what stands in one place: a character with its marks.
type Cluster struct {
	Base rune
	// Form is the joined form that an Arabic letter has here, Base if none.
	Form  rune
	Marks []rune
	// Mirrored: it stands in right-to-left text and is one of a pair.
	Mirrored bool
}

func (c Cluster) runes() int { return 1 + len(c.Marks) }

// glyph is the character to draw. Below a mark i and j have no dot.
func (c Cluster) glyph() rune {
	if c.Form != 0 {
		return c.Form
	}
	if len(c.Marks) > 0 && place(c.Marks[0]) == above {
		switch c.Base {
		case 'i':
			return 0x131
		case 'j':
			return 0x237
		}
	}
	return c.Base
}

// hidden are characters that say how others are shown: directions, joiners.
// GRUB knows nothing of isolates (U+2066 and on), so these are seen.
func (c Cluster) hidden() bool {
	switch r := c.Base; {
	case r == 0xAD, r == 0x34F, r >= 0xFE00 && r <= 0xFE0F, r == 0xFEFF, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2063:
		return true
	}
	return false
}

// logical splits a text into clusters, in the order of reading.
func logical(text string) []Cluster {
	var all []Cluster
	for _, r := range text {
		if combines(r) {
			if n := len(all); n > 0 && !all[n-1].hidden() {
				all[n-1].Marks = append(all[n-1].Marks, r)
			}
			continue // without a character it is not seen
		}
		if n := len(all); n > 0 && isMark(r) && isMark(all[n-1].Base) {
			all[n-1].Marks = append(all[n-1].Marks, r)
			continue
		}
		all = append(all, Cluster{Base: r})
	}
	join(all)
	return all
}

// isMark says whether a character is a mark. One that does not combine has a
// cell of its own, and the next one that does not is drawn there, too.
func isMark(r rune) bool { return r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me) }

// combines says whether a character is drawn onto the one before it.
func combines(r rune) bool {
	return r >= 0x300 && place(r) != alone
}

// visual brings clusters into the order of the eye, from left to right, and
// takes out those that are not seen.
func (g *grid) visual(text []Cluster) []Cluster {
	if !g.mirrors() {
		return text // the BIOS gets every character
	}
	text = reorder(text)
	var seen []Cluster
	for _, c := range text {
		if !c.hidden() {
			seen = append(seen, c)
		}
	}
	return seen
}
