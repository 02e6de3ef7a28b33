package drives

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textLimit is how many characters of a name are shown: labels of NTFS have up
// to 32, of GPT 36, of NVMe models 40, paths in messages are longer.
const textLimit = 128

// cleanText makes a text that a device gives about itself harmless for a
// terminal and a window: control characters and those that turn the direction
// of writing, or cannot be seen, are taken away, blanks become one, and what is
// no UTF-8 becomes a question mark. A stick could call itself anything
// otherwise, its neighbour's name backwards included.
func cleanText(s string) string {
	var b strings.Builder
	length, blank := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			blank = true
			continue
		case r == utf8.RuneError:
			r = '?'
		case harmful(r), unicode.Is(unicode.M, r) && length == 0:
			continue
		}
		if blank && length > 0 {
			b.WriteByte(' ')
			length++
		}
		blank = false
		if length >= textLimit {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
		length++
	}
	return b.String()
}

// parseNumber reads a decimal number of an attribute.
func parseNumber(s string) (uint64, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64)
	return n, err == nil
}

// harmful characters are not for a person's eyes: control characters, those
// that turn the direction or join without being seen, and private ones.
func harmful(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || !unicode.IsGraphic(r) && r != utf8.RuneError
}
