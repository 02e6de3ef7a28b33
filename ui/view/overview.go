package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// shownProblems is how many problems the page names before it leads to the list
// of all.
const shownProblems = 3

// overview is the page that says what a design is and what comes next.
type overview struct {
	c       *context
	content fyne.CanvasObject
	form    *form
	// building tells whether the page says that a build runs.
	building bool
	// What is drawn anew with each change.
	recovered, problems, next, file, summary *fyne.Container
}

func newOverview(c *context) page {
	p := &overview{c: c, form: c.newForm(), recovered: container.NewStack(), problems: container.NewStack(),
		next: container.NewStack(), file: container.NewStack(), summary: container.NewStack()}
	p.form.text("name", c.say("Name"), "", func(d *design.Design) *string { return &d.Name })
	p.form.text("volume_label", c.say("Volume label"), c.say("What a stick with it is called. Made from the name where it is empty."),
		func(d *design.Design) *string { return &d.VolumeLabel })
	p.form.text("output", c.say("Image file"), c.say("Made from the name where it is empty."),
		func(d *design.Design) *string { return &d.Output })
	p.form.segments("architecture", c.say("Processor"), "", c.architectures(), func(d *design.Design) *string { return &d.Architecture })
	about := widgets.Card(c.say("The design"), "", p.form.content())
	side := widgets.Column(widgets.Margin, p.next, p.file)
	p.content = widgets.Page(c.say("Overview"), c.say("What this design is, and what comes next."), nil,
		widgets.PageBody(widgets.Column(widgets.Margin, p.recovered, p.problems, widgets.Cards(340, widgets.Margin, about, side), p.summary)))
	return p
}

// architectures are the processors that images are made for.
func (c *context) architectures() []widgets.Option {
	return []widgets.Option{{Value: "amd64", Label: c.say("PC (amd64)")}, {Value: "arm64", Label: c.say("ARM (arm64)")}}
}

// Content is the page.
func (p *overview) Content() fyne.CanvasObject { return p.content }

// Focus leads to a field.
func (p *overview) Focus(field string) { p.form.focus(field) }

// Refresh shows the design in front.
func (p *overview) Refresh(change model.Change) {
	doc := p.c.Current()
	if doc == nil {
		return
	}
	building := p.c.builds(doc)
	if change.What == model.JobChanged && building && p.building {
		// How far it is, is told elsewhere.
		return
	}
	p.building = building
	p.form.refresh()
	fill(p.recovered, p.recoveredNotice(doc)...)
	fill(p.problems, p.problemCard(doc)...)
	fill(p.next, p.nextCard(doc))
	fill(p.file, p.fileCard(doc))
	fill(p.summary, widgets.Card(p.c.say("What is in it"), "", p.c.summary(doc)))
}

// recoveredNotice asks what to do with a design that comes from a draft.
func (p *overview) recoveredNotice(doc *model.Document) []fyne.CanvasObject {
	at := doc.Recovered()
	if at.IsZero() {
		return nil
	}
	c := p.c
	when := at.Format("15:04")
	if at.Format("2006-01-02") != c.Env().Now().Format("2006-01-02") {
		when = at.Format("2006-01-02 15:04")
	}
	actions := []fyne.CanvasObject{widgets.Plain(c.say("Keep"), "", doc.KeepRecovered)}
	if doc.Path() != "" {
		actions = append(actions, widgets.Plain(c.say("Go back to the saved file"), "", func() {
			if err := doc.Revert(); err != nil {
				c.fail(c.say("The saved file cannot be read"), err)
			}
		}))
	}
	text := c.say("Recovered from a draft of %s: it has changes that were not saved.", when)
	return []fyne.CanvasObject{widgets.Notice(widgets.Warning, text, actions...)}
}

// problemCard names the first problems; each leads to its field.
func (p *overview) problemCard(doc *model.Document) []fyne.CanvasObject {
	all := doc.Problems()
	if len(all) == 0 {
		return nil
	}
	c := p.c
	var rows []fyne.CanvasObject
	for _, problem := range all[:min(len(all), shownProblems)] {
		rows = append(rows, widgets.ContentCard(c.problemRow(problem), func() { c.Session.ShowField(problem.Field) }))
	}
	if len(all) > shownProblems {
		rows = append(rows, linkAtTheEdge(widgets.Link(c.say("Show all %d problems", len(all)), "", c.showProblems)))
	}
	title := c.count(len(all), "%d problem stands in the way of an image", "%d problems stand in the way of an image")
	return []fyne.CanvasObject{widgets.Card(title, "", widgets.Column(widgets.Gap, rows...))}
}

// nextCard leads on: to the first image, or with the last one.
func (p *overview) nextCard(doc *model.Document) fyne.CanvasObject {
	c := p.c
	title := c.say("Next step")
	to := func(section model.Section) func() { return func() { c.Session.Show(section) } }
	if p.building {
		return widgets.Card(title, "", widgets.Column(12, widgets.Body(c.say("The image is being built.")),
			widgets.Row(widgets.Gap, widgets.Primary(c.say("Watch it"), "build", to(model.Build)))))
	}
	image, text := c.lastImage(doc)
	if n := len(doc.Problems()); n > 0 {
		return widgets.Card(title, "", widgets.Column(12, widgets.Body(c.say("Solve the problems; then the image can be built.")),
			widgets.Row(widgets.Gap, widgets.Primary(c.say("Show them"), "", c.showProblems))))
	}
	if image == "" {
		return widgets.Card(title, "", widgets.Column(12, widgets.Body(c.say("Nothing was built of it yet. Building shows first what it will take.")),
			widgets.Row(widgets.Gap, widgets.Primary(c.say("Build"), "build", to(model.Build)))))
	}
	return widgets.Card(title, "", widgets.Column(12, widgets.Body(text), widgets.Flow(widgets.Gap,
		widgets.Primary(c.say("Try it"), "try", func() { c.TryImage(image) }),
		widgets.Plain(c.say("Flash it"), "flash", func() { c.FlashImage(image) }),
		widgets.Link(c.say("Build again"), "build", to(model.Build)))))
}

// builds tells whether a design's image is being built.
func (c *context) builds(doc *model.Document) bool {
	j := c.Job(model.Build)
	return j != nil && j.Doc == doc && j.State == model.Running
}

// lastImage is the newest image of a design, with a sentence about it; none
// where nothing was built.
func (c *context) lastImage(doc *model.Document) (path, text string) {
	w := c.Words()
	say := func(size int64, ago string) string {
		return c.say("The last image has %s and was built %s.", w.Size(size), ago)
	}
	if j := c.Job(model.Build); j != nil && j.Doc == doc && j.State == model.Done {
		if built, ok := j.Result.(model.Built); ok {
			return built.Image.Path, say(built.Image.Size, w.Ago(j.Ended, c.Env().Now()))
		}
	}
	if r, ok := c.RecentOf(doc.Path()); ok && r.Image != "" {
		return r.Image, say(r.Size, w.Ago(r.Built, c.Env().Now()))
	}
	return "", ""
}

// fileCard says where the design is kept.
func (p *overview) fileCard(doc *model.Document) fyne.CanvasObject {
	c := p.c
	if doc.Path() == "" {
		return widgets.Card(c.say("Project file"), "", widgets.Column(12,
			widgets.Body(c.say("It has no file yet. A design is one text file that can be kept in git and given to others.")),
			widgets.Row(0, widgets.Plain(c.say("Save …"), "save", c.save))))
	}
	state := c.say("Everything is saved.")
	if doc.Dirty() {
		state = c.say("There are changes that are not saved.")
	}
	return widgets.Card(c.say("Project file"), "", widgets.Column(widgets.Gap, widgets.Body(doc.Path()), widgets.Note(state)))
}
