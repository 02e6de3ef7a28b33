package nixpkgs

import (
	"iter"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog/groups"
	"github.com/isowright/isowright/builder/catalog/search"
)

// BuiltIn is the small list inside the program: what people tick most, without
// versions and options. It is there before anything was fetched.
func BuiltIn() *Catalogue {
	c := &Catalogue{builtin: map[string]Package{}}
	packages, options := search.NewBuilder(search.Sets), search.NewBuilder(search.Paths)
	for l := range groups.Read(assets.NixpkgsList) {
		packages.Add(search.Item{
			Name: l.Name, Other: append([]string{l.Command}, l.Keywords...), Summary: l.Summary + " " + l.Group, Boost: l.Boost(),
		})
		c.builtin[l.Name] = listed(l)
	}
	// A list of a few hundred items always fits.
	c.packages, _ = packages.Index()
	c.options, _ = options.Index()
	c.info = Info{Packages: len(c.builtin), BuiltIn: true}
	return c
}

// Groups gives the packages of the built-in list in its order.
func Groups() iter.Seq[Package] {
	return func(yield func(Package) bool) {
		for l := range groups.Read(assets.NixpkgsList) {
			if !yield(listed(l)) {
				return
			}
		}
	}
}

// listed is a line of the built-in list.
func listed(l groups.Line) Package {
	return Package{
		Attr: l.Name, Group: l.Group, Command: l.Command, Summary: l.Summary, Unfree: l.Unfree, Insecure: l.Insecure,
	}
}
