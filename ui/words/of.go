package words

import "strings"

const (
	// deepest is how often a sentence may hold another one in a gap or a part.
	deepest = 6
	// longestSentence, in bytes; what is longer is output of a program.
	longestSentence = 4096
	// mostParts of one sentence are looked up; what is left stays English.
	mostParts = 400
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
	s := saying{w, mostParts}
	text, _ := s.sentence(sentence, deepest)
	return text
}

// saying is the translation of one sentence.
type saying struct {
	words *Words
	// left are how many parts may still be looked up.
	left int
}

// known is how much of a sentence was translated.
type known int

const (
	nothing known = iota
	partly
	wholly
)

// sentence is Of for at most so many levels.
func (s *saying) sentence(sentence string, levels int) (string, known) {
	if text, ok := s.words.texts[sentence]; ok {
		return text, wholly
	}
	if s.left--; s.left < 0 || levels == 0 || !strings.Contains(sentence, " ") {
		return sentence, nothing
	}
	// A list of known sentences comes before a shape, whose gap would swallow the
	// rest of it.
	for _, between := range []string{"\n", "; ", ", "} {
		if text, how := s.parts(sentence, between, levels-1); how == wholly {
			return text, how
		}
	}
	for _, shape := range s.words.shapes {
		if gaps, ok := shape.gaps(sentence); ok {
			for i, gap := range gaps {
				gaps[i] = s.gap(gap, levels-1)
			}
			return shape.fill(gaps), wholly
		}
	}
	for _, between := range []string{"\n", "; ", ". ", ": ", ", "} {
		if text, how := s.parts(sentence, between, levels-1); how != nothing {
			return text, how
		}
	}
	return sentence, nothing
}

// gap translates what stands in a gap if it is a sentence: a single word may be
// the name of something.
func (s *saying) gap(gap string, levels int) string {
	if trimmed := strings.TrimSpace(gap); strings.Contains(trimmed, " ") {
		text, _ := s.sentence(trimmed, levels)
		return strings.Replace(gap, trimmed, text, 1)
	}
	return gap
}

// parts translates what is put together of several sentences, one by one. A
// single word among them need not be known.
func (s *saying) parts(sentence, between string, levels int) (string, known) {
	pieces := split(sentence, between)
	if len(pieces) < 2 {
		return sentence, nothing
	}
	least, most := wholly, nothing
	for i, piece := range pieces {
		var how known
		pieces[i], how = s.sentence(piece, levels)
		most = max(most, how)
		if strings.Contains(piece, " ") {
			least = min(least, how)
		}
	}
	return strings.Join(pieces, between), min(most, max(least, partly))
}

// split cuts at each separator that is in no quotation; a chain ("do this: do
// that: reason") only once, as its rest is one.
func split(sentence, separator string) []string {
	var pieces []string
	begin := 0
	for at := 0; at < len(sentence); {
		switch {
		case at > begin && strings.HasPrefix(sentence[at:], separator):
			pieces = append(pieces, sentence[begin:at])
			at += len(separator)
			begin = at
			if separator == ": " {
				return append(pieces, sentence[begin:])
			}
		case sentence[at] == '"':
			at += quoted(sentence[at:])
		default:
			at++
		}
	}
	return append(pieces, sentence[begin:])
}
