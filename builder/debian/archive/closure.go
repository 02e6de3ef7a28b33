package archive

import (
	"fmt"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog"
)

// DependencyError is a dependency that no package of the state satisfies.
type DependencyError struct {
	// Package needs Relation ("a (>= 1) | b").
	Package, Relation string
}

// Error names both.
func (e *DependencyError) Error() string {
	return fmt.Sprintf("%s needs %s, which the archive does not have", e.Package, e.Relation)
}

// Closure gives the named packages and all that they depend on, sorted by
// name: the first alternative that the archive can satisfy is taken, unless
// another one is in already. With essential the packages without which no
// Debian system works are added. Recommends and conflicts are not looked at:
// this is for packages that are only unpacked and for estimates; what is
// installed is decided by apt. Errors are *catalog.UnknownError and
// *DependencyError.
func (x *Index) Closure(names []string, essential bool) ([]*Record, error) {
	s := selection{x: x, chosen: map[string]*Record{}, provides: map[string][]string{}}
	var unknown []catalog.Unknown
	for _, name := range names {
		r := x.Find(name)
		if r == nil {
			providers := x.Providers(name)
			if len(providers) != 1 {
				unknown = append(unknown, x.unknown(name, providers))
				continue
			}
			r = x.Find(providers[0])
		}
		s.add(r)
	}
	if len(unknown) > 0 {
		return nil, &catalog.UnknownError{Unknown: unknown}
	}
	if essential {
		for _, r := range x.Records() {
			if r.Essential {
				s.add(r)
			}
		}
	}
	for len(s.queue) > 0 {
		r := s.queue[0]
		s.queue = s.queue[1:]
		for _, group := range parseRelations(r.PreDepends + "," + r.Depends) {
			if err := s.satisfy(r, group); err != nil {
				return nil, err
			}
		}
	}
	out := make([]*Record, 0, len(s.chosen))
	for _, r := range s.chosen {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *Record) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (x *Index) unknown(name string, providers []string) catalog.Unknown {
	u := catalog.Unknown{Name: name, Providers: providers}
	if len(providers) == 0 {
		u.Near = x.Near(name)
	}
	return u
}

// selection grows until every dependency in it is satisfied.
type selection struct {
	x      *Index
	chosen map[string]*Record
	// provides maps virtual names to the versions given by chosen packages.
	provides map[string][]string
	queue    []*Record
}

func (s *selection) add(r *Record) {
	if s.chosen[r.Name] != nil {
		return
	}
	s.chosen[r.Name] = r
	s.queue = append(s.queue, r)
	for _, group := range parseRelations(r.Provides) {
		for _, p := range group {
			s.provides[p.Name] = append(s.provides[p.Name], p.Version)
		}
	}
}

func (s *selection) satisfy(r *Record, group []relation) error {
	if slices.ContainsFunc(group, s.has) {
		return nil
	}
	for _, rel := range group {
		if found := s.best(rel); found != nil {
			s.add(found)
			return nil
		}
	}
	texts := make([]string, len(group))
	for i, rel := range group {
		texts[i] = rel.String()
	}
	return &DependencyError{r.Name, strings.Join(texts, " | ")}
}

func (s *selection) has(rel relation) bool {
	if r := s.chosen[rel.Name]; r != nil && rel.allows(r.Version) {
		return true
	}
	return slices.ContainsFunc(s.provides[rel.Name], rel.allowsProvided)
}

// best gives the newest version that satisfies the relation, else a provider.
// A name of which another version is chosen already has no second chance.
func (s *selection) best(rel relation) *Record {
	if s.chosen[rel.Name] == nil {
		for _, r := range s.x.byName[rel.Name] {
			if rel.allows(r.Version) {
				return r
			}
		}
	}
	for _, p := range s.x.providers()[rel.Name] {
		if rel.allowsProvided(p.version) && s.chosen[p.by.Name] == nil {
			return p.by
		}
	}
	return nil
}
