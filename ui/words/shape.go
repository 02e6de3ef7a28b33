package words

import (
	"regexp"
	"strconv"
	"strings"
)

// shape is a text with gaps: what the builder says is already filled in, so the
// gaps' contents are found again and put into the translation.
type shape struct {
	// pieces stand before, between and behind the gaps; kinds are the gaps'
	// verbs ('s', 'd', 'q' …), one less.
	pieces []string
	kinds  []byte
	// literal is the length of all pieces in bytes.
	literal int
	text    string
}

const (
	// least is the own text, in bytes, that a shape must have: one of little
	// else than gaps would fit anything.
	least = 6
	// brief shapes, of at most so many bytes, take a single word or a quotation
	// in their first gap.
	brief = 8
)

// verb is one of fmt's verbs as texts have them.
var verb = regexp.MustCompile(`%(\[\d+\])?[-+ #0]*\d*(\.\d+)?[sdqvxXfTU]`)

// percent is a verb or a percent sign that stands for itself.
var percent = regexp.MustCompile("%%|" + verb.String())

// shapeOf makes a shape of a text that has verbs.
func shapeOf(key, text string) (shape, bool) {
	s := shape{text: text}
	at := 0
	add := func(piece string) {
		piece = unescape(piece)
		s.pieces = append(s.pieces, piece)
		s.literal += len(piece)
	}
	for _, p := range percent.FindAllStringIndex(key, -1) {
		if key[p[0]:p[1]] == "%%" {
			continue
		}
		add(key[at:p[0]])
		s.kinds = append(s.kinds, key[p[1]-1])
		at = p[1]
	}
	add(key[at:])
	return s, len(s.kinds) > 0 && s.literal >= least
}

// moreLiteral puts first what has more of its own text.
func moreLiteral(a, b shape) int {
	if a.literal != b.literal {
		return b.literal - a.literal
	}
	return strings.Compare(a.text, b.text)
}

// gaps are what stands in the shape's gaps in a finished sentence. Each gap is
// as short as it can be; the last one takes the rest.
func (s shape) gaps(sentence string) ([]string, bool) {
	rest, ok := strings.CutPrefix(sentence, s.pieces[0])
	if !ok || !strings.HasSuffix(rest, s.pieces[len(s.pieces)-1]) {
		return nil, false // nearly all
	}
	found := make([]string, 0, len(s.kinds))
	for i, kind := range s.kinds {
		piece, last := s.pieces[i+1], i == len(s.kinds)-1
		from := quoted(rest)
		var end int
		switch {
		case len(rest) < from+len(piece):
			return nil, false
		case last:
			end = len(rest) - len(piece)
		default:
			end = strings.Index(rest[from:], piece)
			if end < 0 {
				return nil, false
			}
			end += from
		}
		if !fits(kind, rest[:end]) || i == 0 && !s.begins(rest[from:end]) {
			return nil, false
		}
		found = append(found, rest[:end])
		rest = rest[end+len(piece):]
	}
	return found, true
}

// begins tells whether what is not quoted of the first gap can be one: a shape
// that begins with its gap must not take the beginning of a chain ("do this: …")
// into it, and a brief one no sentence.
func (s shape) begins(gap string) bool {
	return s.pieces[0] != "" || !strings.Contains(gap, ": ") && (s.literal > brief || !strings.Contains(gap, " "))
}

// quoted is where a gap that begins a text can end at the earliest: behind its
// quotation, as that may hold anything, else behind one byte.
func quoted(text string) int {
	if q, err := strconv.QuotedPrefix(text); err == nil {
		return len(q)
	}
	return 1
}

// fits tells whether a verb can have written a text.
func fits(kind byte, gap string) bool {
	switch kind {
	case 'd', 'f':
		return strings.Trim(gap, "-0123456789.,") == ""
	case 'x', 'X':
		return strings.Trim(gap, " 0123456789abcdefABCDEF") == ""
	case 'q':
		return strings.HasPrefix(gap, `"`) && strings.HasSuffix(gap, `"`)
	}
	return true
}

// fill puts the gaps' contents into the translation, in the order of its verbs.
func (s shape) fill(gaps []string) string {
	next := 0
	return percent.ReplaceAllStringFunc(s.text, func(v string) string {
		if v == "%%" {
			return "%"
		}
		n := next
		if m := verb.FindStringSubmatch(v)[1]; m != "" {
			n = int(m[1]-'0') - 1
		}
		next = n + 1
		if n < 0 || n >= len(gaps) {
			return v
		}
		return gaps[n]
	})
}

// unescape is what fmt makes of a text without verbs.
func unescape(text string) string { return strings.ReplaceAll(text, "%%", "%") }
