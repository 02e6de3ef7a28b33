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

// packages is the page where packages are found and ticked.
type packages struct {
	c       *context
	content fyne.CanvasObject
	search  *widgets.Entry
	filter  *widgets.Segments
	group   *widgets.Select
	list    *widgets.TickList
	detail  *packageDetail
	foot    *widgets.Text
	consent *widgets.Button
	// notice is what is to be said above the list, main the list or what stands
	// in its place.
	notice, main *fyne.Container
	browser      fyne.CanvasObject
	progress     *fetching
	// names are those of the rows, shown what main shows, grouped the groups
	// that are offered.
	names   []string
	shown   string
	grouped string
}

func newPackages(c *context) page {
	p := &packages{c: c, notice: container.NewStack(), main: container.NewStack(), foot: widgets.Note("")}
	p.search = widgets.NewEntry()
	c.bind(p.search)
	p.search.SetPlaceHolder(c.say("Search by name, command or what it does"))
	p.search.Icon = widgets.IconResource("search")
	p.search.OnEdit = p.typed
	p.filter = widgets.NewSegments(nil, p.filtered)
	p.group = widgets.NewSelect(nil, p.grouping)
	p.list = widgets.NewTickList(func() int { return len(p.names) }, p.row)
	p.list.OnTick = p.tick
	p.list.OnSelect = p.choose
	c.leadBetween(p.search, p.list)
	p.detail = newPackageDetail(c, p)
	p.progress = newFetching(c)
	left := container.NewBorder(nil, widgets.Inset(widgets.Step, 0, p.foot), nil, nil, p.list)
	p.browser = container.New(&widgets.Split{From: 640, Ratio: 0.62}, left, p.detail.content)
	head := widgets.Row(12, widgets.Fill(p.search), p.filter, widgets.Fixed(200, p.group))
	column := widgets.Column(12, head, p.notice)
	p.consent = widgets.Plain(c.say("Consents …"), "", c.showConsents)
	actions := []fyne.CanvasObject{
		p.consent,
		widgets.Plain(c.say("Import from a list …"), "open", c.importDialog),
		widgets.Plain(c.say("Copy as list"), "copy", p.copyList),
	}
	p.content = widgets.Page(c.say("Packages"), c.say("What is installed besides the base. What a package needs comes along by itself."),
		actions, widgets.PageColumn(widgets.Headed(column, widgets.InsetEach(12, 0, 0, 0, p.main))))
	return p
}

// Content is the page.
func (p *packages) Content() fyne.CanvasObject { return p.content }

// Focus goes to the field that searches, or to a ticked package.
func (p *packages) Focus(field string) {
	doc := p.c.Current()
	if strings.HasPrefix(field, "nixos.") {
		p.c.showConsents()
		return
	}
	if at, ok := indexIn(field, "packages"); ok && doc != nil && at < len(doc.Design().Packages) {
		b := p.browsing()
		*b = model.Browsing{Filter: model.FilterTicked, Chosen: doc.Design().Packages[at]}
		p.Refresh(model.Change{What: model.PlaceChanged})
		p.c.focus(p.list)
		return
	}
	p.c.focus(p.search)
}

// browsing is where the person is.
func (p *packages) browsing() *model.Browsing {
	if doc := p.c.Current(); doc != nil {
		return doc.Browsing(model.Packages)
	}
	return &model.Browsing{}
}

// Refresh shows the offer and what is ticked.
func (p *packages) Refresh(change model.Change) {
	doc := p.c.Current()
	if doc == nil || change.What == model.ProblemsChanged || change.What == model.PlanChanged {
		return
	}
	o := p.c.Catalogue()
	if change.What == model.JobChanged && (change.Job == nil || change.Job.Kind != model.Packages) {
		return
	}
	p.notices(o)
	if change.What == model.JobChanged {
		p.mainPart(o)
		return
	}
	p.controls(o)
	p.find()
	p.mainPart(o)
	if change.What == model.PlaceChanged {
		p.arrive()
	}
}

// arrive gives the field that searches the keyboard, unless a person goes
// through the pages with the sidebar.
func (p *packages) arrive() {
	if p.c.host.Window == nil {
		return
	}
	if p.c.host.Window.Canvas().Focused() == nil {
		p.c.focus(p.search)
	}
}

// controls brings the controls above the list up to date.
func (p *packages) controls(o *model.Offer) {
	b := p.browsing()
	p.search.SetValue(b.Query)
	d := p.c.design()
	p.filter.SetChoices([]widgets.Option{
		{Value: model.FilterAll, Label: p.c.say("All")},
		{Value: model.FilterTicked, Label: p.c.say("Ticked (%d)", len(d.Packages))},
	})
	p.filter.SetValue(b.Filter)
	options := []widgets.Option{{Value: "", Label: p.c.say("All groups")}}
	if o != nil && o.Catalogue != nil {
		for _, g := range o.Catalogue.Groups() {
			options = append(options, widgets.Option{Value: g.Title, Label: p.c.Words().Of(g.Title)})
		}
	}
	if key := optionKey(options); key != p.grouped {
		p.grouped = key
		p.group.SetChoices(options)
	}
	p.group.SetValue(b.Group)
	p.consent.Hide()
	if n := d.NixOS; n != nil && len(n.Unfree)+len(n.Insecure)+len(n.Broken) > 0 {
		p.consent.Show()
	}
}

// optionKey tells lists of options apart.
func optionKey(options []widgets.Option) string {
	var b strings.Builder
	for _, o := range options {
		b.WriteString(o.Value + "\n")
	}
	return b.String()
}

// find looks the rows up.
func (p *packages) find() {
	b := p.browsing()
	p.names = p.c.Names(*b)
	at := slices.Index(p.names, b.Chosen)
	if p.list.Chosen() != at {
		p.list.Choose(at)
	} else {
		p.list.Refresh()
	}
	p.foot.SetText(p.footText())
	p.detail.show(b.Chosen)
}

// footText says how much of the offer is shown.
func (p *packages) footText() string {
	o, b := p.c.Catalogue(), p.browsing()
	n := len(p.names)
	switch {
	case o == nil || o.Catalogue == nil:
		return ""
	case b.Filter == model.FilterTicked || b.Group != "":
		return p.c.count(n, "%d package", "%d packages")
	case b.Query == "":
		return p.c.say("%d packages in %s; typing finds them", o.Catalogue.Len(), o.Name)
	case n == 0:
		return p.c.say("Nothing in %s fits", o.Name)
	case n >= model.MaxShown:
		return p.c.say("The %d best of %s; more words find less", n, o.Name)
	}
	return p.c.count(n, "%d package fits", "%d packages fit")
}

// typed searches.
func (p *packages) typed(text string) {
	b := p.browsing()
	b.Query, b.Chosen = text, ""
	p.find()
	if len(p.names) > 0 {
		p.list.ScrollToTop()
	}
	p.mainPart(p.c.Catalogue())
}

// filtered shows all, or what is ticked.
func (p *packages) filtered(value string) {
	b := p.browsing()
	b.Filter, b.Group = value, ""
	p.Refresh(model.Change{What: model.CatalogueChanged})
}

// grouping shows a group.
func (p *packages) grouping(title string) {
	b := p.browsing()
	b.Filter, b.Group = model.FilterAll, title
	p.Refresh(model.Change{What: model.CatalogueChanged})
}

// choose looks at a package closer.
func (p *packages) choose(i int) {
	if i >= 0 && i < len(p.names) {
		p.browsing().Chosen = p.names[i]
		p.detail.show(p.names[i])
	}
}

// tick ticks a row or takes its tick away.
func (p *packages) tick(i int, on bool) {
	if i < 0 || i >= len(p.names) {
		return
	}
	p.browsing().Chosen = p.names[i]
	p.c.tickPackage(p.names[i], on)
}

// tickPackage ticks a package, with the person's consent where it needs one.
func (c *context) tickPackage(name string, on bool) {
	doc := c.Current()
	if doc == nil {
		return
	}
	if !on {
		doc.Untick(name)
		return
	}
	if o := c.Catalogue(); o != nil && o.Catalogue != nil {
		if it, ok := o.Catalogue.Get(name); ok && it.Unavailable {
			c.Tell(model.Message{Kind: "warning", Text: c.say("%s cannot be had: %s", name, c.sentences(it.Reasons))})
			return
		}
	}
	asked := c.Consents(name)
	c.agree(c.say("Tick %s?", name), c.say("Tick %s", name), asked, func() { doc.Tick(tickOf(name, true), asked, name) })
}

// agree asks for consents in plain words, once for all of them, before something
// is done. Without any it is done at once.
func (c *context) agree(title, yes string, asked []offer.Consent, do func()) {
	var sentences []string
	for _, a := range asked {
		sentences = append(sentences, a.What)
	}
	c.agreeTo(title, yes, sentences, do)
}

// maxAsked is how many consents are spelt out in one question.
const maxAsked = 6

// agreeTo asks with sentences of the builder's.
func (c *context) agreeTo(title, yes string, sentences []string, do func()) {
	if len(sentences) == 0 {
		do()
		return
	}
	var texts []fyne.CanvasObject
	for i, s := range sentences {
		if i == maxAsked {
			more := len(sentences) - i
			texts = append(texts, widgets.Note(c.count(more, "%d more of this kind.", "%d more of this kind.")))
			break
		}
		texts = append(texts, widgets.Row(widgets.Gap, widgets.Icon("info").Coloured(widgets.ColourQuiet), widgets.Fill(widgets.Body(c.Words().Of(s)))))
	}
	texts = append(texts, widgets.Note(c.say("The consent is kept in the design, so that this is not asked again.")))
	widgets.Ask(c.host.Window.Canvas(), title, c.say("This needs consent:"), widgets.Column(12, texts...),
		widgets.Plain(c.say("Cancel"), "", nil), widgets.Primary(yes, "", do))
}

// sentences puts sentences of the builder's together.
func (c *context) sentences(list []string) string {
	said := make([]string, len(list))
	for i, s := range list {
		said[i] = c.Words().Of(s)
	}
	return strings.Join(said, " ")
}

// copyList puts the ticked packages into the clipboard, one a line.
func (p *packages) copyList() {
	names := p.c.design().Packages
	if p.c.host.Clipboard == nil || len(names) == 0 {
		return
	}
	p.c.host.Clipboard.SetContent(strings.Join(names, "\n") + "\n")
	p.c.Tell(model.Message{Kind: "good", Text: p.c.count(len(names), "%d name of a package is in the clipboard.", "%d names of packages are in the clipboard.")})
}

// indexIn reads the index of a field of a list ("packages[3]").
func indexIn(field, list string) (int, bool) {
	rest, ok := strings.CutPrefix(field, list+"[")
	if !ok {
		return 0, false
	}
	n := 0
	for _, r := range rest {
		if r < '0' || r > '9' || n > 1_000_000 {
			return n, r == ']'
		}
		n = 10*n + int(r-'0')
	}
	return 0, false
}
