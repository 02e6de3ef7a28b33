package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/hardware"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// The parts of the page of drivers, which have its place in turn.
const (
	viewComputer = "computer"
	viewDrivers  = "drivers"
	viewKernel   = "kernel"
)

// drivers is the page of drivers and firmware: what this computer wants, what
// there is for other hardware, and what the kernel is told.
type drivers struct {
	c        *context
	content  fyne.CanvasObject
	views    *widgets.Segments
	main     *fyne.Container
	computer *driversComputer
	all      *driversAll
	kernel   *driversKernel
	shown    string
}

func newDrivers(c *context) page {
	p := &drivers{c: c, main: container.NewStack()}
	p.views = widgets.NewSegments(nil, p.show)
	p.computer = newDriversComputer(c)
	p.all = newDriversAll(c)
	p.kernel = newDriversKernel(c)
	head := widgets.Row(0, p.views, widgets.Spring())
	p.content = widgets.Page(c.say("Drivers & firmware"), c.say("What hardware needs besides the kernel, by the names that people know."), nil,
		widgets.Headed(widgets.InsetEach(0, widgets.MarginWide, widgets.Margin, widgets.MarginWide, head), p.main))
	return p
}

// Content is the page.
func (p *drivers) Content() fyne.CanvasObject { return p.content }

// browsing is where the person is.
func (p *drivers) browsing() *model.Browsing { return p.c.browsingDrivers() }

func (c *context) browsingDrivers() *model.Browsing {
	if doc := c.Current(); doc != nil {
		return doc.Browsing(model.Drivers)
	}
	return &model.Browsing{}
}

// show brings one of the parts to the front.
func (p *drivers) show(view string) {
	p.browsing().View = view
	p.Refresh(model.Change{What: model.DevicesChanged})
}

// Focus goes to a field of the kernel, to a driver, or to the part's first.
func (p *drivers) Focus(field string) {
	doc := p.c.Current()
	if doc == nil {
		return
	}
	d := doc.Design()
	at, isDriver := indexIn(field, "drivers")
	switch {
	case isDriver && at < len(d.Drivers):
		*p.browsing() = model.Browsing{View: viewDrivers, Filter: model.FilterTicked, Chosen: d.Drivers[at]}
		p.show(viewDrivers)
		p.c.focus(p.all.list)
		return
	case strings.HasPrefix(field, "kernel") || strings.HasPrefix(field, "nixos."):
		p.show(viewKernel)
		p.kernel.form.focus(field)
		return
	}
	switch p.view() {
	case viewComputer:
		p.computer.focus()
	case viewDrivers:
		p.c.focus(p.all.search)
	default:
		p.kernel.form.focus("")
	}
}

// view is the part in front.
func (p *drivers) view() string {
	if v := p.browsing().View; v != "" {
		return v
	}
	return viewComputer
}

// Refresh shows the part in front.
func (p *drivers) Refresh(change model.Change) {
	doc := p.c.Current()
	if doc == nil || change.What == model.PlanChanged || change.What == model.JobChanged {
		return
	}
	p.views.SetChoices([]widgets.Option{
		{Value: viewComputer, Label: p.c.say("This computer")},
		{Value: viewDrivers, Label: p.c.say("All drivers")},
		{Value: viewKernel, Label: p.c.say("Kernel")},
	})
	view := p.view()
	p.views.SetValue(view)
	var part fyne.CanvasObject
	switch view {
	case viewDrivers:
		p.all.refresh()
		part = p.all.content
	case viewKernel:
		if p.kernel.distribution != doc.Design().Distribution {
			p.kernel, p.shown = newDriversKernel(p.c), ""
		}
		p.kernel.form.refresh()
		part = p.kernel.content
	default:
		p.computer.refresh()
		part = p.computer.content
	}
	if p.shown != view {
		p.shown = view
		p.main.Objects = []fyne.CanvasObject{part}
		p.main.Refresh()
	}
	widgets.Relayout(p.main)
}

// free tells whether a driver is free software; known is false where only its
// package says that.
func free(l hardware.Label) bool {
	return len(l.Unfree) == 0 && l.Licence != "redistributable" && l.Licence != "unfree"
}

// freedom is a driver's licence in a word or two.
func (c *context) freedom(l hardware.Label) string {
	if free(l) {
		return c.say("free")
	}
	return c.say("not free")
}

// licence is a driver's licence in words.
func (c *context) licence(l hardware.Label) string {
	switch l.Licence {
	case "":
		return c.say("free software")
	case "redistributable":
		return c.say("not free, but it may be passed on")
	case "unfree":
		return c.say("not free: its maker forbids some uses, changes or copies")
	}
	return l.Licence
}

// takes is what a driver takes: room, time to compile.
func (c *context) takes(l hardware.Label) string {
	var parts []string
	if l.Installed > 0 {
		parts = append(parts, c.say("%s, %s to fetch", c.Words().Size(l.Installed), c.Words().Size(l.Download)))
	}
	if l.Cost != "" {
		parts = append(parts, c.Words().Of(l.Cost))
	}
	return strings.Join(parts, "; ")
}

// tickDriver asks for a driver or takes it out, with the person's consent where
// it needs one.
func (c *context) tickDriver(l hardware.Label, on bool) {
	doc := c.Current()
	if doc == nil {
		return
	}
	if !on {
		doc.DropDriver(l)
		return
	}
	c.agreeTo(c.say("Tick %s?", c.Words().Of(l.Title)), c.say("Tick %s", l.Driver), c.consentsTo(doc.Design(), l), func() {
		doc.AddDrivers(tickOf(l.Driver, true), l)
	})
}

// consentsTo are the sentences that a person has to agree to for drivers.
func (c *context) consentsTo(d design.Design, labels ...hardware.Label) []string {
	var said []string
	for _, l := range labels {
		if !model.NeedsConsent(d, l) {
			continue
		}
		text := c.say("%s (%s) is not free software.", c.Words().Of(l.Title), l.Driver)
		switch {
		case l.Package:
			text = c.say("%s (%s) comes from %s, a part of Debian's archive of its own: its source is not open, and Debian cannot mend faults in it.", c.Words().Of(l.Title), l.Driver, l.Component)
		case len(l.Insecure) > 0 && len(l.Unfree) > 0:
			text = c.say("%s (%s) is not free software, and has security holes that nobody has mended.", c.Words().Of(l.Title), l.Driver)
		case len(l.Insecure) > 0:
			text = c.say("%s (%s) has security holes that nobody has mended.", c.Words().Of(l.Title), l.Driver)
		}
		said = append(said, text)
	}
	return said
}
