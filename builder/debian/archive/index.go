package archive

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Index finds packages. It is read-only and can be used by several goroutines.
type Index struct {
	records []Record
	// byName holds each name's versions, the newest first.
	byName    map[string][]*Record
	providers func() map[string][]provided
}

// provided is one entry of a field Provides.
type provided struct {
	by      *Record
	version string // empty: none given
}

func newIndex(records []Record) *Index {
	x := &Index{records: records, byName: make(map[string][]*Record, len(records))}
	// One block for all the usual lists of length one.
	block := make([]*Record, len(records))
	for i := range records {
		r := &records[i]
		if have := x.byName[r.Name]; have != nil {
			x.byName[r.Name] = append(have, r)
			continue
		}
		block[i] = r
		x.byName[r.Name] = block[i : i+1 : i+1]
	}
	for _, versions := range x.byName {
		if len(versions) > 1 {
			// Stable: of equal versions the one of the earlier suite wins.
			slices.SortStableFunc(versions, func(a, b *Record) int { return Compare(b.Version, a.Version) })
		}
	}
	x.providers = sync.OnceValue(x.findProviders)
	return x
}

// findProviders reads the Provides of the newest version of every package.
func (x *Index) findProviders() map[string][]provided {
	out := map[string][]provided{}
	for i := range x.records {
		r := &x.records[i]
		if r.Provides == "" || x.byName[r.Name][0] != r {
			continue
		}
		for _, group := range parseRelations(r.Provides) {
			for _, rel := range group {
				out[rel.Name] = append(out[rel.Name], provided{r, rel.Version})
			}
		}
	}
	for _, list := range out {
		slices.SortStableFunc(list, func(a, b provided) int {
			return cmp.Or(cmp.Compare(a.by.rank(), b.by.rank()), strings.Compare(a.by.Name, b.by.Name))
		})
	}
	return out
}

// rank orders packages by priority, the most basic first.
func (r *Record) rank() int {
	order := []string{"required", "important", "standard", "optional"}
	if i := slices.Index(order, r.Priority); i >= 0 {
		return i
	}
	return len(order)
}

// Len is the number of names.
func (x *Index) Len() int { return len(x.byName) }

// Records gives the newest version of every package, sorted by name.
func (x *Index) Records() []*Record {
	out := make([]*Record, 0, len(x.byName))
	for _, name := range slices.Sorted(maps.Keys(x.byName)) {
		out = append(out, x.byName[name][0])
	}
	return out
}

// Find gives the newest version of a package, or nil.
func (x *Index) Find(name string) *Record {
	if v := x.byName[name]; len(v) > 0 {
		return v[0]
	}
	return nil
}

// FindVersion gives a package in one version, or nil.
func (x *Index) FindVersion(name, version string) *Record {
	for _, r := range x.byName[name] {
		if r.Version == version {
			return r
		}
	}
	return nil
}

// Versions gives all versions of a package, the newest first.
func (x *Index) Versions(name string) []*Record { return slices.Clone(x.byName[name]) }

// Providers names the packages that offer a virtual package, the most basic
// first.
func (x *Index) Providers(name string) []string {
	var out []string
	for _, p := range x.providers()[name] {
		if !slices.Contains(out, p.by.Name) {
			out = append(out, p.by.Name)
		}
	}
	return out
}
