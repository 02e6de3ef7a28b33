package archive

import (
	"cmp"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog/search"
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
	var d search.Distance
	for other, versions := range x.byName {
		errors := limit + 1
		if abs(len(other)-len(name)) <= limit {
			errors = d.Between(name, other, limit)
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

func abs(n int) int { return max(n, -n) }
