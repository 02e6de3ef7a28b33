package view

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// buildRunning shows how far a build is.
type buildRunning struct {
	c       *context
	content fyne.CanvasObject
	phases  *fyne.Container
	bar     *widgets.Progress
	doing   *widgets.Text
	rate    *widgets.Text
	cancel  *widgets.Button
}

func newBuildRunning(c *context) *buildRunning {
	r := &buildRunning{c: c, phases: container.NewStack(), bar: widgets.ProgressBar(), doing: widgets.Line(""), rate: widgets.Line("").Coloured(widgets.ColourQuiet)}
	r.cancel = widgets.Plain(c.say("Cancel"), "stop", func() {
		if j := c.Job(model.Build); j != nil {
			r.cancel.Disable()
			j.Cancel()
		}
	})
	far := widgets.Column(widgets.Gap, widgets.Row(widgets.Margin, widgets.Fill(r.doing), r.rate), r.bar)
	now := widgets.Row(widgets.Margin, widgets.Fill(far), r.cancel)
	r.content = widgets.Column(widgets.Margin, widgets.Card("", "", now), r.phases)
	return r
}

// refresh shows the job as it is.
func (r *buildRunning) refresh(j *model.Job) {
	r.phases.Objects = []fyne.CanvasObject{r.c.phaseList(j)}
	r.phases.Refresh()
	p := j.Phase()
	if p == nil {
		r.doing.SetText(r.c.say("Beginning …"))
		r.bar.SetUnknown()
		return
	}
	r.cancel.Enable()
	r.doing.SetText(r.c.phaseText(p))
	if p.Total > 0 {
		r.bar.SetValue(float64(p.Done) / float64(p.Total))
	} else {
		r.bar.SetUnknown()
	}
	r.rate.SetText(r.c.rateText(p))
}

// phaseText is what is done right now.
func (c *context) phaseText(p *model.Phase) string {
	if p.Text != "" {
		return c.Words().Of(p.Text)
	}
	return c.phaseName(p.Step)
}

// rateText is how fast it goes, how far it is and how long it takes.
func (c *context) rateText(p *model.Phase) string {
	var parts []string
	w := c.Words()
	switch {
	case p.Total > 0 && p.Unit == "":
		parts = append(parts, c.say("%s of %s", w.Size(p.Done), w.Size(p.Total)))
	case p.Total > 0:
		parts = append(parts, c.say("%d of %d", p.Done, p.Total))
	}
	if p.Rate > 0 && p.Unit == "" {
		parts = append(parts, w.Rate(p.Rate))
	}
	if p.Left >= 0 {
		parts = append(parts, w.Left(p.Left))
	}
	return strings.Join(parts, " · ")
}

// phaseList is the column of phases, each with its time.
func (c *context) phaseList(j *model.Job) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for i := range j.Phases {
		p := &j.Phases[i]
		icon := widgets.Icon("check").Coloured(widgets.ColourGood)
		end := p.Ended
		switch last := i == len(j.Phases)-1; {
		case p.Ended.IsZero():
			icon, end = widgets.Icon("clock").Coloured(widgets.ColourAccent), c.Env().Now()
		case last && j.State == model.Failed:
			icon = widgets.Icon("error").Coloured(widgets.ColourDanger)
		case last && j.State == model.Cancelled:
			icon = widgets.Icon("stop").Coloured(widgets.ColourQuiet)
		}
		took := widgets.Number(c.Words().Duration(end.Sub(p.Began)))
		rows = append(rows, widgets.Row(12, icon, widgets.Fill(widgets.Line(c.phaseName(p.Step))), took))
	}
	title := c.say("Steps")
	if !j.Ended.IsZero() {
		title = c.say("Steps, %s in all", c.Words().Duration(j.Ended.Sub(j.Began).Round(time.Second)))
	}
	return widgets.Card(title, "", widgets.Column(widgets.Gap, rows...))
}

// phaseName is a phase of a build in words.
func (c *context) phaseName(step string) string {
	names := map[string]string{
		"prepare": words.Key("Check this computer"), "catalogue": words.Key("Read the lists of packages"), "resolve": words.Key("Resolve packages"),
		"helper": words.Key("Prepare the tools"), "download": words.Key("Fetch packages"), "index": words.Key("Index packages"),
		"extract": words.Key("Unpack packages"), "root": words.Key("Make the root file system"), "configure": words.Key("Set the system up"),
		"boot files": words.Key("Make the boot files"), "squashfs": words.Key("Pack the root file system"), "image": words.Key("Write the image"),
		"checksum": words.Key("Compute the checksum"), "compare": words.Key("Check the result"), "closure": words.Key("Read the closure"),
		"clean up": words.Key("Clean up"), "evaluate": words.Key("Evaluate the design"), "build": words.Key("Build with Nix"), "fetch": words.Key("Fetch"),
	}
	if name := names[step]; name != "" {
		return c.say(name)
	}
	return step
}

// contains tells whether a line has one of the texts.
func contains(line string, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(line, text) {
			return true
		}
	}
	return false
}
