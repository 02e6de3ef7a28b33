package view

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// history is the page of the builds of earlier: all of them at the left, at the
// right the one that is looked at, or in what two of them differ.
type history struct {
	c       *context
	content fyne.CanvasObject
	body    *fyne.Container
	split   fyne.CanvasObject
	list    *widgets.TickList
	own     *widgets.Switch
	hint    *widgets.Text
	right   *fyne.Container
	log     *widgets.LogView
	// drawn is what the right side shows, shown what the body does.
	drawn any
	shown string
}

func newHistory(c *context) page {
	p := &history{c: c, body: container.NewStack(), right: container.NewStack(), log: widgets.NewLogView(), hint: widgets.Note("")}
	h := c.History()
	p.log.Level = logColour
	p.list = widgets.NewTickList(func() int { return len(h.Builds()) }, func(i int) widgets.TickRow { return p.row(h.Builds()[i]) })
	p.list.OnTick = func(i int, on bool) { h.Tick(h.Builds()[i].ID, on) }
	p.list.OnSelect = func(i int) {
		if builds := h.Builds(); i >= 0 && i < len(builds) {
			h.Choose(builds[i].ID)
		}
	}
	p.own = widgets.NewSwitch(c.say("Of this design only"), h.ShowOwn)
	head := widgets.InsetEach(0, 0, widgets.Gap, 0, widgets.Column(widgets.Step, p.own, p.hint))
	left := container.NewBorder(head, nil, nil, nil, p.list)
	p.split = widgets.PageColumn(widgets.NewSplit(0.4, left, p.right))
	p.content = widgets.Page(c.say("History"), c.say("Every build of this computer, the newest first."), nil, p.body)
	return p
}

// Content is the page.
func (p *history) Content() fyne.CanvasObject { return p.content }

// Focus goes to the list.
func (p *history) Focus(string) {
	if p.shown == "list" {
		p.c.focus(p.list)
	}
}

// Refresh shows the builds as they are known.
func (p *history) Refresh(change model.Change) {
	h := p.c.History()
	if change.What == model.PlaceChanged || change.What == model.LibraryChanged {
		h.Load()
	}
	if change.What != model.PlaceChanged && change.What != model.HistoryChanged {
		return
	}
	loaded, err := h.Loaded()
	switch {
	case err != nil && h.Empty():
		p.show("failed", widgets.PageColumn(widgets.Banner(widgets.Failure, p.c.say("The history cannot be read: %s", p.c.explain(err).text), p.c.say("Try again"), h.Load)))
	case !loaded:
		p.show("reading", widgets.PageColumn(widgets.Note(p.c.say("Reading …"))))
	case h.Empty():
		p.show("empty", p.empty())
	default:
		p.lists(h)
		p.show("list", p.split)
	}
}

// show brings the body into a state.
func (p *history) show(state string, content fyne.CanvasObject) {
	if p.shown == state && state != "failed" {
		return
	}
	p.shown = state
	p.body.Objects = []fyne.CanvasObject{content}
	p.body.Refresh()
}

// empty stands where nothing was built yet.
func (p *history) empty() fyne.CanvasObject {
	text := p.c.say("Each build will be kept here with its log, its packages and its design, so that it can be compared and made again.")
	if p.c.Current() == nil {
		return widgets.Empty("history", text, "", nil)
	}
	return widgets.Empty("history", text, p.c.say("Go to Build"), func() { p.c.Session.Show(model.Build) })
}

// lists brings both sides up to date.
func (p *history) lists(h *model.Past) {
	shown(p.own, p.c.Current() != nil)
	p.own.SetValue(h.Own())
	switch len(h.Ticked()) {
	case 0:
		p.hint.SetText(p.c.say("Tick two to see in what they differ."))
	case 1:
		p.hint.SetText(p.c.say("Tick another one to compare it with."))
	default:
		p.hint.SetText(p.c.say("The ticked ones are compared at the right."))
	}
	if len(h.Builds()) == 0 {
		p.hint.SetText(p.c.say("This design was not built yet."))
	}
	p.list.Refresh()
	p.choose(h)
	p.side(h)
}

// choose marks the row of the build that is looked at; at first it is the newest.
func (p *history) choose(h *model.Past) {
	builds := h.Builds()
	b, _, err := h.Chosen()
	if b == nil && err == nil && len(builds) > 0 {
		h.Choose(builds[0].ID)
		return
	}
	at := -1
	if b != nil {
		at = slices.IndexFunc(builds, func(o model.PastBuild) bool { return o.ID == b.ID })
	}
	if at != p.list.Chosen() {
		p.list.Choose(at)
	}
}

// side draws the right side anew where something else is to be seen.
func (p *history) side(h *model.Past) {
	var wanted any
	var content func() fyne.CanvasObject
	b, detail, err := h.Chosen()
	compared, failed := h.Compared()
	switch {
	case len(h.Ticked()) == 2 && compared != nil && failed == nil:
		wanted, content = compared, func() fyne.CanvasObject { return p.c.comparison(compared, h.Untick, p.log) }
	case len(h.Ticked()) == 2 && failed != nil:
		wanted, content = failed.Error(), func() fyne.CanvasObject { return p.trouble(failed) }
	case len(h.Ticked()) == 2:
		wanted, content = "comparing", func() fyne.CanvasObject { return widgets.Note(p.c.say("Comparing …")) }
	case err != nil:
		wanted, content = err.Error(), func() fyne.CanvasObject { return p.trouble(err) }
	case b != nil && detail != nil:
		wanted, content = detail, func() fyne.CanvasObject { return p.c.pastBuild(*b, detail, p.log) }
	default:
		wanted, content = "nothing", func() fyne.CanvasObject { return container.NewStack() }
	}
	if p.drawn == wanted {
		return
	}
	p.drawn = wanted
	p.right.Objects = []fyne.CanvasObject{content()}
	p.right.Refresh()
}

// trouble says why there is nothing to see.
func (p *history) trouble(err error) fyne.CanvasObject {
	return widgets.Column(0, widgets.Banner(widgets.Failure, p.c.explain(err).text, "", nil))
}

// row is a build as the list shows it.
func (p *history) row(b model.PastBuild) widgets.TickRow {
	c := p.c
	parts := []string{c.Words().Ago(b.Started, c.Env().Now())}
	if b.Gone {
		parts = append(parts, c.say("image gone"))
	}
	parts = append(parts, c.Words().Duration(b.Ended.Sub(b.Started)))
	if b.Packages > 0 {
		parts = append(parts, c.count(b.Packages, "%d package", "%d packages"))
	}
	size := ""
	if b.Size > 0 {
		size = c.Words().Size(b.Size)
	}
	return widgets.TickRow{
		ID: c.say("%d", b.ID), Title: b.Name, Pill: c.buildResult(b.Result), Right: size, Summary: strings.Join(parts, " · "),
		Ticked: slices.Contains(c.History().Ticked(), b.ID),
	}
}

// buildResult is how a build ended, in a word.
func (c *context) buildResult(result string) string {
	switch result {
	case store.Done:
		return c.say("built")
	case store.Failed:
		return c.say("failed")
	case store.Cancelled:
		return c.say("cancelled")
	}
	return result
}
