package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// flashPage writes an image to sticks: what and where is chosen, it is written
// with nothing else in sight, and then it is told how it ended.
type flashPage struct {
	c       *context
	content fyne.CanvasObject
	body    *fyne.Container
	tools   *widgets.Button
	ready   *flashReady
	running *flashRunning
	// asking is what a person is asked about; dismiss takes the question away.
	asking  model.Order
	dismiss func()
	// shown is the state in sight, of the task.
	shown string
	task  *model.Task
	// next is the button that leads on after an end.
	next *widgets.Button
}

func newFlash(c *context) page {
	p := &flashPage{c: c, body: container.NewStack()}
	p.tools = widgets.Plain(c.say("Tools"), "more", p.showTools)
	p.ready = newFlashReady(p)
	p.running = newFlashRunning(p)
	p.content = widgets.Page(c.say("Flash"), c.say("Writes an image to USB sticks, reads every byte back, and says only then that it is done."),
		[]fyne.CanvasObject{p.tools}, p.body)
	return p
}

// Content is the page.
func (p *flashPage) Content() fyne.CanvasObject { return p.content }

// Focus leads to where a person goes on.
func (p *flashPage) Focus(string) {
	switch p.shown {
	case "ready":
		p.c.focus(p.ready.first())
	case "running":
		p.c.focus(p.running.cancel)
	case "ended":
		if p.next != nil {
			p.c.focus(p.next)
		}
	}
}

// Refresh shows how it stands.
func (p *flashPage) Refresh(model.Change) {
	f := p.c.Flashing()
	t := f.Task()
	p.withdraw()
	switch {
	case t == nil:
		p.show("ready", nil)
	case t.Job.State == model.Running:
		p.show("running", t)
	default:
		p.show("ended", t)
	}
}

// show brings the body into a state; what an ended task shows is made once.
func (p *flashPage) show(state string, t *model.Task) {
	changed := p.shown != state || p.task != t
	p.shown, p.task = state, t
	switch state {
	case "ready":
		p.ready.refresh()
		p.tools.Show()
	case "running":
		if changed {
			p.running.begin(t)
		}
		p.running.refresh(t)
		p.tools.Hide()
	}
	if !changed {
		return
	}
	switch state {
	case "ready":
		p.body.Objects = []fyne.CanvasObject{p.ready.content}
	case "running":
		p.body.Objects = []fyne.CanvasObject{p.running.content}
	case "ended":
		p.tools.Hide()
		p.running.withdraw()
		p.body.Objects = []fyne.CanvasObject{widgets.PageBody(p.ended(t))}
	}
	p.body.Refresh()
	if state == "ended" {
		p.Focus("")
	}
}

// withdraw takes a question away whose drives are not the chosen ones any more:
// nobody shall agree to what is not there.
func (p *flashPage) withdraw() {
	if p.dismiss != nil && !p.c.Flashing().Current(p.asking) {
		p.dismiss()
		p.dismiss = nil
	}
}
