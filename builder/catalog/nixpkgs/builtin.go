package nixpkgs

import (
	"iter"
	"strings"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog/search"
)

// BuiltIn is the small list inside the program: what people tick most, without
// versions and options. It is there before anything was fetched.
func BuiltIn() *Catalogue {
	c := &Catalogue{builtin: map[string]Package{}}
	packages, options := search.NewBuilder(search.Sets), search.NewBuilder(search.Paths)
	for p, boost := range listed(assets.NixpkgsList) {
		packages.Add(search.Item{Name: p.Attr, Other: []string{p.Command}, Summary: p.Summary + " " + p.Group, Boost: boost})
		c.builtin[p.Attr] = p
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
		for p := range listed(assets.NixpkgsList) {
			if !yield(p) {
				return
			}
		}
	}
}

// listed reads the built-in list: lines "# GROUP" and below each
// "ATTRIBUTE SUMMARY", with "*" before what people want most. After the
// attribute may follow "(COMMAND)" where that has another name, and flags in
// square brackets: "unfree", "insecure". Empty lines count for nothing.
func listed(text string) iter.Seq2[Package, int] {
	return func(yield func(Package, int) bool) {
		group := ""
		for l := range strings.Lines(text) {
			l = strings.TrimSpace(l)
			if title, ok := strings.CutPrefix(l, "#"); ok {
				group = strings.TrimSpace(title)
				continue
			}
			if l == "" {
				continue
			}
			boost := 2
			if rest, ok := strings.CutPrefix(l, "*"); ok {
				l, boost = rest, 3
			}
			if !yield(listedPackage(l, group), boost) {
				return
			}
		}
	}
}

func listedPackage(l, group string) Package {
	attr, rest, _ := strings.Cut(l, " ")
	p := Package{Attr: attr, Group: group, Summary: strings.TrimSpace(rest)}
	if command, summary, ok := strings.Cut(p.Summary, ") "); ok && strings.HasPrefix(command, "(") {
		p.Command, p.Summary = command[1:], summary
	}
	if flags, summary, ok := strings.Cut(p.Summary, "] "); ok && strings.HasPrefix(flags, "[") {
		p.Summary = summary
		for flag := range strings.FieldsSeq(flags[1:]) {
			p.Unfree = p.Unfree || flag == "unfree"
			p.Insecure = p.Insecure || flag == "insecure"
		}
	}
	return p
}

// boosts are the attributes that people tick most, which a search lifts.
func boosts() map[string]int {
	m := map[string]int{}
	for p, boost := range listed(assets.NixpkgsList) {
		m[p.Attr] = boost
	}
	return m
}
