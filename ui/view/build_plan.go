package view

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// planCard tells in words what a build will do, before anything is fetched.
func (c *context) planCard(doc *model.Document) fyne.CanvasObject {
	title := c.say("What will be built")
	p, fresh := doc.Plan()
	switch {
	case doc.Planning():
		return widgets.Card(title, c.say("The plan is being worked out …"), widgets.Note(c.say("Packages are looked up and their sizes added. Nothing is fetched but lists.")))
	case doc.PlanError() != nil:
		e := c.explain(doc.PlanError())
		return widgets.Card(title, "", widgets.Column(widgets.Gap,
			widgets.Body(e.text).Coloured(widgets.ColourDanger), widgets.Note(e.hint),
			widgets.Row(widgets.Gap, widgets.Plain(c.say("Try again"), "", doc.MakePlan))))
	case p == nil || !fresh:
		return widgets.Card(title, "", widgets.Column(12,
			widgets.Body(c.say("The plan names every package with its version, how much is to be fetched and how large the image will be.")),
			widgets.Row(widgets.Gap, widgets.Plain(c.say("Work out the plan"), "overview", doc.MakePlan))))
	}
	return widgets.Card(title, "", c.facts(c.planFacts(*p)))
}

// fact is a line of two columns.
type fact struct{ name, text string }

// facts lays facts out below each other.
func (c *context) facts(list []fact) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, f := range list {
		if f.text != "" {
			rows = append(rows, widgets.Row(widgets.Margin, widgets.Fixed(140, widgets.Line(f.name).Coloured(widgets.ColourQuiet)), widgets.Fill(widgets.Body(f.text))))
		}
	}
	return widgets.Column(6, rows...)
}

// planFacts are a plan in words.
func (c *context) planFacts(p plan.Plan) []fact {
	w := c.Words()
	d := p.Design
	system := c.baseText(d)
	if !p.State.Date.IsZero() {
		system += c.say(", as of %s", p.State.Date.Format("2006-01-02"))
	}
	download := c.say("nothing: all of it is on this computer")
	if p.Sizes.Download > 0 {
		download = w.Size(p.Sizes.Download)
	}
	if p.Nix != nil {
		download += c.count(len(p.Nix.Builds), "; %d derivation is built here", "; %d derivations are built here")
	}
	return []fact{
		{c.say("System"), system},
		{c.say("Packages"), c.packagesFact(p)},
		{c.say("To be fetched"), download},
		{c.say("Root"), nonZero(p.Sizes.Installed, func() string { return c.say("%s unpacked", w.Size(p.Sizes.Installed)) })},
		{c.say("Image"), c.say("about %s, volume %s", w.Size(p.Sizes.Image), p.VolumeID)},
		{c.say("Space to work"), nonZero(p.Sizes.Work, func() string { return c.say("about %s in the cache folder", w.Size(p.Sizes.Work)) })},
		{c.say("Users"), c.usersFact(p)},
		{c.say("Boot menu"), c.count(len(p.Menu.Entries), "%d entry", "%d entries")},
		{c.say("Kernel line"), strings.Join(p.KernelLine, " ")},
		{c.say("Warnings"), c.warningsFact(p)},
	}
}

func nonZero(n int64, text func() string) string {
	if n == 0 {
		return ""
	}
	return text()
}

// packagesFact counts the packages by why they are there.
func (c *context) packagesFact(p plan.Plan) string {
	ticked := 0
	for _, pkg := range p.Packages {
		if pkg.Reason == catalog.ReasonTicked {
			ticked++
		}
	}
	return c.say("%d: %d ticked, the others needed by these or the base", len(p.Packages), ticked)
}

// usersFact names who can log in.
func (c *context) usersFact(p plan.Plan) string {
	var names []string
	for _, u := range p.Design.Users {
		names = append(names, u.Name)
	}
	if p.Design.Root.PasswordHash != "" || len(p.Design.Root.SSHKeys) > 0 {
		names = append(names, "root")
	}
	if len(names) == 0 {
		return c.say("none of the design's")
	}
	return strings.Join(names, ", ")
}

// warningsFact are what does not stand in the way.
func (c *context) warningsFact(p plan.Plan) string {
	var lines []string
	for _, problem := range p.Warnings {
		lines = append(lines, c.problemText(problem))
	}
	return strings.Join(lines, "\n")
}
