package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWord is the length in bytes beyond which a word is cut: nobody types more
// of a hash.
const maxWord = 48

// tokens gives the words of a text in small letters: runs of letters and
// digits.
func tokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			start := strings.IndexFunc(text, isWord)
			if start < 0 {
				return
			}
			text = text[start:]
			end := strings.IndexFunc(text, isBreak)
			if end < 0 {
				end = len(text)
			}
			if !yield(lower(cut(text[:end]))) {
				return
			}
			text = text[end:]
		}
	}
}

// compounds gives the words that hyphens cut, as people write them without:
// "wifi" for "Wi-Fi".
func compounds(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for field := range strings.FieldsSeq(text) {
			field = strings.TrimFunc(field, isBreak)
			if len(field) > maxWord || strings.IndexByte(field, '-') < 0 {
				continue
			}
			joined := strings.ReplaceAll(field, "-", "")
			if strings.IndexFunc(joined, isBreak) < 0 && !yield(lower(joined)) {
				return
			}
		}
	}
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func isBreak(r rune) bool { return !isWord(r) }

// cut shortens a word at a letter's end.
func cut(word string) string {
	if len(word) <= maxWord {
		return word
	}
	end := maxWord
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}

// lower is strings.ToLower, held to the length of a word: some small letters
// are longer than their capitals.
func lower(word string) string { return cut(strings.ToLower(word)) }
