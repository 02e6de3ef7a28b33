package view

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// packageDetail is what stands beside the list: one package closer.
type packageDetail struct {
	c       *context
	p       *packages
	content fyne.CanvasObject
	body    *fyne.Container
	// seen is what is shown, so that nothing is drawn twice.
	seen detailKey
}

// detailKey is all that the detail depends on.
type detailKey struct {
	name   string
	ticked bool
	offer  *offer.Catalogue
	cost   int64
	before bool
}

func newPackageDetail(c *context, p *packages) *packageDetail {
	d := &packageDetail{c: c, p: p, body: container.NewStack()}
	d.content = widgets.Card("", "", nil)
	d.content = container.NewStack(widgets.Card("", "", nil), widgets.Inset(4, 4, widgets.Scroll(widgets.Inset(12, 12, d.body))))
	return d
}

// show shows a package, "" how to come to one.
func (d *packageDetail) show(name string) {
	o := d.c.Catalogue()
	if o == nil || o.Catalogue == nil {
		return
	}
	cost, _ := d.c.Cost(name)
	key := detailKey{name, slices.Contains(d.c.design().Packages, name), o.Catalogue, cost.Installed, cost.Present}
	if key == d.seen && len(d.body.Objects) > 0 {
		return
	}
	d.seen = key
	it, known := o.Catalogue.Get(name)
	switch {
	case name == "":
		d.set(widgets.Note(d.c.say("A chosen package is shown here closer: what it brings along, who needs it, its licence. Space ticks it.")))
	case !known:
		d.set(d.unknown(o, name))
	default:
		d.set(d.known(it, key.ticked))
	}
}

func (d *packageDetail) set(o fyne.CanvasObject) {
	d.body.Objects = []fyne.CanvasObject{o}
	d.body.Refresh()
	widgets.Relayout(d.content)
}

// known is a package of the offer.
func (d *packageDetail) known(it offer.Item, ticked bool) fyne.CanvasObject {
	c := d.c
	parts := []fyne.CanvasObject{widgets.Column(2, widgets.Section(it.Name), widgets.Note(it.Version)), widgets.Body(it.Summary)}
	if ticked {
		parts = append(parts, widgets.Row(widgets.Gap, widgets.Plain(c.say("Take the tick away"), "", func() { c.tickPackage(it.Name, false) })))
	} else {
		parts = append(parts, widgets.Row(widgets.Gap, widgets.Primary(c.say("Tick %s", it.Name), "", func() { c.tickPackage(it.Name, true) })))
	}
	for _, r := range it.Reasons {
		parts = append(parts, widgets.Row(widgets.Gap, widgets.Icon("warning").Coloured(widgets.ColourWarning), widgets.Fill(widgets.Body(c.Words().Of(r)))))
	}
	var facts []labelled
	facts = append(facts, c.costFacts(it)...)
	facts = append(facts, labelled{c.say("Licence"), c.Words().Of(it.Licence())}, labelled{c.say("Group"), c.Words().Of(it.Group)},
		labelled{c.say("Command"), it.Command}, labelled{c.say("Section"), it.Section})
	parts = append(parts, c.labelledFacts(facts))
	if strings.HasPrefix(it.Homepage, "https://") || strings.HasPrefix(it.Homepage, "http://") {
		parts = append(parts, d.homepage(it.Homepage))
	}
	return widgets.Column(12, parts...)
}

// homepage is the address of a package's own page, and a button that opens it.
func (d *packageDetail) homepage(address string) fyne.CanvasObject {
	text := widgets.Column(2, widgets.Note(d.c.say("Homepage")), widgets.Body(address))
	if d.c.host.OpenPage == nil {
		return text
	}
	open := widgets.IconButton("open", d.c.say("Open the homepage in the browser"), func() {
		if err := d.c.host.OpenPage(address); err != nil {
			d.c.fail(d.c.say("The homepage cannot be opened"), err)
		}
	})
	return widgets.Row(widgets.Gap, widgets.Fill(text), open)
}

// costFacts are what a package adds to the image.
func (c *context) costFacts(it offer.Item) []labelled {
	w := c.Words()
	cost, ok := c.Cost(it.Name)
	if !ok {
		size := ""
		if it.Installed > 0 {
			size = w.Size(it.Installed)
		}
		return []labelled{{c.say("Size"), size}}
	}
	if cost.Present {
		by := c.say("It belongs to the base or is needed by the settings.")
		if len(cost.NeededBy) > 0 {
			by = c.names(cost.NeededBy, 12)
		}
		return []labelled{{c.say("Adds"), c.say("nothing: it is there already")}, {c.say("Needed by"), by}}
	}
	facts := []labelled{{c.say("Adds about"), c.say("%s, %s to fetch", w.Size(cost.Installed), w.Size(cost.Download))}}
	if n := len(cost.Brings); n > 0 {
		facts = append(facts, labelled{c.count(n, "Brings %d package along", "Brings %d packages along"), c.names(cost.Brings, 24)})
	} else {
		facts = append(facts, labelled{c.say("Brings along"), c.say("nothing")})
	}
	return facts
}

// names are the first of many names, and how many more there are.
func (c *context) names(list []string, most int) string {
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	more := len(list) - most
	return strings.Join(list[:most], ", ") + c.count(more, " and %d more", " and %d more")
}

// labelled is a fact below its name, for narrow places.
type labelled struct{ name, text string }

// labelledFacts are facts below each other; those without a text are left out.
func (c *context) labelledFacts(list []labelled) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, f := range list {
		if f.text != "" {
			rows = append(rows, widgets.Column(2, widgets.Note(f.name), widgets.Body(f.text)))
		}
	}
	return widgets.Column(12, rows...)
}

// unknown is a ticked name that the offer does not have, with the way out.
func (d *packageDetail) unknown(o *model.Offer, name string) fyne.CanvasObject {
	c := d.c
	parts := []fyne.CanvasObject{widgets.Section(name)}
	if o.Catalogue.Info().BuiltIn {
		parts = append(parts, widgets.Body(c.unknownText(o.Catalogue, o.Name, name)))
	} else {
		parts = append(parts, widgets.Body(c.say("%s has no package of this name", o.Name)).Coloured(widgets.ColourDanger),
			widgets.Note(c.say("An image with it cannot be built. Another release, or another part of the archive, may have it.")))
	}
	for _, near := range o.Catalogue.Near(name) {
		parts = append(parts, widgets.Row(widgets.Gap, widgets.Plain(c.say("Take %s instead", near), "", func() { c.takeInstead(name, near) })))
	}
	parts = append(parts, widgets.Row(widgets.Gap, widgets.Plain(c.say("Take the tick away"), "", func() { c.tickPackage(name, false) })))
	return widgets.Column(12, parts...)
}

// takeInstead ticks another package in the place of one that does not exist.
func (c *context) takeInstead(name, near string) {
	doc := c.Current()
	if doc == nil {
		return
	}
	asked := c.Consents(near)
	c.agree(c.say("Tick %s?", near), c.say("Tick %s", near), asked, func() {
		doc.Browsing(model.Packages).Chosen = near
		doc.Replace(name, near, asked)
	})
}
