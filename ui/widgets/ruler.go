package widgets

import "sort"

// ruler measures how wide a text is, in device-independent pixels. The toolkit sets
// the whole text for that, which takes about a tenth of a millisecond; what it has
// measured lately it knows.
type ruler func(text string) float32

// The sum of the widths of a text's characters is not its width: some pairs stand
// closer or further apart. It is never off by more than this share.
const (
	mostWider    = 0.04
	mostNarrower = 0.2
)

// about is a text's width but for that.
type about struct {
	width float32
	// known is false for scripts whose characters change beside each other.
	known bool
}

func (a about) plus(b about) about { return about{a.width + b.width, a.known && b.known} }

// sum adds the widths of a text's characters up.
func (m ruler) sum(text string) about {
	var a about
	for i, r := range text {
		if r >= 0x250 && (r < 0x2010 || r > 0x2027) || r < ' ' {
			return about{}
		}
		a.width += m(text[i : i+runeBytes(r)])
	}
	a.known = true
	return a
}

// runeBytes is the length of a character below 0x10000 in UTF-8.
func runeBytes(r rune) int {
	switch {
	case r < 0x80:
		return 1
	case r < 0x800:
		return 2
	}
	return 3
}

// fits tells whether a text is no wider than width.
func (m ruler) fits(text string, width float32) bool { return m.fitsAbout(text, m.sum(text), width) }

// fitsAbout is fits for a text whose characters were added up. Only a text that is
// nearly as wide is measured.
func (m ruler) fitsAbout(text string, a about, width float32) bool {
	switch {
	case a.known && a.width*(1+mostWider) <= width:
		return true
	case a.known && a.width*(1-mostNarrower) > width:
		return false
	}
	return m(text) <= width
}

// search is the first of n longer and longer texts that is wider than width, n for
// none.
func (m ruler) search(n int, width float32, text func(i int) string) int {
	return sort.Search(n, func(i int) bool { return !m.fits(text(i), width) })
}
