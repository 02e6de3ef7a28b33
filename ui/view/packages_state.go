package view

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// notices says above the list what is to be known of the offer.
func (p *packages) notices(o *model.Offer) {
	p.notice.Objects = nil
	if n := p.noticeOf(o); n != nil {
		p.notice.Objects = []fyne.CanvasObject{n}
	}
	p.notice.Hidden = len(p.notice.Objects) == 0
	p.notice.Refresh()
}

// noticeOf is one of them, nil for none.
func (p *packages) noticeOf(o *model.Offer) fyne.CanvasObject {
	c := p.c
	if o == nil {
		return nil
	}
	if j := c.Job(model.Packages); j != nil && j.State == model.Running {
		p.progress.refresh(j)
		return p.progress.content
	}
	unknown := c.Unknown()
	switch {
	case o.Catalogue != nil && o.Err != nil:
		e := c.explain(o.Err)
		return widgets.Banner(widgets.Warning, c.say("There is no newer list: %s", e.text), c.say("Try again"), c.FetchCatalogue)
	case o.Catalogue != nil && o.Catalogue.Info().BuiltIn:
		return widgets.Banner(widgets.Neutral, c.say("These are the packages that people ask for most, without versions. The whole list of %s is fetched once.", o.Name),
			c.say("Fetch the list of packages"), c.FetchCatalogue)
	case len(unknown) > 0:
		return widgets.Banner(widgets.Failure, c.count(len(unknown), "%d ticked package does not exist in %s.", "%d ticked packages do not exist in %s.", o.Name),
			c.say("Show"), func() { p.showTicked(unknown[0]) })
	case o.Catalogue != nil && len(o.Notes) > 0:
		return widgets.Banner(widgets.Neutral, c.sentences(o.Notes), c.say("Fetch the list of packages"), c.FetchCatalogue)
	case o.State == model.OfferAbsent && p.anyTicked():
		kind := widgets.Neutral
		if o.Err != nil {
			kind = widgets.Warning
		}
		return widgets.Banner(kind, c.absentText(o), c.say("Fetch the list of packages"), c.FetchCatalogue)
	case o.State == model.OfferFailed && p.anyTicked():
		return widgets.Banner(widgets.Failure, c.failedText(o), c.say("Try again"), c.ReopenCatalogue)
	}
	return nil
}

// showTicked shows what is ticked, with one of them chosen.
func (p *packages) showTicked(name string) {
	b := p.browsing()
	*b = model.Browsing{Filter: model.FilterTicked, Chosen: name}
	p.Refresh(model.Change{What: model.CatalogueChanged})
	p.c.focus(p.list)
}

func (p *packages) anyTicked() bool { return len(p.c.design().Packages) > 0 }

func (c *context) absentText(o *model.Offer) string {
	if o.Err != nil {
		e := c.explain(o.Err)
		return strings.TrimSpace(c.say("The list of the packages of %s cannot be fetched: %s", o.Name, e.text) + " " + e.hint)
	}
	return c.say("The list of the packages of %s is not on this computer yet. It is fetched once, some ten megabytes.", o.Name)
}

func (c *context) failedText(o *model.Offer) string {
	e := c.explain(o.Err)
	text := c.say("The list of the packages of %s cannot be read: %s", o.Name, e.text)
	if e.hint != "" {
		text += " " + e.hint
	}
	return text
}

// mainPart shows the list, or what stands in its place.
func (p *packages) mainPart(o *model.Offer) {
	state := p.stateOf(o)
	if state == p.shown {
		return
	}
	p.shown = state
	c := p.c
	var part fyne.CanvasObject
	switch state {
	case "loading":
		part = widgets.Empty("packages", c.say("The list of the packages of %s is being opened …", o.Name), "", nil)
	case "fetching":
		part = widgets.Empty("download", c.say("The list of packages is being fetched. The design can be worked on meanwhile."), "", nil)
	case "absent":
		part = widgets.Empty("packages", c.absentText(o), c.say("Fetch the list of packages"), c.FetchCatalogue)
	case "not fetched":
		part = widgets.Empty("error", c.absentText(o), c.say("Try again"), c.FetchCatalogue)
	case "failed":
		part = widgets.Empty("error", c.failedText(o), c.say("Try again"), c.ReopenCatalogue)
	case "none ticked":
		part = widgets.Empty("packages", c.say("No package is ticked. What is ticked comes onto the image besides the base."), c.say("Show all packages"), func() { p.filtered(model.FilterAll) })
	case "nothing":
		part = widgets.Empty("search", c.say("No package fits. Fewer letters, or what the program does, may find it."), c.say("Clear the search"), func() { p.search.SetText("") })
	case "none":
		part = widgets.Empty("packages", c.say("There is no list of packages here."), "", nil)
	default:
		part = p.browser
	}
	p.main.Objects = []fyne.CanvasObject{part}
	p.main.Refresh()
	widgets.Relayout(p.main)
}

// stateOf is what the main part shows.
func (p *packages) stateOf(o *model.Offer) string {
	j := p.c.Job(model.Packages)
	b := p.browsing()
	switch {
	case o == nil:
		return "none"
	case o.Catalogue == nil && j != nil && j.State == model.Running:
		return "fetching"
	case o.State == model.OfferLoading:
		return "loading"
	case o.State == model.OfferAbsent && !p.anyTicked() && o.Err != nil:
		return "not fetched"
	case o.State == model.OfferAbsent && !p.anyTicked():
		return "absent"
	case o.State == model.OfferFailed && !p.anyTicked():
		return "failed"
	case b.Filter == model.FilterTicked && !p.anyTicked():
		return "none ticked"
	case len(p.names) == 0:
		return "nothing"
	}
	return "list"
}

// fetching shows how far the list of packages is fetched.
type fetching struct {
	c           *context
	content     fyne.CanvasObject
	doing, rate *widgets.Text
	bar         *widgets.Progress
	cancel      *widgets.Button
	job         *model.Job
}

func newFetching(c *context) *fetching {
	f := &fetching{c: c, doing: widgets.Line(""), rate: widgets.Line("").Coloured(widgets.ColourQuiet), bar: widgets.ProgressBar()}
	f.cancel = widgets.Plain(c.say("Cancel"), "stop", func() {
		if f.job != nil {
			f.cancel.Disable()
			f.job.Cancel()
		}
	})
	f.content = widgets.Card("", "", widgets.Row(widgets.Margin,
		widgets.Fill(widgets.Column(widgets.Gap, widgets.Row(widgets.Margin, widgets.Fill(f.doing), f.rate), f.bar)), f.cancel))
	return f
}

// refresh shows the job as it is.
func (f *fetching) refresh(j *model.Job) {
	if f.job != j {
		f.job = j
		f.cancel.Enable()
	}
	p := j.Phase()
	if p == nil {
		f.doing.SetText(j.Title)
		f.rate.SetText("")
		f.bar.SetUnknown()
		return
	}
	f.doing.SetText(f.c.phaseText(p))
	f.rate.SetText(f.c.rateText(p))
	if p.Total > 0 {
		f.bar.SetValue(float64(p.Done) / float64(p.Total))
	} else {
		f.bar.SetUnknown()
	}
}
