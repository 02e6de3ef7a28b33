package words

import "strings"

const (
	// deepest is how often a sentence may hold another one in a gap or a part.
	deepest = 6
	// longestSentence, in bytes; what is longer is output of a program.
	longestSentence = 4096
)

// Of translates a finished English sentence of the builder's: by itself, or by
// the shape of a text with verbs that it fits, or else by its parts ("reading
// it: the file is empty"). Sentences within its gaps are translated, too. What
// is unknown stays English.
func (w *Words) Of(sentence string) string {
	w = w.or()
	if len(w.texts) == 0 || len(sentence) > longestSentence {
		return sentence
	}
	text, _ := w.sentence(sentence, deepest)
	return text
}

// sentence is Of for at most so many levels; it tells whether it knew anything.
func (w *Words) sentence(sentence string, levels int) (string, bool) {
	if text, ok := w.texts[sentence]; ok {
		return text, true
	}
	if levels == 0 || !strings.Contains(sentence, " ") {
		return sentence, false
	}
	for _, s := range w.shapes {
		gaps, ok := s.gaps(sentence)
		if !ok {
			continue
		}
		for i, gap := range gaps {
			gaps[i] = w.gap(gap, levels-1)
		}
		return s.fill(gaps), true
	}
	return w.parts(sentence, levels-1)
}

// gap translates what stands in a gap if it is a sentence: a single word may be
// the name of something.
func (w *Words) gap(gap string, levels int) string {
	if trimmed := strings.TrimSpace(gap); strings.Contains(trimmed, " ") {
		text, _ := w.sentence(trimmed, levels)
		return strings.Replace(gap, trimmed, text, 1)
	}
	return gap
}

// parts translates what is put together of several sentences, one by one.
func (w *Words) parts(sentence string, levels int) (string, bool) {
	for _, between := range []string{"\n", "; ", ". ", ": ", ", "} {
		at := outside(sentence, between)
		if at < 0 {
			continue
		}
		first, knewFirst := w.sentence(sentence[:at], levels)
		rest, knewRest := w.sentence(sentence[at+len(between):], levels)
		if knewFirst || knewRest {
			return first + between + rest, true
		}
	}
	return sentence, false
}

// outside is where the first separator stands that is in no quotation; -1 if
// there is none.
func outside(sentence, separator string) int {
	for at := 0; at < len(sentence); {
		if at > 0 && strings.HasPrefix(sentence[at:], separator) {
			return at
		}
		if sentence[at] == '"' {
			at += quoted(sentence[at:])
		} else {
			at++
		}
	}
	return -1
}
