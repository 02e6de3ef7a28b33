package search

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
)

// Builder makes an index of items that come one by one. Their number is the
// order in which they came.
type Builder struct {
	style Style
	names strings.Builder
	ends  []uint32
	rank  []uint8
	words map[string][]uint32
	// here are the words of the item at hand with their places.
	here map[string]uint8
	full bool
}

// NewBuilder starts an index.
func NewBuilder(style Style) *Builder {
	return &Builder{style: style, words: map[string][]uint32{}, here: map[string]uint8{}}
}

// Add takes an item.
func (b *Builder) Add(it Item) {
	number := len(b.ends)
	if number >= maxItems || b.names.Len()+len(it.Name) > math.MaxInt32 {
		b.full = true
		return
	}
	b.names.WriteString(it.Name)
	b.ends = append(b.ends, uint32(b.names.Len()))
	b.rank = append(b.rank, b.rankOf(it))
	clear(b.here)
	b.name(it.Name)
	for _, other := range it.Other {
		b.places(other, wholeOther, firstOther, inOther)
	}
	for _, words := range []iter.Seq[string]{tokens(it.Summary), compounds(it.Summary)} {
		for word := range words {
			b.here[word] |= inSummary
		}
	}
	for word, places := range b.here {
		list, ok := b.words[word]
		if !ok {
			word = strings.Clone(word) // not the whole text it was cut from
		}
		b.words[word] = append(list, uint32(number)<<8|uint32(places))
	}
}

// name notes the words of an item's name.
func (b *Builder) name(name string) {
	if b.style == Flat {
		b.places(name, wholeName, firstName, inName)
		return
	}
	for {
		set, last, found := cutLast(name)
		if b.style == Sets {
			b.places(last, wholeName, firstName, inName)
			for word := range tokens(set) {
				b.here[word] |= inSet
			}
			return
		}
		b.places(last, firstName, firstName, inName)
		if !found {
			return
		}
		name = set
	}
}

// cutLast cuts a name before its last part.
func cutLast(name string) (set, last string, found bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}

// places notes the words of a name, by where they stand in it.
func (b *Builder) places(name string, whole, first, in uint8) {
	n := 0
	var only string
	for word := range tokens(name) {
		if n++; n == 1 {
			only = word
			b.here[word] |= first
			continue
		}
		b.here[word] |= in
	}
	if n == 1 {
		b.here[only] |= whole
	}
}

// A rank orders items that match as well as each other: boosted ones first,
// then those in no set, then short names.
const (
	rankBoost = 6      // the place of the two bits of the boost
	rankTop   = 1 << 5 // in no set
)

func (b *Builder) rankOf(it Item) uint8 {
	short := 31 - min(31, len(it.Name)/2)
	if b.style == Paths && strings.HasSuffix(it.Name, ".enable") {
		short = 31 // the option that people look for first
	}
	rank := min(3, max(0, it.Boost))<<rankBoost | short
	if b.style != Sets || strings.IndexByte(it.Name, '.') < 0 {
		rank |= rankTop
	}
	return uint8(rank)
}

// ErrTooMany says that an index would have more items or words than it can
// number.
var ErrTooMany = errors.New("too many items for one index")

// Index ends the building.
func (b *Builder) Index() (*Index, error) {
	x := &Index{style: b.style, names: b.names.String(), ends: b.ends, rank: b.rank}
	words := slices.Sorted(maps.Keys(b.words))
	letters, postings := 0, 0
	for _, word := range words {
		letters += len(word)
		postings += len(b.words[word])
	}
	if b.full || letters > math.MaxInt32 || postings > math.MaxInt32 {
		return nil, ErrTooMany
	}
	var text strings.Builder
	text.Grow(letters)
	x.postings = make([]uint32, 0, postings)
	x.wordEnds, x.postEnds = make([]uint32, len(words)), make([]uint32, len(words))
	for i, word := range words {
		text.WriteString(word)
		x.postings = append(x.postings, b.words[word]...)
		x.wordEnds[i], x.postEnds[i] = uint32(text.Len()), uint32(len(x.postings))
	}
	x.words = text.String()
	return x, nil
}

// New makes an index of items that are all there.
func New(style Style, items []Item) (*Index, error) {
	b := NewBuilder(style)
	for _, it := range items {
		b.Add(it)
	}
	return b.Index()
}

// byRank orders items that score alike.
func (x *Index) byRank(a, b int) int {
	return cmp.Or(cmp.Compare(x.rank[b], x.rank[a]),
		cmp.Compare(len(x.Name(a)), len(x.Name(b))), strings.Compare(x.Name(a), x.Name(b)), cmp.Compare(a, b))
}
