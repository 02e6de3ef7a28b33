package view

import (
	"strings"

	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/ui/widgets"
	"slices"
)

// row is what the list shows of a package. It is asked for whenever the row is
// drawn.
func (p *packages) row(i int) widgets.TickRow {
	if i < 0 || i >= len(p.names) {
		return widgets.TickRow{}
	}
	name := p.names[i]
	r := widgets.TickRow{ID: name, Title: name, Ticked: slices.Contains(p.c.design().Packages, name)}
	o := p.c.Catalogue()
	if o == nil || o.Catalogue == nil {
		return r
	}
	it, ok := o.Catalogue.Get(name)
	if !ok {
		r.Alarm = !o.Catalogue.Info().BuiltIn
		r.Summary = p.c.unknownText(o.Catalogue, o.Name, name)
		return r
	}
	r.Extra, r.Summary, r.Pill = it.Version, it.Summary, p.c.mark(it)
	r.Right = p.c.added(it)
	return r
}

// unknownText is what is said of a name that the offer does not have.
func (c *context) unknownText(cat *offer.Catalogue, offered, name string) string {
	if cat.Info().BuiltIn {
		return c.say("Not in the small list inside the program, which does not mean anything")
	}
	near := cat.Near(name)
	if len(near) == 0 {
		return c.say("%s has no package of this name", offered)
	}
	return c.say("%s has no package of this name; near: %s", offered, strings.Join(near[:min(3, len(near))], ", "))
}

// mark is the short word of a package that is not as most are.
func (c *context) mark(it offer.Item) string {
	switch {
	case it.Unavailable:
		return c.say("not available")
	case it.Broken:
		return c.say("broken")
	case it.Insecure:
		return c.say("insecure")
	case it.Unfree:
		return c.say("not free")
	}
	return ""
}

// added is the size that a package adds to the image, in short.
func (c *context) added(it offer.Item) string {
	cost, ok := c.Cost(it.Name)
	switch {
	case !ok && it.Installed > 0:
		return c.Words().Size(it.Installed)
	case !ok:
		return ""
	case cost.Present:
		return c.say("there already")
	}
	return "+ " + c.Words().Size(cost.Installed)
}
