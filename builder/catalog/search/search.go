// Package search finds packages and options by what a person types: words of
// names, commands and summaries, from the first letter on, in a few
// milliseconds over hundreds of thousands of items.
//
// An Index holds names and words; it does not hold summaries, so the one who
// has the items shows them. It corrects no typing errors in Search (Near does
// that for whole names) and knows no word stems: a word is found by any part of
// it.
package search

// Item is one thing that can be found.
type Item struct {
	// Name identifies it: an attribute ("python3Packages.numpy"), a package or
	// an option. What lies before the last point is the set it belongs to.
	Name string
	// Other are further names as good as the first: the package's own name,
	// its main command.
	Other []string
	// Summary is the text whose words are found after all names.
	Summary string
	// Boost lifts an item among those that match as well: 0 for most, up to 3.
	Boost int
}

// Style says what names of an index look like.
type Style uint8

const (
	// Sets is for packages: what lies in a set ("haskellPackages.lens") comes
	// after what does not, unless the set is asked for.
	Sets Style = iota
	// Paths is for options: every part of a name counts as much as the last.
	Paths
	// Flat is for names without parts, where a point is a sign like others
	// ("python3.13").
	Flat
)

// maxItems is what 24 bits can number.
const maxItems = 1 << 24

// Index finds items by words. It is read-only and can be used by several
// goroutines.
type Index struct {
	style Style
	// names holds the items' names one after the other, ends where each ends.
	names string
	ends  []uint32
	// rank is each item's place among equals: higher comes first.
	rank []uint8
	// words are all words in order, wordEnds where each ends.
	words    string
	wordEnds []uint32
	// postings are the items of each word up to postEnds: the item's number in
	// the upper 24 bits, where the word stands in the lower 8.
	postings []uint32
	postEnds []uint32
}

// Where a word stands in an item.
const (
	wholeName  = 1 << iota // it is the name, or the last part of it
	firstName              // the name begins with it
	inName                 // elsewhere in the name
	wholeOther             // it is another name
	firstOther             // another name begins with it
	inOther                // elsewhere in another name
	inSet                  // in the set's name
	inSummary              // in the summary
)

// Len is the number of items.
func (x *Index) Len() int { return len(x.ends) }

// Name gives an item's name.
func (x *Index) Name(item int) string { return part(x.names, x.ends, item) }

// word gives a word by its number.
func (x *Index) word(n int) string { return part(x.words, x.wordEnds, n) }

// list are the postings of a word.
func (x *Index) list(word int) []uint32 {
	return x.postings[begin(x.postEnds, word):x.postEnds[word]]
}

func part(text string, ends []uint32, n int) string { return text[begin(ends, n):ends[n]] }

func begin(ends []uint32, n int) uint32 {
	if n == 0 {
		return 0
	}
	return ends[n-1]
}

// HasSet tells whether any item lies in a set, by the first part of its name.
func (x *Index) HasSet(set string) bool {
	for i := range x.ends {
		if name := x.Name(i); len(name) > len(set) && name[len(set)] == '.' && name[:len(set)] == set {
			return true
		}
	}
	return false
}
