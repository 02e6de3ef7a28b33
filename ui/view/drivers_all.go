package view

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/hardware"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// driversAll lists all drivers by the hardware that people know.
type driversAll struct {
	c       *context
	content fyne.CanvasObject
	search  *widgets.Entry
	filter  *widgets.Segments
	group   *widgets.Select
	list    *widgets.TickList
	foot    *widgets.Text
	detail  *fyne.Container
	// labels are those of the rows.
	labels  []hardware.Label
	grouped string
}

func newDriversAll(c *context) *driversAll {
	v := &driversAll{c: c, foot: widgets.Note(""), detail: container.NewStack()}
	v.search = widgets.NewEntry()
	c.bind(v.search)
	v.search.SetPlaceHolder(c.say("Search by hardware: MacBook Wi-Fi"))
	v.search.Icon = widgets.IconResource("search")
	v.search.OnEdit = func(text string) {
		b := c.browsingDrivers()
		b.Query, b.Chosen = text, ""
		v.refresh()
		v.list.ScrollToTop()
	}
	v.filter = widgets.NewSegments(nil, func(value string) {
		b := c.browsingDrivers()
		b.Filter, b.Group = value, ""
		v.refresh()
	})
	v.group = widgets.NewSelect(nil, func(title string) {
		b := c.browsingDrivers()
		b.Filter, b.Group = model.FilterAll, title
		v.refresh()
	})
	v.list = widgets.NewTickList(func() int { return len(v.labels) }, v.row)
	v.list.OnTick = func(i int, on bool) {
		c.browsingDrivers().Chosen = v.labels[i].Driver
		c.tickDriver(v.labels[i], on)
	}
	v.list.OnSelect = func(i int) {
		c.browsingDrivers().Chosen = v.labels[i].Driver
		v.showDetail()
	}
	c.leadBetween(v.search, v.list)
	left := container.NewBorder(nil, widgets.Inset(widgets.Step, 0, v.foot), nil, nil, v.list)
	right := container.NewStack(widgets.Card("", "", nil), widgets.Inset(4, 4, widgets.Scroll(widgets.Inset(12, 12, v.detail))))
	head := widgets.Row(12, widgets.Fill(v.search), v.filter, widgets.Fixed(200, v.group))
	v.content = container.NewStack(widgets.PageColumn(widgets.Headed(head, widgets.InsetEach(12, 0, 0, 0, container.New(&widgets.Split{From: 640, Ratio: 0.62}, left, right)))))
	return v
}

// refresh shows what fits.
func (v *driversAll) refresh() {
	c, b := v.c, v.c.browsingDrivers()
	all := c.Drivers()
	v.search.SetValue(b.Query)
	ticked := 0
	for _, l := range all {
		if l.Has(c.design()) {
			ticked++
		}
	}
	strange := c.strangeDrivers(all)
	v.filter.SetChoices([]widgets.Option{{Value: model.FilterAll, Label: c.say("All")}, {Value: model.FilterTicked, Label: c.say("Ticked (%d)", ticked+len(strange))}})
	v.filter.SetValue(b.Filter)
	v.groups(all, b)
	v.labels = c.FindDrivers(*b)
	if b.Filter == model.FilterTicked && b.Query == "" {
		v.labels = append(strange, v.labels...)
	}
	v.foot.SetText(c.count(len(v.labels), "%d driver", "%d drivers"))
	at := slices.IndexFunc(v.labels, func(l hardware.Label) bool { return l.Driver == b.Chosen })
	if at != v.list.Chosen() {
		v.list.Choose(at)
	} else {
		v.list.Refresh()
	}
	v.showDetail()
}

// groups offers the kinds of hardware.
func (v *driversAll) groups(all []hardware.Label, b *model.Browsing) {
	options := []widgets.Option{{Value: "", Label: v.c.say("All hardware")}}
	for _, l := range all {
		if last := options[len(options)-1]; last.Value != l.Group {
			options = append(options, widgets.Option{Value: l.Group, Label: v.c.Words().Of(l.Group)})
		}
	}
	if key := optionKey(options); key != v.grouped {
		v.grouped = key
		v.group.SetChoices(options)
	}
	v.group.SetValue(b.Group)
}

// strangeDrivers are those of the design that nobody knows.
func (c *context) strangeDrivers(all []hardware.Label) []hardware.Label {
	var list []hardware.Label
	for _, name := range c.design().Drivers {
		if !slices.ContainsFunc(all, func(l hardware.Label) bool { return !l.Package && l.Driver == name }) {
			list = append(list, hardware.Label{Driver: name})
		}
	}
	return list
}

// row is what the list shows of a driver.
func (v *driversAll) row(i int) widgets.TickRow {
	if i < 0 || i >= len(v.labels) {
		return widgets.TickRow{}
	}
	c, l := v.c, v.labels[i]
	if l.Title == "" {
		return widgets.TickRow{ID: l.Driver, Title: l.Driver, Ticked: true, Alarm: true, Summary: c.say("There is no such driver for this system.")}
	}
	r := widgets.TickRow{ID: l.Driver, Title: c.Words().Of(l.Title), Extra: l.Driver, Pill: c.freedom(l), Ticked: l.Has(c.design())}
	r.Summary = strings.TrimSuffix(sentence(c.Words().Of(l.Summary)), ".")
	if r.Summary == "" {
		r.Summary = c.Words().Of(l.Group)
	}
	switch {
	case l.Included:
		r.Right = c.say("in the base")
	case l.Installed > 0:
		r.Right = "+ " + c.Words().Size(l.Installed)
	}
	return r
}

// showDetail shows the chosen driver closer.
func (v *driversAll) showDetail() {
	c, b := v.c, v.c.browsingDrivers()
	at := slices.IndexFunc(v.labels, func(l hardware.Label) bool { return l.Driver == b.Chosen })
	part := fyne.CanvasObject(widgets.Note(c.say("A chosen driver is shown here closer: its licence, what it takes, what to look out for. Space ticks it.")))
	if at >= 0 {
		part = v.closer(v.labels[at])
	}
	v.detail.Objects = []fyne.CanvasObject{part}
	v.detail.Refresh()
	widgets.Relayout(v.detail)
}

// closer is one driver with all that is to be known of it.
func (v *driversAll) closer(l hardware.Label) fyne.CanvasObject {
	c := v.c
	away := widgets.Row(widgets.Gap, widgets.Plain(c.say("Take the tick away"), "", func() { c.tickDriver(l, false) }))
	if l.Title == "" {
		return widgets.Column(12, widgets.Section(l.Driver), widgets.Body(c.say("There is no such driver for this system.")).Coloured(widgets.ColourDanger), away)
	}
	parts := []fyne.CanvasObject{widgets.Column(2, widgets.Body(c.Words().Of(l.Title)).Bold().Sized(widgets.SizeSection), widgets.Note(l.Driver))}
	if l.Summary != "" {
		parts = append(parts, widgets.Body(sentence(c.Words().Of(l.Summary))))
	}
	if l.Has(c.design()) {
		parts = append(parts, away)
	} else {
		parts = append(parts, widgets.Row(widgets.Gap, widgets.Primary(c.say("Tick %s", l.Driver), "", func() { c.tickDriver(l, true) })))
	}
	for _, w := range l.Warnings {
		parts = append(parts, widgets.Row(widgets.Gap, widgets.Icon("warning").Coloured(widgets.ColourWarning), widgets.Fill(widgets.Body(c.Words().Of(w)))))
	}
	included := ""
	if l.Included {
		included = c.say("The base brings it already.")
	}
	component := l.Component
	if component == "main" {
		component = ""
	}
	facts := []labelled{
		{c.say("Licence"), c.licence(l)}, {c.say("What it takes"), sentence(c.takes(l))}, {c.say("Included"), included},
		{c.say("Part of the archive"), component}, {c.say("Group"), c.Words().Of(l.Group)},
	}
	return widgets.Column(12, append(parts, c.labelledFacts(facts))...)
}
