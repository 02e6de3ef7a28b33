package archive

import (
	"iter"

	"github.com/isowright/isowright/builder/catalog"
)

// Listed gives the newest version of every package, sorted by name, with the
// packages that satisfy its dependencies: for each alternative the package of
// that name, then those that provide it, the most basic first.
func (x *Index) Listed() iter.Seq[catalog.Listed] {
	return func(yield func(catalog.Listed) bool) {
		for _, r := range x.Records() {
			l := catalog.Listed{
				Package: r.Package(""), Section: r.Section, Homepage: r.Field("Homepage"), Essential: r.Essential,
			}
			for _, group := range parseRelations(r.PreDepends + "," + r.Depends) {
				l.Needs = append(l.Needs, x.satisfying(group))
			}
			if !yield(l) {
				return
			}
		}
	}
}

// satisfying names the packages of which one satisfies a dependency.
func (x *Index) satisfying(group []relation) []string {
	var names []string
	for _, rel := range group {
		for _, r := range x.byName[rel.Name] {
			if rel.allows(r.Version) {
				names = append(names, rel.Name)
				break
			}
		}
		for _, p := range x.providers()[rel.Name] {
			if rel.allowsProvided(p.version) {
				names = append(names, p.by.Name)
			}
		}
	}
	return names
}
