package search

import (
	"iter"
	"sort"
	"strings"
)

// like gives the words that are the term, begin with it or have it inside.
// Words of one or two letters are not looked for inside others.
func (x *Index) like(term string) iter.Seq2[int, int] {
	return func(yield func(word, kind int) bool) {
		first, _ := x.find(term)
		last := first
		for ; last < len(x.wordEnds) && strings.HasPrefix(x.word(last), term); last++ {
			kind := begins
			if len(x.word(last)) == len(term) {
				kind = same
			}
			if !yield(last, kind) {
				return
			}
		}
		if len(term) <= 2 {
			return
		}
		for word := range x.containing(term) {
			if (word < first || word >= last) && !yield(word, inside) {
				return
			}
		}
	}
}

// containing gives the words with the term somewhere in them, each once.
func (x *Index) containing(term string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at, word := 0, 0; ; {
			i := strings.Index(x.words[at:], term)
			if i < 0 {
				return
			}
			at += i
			for int(x.wordEnds[word]) <= at {
				word++
			}
			end := int(x.wordEnds[word])
			if at+len(term) > end { // across two words
				at++
				continue
			}
			if !yield(word) {
				return
			}
			at = end
		}
	}
}

// find gives the place of a word among the words, or where it would be.
func (x *Index) find(word string) (int, bool) {
	return sort.Find(len(x.wordEnds), func(i int) int { return strings.Compare(word, x.word(i)) })
}
