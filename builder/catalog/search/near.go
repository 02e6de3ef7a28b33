package search

import (
	"cmp"
	"slices"
	"strings"
)

// maxNear is how many names Near gives.
const maxNear = 5

// Near gives up to five names that a mistyped or incomplete one may mean, the
// likeliest first: the same in other capitals or signs, items of which it is
// another name (a command), few typing errors, then names with it as a word.
func (x *Index) Near(name string) []string {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 256 {
		return nil
	}
	low := strings.ToLower(name)
	flat := flatten(low)
	limit := min(3, 1+len(low)/4)
	var found []scored
	var d Distance
	for i := range x.ends {
		other := x.Name(i)
		if other == name {
			continue
		}
		if cost, ok := x.cost(&d, low, flat, other, limit); ok {
			found = append(found, scored{i, cost})
		}
	}
	for _, i := range x.whole(low) {
		if x.Name(i) != name {
			found = append(found, scored{i, 1})
		}
	}
	slices.SortFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.score, b.score), x.byRank(a.item, b.item))
	})
	var out []string
	for _, f := range found {
		if n := x.Name(f.item); !slices.Contains(out, n) && len(out) < maxNear {
			out = append(out, n)
		}
	}
	return out
}

// cost tells how far a name is from what was typed. A part of a set counts by
// its last part, a little worse.
func (x *Index) cost(d *Distance, low, flat, other string, limit int) (int, bool) {
	last, nested := other, 0
	if x.style == Sets && strings.IndexByte(low, '.') < 0 {
		var found bool
		if _, last, found = cutLast(other); found {
			nested = 2
		}
	}
	if len(last) == len(low) && strings.EqualFold(last, low) {
		return nested, true
	}
	if abs(len(last)-len(low)) > limit {
		if nested == 0 && len(last) > len(low) && isBreak(rune(last[len(low)])) && strings.EqualFold(last[:len(low)], low) {
			return 5, true // "firefox-esr"
		}
		return 0, false
	}
	last = strings.ToLower(last)
	if flatten(last) == flat {
		return 1 + nested, true
	}
	if nested > 0 && limit > 1 {
		limit = 1
	}
	if errors := d.Between(low, last, limit); errors <= limit {
		return 2*errors + nested, true
	}
	return 0, false
}

// whole gives the items that have a word as a whole name, in no set first.
func (x *Index) whole(word string) []int {
	n, found := x.find(word)
	if !found {
		return nil
	}
	var out []int
	for _, p := range x.list(n) {
		if p&(wholeName|wholeOther) != 0 && strings.IndexByte(x.Name(int(p>>8)), '.') < 0 {
			out = append(out, int(p>>8))
		}
	}
	return out
}

// flatten takes away the signs between words.
func flatten(s string) string {
	if strings.IndexFunc(s, isBreak) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isBreak(r) {
			return -1
		}
		return r
	}, s)
}
