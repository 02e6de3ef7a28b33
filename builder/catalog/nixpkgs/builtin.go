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
	for l := range listed(assets.NixpkgsList) {
		packages.Add(search.Item{
			Name: l.Attr, Other: append([]string{l.Command}, l.keywords...), Summary: l.Summary + " " + l.Group, Boost: l.boost,
		})
		c.builtin[l.Attr] = l.Package
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
		for l := range listed(assets.NixpkgsList) {
			if !yield(l.Package) {
				return
			}
		}
	}
}

// listing is a line of the built-in list.
type listing struct {
	Package
	// keywords find the package as if they were its name.
	keywords []string
	boost    int
}

// listed reads the built-in list: lines "# GROUP" and below each
// "ATTRIBUTE SUMMARY", with "*" before what people want most. Before the
// summary may stand the command in "()" where that has another name, flags in
// "[]" ("unfree", "insecure") and keywords in "{}", in this order. Empty lines
// count for nothing.
func listed(text string) iter.Seq[listing] {
	return func(yield func(listing) bool) {
		group := ""
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if title, ok := strings.CutPrefix(line, "#"); ok {
				group = strings.TrimSpace(title)
				continue
			}
			if line != "" && !yield(listingOf(line, group)) {
				return
			}
		}
	}
}

func listingOf(line, group string) listing {
	l := listing{boost: 2}
	if rest, ok := strings.CutPrefix(line, "*"); ok {
		line, l.boost = rest, 3
	}
	l.Group = group
	l.Attr, line, _ = strings.Cut(line, " ")
	l.Command, line = between(line, "(", ")")
	flags, line := between(line, "[", "]")
	for flag := range strings.FieldsSeq(flags) {
		l.Unfree = l.Unfree || flag == "unfree"
		l.Insecure = l.Insecure || flag == "insecure"
	}
	keywords, line := between(line, "{", "}")
	l.keywords = strings.Fields(keywords)
	l.Summary = line
	return l
}

// between takes what stands between two signs at the beginning.
func between(line, begin, end string) (inside, rest string) {
	if after, ok := strings.CutPrefix(line, begin); ok {
		if inside, rest, ok := strings.Cut(after, end); ok {
			return inside, strings.TrimSpace(rest)
		}
	}
	return "", line
}

// byAttr is the built-in list for looking up.
func byAttr() map[string]listing {
	m := map[string]listing{}
	for l := range listed(assets.NixpkgsList) {
		m[l.Attr] = l
	}
	return m
}
