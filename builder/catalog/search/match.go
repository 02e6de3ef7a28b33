package search

import (
	"cmp"
	"slices"
	"strings"
)

// Scores of one word of a query, best first. Between them lies room for the
// boost.
const (
	scoreName   = 1000
	scoreOther  = 900
	scoreNested = 400 // taken off in a set that nobody asked for
	scoreBoost  = 30  // for each step of Item.Boost
	scoreBegin  = 750 // the query as a whole is how the name begins
)

// weights are the scores by place, for a word that is the query's, begins with
// it or has it inside. The order is that of the places' bits.
var weights = [3][8]uint16{
	{scoreName, 600, 540, scoreOther, 560, 500, 300, 260},
	{700, 520, 430, 650, 480, 400, 140, 170},
	{340, 320, 300, 310, 290, 280, 50, 70},
}

// Kinds of likeness between a word and a word of the query.
const (
	same = iota
	begins
	inside
)

// Search gives up to limit items that have all words of the query, the likeliest
// first. Words are found by any part of them; capitals do not matter. Where
// nothing has the parts of a word with hyphens ("wi-fi"), it is looked for
// without. An empty query finds nothing.
func (x *Index) Search(query string, limit int) []int {
	if limit <= 0 {
		return nil
	}
	found := x.search(query, limit)
	if joined := strings.ReplaceAll(query, "-", ""); len(found) == 0 && joined != query {
		return x.search(joined, limit)
	}
	return found
}

func (x *Index) search(query string, limit int) []int {
	terms := slices.Collect(tokens(query))
	if len(terms) == 0 {
		return nil
	}
	// A word said twice says nothing more.
	terms = slices.CompactFunc(terms, func(a, b string) bool { return a == b })
	m := newMatcher(x)
	for i, term := range terms[:min(len(terms), maxTerms)] {
		m.term(term, i, len(terms) == 1)
	}
	return m.best(strings.TrimSpace(query), len(terms), limit)
}

// matcher is one search.
type matcher struct {
	x *Index
	// scores are the weights of every combination of places, 0 for what is not
	// looked at.
	scores [3][256]uint16
	// total is the sum of an item's scores, over the terms that it has had so
	// far; seen counts these.
	total []uint16
	seen  []uint8
	// asked are the items whose set is in the query.
	asked []bool
	// now are the scores for the term at hand, touched the items with one.
	now     []uint16
	touched []uint32
}

// maxTerms bounds the sum of scores to 16 bits; further words are not looked
// at.
const maxTerms = 32

func newMatcher(x *Index) *matcher {
	n := x.Len()
	return &matcher{x: x, total: make([]uint16, n), seen: make([]uint8, n), asked: make([]bool, n), now: make([]uint16, n)}
}

// weigh fills in the scores for a term. A letter or two inside a text is no
// reason to show it.
func (m *matcher) weigh(short bool) {
	for kind := range m.scores {
		for places := range m.scores[kind] {
			score := uint16(0)
			for bit, weight := range weights[kind] {
				if places&(1<<bit) != 0 {
					score = max(score, weight)
				}
			}
			if short && kind != same && places&^(inSummary|inSet) == 0 {
				score = 0
			}
			m.scores[kind][places] = score
		}
	}
}

// term adds the scores of term n of a query to the items that had all terms
// before it. A set is asked for by its whole name, or by how it begins beside
// another word ("haskell lens").
func (m *matcher) term(term string, n int, alone bool) {
	m.weigh(len(term) <= 2)
	m.touched = m.touched[:0]
	for word, kind := range m.x.like(term) {
		scores := &m.scores[kind]
		asks := kind == same || kind == begins && !alone && len(term) > 2
		for _, p := range m.x.list(word) {
			item, score := p>>8, scores[uint8(p)]
			if m.seen[item] != uint8(n) || score == 0 {
				continue
			}
			if asks && p&inSet != 0 {
				m.asked[item] = true
			}
			old := m.now[item]
			if old == 0 {
				m.touched = append(m.touched, item)
			}
			if score > old {
				m.now[item] = score
			}
		}
	}
	for _, item := range m.touched {
		m.total[item] += m.now[item]
		m.now[item] = 0
		m.seen[item] = uint8(n + 1)
	}
}

// scored is an item with its score.
type scored struct{ item, score int }

// best gives the items that have all terms in their order.
func (m *matcher) best(query string, terms, limit int) []int {
	terms, limit = min(terms, maxTerms), min(limit, m.x.Len())
	order := func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), m.x.byRank(a.item, b.item))
	}
	// top is sorted whenever it has grown to twice what is wanted, which keeps
	// it short, however many items there are.
	var top []scored
	var worst *scored // of limit items that are better than all before
	for i, seen := range m.seen {
		if int(seen) != terms {
			continue
		}
		s := scored{i, m.score(i, query, terms)}
		if len(top) == 2*limit {
			slices.SortFunc(top, order)
			top = top[:limit]
			w := top[limit-1]
			worst = &w
		}
		if worst == nil || order(s, *worst) < 0 {
			top = append(top, s)
		}
	}
	slices.SortFunc(top, order)
	top = top[:min(limit, len(top))]
	out := make([]int, len(top))
	for i, s := range top {
		out[i] = s.item
	}
	return out
}

// score is an item's score for the whole query.
func (m *matcher) score(item int, query string, terms int) int {
	score := int(m.total[item]) / terms
	if terms > 1 {
		score = max(score, whole(m.x.Name(item), query))
	}
	rank := m.x.rank[item]
	if rank&rankTop == 0 && !m.asked[item] {
		score = max(1, score-scoreNested)
	}
	return score + int(rank>>rankBoost)*scoreBoost
}

// whole scores a query of several words that is the name, or begins it, where
// blanks stand for any sign between words.
func whole(name, query string) int {
	if len(name) < len(query) {
		return 0
	}
	for i := range len(query) {
		a, b := small(name[i]), small(query[i])
		if a != b && !(b == ' ' && (a == '-' || a == '_' || a == '.')) {
			return 0
		}
	}
	if len(name) == len(query) {
		return scoreName
	}
	return scoreBegin
}

// small makes an ASCII letter small.
func small(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
