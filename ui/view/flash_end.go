package view

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/flash/opener"
	"github.com/isowright/isowright/ui/flashing"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// ended tells how a task ended, and what can be done next.
func (p *flashPage) ended(t *model.Task) fyne.CanvasObject {
	out, _ := t.Job.Result.(model.Outcome)
	if t.Action == model.WriteStick && len(out.Results) > 0 {
		return p.endOfWriting(t, out)
	}
	if t.Job.State != model.Done {
		return p.endInFailure(t, out)
	}
	return p.endOfTool(t, out)
}

// endOfWriting has a line a stick: only what was read back is green.
func (p *flashPage) endOfWriting(t *model.Task, out model.Outcome) fyne.CanvasObject {
	c := p.c
	var parts []fyne.CanvasObject
	failed := false
	for i, r := range out.Results {
		failed = failed || r.Err != nil
		parts = append(parts, c.stickEnd(t, t.Drives[i], r)...)
	}
	parts = append(parts, p.nextAfterWriting(t, out, failed))
	if !failed {
		parts = append(parts, widgets.Card(c.say("How to boot it"), "", widgets.Body(c.say(
			"Plug the stick into the other computer, switch it on, and press the key for its boot menu at once: mostly F12, on others F8, F9, F10, F11 or Esc; on a Mac hold the Option key. Choose the entry with USB or UEFI in its name."))))
	}
	return widgets.Column(widgets.Margin, parts...)
}

// stickEnd is how one stick ended.
func (c *context) stickEnd(t *model.Task, d drives.Drive, r flash.Result) []fyne.CanvasObject {
	name, image, rep := c.driveWords(d), filepath.Base(t.Image), r.Report
	w := c.Words()
	switch {
	case r.Err != nil:
		return c.stickFailed(d, r)
	case rep.Verified:
		rows := []fact{{c.say("Image"), c.short(t.Image)}, {c.say("Stick"), name + ", " + d.Path}, {c.say("SHA-256"), rep.SHA256},
			{c.say("Read back"), c.say("%s at %s", w.Size(rep.Size), w.Rate(rateOf(rep)))},
			{c.say("Written"), c.say("%s; %s were there already", w.Size(rep.Written), w.Size(rep.Kept))}, {c.say("Ejected"), c.ejected(rep)}}
		return []fyne.CanvasObject{widgets.Banner(widgets.Good, c.say("Written and verified: %s holds %s, byte for byte.", name, image), "", nil),
			widgets.Card("", "", c.facts(append(rows, c.noteFacts(rep)...)))}
	}
	rows := []fact{{c.say("Image"), c.short(t.Image)}, {c.say("Stick"), name + ", " + d.Path}, {c.say("SHA-256"), rep.SHA256}, {c.say("Ejected"), c.ejected(rep)}}
	return []fyne.CanvasObject{widgets.Banner(widgets.Warning, c.say("Written, not verified: nobody knows whether %s holds %s without a fault.", name, image), "", nil),
		widgets.Card("", "", c.facts(append(rows, c.noteFacts(rep)...)))}
}

// rateOf is how fast all of an image was read back, in bytes a second.
func rateOf(r flash.Report) float64 {
	seconds := r.Took[flash.Verifying]
	if seconds < 0.01 || r.ReadBack == 0 {
		// What was there already was compared while writing.
		seconds, r.ReadBack = max(0.01, r.Took[flash.Writing]), r.Kept
	}
	return float64(r.ReadBack) / seconds
}

func (c *context) ejected(r flash.Report) string {
	if r.Ejected {
		return c.say("yes, it can be pulled out")
	}
	return c.say("no")
}

// noteFacts are things worth telling that stopped nothing.
func (c *context) noteFacts(r flash.Report) []fact {
	var rows []fact
	for _, n := range r.Notes {
		rows = append(rows, fact{c.say("Note"), sentence(c.Words().Of(n))})
	}
	return rows
}

// stickFailed is what went wrong with a stick, why, what it is now and what to do.
func (c *context) stickFailed(d drives.Drive, r flash.Result) []fyne.CanvasObject {
	now := c.stickNow(d, r.Report.FirstMiB)
	if r.Report.State == flash.Cancelled {
		return []fyne.CanvasObject{widgets.Banner(widgets.Neutral, c.say("Writing %s was cancelled.", c.driveWords(d)), "", nil), widgets.Body(now)}
	}
	e := c.explainStick(r.Err)
	rows := []fact{{c.say("Likely cause"), c.likelyCause(r.Err)}, {c.say("The stick now"), now}, {c.say("What to do"), sentence(e.hint)}}
	return []fyne.CanvasObject{widgets.Banner(widgets.Failure, c.say("%s was not written: %s", c.driveWords(d), fullStop(e.text)), "", nil),
		widgets.Card("", "", c.facts(append(rows, c.noteFacts(r.Report)...)))}
}

// stickNow says what a stick is after a failure.
func (c *context) stickNow(d drives.Drive, f flash.FirstMiB) string {
	switch f {
	case flash.FirstUntouched, "":
		return c.say("Nothing was written to %s; it is as it was.", d.Path)
	case flash.FirstBlank:
		return c.say("%s does not boot: its beginning is blank. Write it again, or restore it.", d.Path)
	}
	return c.say("%s may hold anything. Write it again, or restore it.", d.Path)
}

// likelyCause is what mostly lies behind a kind of failure; "" where the sentence
// says it all.
func (c *context) likelyCause(err error) string {
	e := (*flash.Error)(nil)
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Kind {
	case flash.Gone:
		return c.say("It was pulled out, or its plug is loose.")
	case flash.ReadFault, flash.WriteFault, flash.SyncFault, flash.CloseFault:
		return c.say("The stick is worn out, or the port or cable is bad.")
	case flash.Silent:
		return c.say("The stick is worn out or too hot, or gets too little power.")
	case flash.Mismatch:
		return c.say("The stick does not keep what it is given: it is worn out, or a bad port or cable is in between.")
	case flash.FakeCapacity, flash.NoSpace:
		return c.say("It is a counterfeit that claims more memory than it has.")
	case flash.ReadOnly:
		return c.say("A switch at the stick, or it protects itself at the end of its life.")
	case flash.WrongSum, flash.ImageFault:
		return c.say("The image was damaged or not fetched to its end.")
	}
	return ""
}

// nextAfterWriting are the buttons below.
func (p *flashPage) nextAfterWriting(t *model.Task, out model.Outcome, failed bool) fyne.CanvasObject {
	c := p.c
	if failed {
		return p.nextAfterFailure(t)
	}
	p.next = widgets.Primary(c.say("Write another"), "flash", p.again)
	buttons := []fyne.CanvasObject{p.next, widgets.Plain(c.say("Try it"), "try", func() { c.Session.TryImage(t.Image) })}
	if !out.Results[0].Report.Ejected {
		buttons = append(buttons, widgets.Plain(c.say("Eject"), "eject", func() {
			for i, r := range out.Results {
				if !r.Report.Ejected {
					c.Flashing().EjectStick(t.Drives[i])
				}
			}
		}), widgets.Link(c.say("Restore stick"), "refresh", func() { p.askAbout(t, model.RestoreStick) }))
	}
	return widgets.Row(widgets.Gap, buttons...)
}

// nextAfterFailure offers to try again, and to tell somebody.
func (p *flashPage) nextAfterFailure(t *model.Task) fyne.CanvasObject {
	c := p.c
	p.next = widgets.Primary(c.say("Retry"), "refresh", func() { p.retry(t) })
	return widgets.Row(widgets.Gap, p.next,
		widgets.Plain(c.say("Copy details"), "copy", func() {
			c.host.Clipboard.SetContent(c.details(t))
			c.Tell(model.Message{Text: c.say("The details are in the clipboard.")})
		}),
		widgets.Link(c.say("Back"), "back", p.again))
}

// again goes back to choosing.
func (p *flashPage) again() {
	p.c.Flashing().Dismiss()
	p.Focus("")
}

// retry goes back and asks for the same once more; the drives have to be chosen
// still.
func (p *flashPage) retry(t *model.Task) {
	f := p.c.Flashing()
	f.Dismiss()
	o := f.Order(t.Action)
	switch {
	case len(o.Drives) == 0:
		p.Focus("")
	case t.Action == model.VerifyStick || t.Action == model.SaveStick:
		o.File = t.File
		f.Begin(o, make([]flash.Consent, len(o.Drives)))
	default:
		o.Full = t.Full
		p.ask(o)
	}
}

// askAbout goes back and asks about something else with a task's stick, where it
// is still there.
func (p *flashPage) askAbout(t *model.Task, action string) {
	f := p.c.Flashing()
	f.Dismiss()
	for _, d := range t.Drives[:1] {
		if f.Choose(d.Name, true) {
			p.ask(f.Order(action))
		}
	}
}

// endInFailure is a task that never came to its sticks, or a tool that failed.
func (p *flashPage) endInFailure(t *model.Task, out model.Outcome) fyne.CanvasObject {
	c := p.c
	if t.Job.State == model.Cancelled {
		rows := []fyne.CanvasObject{widgets.Banner(widgets.Neutral, c.say("%s was cancelled.", t.Job.Title), "", nil)}
		if len(out.Results) > 0 && t.Action == model.RestoreStick {
			rows = append(rows, widgets.Body(c.stickNow(t.Drives[0], out.Results[0].Report.FirstMiB)))
		}
		return widgets.Column(widgets.Margin, append(rows, p.nextAfterFailure(t))...)
	}
	e := c.explainStick(t.Job.Err)
	now := c.say("Nothing was written to %s; it is as it was.", t.Drives[0].Path)
	if len(out.Results) > 0 && t.Action == model.RestoreStick {
		now = c.stickNow(t.Drives[0], out.Results[0].Report.FirstMiB)
	}
	if t.Action == model.TestStick && !opened(t.Job.Err) {
		now = c.say("What was overwritten may not be back. Compare it with a copy, or restore it.")
	}
	facts := []fact{{c.say("Likely cause"), c.likelyCause(t.Job.Err)}, {c.say("The stick now"), now}, {c.say("What to do"), sentence(e.hint)}}
	if t.Action == model.VerifyStick && out.Comparison.First >= 0 && out.Comparison.Compared > 0 {
		facts = append(facts, fact{c.say("First difference"), c.say("at byte %d: %x instead of %x", out.Comparison.First, out.Comparison.Found, out.Comparison.Expected)})
	}
	return widgets.Column(widgets.Margin, widgets.Banner(widgets.Failure, c.say("%s failed: %s", t.Job.Title, fullStop(e.text)), "", nil),
		widgets.Card("", "", c.facts(facts)), p.nextAfterFailure(t))
}

// opened tells that the drive was refused or could not be opened: then nothing was
// done to it.
func opened(err error) bool {
	e := (*opener.Error)(nil)
	f := (*flashing.Error)(nil)
	return errors.As(err, &e) || errors.As(err, &f)
}

// endOfTool is a tool that ended well.
func (p *flashPage) endOfTool(t *model.Task, out model.Outcome) fyne.CanvasObject {
	c, w := p.c, p.c.Words()
	name := c.driveWords(t.Drives[0])
	kind, text := widgets.Good, ""
	var rows []fact
	switch t.Action {
	case model.VerifyStick:
		text = c.say("Verified: %s holds %s, byte for byte.", name, filepath.Base(t.Image))
		rows = []fact{{c.say("Compared"), w.Size(out.Comparison.Compared)}, {c.say("SHA-256"), out.Comparison.SHA256}}
	case model.RestoreStick:
		text = c.say("%s is empty and ready for files.", name)
	case model.SaveStick:
		text = c.say("%s is saved in %s.", name, filepath.Base(t.File))
		rows = []fact{{c.say("File"), c.short(t.File)}, {c.say("Size"), w.Size(out.Saved.Size)}, {c.say("SHA-256"), out.Saved.SHA256}}
	case model.TestStick:
		text = c.say("%s: %s", name, fullStop(w.Of(out.Capacity.Verdict)))
		if !out.Capacity.Genuine {
			kind = widgets.Failure
		}
		rows = []fact{{c.say("It says"), w.Size(out.Capacity.Claimed)}, {c.say("Found"), w.Size(out.Capacity.Real)}}
	}
	parts := []fyne.CanvasObject{widgets.Banner(kind, text, "", nil)}
	if len(rows) > 0 {
		parts = append(parts, widgets.Card("", "", c.facts(rows)))
	}
	p.next = widgets.Primary(c.say("Back"), "back", p.again)
	parts = append(parts, widgets.Row(widgets.Gap, p.next,
		widgets.Plain(c.say("Eject"), "eject", func() { c.Flashing().EjectStick(t.Drives[0]) })))
	return widgets.Column(widgets.Margin, parts...)
}

// flashNotice tells in a notification how work on sticks ended: what was not read
// back is not called done.
func (c *context) flashNotice(j *model.Job) string {
	out, _ := j.Result.(model.Outcome)
	for _, r := range out.Results {
		if j.State == model.Done && !r.Report.Verified && c.Flashing().Task() != nil && c.Flashing().Task().Action == model.WriteStick {
			return c.say("Written, not verified.")
		}
	}
	if j.State == model.Failed {
		return fullStop(c.explainStick(j.Err).text)
	}
	return c.say("Done.")
}

// details are what somebody who helps wants to know.
func (c *context) details(t *model.Task) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", t.Job.Title, t.Job.Began.Format(time.RFC3339))
	if t.Image != "" {
		fmt.Fprintf(&b, "image: %s\n", t.Image)
	}
	out, _ := t.Job.Result.(model.Outcome)
	for i, d := range t.Drives {
		fmt.Fprintf(&b, "drive: %s, %s, serial %s, %d bytes, %s\n", d.Path, cmp.Or(flashing.DriveName(d), "no name"), d.Serial, d.Size, d.Bus)
		if i < len(out.Results) {
			r := out.Results[i].Report
			fmt.Fprintf(&b, "state: %s, %d bytes written, %d kept, %d read back, first MiB %s\n", r.State, r.Written, r.Kept, r.ReadBack, r.FirstMiB)
			if out.Results[i].Err != nil {
				fmt.Fprintf(&b, "error: %v\n", out.Results[i].Err)
			}
		}
	}
	if t.Job.Err != nil {
		fmt.Fprintf(&b, "error: %v\n", t.Job.Err)
	}
	b.WriteString(strings.Join(t.Job.Log, "\n"))
	return b.String()
}
