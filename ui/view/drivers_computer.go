package view

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/hardware"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// driversComputer shows what this computer's devices want.
type driversComputer struct {
	c       *context
	content *fyne.Container
	find    *widgets.Button
	all     *widgets.Button
	ticks   []*wanted
	// found is what the rows are of.
	found   []hardware.Found
	looking bool
	drawn   bool
	err     error
}

// wanted is the tick of one suggestion.
type wanted struct {
	label hardware.Label
	check *widgets.Check
}

func newDriversComputer(c *context) *driversComputer {
	v := &driversComputer{c: c, content: container.NewStack()}
	v.find = widgets.Primary(c.say("Find the drivers of this computer"), "computer", c.LookAtComputer)
	v.all = widgets.Primary("", "check", v.takeAll)
	return v
}

// focus goes to the button that leads on.
func (v *driversComputer) focus() {
	switch {
	case v.found == nil:
		v.c.focus(v.find)
	case len(v.missing()) > 0:
		v.c.focus(v.all)
	case len(v.ticks) > 0:
		v.c.focus(v.ticks[0].check)
	}
}

// refresh shows what is known.
func (v *driversComputer) refresh() {
	known := v.c.Devices()
	found := v.c.Found()
	same := v.drawn && known.Looking == v.looking && known.Err == v.err && len(found) == len(v.found) &&
		(len(found) == 0 || &found[0] == &v.found[0])
	if !same {
		v.drawn, v.looking, v.err, v.found = true, known.Looking, known.Err, found
		v.content.Objects = []fyne.CanvasObject{v.draw(known)}
		v.content.Refresh()
	}
	d := v.c.design()
	for _, t := range v.ticks {
		t.check.SetValue(t.label.Has(d))
	}
	if n := len(v.missing()); n > 0 {
		v.all.SetText(v.takeText(n))
		v.all.Show()
	} else {
		v.all.Hide()
	}
}

// takeText is the text of the button that takes all.
func (v *driversComputer) takeText(n int) string {
	if n == 1 {
		return v.c.say("Take what is recommended")
	}
	return v.c.say("Take all %d recommended", n)
}

// draw is the part for what is known.
func (v *driversComputer) draw(known model.Devices) fyne.CanvasObject {
	c := v.c
	v.ticks = nil
	switch {
	case known.Looking:
		return widgets.Empty("computer", c.say("The devices of this computer are being read …"), "", nil)
	case known.Err != nil:
		return widgets.Empty("error", c.say("The devices of this computer cannot be read: %s", c.explain(known.Err).text), c.say("Try again"), c.LookAtComputer)
	case !known.Seen:
		return widgets.EmptyWith("computer", c.say("Isowright reads which devices this computer has, and says what each needs in the image and why. Nothing leaves this computer."), v.find)
	}
	want, rest := v.sorted()
	var rows []fyne.CanvasObject
	rows = append(rows, v.summary(want, rest))
	for _, f := range want {
		rows = append(rows, v.device(f))
	}
	if len(rest) > 0 {
		rows = append(rows, widgets.Card(c.count(len(rest), "%d device works without more", "%d devices work without more"), "", widgets.Note(c.deviceNames(rest))))
	}
	return widgets.PageBody(widgets.Column(12, rows...))
}

// sorted parts the devices that want something from the others.
func (v *driversComputer) sorted() (want, rest []hardware.Found) {
	for _, f := range v.found {
		if len(f.Wants)+len(f.Notes) > 0 {
			want = append(want, f)
		} else {
			rest = append(rest, f)
		}
	}
	return want, rest
}

// summary says in a sentence what was found, with the button that takes all.
func (v *driversComputer) summary(want, rest []hardware.Found) fyne.CanvasObject {
	c := v.c
	again := widgets.Plain(c.say("Look again"), "refresh", c.LookAtComputer)
	text := c.count(len(want), "%d device of this computer wants something.", "%d devices of this computer want something.")
	if len(want) == 0 {
		text = c.count(len(rest), "The one device of this computer works with what the base brings.", "All %d devices of this computer work with what the base brings.")
	}
	return widgets.Row(widgets.Gap, widgets.Fill(widgets.Body(text)), again, v.all)
}

// deviceNames lists devices by name.
func (c *context) deviceNames(list []hardware.Found) string {
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = c.deviceName(f)
	}
	return strings.Join(names, ", ")
}

// deviceName is a device's name, with the number of such devices.
func (c *context) deviceName(f hardware.Found) string {
	name := c.Words().Of(f.Device)
	if f.Count > 1 {
		return c.say("%s (%d of them)", name, f.Count)
	}
	return name
}

// device is one device and what it wants.
func (v *driversComputer) device(f hardware.Found) fyne.CanvasObject {
	c := v.c
	pill := widgets.Pill(c.say("works"), widgets.Good)
	if !f.Works {
		pill = widgets.Pill(c.say("has no driver now"), widgets.Warning)
	}
	where := strings.Join(slices.DeleteFunc([]string{c.Words().Of(f.Group), f.ID, f.Driver}, func(s string) bool { return s == "" }), " · ")
	rows := []fyne.CanvasObject{
		widgets.Row(12, widgets.Fill(widgets.Column(2, widgets.Body(c.deviceName(f)).Bold(), widgets.Note(where))), pill),
	}
	for _, n := range f.Notes {
		rows = append(rows, widgets.Row(widgets.Gap, widgets.Icon("info").Coloured(widgets.ColourQuiet), widgets.Fill(widgets.Body(c.Words().Of(n)))))
	}
	for _, s := range f.Wants {
		rows = append(rows, v.suggestion(s))
	}
	return widgets.Card("", "", widgets.Column(12, rows...))
}

// suggestion is a driver that a device wants, with its tick.
func (v *driversComputer) suggestion(s hardware.Suggestion) fyne.CanvasObject {
	c := v.c
	check := widgets.NewCheck(s.Driver, func(on bool) {
		c.tickDriver(s.Label, on)
		v.refresh()
	})
	v.ticks = append(v.ticks, &wanted{s.Label, check})
	head := widgets.Row(widgets.Gap, atTheEdge(check), widgets.Pill(c.needText(s.Need), needKind(s.Need)), widgets.Pill(c.freedom(s.Label), widgets.Neutral), widgets.Spring())
	lines := []fyne.CanvasObject{widgets.Body(sentence(c.Words().Of(s.Why)))}
	if takes := c.takes(s.Label); takes != "" {
		lines = append(lines, widgets.Note(sentence(takes)))
	}
	for _, w := range s.Warnings {
		lines = append(lines, widgets.Row(6, widgets.Icon("warning").Coloured(widgets.ColourWarning).Sized(14), widgets.Fill(widgets.Note(c.Words().Of(w)))))
	}
	return widgets.Column(widgets.Step, head, widgets.InsetEach(0, 0, 0, 28, widgets.Column(widgets.Step, lines...)))
}

// needText is how much a device wants a driver.
func (c *context) needText(need string) string {
	switch need {
	case hardware.Required:
		return c.say("needed")
	case hardware.Better:
		return c.say("makes it better")
	}
	return c.say("another way")
}

func needKind(need string) widgets.Kind {
	if need == hardware.Required {
		return widgets.Accent
	}
	return widgets.Neutral
}

// missing are the recommended drivers that the design has not.
func (v *driversComputer) missing() []hardware.Label { return recommended(v.found, v.c.design()) }

// recommended are the drivers that devices need or are better with, and that a
// design has not, each once.
func recommended(found []hardware.Found, d design.Design) []hardware.Label {
	var list []hardware.Label
	for _, f := range found {
		for _, s := range f.Wants {
			again := slices.ContainsFunc(list, func(l hardware.Label) bool { return l.Driver == s.Driver })
			if s.Need != hardware.Instead && !s.Has(d) && !again {
				list = append(list, s.Label)
			}
		}
	}
	return list
}

// takeAll asks for all that is recommended, in one step.
func (v *driversComputer) takeAll() {
	c, doc := v.c, v.c.Current()
	list := v.missing()
	if doc == nil || len(list) == 0 {
		return
	}
	title := c.say("Take what is recommended?")
	c.agreeTo(title, c.count(len(list), "Take %d driver", "Take %d drivers"), c.consentsTo(doc.Design(), list...), func() {
		doc.AddDrivers(model.Act("take the %d recommended drivers", len(list)), list...)
	})
}
