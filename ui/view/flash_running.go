package view

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// calm is how long a phase has to go on until it is said how long it takes: before,
// nobody knows.
const calm = 5 * time.Second

// flashRunning shows how far the work on sticks is, and nothing else.
type flashRunning struct {
	c       *context
	content fyne.CanvasObject
	head    *fyne.Container
	steps   *widgets.Stages
	doing   *widgets.Text
	rate    *widgets.Text
	bar     *widgets.Progress
	sticks  *fyne.Container
	note    *widgets.Text
	cancel  *widgets.Button
	// dismiss takes the question whether to cancel away.
	dismiss func()
}

func newFlashRunning(p *flashPage) *flashRunning {
	c := p.c
	r := &flashRunning{c: c, head: container.NewStack(), doing: widgets.Line("").Bold(), rate: widgets.Line("").Coloured(widgets.ColourQuiet),
		bar: widgets.ProgressBar(), sticks: container.NewStack(), note: widgets.Note("")}
	r.cancel = widgets.Plain(c.say("Cancel"), "stop", r.stop)
	card := widgets.Card("", "", widgets.Column(12, widgets.Row(widgets.Margin, widgets.Fill(r.doing), r.rate), r.bar, r.sticks,
		widgets.Row(widgets.Gap, widgets.Fill(r.note), r.cancel)))
	r.content = widgets.PageBody(widgets.Column(widgets.Margin, r.head, card))
	return r
}

// begin shows a task from its beginning.
func (r *flashRunning) begin(t *model.Task) {
	c := r.c
	var names []string
	for _, d := range t.Drives {
		names = append(names, c.driveWords(d))
	}
	parts := []fyne.CanvasObject{widgets.Section(t.Job.Title), widgets.Body(strings.Join(names, ", "))}
	r.steps = nil
	if t.Action == model.WriteStick {
		r.steps = widgets.Steps(c.say("Preparing"), c.say("Writing"), c.say("Flushing"), c.say("Verifying"), c.say("Finishing"))
		parts = append(parts, widgets.InsetEach(widgets.Gap, 0, 0, 0, r.steps))
	}
	r.head.Objects = []fyne.CanvasObject{widgets.Column(widgets.Step, parts...)}
	r.head.Refresh()
	r.doing.SetText(c.say("Beginning …"))
	r.rate.SetText("")
	r.bar.SetUnknown()
	r.sticks.Objects = nil
	r.cancel.Enable()
	c.focus(r.cancel)
}

// phases are the states of a flash, in the order of the steps.
func phases() []flash.State {
	return []flash.State{flash.Preparing, flash.Writing, flash.Flushing, flash.Verifying, flash.Finishing}
}

// refresh shows the task as it is.
func (r *flashRunning) refresh(t *model.Task) {
	p := t.Job.Phase()
	r.note.SetText(r.c.duringText(t))
	if p == nil {
		return
	}
	if at := slices.Index(phases(), flash.State(p.Step)); at >= 0 && r.steps != nil {
		r.steps.SetCurrent(at)
	}
	if len(t.Drives) > 1 {
		r.doing.SetText(r.c.stateName(flash.State(p.Step)))
	} else {
		r.doing.SetText(r.c.phaseText(p))
	}
	if p.Total > 0 {
		r.bar.SetValue(float64(p.Done) / float64(p.Total))
	} else {
		r.bar.SetUnknown()
	}
	r.rate.SetText(r.c.stickRate(p))
	if len(t.Drives) > 1 {
		r.sticks.Objects = []fyne.CanvasObject{r.c.stickRows(t)}
		r.sticks.Refresh()
	}
}

// stickRate is rateText; how long it takes is not guessed at in the beginning.
func (c *context) stickRate(p *model.Phase) string {
	calmer := *p
	if c.Env().Now().Sub(p.Began) < calm {
		calmer.Left = -1
	}
	return c.rateText(&calmer)
}

// stickRows are the sticks that are written together, each with how far it is.
func (c *context) stickRows(t *model.Task) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for i, s := range t.Sticks() {
		text := c.say("waiting")
		if s.Step != "" {
			text = c.stateName(flash.State(s.Step))
		}
		share := float64(0)
		if s.Total > 0 {
			share = float64(s.Done) / float64(s.Total)
			text += " · " + c.say("%s of %s", c.Words().Size(s.Done), c.Words().Size(s.Total))
		}
		if s.Rate > 0 {
			text += " · " + c.Words().Rate(s.Rate)
		}
		kind := widgets.Accent
		if flash.State(s.Step) == flash.Failed {
			kind = widgets.Failure
		}
		bar := widgets.SizeBar([]widgets.SizePart{{Share: share, Kind: kind}})
		rows = append(rows, widgets.Column(widgets.Step, widgets.Row(widgets.Gap, widgets.Fill(widgets.Line(c.driveWords(t.Drives[i]))),
			widgets.Line(text).Coloured(widgets.ColourQuiet)), bar))
	}
	return widgets.Column(12, rows...)
}

// stateName is a state of a flash in a word.
func (c *context) stateName(s flash.State) string {
	names := map[flash.State]string{flash.Preparing: words.Key("Preparing"), flash.Writing: words.Key("Writing"), flash.Flushing: words.Key("Flushing"),
		flash.Verifying: words.Key("Verifying"), flash.Finishing: words.Key("Finishing"), flash.Succeeded: words.Key("ready"),
		flash.Failed: words.Key("failed"), flash.Cancelled: words.Key("cancelled")}
	if name := names[s]; name != "" {
		return c.say(name)
	}
	return string(s)
}

// duringText says what not to do meanwhile.
func (c *context) duringText(t *model.Task) string {
	if t.Action == model.VerifyStick || t.Action == model.SaveStick {
		return c.say("Nothing on the stick is changed.")
	}
	return c.say("Leave the stick plugged in. The computer stays awake meanwhile.")
}

// stop asks whether to cancel, and says what the stick is then.
func (r *flashRunning) stop() {
	t := r.c.Flashing().Task()
	if t == nil || t.Job.State != model.Running {
		return
	}
	title, text := r.c.cancelTexts(t)
	goOn := widgets.Plain(r.c.say("Go on"), "", nil)
	stop := widgets.Danger(r.c.say("Cancel the work"), "", func() {
		if t.Job.State == model.Running {
			r.cancel.Disable()
			t.Job.Cancel()
		}
	})
	r.dismiss = widgets.Ask(r.c.host.Window.Canvas(), title, text, nil, goOn, stop)
}

// withdraw takes the question away when there is nothing to cancel any more.
func (r *flashRunning) withdraw() {
	if r.dismiss != nil {
		r.dismiss()
		r.dismiss = nil
	}
}

// cancelTexts are what a person ought to know before cancelling, by the phase.
func (c *context) cancelTexts(t *model.Task) (title, text string) {
	switch t.Action {
	case model.VerifyStick, model.SaveStick:
		return c.say("Stop reading?"), c.say("Safe to cancel: nothing on the stick was changed.")
	case model.TestStick:
		if t.Full {
			return c.say("Stop testing?"), c.say("The stick will not be usable until it is written again or restored.")
		}
		return c.say("Stop testing?"), c.say("What was on the stick is put back first. That takes a few seconds.")
	case model.RestoreStick:
		return c.say("Stop restoring?"), c.say("The stick will not be usable until it is written again or restored.")
	}
	if p := t.Job.Phase(); p != nil && flash.State(p.Step) == flash.Verifying {
		return c.say("Stop verifying?"), c.say("All data was written, but not checked. The stick does not boot until it is: its beginning is written when all the rest is proven.")
	}
	if p := t.Job.Phase(); p == nil || flash.State(p.Step) == flash.Preparing {
		return c.say("Stop before writing?"), c.say("If the stick was touched already, it will not be usable until it is written again or restored.")
	}
	return c.say("Stop writing?"), c.say("The stick will not be usable until it is written again or restored.")
}
