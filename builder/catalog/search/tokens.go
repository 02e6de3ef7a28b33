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
