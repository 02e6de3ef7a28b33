package view

import (
	"errors"
	"path/filepath"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// try is the page that boots an image: before, in which machine; while it runs, its
// screen; then how it ended.
type try struct {
	c       *context
	content fyne.CanvasObject
	body    *fyne.Container
	// shown is what the body shows now.
	shown   string
	ready   *tryReady
	running *tryRunning
}

func newTry(c *context) page {
	p := &try{c: c, body: container.NewStack()}
	p.ready = newTryReady(c)
	p.running = newTryRunning(c)
	p.content = widgets.Page(c.say("Try"), c.say("The image in a virtual machine. Nothing is written to the image."), nil, p.body)
	c.WatchTrial(p.picture)
	return p
}

// Content is the page.
func (p *try) Content() fyne.CanvasObject { return p.content }

// Focus goes to the button that leads on, or to the machine's screen.
func (p *try) Focus(string) {
	switch p.shown {
	case "ready":
		p.c.focus(p.ready.start)
	case "running":
		p.c.focus(p.running.monitor)
	}
}

// picture shows the newest picture of the screen.
func (p *try) picture() {
	if p.shown == "running" && p.c.Place().Section == model.Try {
		p.running.picture(p.c.Trial())
	}
}

// Refresh shows the state of the trial.
func (p *try) Refresh(change model.Change) {
	if change.What == model.PlaceChanged || change.What == model.LibraryChanged {
		p.c.Session.History().Load()
	}
	t := p.c.Trial()
	switch {
	case t != nil && t.State < model.TryOff:
		p.running.refresh(t)
		p.show("running", p.running.content)
	case p.c.TryTarget() == "" && t == nil:
		p.show("empty", p.empty())
	default:
		p.ready.refresh(t)
		p.show("ready", p.ready.content)
	}
}

// show brings the body into a state.
func (p *try) show(state string, content fyne.CanvasObject) {
	if p.shown == state && state != "empty" {
		return
	}
	changed := p.shown != state
	p.shown = state
	p.body.Objects = []fyne.CanvasObject{content}
	p.body.Refresh()
	if changed && p.c.Place().Section == model.Try {
		p.Focus("")
	}
}

// empty stands where there is no image.
func (p *try) empty() fyne.CanvasObject {
	c := p.c
	if c.Current() == nil {
		return widgets.Empty("try", c.say("Any bootable image can be tried here: choose a file, or drop one onto the window."), c.say("Choose an image file …"), c.chooseImageToTry)
	}
	return widgets.EmptyWith("try", c.say("Build the image of this design first, then it can be booted here without a stick."),
		widgets.Primary(c.say("Go to Build"), "", func() { c.Session.Show(model.Build) }),
		widgets.Link(c.say("Choose an image file …"), "folder", c.chooseImageToTry))
}

// chooseImageToTry asks for an image.
func (c *context) chooseImageToTry() {
	c.pickFile([]string{".iso", ".img"}, func(path string) { c.TryImage(path) })
}

// tryReady is what stands before a trial, and after one.
type tryReady struct {
	c        *context
	content  fyne.CanvasObject
	end      *fyne.Container
	image    *widgets.Text
	place    *widgets.Text
	own      *widgets.Button
	start    *widgets.Button
	firmware *widgets.Segments
	as       *widgets.Segments
	memory   *widgets.Segments
	cpus     *widgets.Segments
	network  *widgets.Check
	disk     *widgets.Check
	accel    *widgets.Text
	serial   *serialPane
	log      *fyne.Container
}

func newTryReady(c *context) *tryReady {
	r := &tryReady{c: c, end: container.NewStack(), log: container.NewStack(), accel: widgets.Note("")}
	r.image, r.place = widgets.Line("").Bold(), widgets.Line("").Coloured(widgets.ColourQuiet)
	r.start = widgets.Primary(c.say("Start the machine"), "play", func() { c.StartTrial() })
	r.own = widgets.Link(c.say("Use the design's own"), "", func() { c.ChooseTry(func(t *model.TryChoice) { t.Image = "" }) })
	r.serial = newSerialPane(c)
	choose := widgets.Plain(c.say("Choose another …"), "folder", c.chooseImageToTry)
	picture := widgets.Card(c.say("Image"), "", widgets.Row(12, widgets.Icon("disc"), widgets.Fill(widgets.Column(2, r.image, r.place)), r.own, choose))
	machine := widgets.Card(c.say("Machine"), "", widgets.Cards(340, widgets.MarginWide, r.fields()...))
	column := widgets.Column(widgets.Margin, r.end, picture, widgets.Row(widgets.Margin, r.start, widgets.Fill(r.accel)), machine, r.log)
	r.content = widgets.PageBody(column)
	return r
}

// fields are the choices of a machine.
func (r *tryReady) fields() []fyne.CanvasObject {
	c := r.c
	change := c.ChooseTry
	r.firmware = widgets.NewSegments([]widgets.Option{
		{Value: string(trial.UEFI), Label: "UEFI"}, {Value: string(trial.BIOS), Label: "BIOS"}, {Value: string(trial.SecureBoot), Label: c.say("Secure Boot")},
	}, func(v string) { change(func(t *model.TryChoice) { t.Firmware = trial.Firmware(v) }) })
	r.as = widgets.NewSegments([]widgets.Option{{Value: string(trial.USB), Label: c.say("USB stick")}, {Value: string(trial.CD), Label: c.say("CD")}},
		func(v string) { change(func(t *model.TryChoice) { t.As = trial.Medium(v) }) })
	r.memory = widgets.NewSegments([]widgets.Option{{Value: "1024", Label: "1 GiB"}, {Value: "2048", Label: "2 GiB"}, {Value: "4096", Label: "4 GiB"}, {Value: "8192", Label: "8 GiB"}},
		func(v string) { change(func(t *model.TryChoice) { t.MemoryMiB, _ = strconv.Atoi(v) }) })
	r.cpus = widgets.NewSegments(widgets.Options("1", "2", "4"), func(v string) { change(func(t *model.TryChoice) { t.CPUs, _ = strconv.Atoi(v) }) })
	r.network = widgets.NewCheck(c.say("Network"), func(on bool) { change(func(t *model.TryChoice) { t.Network = on }) })
	r.disk = widgets.NewCheck(c.say("An empty disk besides"), func(on bool) { change(func(t *model.TryChoice) { t.Disk = on }) })
	return []fyne.CanvasObject{
		widgets.Field(c.say("Firmware"), c.say("Secure Boot is UEFI that starts signed programs only."), r.firmware),
		widgets.Field(c.say("The machine sees the image as"), c.say("Some images boot as one of them only."), r.as),
		widgets.Field(c.say("Memory"), "", r.memory),
		widgets.Field(c.say("Processors"), "", r.cpus),
		widgets.Field("", c.say("The machine reaches what this computer reaches, and cannot be reached from outside."), atTheEdge(r.network)),
		widgets.Field("", c.say("16 GB (/dev/vda), to try an installation on. It is gone when the machine is off."), atTheEdge(r.disk)),
	}
}

// refresh shows what is chosen, and how the last trial ended.
func (r *tryReady) refresh(t *model.Trial) {
	c, choice := r.c, r.c.TryChoice()
	target := c.TryTarget()
	r.image.SetText(filepath.Base(target))
	r.place.SetText(filepath.Dir(target))
	if target == "" {
		r.image.SetText(c.say("No image yet"))
		r.place.SetText("")
		r.start.Disable()
	} else {
		r.start.Enable()
	}
	shown(r.own, choice.Image != "" && c.Current() != nil)
	r.firmware.SetValue(string(choice.Firmware))
	r.as.SetValue(string(choice.As))
	r.memory.SetValue(strconv.Itoa(choice.MemoryMiB))
	r.cpus.SetValue(strconv.Itoa(choice.CPUs))
	r.network.SetValue(choice.Network)
	r.disk.SetValue(choice.Disk)
	r.accel.SetText(c.accelText(c.TryAccel()))
	r.ended(t)
}

// ended tells how the last trial ended.
func (r *tryReady) ended(t *model.Trial) {
	r.end.Objects, r.log.Objects = nil, nil
	r.start.SetText(r.c.say("Start the machine"))
	if t != nil {
		r.start.SetText(r.c.say("Start again"))
		r.end.Objects = []fyne.CanvasObject{r.c.tryEnd(t)}
		r.serial.follow(t)
		if t.Said > 0 {
			r.log.Objects = []fyne.CanvasObject{r.serial.high(280)}
		}
	}
	r.end.Refresh()
	r.log.Refresh()
}

// tryEnd says how a trial ended.
func (c *context) tryEnd(t *model.Trial) fyne.CanvasObject {
	var missing *trial.MissingError
	if errors.As(t.Err, &missing) {
		return c.missingQEMU(missing)
	}
	if t.Err != nil {
		e := c.explain(t.Err)
		return widgets.Banner(widgets.Failure, c.say("The machine cannot run: %s", join(e.text, e.hint)), "", nil)
	}
	if t.Trouble != nil {
		return widgets.Banner(widgets.Warning, c.say("The machine is off. Before that it did not come up: %s", c.explain(t.Trouble).text), "", nil)
	}
	if t.State == model.TryOff {
		return widgets.Banner(widgets.Good, c.say("The system has switched the machine off."), "", nil)
	}
	return widgets.Banner(widgets.Neutral, c.say("The machine is off."), "", nil)
}

// missingQEMU says what has to be installed.
func (c *context) missingQEMU(missing *trial.MissingError) fyne.CanvasObject {
	if missing.Command == "" {
		return widgets.Banner(widgets.Failure, c.Words().Of(missing.Error()), "", nil)
	}
	return widgets.Banner(widgets.Failure, c.Words().Of(missing.Error()), c.say("Copy the command"), func() {
		c.host.Clipboard.SetContent(missing.Command)
		c.Tell(model.Message{Text: c.say("The command is in the clipboard. Run it in a terminal, then start again.")})
	})
}

// join puts two texts behind each other.
func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + " " + b
}

// shown shows or hides an object.
func shown(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// accelText tells how fast the machine is, and why.
func (c *context) accelText(a trial.Accel) string {
	switch a.Name {
	case "kvm":
		return c.say("It runs with KVM, about as fast as a computer of its own.")
	case "tcg":
		return c.say("It is translated by QEMU, ten to fifty times slower than a computer of its own: a login takes minutes. The reason: %s.", c.Words().Of(a.Reason))
	}
	return c.say("Whether the processor can run it itself (KVM) is found out at the first start.")
}
