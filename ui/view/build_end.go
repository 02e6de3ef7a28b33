package view

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// largest is how many packages the end of a build names.
const largest = 6

// buildDone is what a build gave, and what can be done with it.
func (c *context) buildDone(j *model.Job, again func()) fyne.CanvasObject {
	built, ok := j.Result.(model.Built)
	if !ok {
		return widgets.Body("")
	}
	w := c.Words()
	image := built.Image
	head := widgets.Banner(widgets.Good, c.say("%s is built: %s in %s.", filepath.Base(image.Path), w.Size(image.Size), w.Duration(j.Ended.Sub(j.Began))), "", nil)
	next := widgets.Row(widgets.Gap,
		widgets.Primary(c.say("Try it"), "try", func() { c.Session.TryImage(image.Path) }),
		widgets.Plain(c.say("Flash it"), "flash", func() { c.Session.FlashImage(image.Path) }),
		widgets.Plain(c.say("Open folder"), "folder", func() { c.openFolder(filepath.Dir(image.Path)) }),
		widgets.Link(c.say("Build again"), "build", again))
	var beside []string
	for _, name := range image.Beside {
		beside = append(beside, filepath.Base(name))
	}
	about := widgets.Card(c.say("The image"), "", c.facts([]fact{
		{c.say("File"), image.Path}, {c.say("SHA-256"), image.SHA256}, {c.say("Beside it"), strings.Join(beside, ", ")},
		{c.say("Packages"), c.say("%d", len(built.Plan.Packages))}, {c.say("Largest"), c.largestPackages(built.Plan.Packages)},
	}))
	return widgets.Column(widgets.Margin, head, next, widgets.Cards(380, widgets.Margin, about, c.phaseList(j)))
}

// largestPackages names those that take the most room.
func (c *context) largestPackages(all []catalog.Package) string {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b catalog.Package) int { return int(b.Installed - a.Installed) })
	var names []string
	for _, p := range sorted[:min(largest, len(sorted))] {
		if p.Installed > 0 {
			names = append(names, p.Name+" "+c.Words().Size(p.Installed))
		}
	}
	return strings.Join(names, ", ")
}

// buildFailed says why there is no image, and what to do.
func (c *context) buildFailed(j *model.Job, again func()) fyne.CanvasObject {
	if j.State == model.Cancelled {
		return widgets.Column(widgets.Margin,
			widgets.Banner(widgets.Neutral, c.say("The build was cancelled. What was fetched is kept for the next one."), "", nil),
			widgets.Row(widgets.Gap, widgets.Primary(c.say("Build again"), "build", again)), c.phaseList(j))
	}
	e := c.explain(j.Err)
	parts := []fyne.CanvasObject{widgets.Banner(widgets.Failure, c.say("The image could not be built: %s", e.text), "", nil)}
	if e.hint != "" {
		parts = append(parts, widgets.Body(c.say("What to do: %s", e.hint)))
	}
	if e.tail != "" {
		parts = append(parts, widgets.Card(c.say("The last it said"), "", widgets.Mono(strings.TrimSpace(e.tail))))
	}
	details := func() {
		c.host.Clipboard.SetContent(e.text + "\n" + e.hint + "\n" + e.tail + "\n" + strings.Join(j.Log, "\n"))
		c.Tell(model.Message{Text: c.say("The details are in the clipboard.")})
	}
	parts = append(parts, widgets.Row(widgets.Gap, widgets.Primary(c.say("Build again"), "build", again), widgets.Plain(c.say("Copy details"), "copy", details)), c.phaseList(j))
	return widgets.Column(widgets.Margin, parts...)
}

// openFolder shows a folder in the desktop's own program.
func (c *context) openFolder(path string) {
	if err := c.host.OpenFolder(path); err != nil {
		c.fail(c.say("The folder cannot be shown"), err)
	}
}
