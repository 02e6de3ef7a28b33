package view

import (
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// pastBuild is one build of earlier, with what can be done with it.
func (c *context) pastBuild(b model.PastBuild, detail *store.BuildRecord, log *widgets.LogView) fyne.CanvasObject {
	parts := []fyne.CanvasObject{widgets.Row(widgets.Gap, c.resultIcon(b.Result), widgets.Fill(widgets.Section(b.Name)), widgets.Pill(c.buildResult(b.Result), resultKind(b.Result)))}
	if b.Error != "" {
		parts = append(parts, widgets.Banner(widgets.Failure, c.Words().Of(b.Error), "", nil))
		if b.Hint != "" {
			parts = append(parts, widgets.Body(c.say("What to do: %s", c.Words().Of(b.Hint))))
		}
	}
	parts = append(parts, c.pastActions(b, detail), c.facts(c.pastFacts(b)))
	log.SetLines(strings.Split(strings.TrimRight(string(detail.Log), "\n"), "\n"))
	lower := widgets.InsetEach(12, 0, 0, 0, c.logPane(c.say("Log"), log))
	return widgets.Above(besideBar(widgets.Column(12, parts...)), lower, 180)
}

// besideBar leaves a column's bar its room.
func besideBar(column fyne.CanvasObject) fyne.CanvasObject {
	return widgets.InsetEach(0, 12, 0, 0, column)
}

// pastActions are the buttons for it.
func (c *context) pastActions(b model.PastBuild, detail *store.BuildRecord) fyne.CanvasObject {
	var row []fyne.CanvasObject
	if b.Image != "" && !b.Gone {
		row = append(row,
			widgets.Plain(c.say("Try"), "try", func() { c.TryImage(b.Image) }),
			widgets.Plain(c.say("Flash"), "flash", func() { c.FlashImage(b.Image) }),
			widgets.IconButton("folder", c.say("Open folder"), func() { c.openFolder(filepath.Dir(b.Image)) }))
	}
	open := widgets.Plain(c.say("Design as it was"), "file", func() {
		if err := c.History().OpenAsBuilt(); err != nil {
			c.fail(c.say("The design cannot be opened"), err)
		}
	})
	open.SetTip(c.say("Opens the design as it was then, as a new one that is not saved."))
	row = append(row, open, widgets.IconButton("copy", c.say("Copy all of it"), func() {
		c.host.Clipboard.SetContent(c.pastText(b, detail))
		c.Tell(model.Message{Text: c.say("The details are in the clipboard.")})
	}))
	return widgets.Row(widgets.Gap, row...)
}

// pastFacts are a build in words.
func (c *context) pastFacts(b model.PastBuild) []fact {
	w := c.Words()
	image := b.Image
	if b.Gone {
		image = c.say("%s (no longer there)", b.Image)
	}
	var phases []string
	for _, p := range b.Phases {
		phases = append(phases, c.phaseName(p.Step)+" "+w.Duration(time.Duration(p.Seconds*float64(time.Second))))
	}
	packages := ""
	if b.Packages > 0 {
		packages = c.say("%d", b.Packages)
	}
	return []fact{
		{c.say("Begun"), c.clock(b.Started)},
		{c.say("Took"), w.Duration(b.Ended.Sub(b.Started))},
		{c.say("Image"), image},
		{c.say("Size"), nonZero(b.Size, func() string { return w.Size(b.Size) })},
		{c.say("SHA-256"), halves(b.SHA256)},
		{c.say("Packages"), packages},
		{c.say("Design"), b.Design},
		{c.say("Steps"), strings.Join(phases, ", ")},
	}
}

// halves breaks a checksum into two lines, for a narrow place.
func halves(sum string) string {
	if sum == "" {
		return ""
	}
	return sum[:len(sum)/2] + "\n" + sum[len(sum)/2:]
}

// pastText is all of it as text.
func (c *context) pastText(b model.PastBuild, detail *store.BuildRecord) string {
	var text strings.Builder
	text.WriteString(b.Name + ": " + c.buildResult(b.Result) + "\n")
	for _, f := range c.pastFacts(b) {
		if f.text != "" {
			text.WriteString(f.name + ": " + strings.ReplaceAll(f.text, "\n", "") + "\n")
		}
	}
	if b.Error != "" {
		text.WriteString("\n" + b.Error + "\n" + b.Hint + "\n")
	}
	text.WriteString("\n" + string(detail.Log))
	return text.String()
}

// resultIcon is how a build ended, as a sign.
func (c *context) resultIcon(result string) fyne.CanvasObject {
	switch result {
	case store.Done:
		return widgets.Icon("check").Coloured(widgets.ColourGood)
	case store.Failed:
		return widgets.Icon("error").Coloured(widgets.ColourDanger)
	}
	return widgets.Icon("stop").Coloured(widgets.ColourQuiet)
}

// resultKind is its colour.
func resultKind(result string) widgets.Kind {
	switch result {
	case store.Done:
		return widgets.Good
	case store.Failed:
		return widgets.Failure
	}
	return widgets.Neutral
}
