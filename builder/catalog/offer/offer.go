// Package offer is one catalogue for both distributions: what can be ticked,
// found as one types, with what it adds to an image.
//
// NixOS's part stands on package nixpkgs. Debian's is made of the archive's
// lists, which the caller reads: it is kept in one sealed file for each state
// of the archive, with its search index and the dependencies in numbers, so
// that it is open again in a moment and takes little memory.
//
// What a Debian package adds is an estimate: dependencies are followed to their
// first alternative, conflicts are not looked at. A plan is exact. What a NixOS
// package adds is known to an evaluation alone, so there is no estimate of it.
package offer

import (
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog/groups"
)

// Item is one package that can be ticked.
type Item struct {
	// Name is what a design says: a Debian package or an attribute of nixpkgs.
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Summary string `json:"summary,omitempty"`
	// Group is the title of the group that has it, else empty.
	Group string `json:"group,omitempty"`
	// Section and Component are Debian's ("net"; "main").
	Section   string `json:"section,omitempty"`
	Component string `json:"component,omitempty"`
	// PName is how NixOS names it in a consent, Command the program that it is
	// about, if there is one.
	PName   string `json:"pname,omitempty"`
	Command string `json:"command,omitempty"`
	// Licences are SPDX's names, or nixpkgs's own; none for Debian, whose
	// lists do not have them: there the component says what is free.
	Licences []string `json:"licences,omitempty"`
	Homepage string   `json:"homepage,omitempty"`
	// Download and Installed are bytes, 0 where they are not known.
	Download  int64 `json:"download,omitempty"`
	Installed int64 `json:"installed,omitempty"`
	// Unfree, Insecure and Broken packages need a person's consent, each of its
	// own kind; Unavailable ones cannot be had. Reasons are sentences about
	// that.
	Unfree      bool     `json:"unfree,omitempty"`
	Insecure    bool     `json:"insecure,omitempty"`
	Broken      bool     `json:"broken,omitempty"`
	Unavailable bool     `json:"unavailable,omitempty"`
	Reasons     []string `json:"reasons,omitempty"`
}

// Info says what a catalogue is of.
type Info struct {
	Distribution string `json:"distribution"`
	// Release is the design's ("trixie", "26.05"), Channel NixOS's.
	Release string `json:"release,omitempty"`
	Channel string `json:"channel,omitempty"`
	// Revision is of NixOS, State the ID of Debian's.
	Revision string `json:"revision,omitempty"`
	State    string `json:"state,omitempty"`
	// Components are Debian's.
	Components []string `json:"components,omitempty"`
	// Date is when the list was published (Debian) or fetched (NixOS).
	Date time.Time `json:"date,omitzero"`
	// BuiltIn is the small list inside the program, which knows no versions.
	BuiltIn bool `json:"builtIn,omitempty"`
}

// ErrAbsent says that there is no list of packages on this computer, and that
// none could be fetched.
var ErrAbsent = errors.New("no package list on this computer yet")

// source is one distribution's part.
type source interface {
	size() int
	// names are all, in a fixed order.
	names() iter.Seq[string]
	find(query string, limit int) []string
	get(name string) (Item, bool)
	near(name string) []string
	// graph is nil where dependencies are not known.
	graph() *graph
	close() error
}

// Catalogue is what a distribution offers. It can be used by several goroutines
// until it is closed.
type Catalogue struct {
	source
	info   Info
	groups []Group
	// group is the title of each grouped name, liked are these in the order in
	// which they are shown before anything is typed.
	group map[string]string
	liked []string
}

// Group is a handful of packages that people look for together.
type Group struct {
	Title string `json:"title"`
	// Names are what the catalogue has of them, what people want most first.
	Names []string `json:"names"`
}

// newCatalogue adds the groups of a list to a source.
func newCatalogue(s source, info Info, list string) *Catalogue {
	c := &Catalogue{source: s, info: info, group: map[string]string{}}
	var later []string
	for l := range groups.Read(list) {
		if _, ok := s.get(l.Name); !ok {
			continue
		}
		if n := len(c.groups); n == 0 || c.groups[n-1].Title != l.Group {
			c.groups = append(c.groups, Group{Title: l.Group})
		}
		g := &c.groups[len(c.groups)-1]
		g.Names = append(g.Names, l.Name)
		c.group[l.Name] = l.Group
		if l.Liked {
			c.liked = append(c.liked, l.Name)
		} else {
			later = append(later, l.Name)
		}
	}
	c.liked = append(c.liked, later...)
	return c
}

// Info says what the catalogue is of.
func (c *Catalogue) Info() Info { return c.info }

// Len is the number of packages.
func (c *Catalogue) Len() int { return c.size() }

// Groups gives the groups that people know.
func (c *Catalogue) Groups() []Group { return c.groups }

// Find gives up to limit names by what a person typed, the likeliest first:
// words of names, commands and summaries, from the first letter on. For an
// empty query they are those of the groups, the liked ones first, then all
// others.
func (c *Catalogue) Find(query string, limit int) []string {
	if strings.TrimSpace(query) != "" {
		return c.find(query, limit)
	}
	limit = max(0, min(limit, c.Len()))
	out := append(make([]string, 0, limit), c.liked[:min(limit, len(c.liked))]...)
	if len(out) == limit {
		return out
	}
	for name := range c.names() {
		if c.group[name] != "" {
			continue
		}
		if out = append(out, name); len(out) == limit {
			break
		}
	}
	return out
}

// Search is Find with everything about the packages.
func (c *Catalogue) Search(query string, limit int) []Item {
	names := c.Find(query, limit)
	out := make([]Item, 0, len(names))
	for _, name := range names {
		if it, ok := c.Get(name); ok {
			out = append(out, it)
		}
	}
	return out
}

// Get gives one package.
func (c *Catalogue) Get(name string) (Item, bool) {
	it, ok := c.get(name)
	it.Group = c.group[name]
	return it, ok
}

// Near gives up to five names that one which does not exist may mean, the
// likeliest first.
func (c *Catalogue) Near(name string) []string { return c.near(name) }

// Close ends the use of the catalogue.
func (c *Catalogue) Close() error { return c.close() }
