package view

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// strip is the line at the bottom that never moves: base, packages, size,
// problems, Build and Flash.
type strip struct {
	c       *context
	content *widgets.Strip
}

func newStrip(c *context) *strip {
	s := &strip{c: c}
	s.content = widgets.NewStrip(
		widgets.Primary(c.say("Build"), "build", s.build),
		widgets.Plain(c.say("Flash"), "flash", func() { c.Session.Show(model.Flash) }),
	)
	return s
}

// build leads to the page that builds; there it builds.
func (s *strip) build() {
	p, ok := s.c.frame.pages[model.Build].(*build)
	if ok && s.c.Place().Section == model.Build && p.shown == "ready" && !p.ready.start.Disabled() {
		p.ready.build()
		return
	}
	s.c.Session.Show(model.Build)
}

// refresh shows what is known of the design in front.
func (s *strip) refresh() {
	doc := s.c.Current()
	if doc == nil {
		return
	}
	d := doc.Design()
	problems := len(doc.Problems())
	cells := []widgets.StripCell{
		{Label: s.c.say("Base"), Value: s.c.baseText(d), Tapped: func() { s.c.Session.Show(model.Base) }},
		{Label: s.c.say("Packages"), Value: s.packages(doc), Tapped: func() { s.c.Session.Show(model.Packages) }},
		{Label: s.c.say("Image"), Value: s.size(doc), Tapped: func() { s.c.Session.Show(model.Build) }},
		{Label: s.c.say("Problems"), Value: s.c.problemCount(problems), Kind: problemKind(problems), Tapped: s.c.showProblems},
	}
	s.content.SetCells(cells)
}

// packages is how many packages were ticked, and what comes of them.
func (s *strip) packages(doc *model.Document) string {
	ticked := len(doc.Design().Packages)
	if p, fresh := doc.Plan(); p != nil && fresh && len(p.Packages) > 0 {
		return s.c.say("%d ticked, %d in all", ticked, len(p.Packages))
	}
	return s.c.say("%d ticked", ticked)
}

// size is the image's size as far as it is known.
func (s *strip) size(doc *model.Document) string {
	p, fresh := doc.Plan()
	switch {
	case doc.Planning():
		return s.c.say("working out …")
	case p == nil:
		return s.c.say("not known yet")
	case !fresh:
		return s.c.say("about %s before the last change", s.c.Words().Size(p.Sizes.Image))
	}
	return s.c.say("about %s", s.c.Words().Size(p.Sizes.Image))
}

// baseText names distribution, release and base.
func (c *context) baseText(d design.Design) string {
	d = design.WithDefaults(d)
	text := c.distribution(d.Distribution) + " " + d.Release
	if d.Base == "graphical" && d.Desktop != "" {
		return text + ", " + c.desktopName(d.Desktop)
	}
	return text + ", " + c.baseName(d.Base)
}

// problemKind colours a number of problems.
func problemKind(n int) widgets.Kind {
	if n > 0 {
		return widgets.Failure
	}
	return widgets.Neutral
}

// problemCount is the number of problems in words.
func (c *context) problemCount(n int) string {
	if n == 0 {
		return c.say("none")
	}
	return c.count(n, "%d problem", "%d problems")
}

// showProblems opens the list of problems; each leads to its field.
func (c *context) showProblems() {
	doc := c.Current()
	if doc == nil {
		return
	}
	var rows []fyne.CanvasObject
	var close func()
	for _, p := range doc.Problems() {
		rows = append(rows, widgets.ContentCard(c.problemRow(p), func() {
			close()
			c.Session.ShowField(p.Field)
		}))
	}
	if len(rows) == 0 {
		rows = append(rows, widgets.Body(c.say("No problems: the design can be built.")))
	}
	close = c.panel(c.say("Problems"), rows...)
}

// problemRow is a problem as the list shows it: where, what, and the way out.
func (c *context) problemRow(p design.Problem) fyne.CanvasObject {
	words := []fyne.CanvasObject{widgets.Note(c.fieldName(p.Field)), widgets.Body(sentence(c.Words().Of(p.Text)))}
	if p.Hint != "" {
		words = append(words, widgets.Note(sentence(c.Words().Of(p.Hint))))
	}
	icon := widgets.Icon("error").Coloured(widgets.ColourDanger)
	return widgets.Row(12, icon, widgets.Fill(widgets.Column(4, words...)))
}

// fieldName is a field's place in words: its page, and its key in the file.
func (c *context) fieldName(field string) string {
	section := model.SectionOf(field)
	for _, e := range entries() {
		if e.section == section {
			if field == "" {
				return c.say(e.title)
			}
			return c.say(e.title) + " · " + field
		}
	}
	return field
}
