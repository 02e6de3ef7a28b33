package view

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// shownRecents is how many recent designs are shown unasked.
const shownRecents = 4

// start is the page without a design: recent ones, and templates to begin with.
type start struct {
	c       *context
	content fyne.CanvasObject
	welcome *fyne.Container
	open    *fyne.Container
	recent  *fyne.Container
	offered *fyne.Container
	filter  *widgets.Segments
	// all shows all recent designs.
	all bool
	// recents and cards are what the focus can begin with.
	recents, cards []*widgets.Tile
}

func newStart(c *context) page {
	p := &start{c: c, welcome: container.NewStack(), open: container.NewStack(), recent: container.NewStack(), offered: container.NewStack()}
	p.filter = widgets.NewSegments([]widgets.Option{
		{Value: "", Label: c.say("All")}, {Value: "debian", Label: "Debian"}, {Value: "nixos", Label: "NixOS"},
	}, func(string) { p.showTemplates(); widgets.Relayout(p.content) })
	actions := []fyne.CanvasObject{
		widgets.Plain(c.say("Flash an image"), "flash", func() { c.Session.Show(model.Flash) }),
		widgets.Plain(c.say("Open a design"), "open", c.openDialog),
	}
	head := widgets.Row(widgets.Margin, widgets.Fill(widgets.Section(c.say("Begin with a template"))), widgets.Fixed(280, p.filter))
	body := widgets.Column(widgets.MarginWide, p.welcome, p.open, p.recent, widgets.Column(12, head, p.offered))
	p.content = widgets.Page("Isowright", c.say("Designs, builds, tries and flashes bootable Linux images."),
		actions, widgets.PageBody(body))
	p.showTemplates()
	return p
}

// Content is the page.
func (p *start) Content() fyne.CanvasObject { return p.content }

// Focus goes to the last design, else to the first template.
func (p *start) Focus(string) {
	for _, tiles := range [][]*widgets.Tile{p.recents, p.cards} {
		if len(tiles) > 0 {
			p.c.focus(tiles[0])
			return
		}
	}
}

// Refresh shows what is open and what was.
func (p *start) Refresh(change model.Change) {
	switch change.What {
	case model.LibraryChanged:
		// Asking for them has them read anew.
		p.c.Recents()
	case model.RecentsChanged, model.DocumentsChanged, model.PlaceChanged:
		p.showOpen()
		p.showRecents()
	}
}

// showOpen lists the designs that are open, to go back to.
func (p *start) showOpen() {
	var links []fyne.CanvasObject
	for _, doc := range p.c.Documents() {
		links = append(links, widgets.Plain(p.c.say("Back to %s", doc.Title()), "back", func() { p.c.Select(doc) }))
	}
	if len(links) == 0 {
		fill(p.open)
		return
	}
	fill(p.open, widgets.Row(widgets.Gap, links...))
}

// showRecents lists the recent designs; where there is none, a sentence tells how
// to begin.
func (p *start) showRecents() {
	all, known := p.c.Recents()
	p.recents = nil
	fill(p.recent)
	fill(p.welcome)
	switch {
	case len(all) > 0:
		fill(p.recent, p.recentList(all))
	case known && len(p.c.Documents()) == 0:
		fill(p.welcome, widgets.Banner(widgets.Accent,
			p.c.say("Choose a template, change what you like, build it and write it to a stick. A design from somebody else, or an image to flash, can be dropped onto this window."), "", nil))
	}
}

// fill shows objects in a box; without any it takes no room.
func fill(box *fyne.Container, objects ...fyne.CanvasObject) {
	box.Objects = objects
	if len(objects) == 0 {
		box.Hide()
	} else {
		box.Show()
	}
	box.Refresh()
}

// recentList is the recent designs below their title.
func (p *start) recentList(all []model.Recent) fyne.CanvasObject {
	c := p.c
	n := len(all)
	if !p.all && n > shownRecents {
		all = all[:shownRecents]
	}
	var rows []fyne.CanvasObject
	for _, r := range all {
		row := p.recentRow(r)
		p.recents = append(p.recents, row)
		rows = append(rows, row)
	}
	head := []fyne.CanvasObject{widgets.Fill(widgets.Section(c.say("Recent designs")))}
	if n > shownRecents {
		text := c.say("Show all %d", n)
		if p.all {
			text = c.say("Show fewer")
		}
		head = append(head, widgets.Link(text, "", func() {
			p.all = !p.all
			p.showRecents()
			widgets.Relayout(p.content)
		}))
	}
	return widgets.Column(12, widgets.Row(widgets.Gap, head...), widgets.Cards(470, 12, rows...))
}

// recentRow is a recent design: its boot menu, its name, what it is, and what
// can be done with it.
func (p *start) recentRow(r model.Recent) *widgets.Tile {
	c := p.c
	name := r.Name
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(r.Path), designSuffix)
	}
	words := []fyne.CanvasObject{widgets.Line(name).Bold(), widgets.Line(c.recentText(r)).Sized(widgets.SizeNote).Coloured(widgets.ColourQuiet)}
	if r.Missing {
		words = append(words, widgets.Row(6, widgets.Icon("warning").Sized(14).Coloured(widgets.ColourWarning),
			widgets.Fill(widgets.Line(c.say("The file is gone: %s", r.Path)).Sized(widgets.SizeNote).Coloured(widgets.ColourWarning))))
	} else {
		words = append(words, widgets.Line(c.recentBuilt(r)).Sized(widgets.SizeNote).Coloured(widgets.ColourQuiet))
	}
	pinText := c.say("Keep %s at the top", name)
	if r.Pinned {
		pinText = c.say("Do not keep %s at the top", name)
	}
	pin := widgets.IconButton(pinIcon(r.Pinned), pinText, func() { c.PinRecent(r.Path, !r.Pinned) })
	forget := widgets.IconButton("close", c.say("Take %s off this list; the file stays", name), func() { c.ForgetRecent(r.Path) })
	row := widgets.Row(12, widgets.Thumbnail(r.Picture, "bootmenu", 96, 64), widgets.Fill(widgets.Column(4, words...)), widgets.Row(0, pin, forget))
	return widgets.ContentCard(row, func() { c.openRecent(r) })
}

// pinIcon shows whether a design is kept at the top.
func pinIcon(pinned bool) string {
	if pinned {
		return "pinned"
	}
	return "pin"
}

// recentText is what a recent design is, and when it was opened.
func (c *context) recentText(r model.Recent) string {
	parts := []string{c.distribution(r.Distribution) + ", " + c.baseName(r.Base)}
	return strings.Join(append(parts, c.say("opened %s", c.Words().Ago(r.Opened, c.Env().Now()))), " · ")
}

// recentBuilt is the last image of a recent design.
func (c *context) recentBuilt(r model.Recent) string {
	if r.Built.IsZero() {
		return c.say("not built yet")
	}
	return c.say("built %s", c.Words().Ago(r.Built, c.Env().Now())) + " · " + c.Words().Size(r.Size)
}

// openRecent opens a recent design; of one that is gone it says what can be done.
func (c *context) openRecent(r model.Recent) {
	if r.Missing {
		c.Tell(model.Message{Kind: "warning", Text: c.say("%s is not there any more. It may lie on a drive that is not attached, or was moved: then open it from its new place.", r.Path),
			Action: c.say("Take it off the list"), Do: func() { c.ForgetRecent(r.Path); c.Quiet() }})
		return
	}
	c.open(r.Path)
}

// showTemplates shows the templates of the chosen distribution, or of both.
func (p *start) showTemplates() {
	p.cards = nil
	var groups []fyne.CanvasObject
	for _, name := range []string{"debian", "nixos"} {
		if chosen := p.filter.Value(); chosen != "" && chosen != name {
			continue
		}
		var cards []fyne.CanvasObject
		for _, t := range templatesOf(name) {
			card := p.templateCard(t)
			p.cards = append(p.cards, card)
			cards = append(cards, card)
		}
		note := widgets.Line(p.c.distribution(name)).Coloured(widgets.ColourQuiet)
		groups = append(groups, widgets.Column(widgets.Gap, note, widgets.Cards(270, widgets.Margin, cards...)))
	}
	p.offered.Objects = []fyne.CanvasObject{widgets.Column(widgets.Margin, groups...)}
	p.offered.Refresh()
}

// templateCard begins a design from a template.
func (p *start) templateCard(t assets.Template) *widgets.Tile {
	o := offers()[t.Name]
	return widgets.TapCard(widgets.PictureResource(o.picture), p.c.say(o.title), p.c.say(o.text), func() {
		if _, err := p.c.NewFrom(t); err != nil {
			p.c.fail(p.c.say("The template cannot be read"), err)
		}
	})
}
