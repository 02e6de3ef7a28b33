package words

import (
	"regexp"
	"strings"
)

// shape is a text with gaps: what the builder says is already filled in, so the
// gaps' contents are found again and put into the translation.
type shape struct {
	english *regexp.Regexp
	literal int
	text    string
}

// verb is one of fmt's verbs as texts have them.
var verb = regexp.MustCompile(`%(\[\d+\])?[-+ #0]*\d*(\.\d+)?[sdqvxXf]`)

// shapeOf makes a shape of a text that has verbs.
func shapeOf(key, text string) (shape, bool) {
	places := verb.FindAllStringIndex(key, -1)
	if len(places) == 0 {
		return shape{}, false
	}
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	literal, at := 0, 0
	for _, p := range places {
		b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(key[at:p[0]], "%%", "%")) + `(.+?)`)
		literal += p[0] - at
		at = p[1]
	}
	b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(key[at:], "%%", "%")) + `\z`)
	literal += len(key) - at
	re, err := regexp.Compile(b.String())
	// A shape of little else than gaps would fit anything.
	return shape{re, literal, text}, err == nil && literal >= 8
}

// moreLiteral puts first what has more of its own text.
func moreLiteral(a, b shape) int {
	if a.literal != b.literal {
		return b.literal - a.literal
	}
	return strings.Compare(a.text, b.text)
}

// Of translates a finished English sentence of the builder's: by itself, or by
// the shape of a text with verbs that it fits. What is unknown stays English.
func (w *Words) Of(sentence string) string {
	w = w.or()
	if sentence == "" {
		return ""
	}
	if !strings.Contains(sentence, "%") {
		if text := w.printer.Sprintf(sentence); text != sentence {
			return text
		}
	}
	for _, s := range w.shapes {
		found := s.english.FindStringSubmatch(sentence)
		if found == nil {
			continue
		}
		return s.fill(found[1:])
	}
	return sentence
}

// fill puts the gaps' contents into the translation, in the order of its verbs.
func (s shape) fill(gaps []string) string {
	next := 0
	text := verb.ReplaceAllStringFunc(s.text, func(v string) string {
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
	return strings.ReplaceAll(text, "%%", "%")
}
