package archive

import (
	"cmp"
	"slices"
	"strings"
)

// maxNear is how many names Near gives.
const maxNear = 5

// Near gives up to five names that a mistyped or incomplete name may mean, the
// likeliest first: few typing errors, then names with it as a whole word
// ("firefox-esr").
func (x *Index) Near(name string) []string {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" {
		return nil
	}
	type candidate struct {
		r    *Record
		cost int
	}
	limit := min(3, 1+len(name)/4)
	var found []candidate
	var d distance
	for other, versions := range x.byName {
		errors := limit + 1
		if abs(len(other)-len(name)) <= limit {
			errors = d.between(name, other, limit)
		}
		cost := 2 * errors
		switch {
		case other == name:
			continue
		case errors <= limit:
		case strings.HasPrefix(other, name+"-"):
			cost = 3 // likelier than two errors
		case hasWord(other, name):
			cost = 5
		default:
			continue
		}
		found = append(found, candidate{versions[0], cost})
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.r.rank(), b.r.rank()),
			cmp.Compare(abs(len(a.r.Name)-len(name)), abs(len(b.r.Name)-len(name))), strings.Compare(a.r.Name, b.r.Name))
	})
	var out []string
	for _, c := range found[:min(maxNear, len(found))] {
		out = append(out, c.r.Name)
	}
	return out
}

// hasWord tells whether a name has a word between its hyphens; short words
// say too little.
func hasWord(name, word string) bool {
	i := strings.Index(name, word)
	if i < 0 || len(word) < 3 {
		return false
	}
	end := i + len(word)
	return (i == 0 || name[i-1] == '-') && (end == len(name) || name[end] == '-')
}

// distance counts typing errors: inserted, left out, changed and swapped
// neighbouring bytes (optimal string alignment). It keeps its rows.
type distance struct{ rows [3][]int }

// between gives the distance, or more than limit as soon as it must be.
func (d *distance) between(a, b string, limit int) int {
	for i := range d.rows {
		d.rows[i] = slices.Grow(d.rows[i][:0], len(b)+1)[:len(b)+1]
	}
	before, last, row := d.rows[0], d.rows[1], d.rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return best
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

func abs(n int) int { return max(n, -n) }
