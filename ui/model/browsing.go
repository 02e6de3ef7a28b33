package model

import (
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog/offer"
)

// MaxShown is how many packages a search gives at most: more than anybody reads.
const MaxShown = 200

// Filters of what is browsed.
const (
	FilterAll    = "all"
	FilterTicked = "ticked"
)

// Browsing is where a person is in a design's packages or drivers. It is kept
// while other designs are in front.
type Browsing struct {
	Query string
	// Filter is FilterAll, also when empty, or FilterTicked; Group the title of
	// one, empty for all.
	Filter, Group string
	// Chosen is the name of what is looked at closer.
	Chosen string
	// View is the part of the page that is in front.
	View string
}

// Browsing is that of a page of the design.
func (d *Document) Browsing(page Section) *Browsing {
	if d.browsing == nil {
		d.browsing = map[Section]*Browsing{}
	}
	b := d.browsing[page]
	if b == nil {
		b = &Browsing{Filter: FilterAll}
		d.browsing[page] = b
	}
	return b
}

// Names are the names of packages to show for what a person browses, the
// likeliest first, at most some hundred of those that are not ticked. It takes
// some milliseconds at the largest catalogues.
func (s *Session) Names(b Browsing) []string {
	doc := s.current
	if doc == nil {
		return nil
	}
	o := s.Catalogue()
	if o == nil || o.Catalogue == nil || b.Filter == FilterTicked {
		return s.tickedNames(b.Query)
	}
	if b.Group == "" {
		return o.Catalogue.Find(b.Query, MaxShown)
	}
	for _, g := range o.Catalogue.Groups() {
		if g.Title == b.Group {
			return matching(o.Catalogue, g.Names, b.Query)
		}
	}
	return nil
}

// tickedNames are what is ticked; what is in no catalogue comes first.
func (s *Session) tickedNames(query string) []string {
	ticked := slices.Sorted(slices.Values(s.current.design.Packages))
	o := s.Catalogue()
	if o == nil || o.Catalogue == nil {
		return matching(nil, ticked, query)
	}
	slices.SortStableFunc(ticked, func(a, b string) int { return rank(o.Catalogue, a) - rank(o.Catalogue, b) })
	return matching(o.Catalogue, ticked, query)
}

func rank(c *offer.Catalogue, name string) int {
	if _, ok := c.Get(name); ok {
		return 1
	}
	return 0
}

// matching are the names whose package has all words of a query in what is said
// of it.
func matching(c *offer.Catalogue, names []string, query string) []string {
	wanted := strings.Fields(strings.ToLower(query))
	if len(wanted) == 0 {
		return slices.Clone(names)
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		text := name
		if c != nil {
			if it, ok := c.Get(name); ok {
				text += " " + it.Command + " " + it.Summary
			}
		}
		text = strings.ToLower(text)
		return slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(text, w) })
	})
}

// Unknown are the ticked packages that the offer does not have; none where there
// is no offer, or only the small list inside the program.
func (s *Session) Unknown() []string {
	o := s.Catalogue()
	if o == nil || o.Catalogue == nil || o.Catalogue.Info().BuiltIn {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.current.design.Packages), func(name string) bool {
		_, ok := o.Catalogue.Get(name)
		return ok
	})
}

// Listed is a list that a person has at hand, held against the offer.
type Listed struct {
	// New are names to tick, Ticked those that are, Unknown what the offer does
	// not have. Problems are sentences about what was not understood.
	New, Ticked, Unknown, Problems []string
}

// ReadList reads the names of packages out of a text.
func (s *Session) ReadList(text string) Listed {
	if s.current == nil {
		return Listed{}
	}
	names, problems := offer.ParseList(text)
	list := Listed{Problems: problems}
	o := s.Catalogue()
	for _, name := range names {
		known := true
		if o != nil && o.Catalogue != nil && !o.Catalogue.Info().BuiltIn {
			_, known = o.Catalogue.Get(name)
		}
		switch {
		case slices.Contains(s.current.design.Packages, name):
			list.Ticked = append(list.Ticked, name)
		case known:
			list.New = append(list.New, name)
		default:
			list.Unknown = append(list.Unknown, name)
		}
	}
	return list
}
