package view

import (
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// tryRunning is the screen, the keyboard and the buttons of a machine.
type tryRunning struct {
	c       *context
	content fyne.CanvasObject
	monitor *widgets.Monitor
	serial  *serialPane
	banner  *fyne.Container
	panes   *fyne.Container
	pause   *widgets.Button
	others  []*widgets.Button
	keys    *widgets.Button
	stop    *widgets.Button
	note    *widgets.Text
	accel   *widgets.Text
	lines   *widgets.Switch
}

func newTryRunning(c *context) *tryRunning {
	r := &tryRunning{c: c, banner: container.NewStack(), note: widgets.Line("").Coloured(widgets.ColourQuiet).Sized(widgets.SizeNote), accel: widgets.Note("")}
	r.monitor = widgets.NewMonitor("")
	r.monitor.CaptureTab, r.monitor.CaptureShortcuts = true, true
	r.monitor.OnRune = func(char rune) { r.typed(r.trial().Type(string(char))) }
	r.monitor.OnKey = func(name fyne.KeyName, mods fyne.KeyModifier) { r.typed(r.trial().Press(pressed(name, mods)...)) }
	r.monitor.OnRelease = func() { c.focus(r.pause) }
	r.monitor.OnLeave = func() { r.trial().ReleaseKeys() }
	r.monitor.OnPoint = func(x, y float64) { r.trial().Point(x, y) }
	r.monitor.OnButton = func(b desktop.MouseButton, down bool) { r.trial().Button(buttonOf(b), down) }
	r.monitor.OnRoom = func(width, height int) { r.trial().Fit(width, height) }
	r.serial = newSerialPane(c)
	r.lines = widgets.NewSwitch(c.say("Serial line"), func(on bool) { shown(r.serial.content, on); r.panes.Refresh() })
	r.lines.SetValue(true)
	r.panes = widgets.NewSplit(0.68, r.monitor, r.serial.content)
	upper := widgets.Column(12, r.banner, r.buttons())
	lower := widgets.InsetEach(0, 0, 12, 0, widgets.Column(widgets.Step, r.note, r.accel))
	inner := container.NewBorder(widgets.InsetEach(0, 0, 12, 0, upper), lower, nil, nil, r.panes)
	r.content = widgets.InsetEach(0, widgets.MarginWide, 0, widgets.MarginWide, inner)
	return r
}

// trial is the one that runs.
func (r *tryRunning) trial() *model.Trial { return r.c.Trial() }

// buttons are those of the machine.
func (r *tryRunning) buttons() fyne.CanvasObject {
	c := r.c
	r.pause = widgets.Plain(c.say("Pause"), "pause", func() {
		if t := r.trial(); t.State == model.TryPaused {
			t.Resume()
		} else {
			t.Pause()
		}
	})
	restart := widgets.Plain(c.say("Restart"), "refresh", func() { r.trial().Restart() })
	power := widgets.IconButton("power", c.say("Press the power button: most systems shut down in order then"), func() { r.trial().PowerButton() })
	restart.SetTip(c.say("Presses the reset button: the system is not asked."))
	r.keys = widgets.Plain(c.say("Send keys"), "down", r.showKeys)
	picture := widgets.IconButton("image", c.say("Save a picture of the screen …"), r.screenshot)
	r.stop = widgets.Plain(c.say("Stop"), "stop", func() { r.trial().Stop() })
	r.stop.SetTip(c.say("Switches the machine off at once."))
	r.others = []*widgets.Button{restart, power, r.keys, picture}
	return widgets.Row(widgets.Gap, r.stop, r.pause, restart, r.keys, power, picture, widgets.Spring(), r.lines)
}

// refresh shows the machine as it is.
func (r *tryRunning) refresh(t *model.Trial) {
	c := r.c
	begun := t.State != model.TryStarting
	for _, b := range append(r.others, r.pause) {
		if begun {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	r.pause.SetText(c.say("Pause"))
	r.pause.SetIcon("pause")
	r.note.SetText(c.say("Click the screen to type into it; Ctrl and Alt together give the keyboard back. %s, %s as %s.", filepath.Base(t.Options.Image), t.Options.Firmware, t.Options.As))
	r.accel.SetText(c.accelText(t.Accel))
	shown(r.accel, begun)
	switch {
	case !begun && t.Accel.Name == "":
		r.monitor.SetText(c.say("Starting. Whether KVM works here is being found out, which takes up to 8 seconds, once."))
	case !begun:
		r.monitor.SetText(c.say("Starting …"))
	case t.State == model.TryPaused:
		r.pause.SetText(c.say("Go on"))
		r.pause.SetIcon("play")
		r.note.SetText(c.say("The machine stands still until it goes on."))
	default:
		r.monitor.SetText(c.say("Nothing on the screen yet."))
	}
	r.trouble(t)
	r.serial.follow(t)
	r.picture(t)
}

// trouble tells why the machine will not come up.
func (r *tryRunning) trouble(t *model.Trial) {
	c := r.c
	r.banner.Objects = nil
	switch {
	case errors.Is(t.Trouble, trial.ErrKVM):
		r.banner.Objects = []fyne.CanvasObject{widgets.Banner(widgets.Warning,
			c.say("KVM does not run this system on this computer. Without KVM it runs, only slower."), c.say("Stop, and do without KVM"), c.WithoutKVM)}
	case t.Trouble != nil:
		r.banner.Objects = []fyne.CanvasObject{widgets.Banner(widgets.Failure, c.say("The machine will not come up: %s", c.explain(t.Trouble).text), "", nil)}
	}
	r.banner.Refresh()
}

// picture shows the newest picture of the screen.
func (r *tryRunning) picture(t *model.Trial) {
	if t.Picture == nil {
		r.monitor.SetImage(nil)
		t.Fit(r.monitor.Room())
		return
	}
	r.monitor.SetImage(t.Picture)
}

// typed tells of what the machine's keyboard does not have.
func (r *tryRunning) typed(err error) {
	if err != nil {
		r.c.Tell(model.Message{Kind: "warning", Text: r.c.Words().Of(err.Error())})
	}
}

// pressed are a key with modifiers as the machine names them.
func pressed(name fyne.KeyName, mods fyne.KeyModifier) []string {
	var keys []string
	for _, m := range []struct {
		mod  fyne.KeyModifier
		name string
	}{{fyne.KeyModifierControl, "LeftControl"}, {fyne.KeyModifierAlt, "LeftAlt"}, {fyne.KeyModifierShift, "LeftShift"}, {fyne.KeyModifierSuper, "LeftSuper"}} {
		if mods&m.mod != 0 {
			keys = append(keys, m.name)
		}
	}
	return append(keys, string(name))
}

// buttonOf is a button of the pointer as the machine names it.
func buttonOf(b desktop.MouseButton) trial.Button {
	switch b {
	case desktop.MouseButtonSecondary:
		return trial.Right
	case desktop.MouseButtonTertiary:
		return trial.Middle
	}
	return trial.Left
}

// showKeys opens the menu of keys that this computer would take for itself.
func (r *tryRunning) showKeys() {
	item := func(text string, keys ...string) *fyne.MenuItem {
		return fyne.NewMenuItem(text, func() { r.typed(r.trial().Press(keys...)) })
	}
	const ctrl, alt = "LeftControl", "LeftAlt"
	items := []*fyne.MenuItem{item(r.c.say("Ctrl+Alt+Delete"), ctrl, alt, "Delete")}
	for _, f := range []string{"F1", "F2", "F3", "F7"} {
		items = append(items, item(r.c.say("Ctrl+Alt+%s", f), ctrl, alt, f))
	}
	items = append(items, fyne.NewMenuItemSeparator(), item(r.c.say("Alt+Tab"), alt, "Tab"), item(r.c.say("Super"), "LeftSuper"), item(r.c.say("Print"), "PrintScreen"), fyne.NewMenuItemSeparator())
	for _, f := range []string{"F1", "F2", "F8", "F9", "F10", "F11", "F12"} {
		items = append(items, item(f, f))
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), r.c.host.Window.Canvas())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.keys)
	menu.ShowAtPosition(fyne.NewPos(at.X, at.Y+r.keys.Size().Height+4))
}

// screenshot asks for a file to write the picture to.
func (r *tryRunning) screenshot() {
	c := r.c
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil {
			c.fail(c.say("The picture is not saved"), err)
		}
		if w == nil {
			return
		}
		w.Close()
		r.trial().Screenshot(w.URI().Path())
	}, c.host.Window)
	d.SetFileName("screen.png")
	c.openAt(d.SetLocation)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

// serialPane is what the machine says on its serial line.
type serialPane struct {
	content fyne.CanvasObject
	log     *widgets.LogView
	of      *model.Trial
	said    int
}

func newSerialPane(c *context) *serialPane {
	p := &serialPane{log: widgets.NewLogView()}
	p.content = c.logPane(c.say("Serial line"), p.log)
	return p
}

// follow appends what is new.
func (p *serialPane) follow(t *model.Trial) {
	if p.of != t {
		p.of, p.said = t, t.Said-len(t.Serial)
		p.log.SetLines(nil)
	}
	if fresh := min(t.Said-p.said, len(t.Serial)); fresh > 0 {
		p.log.Append(t.Serial[len(t.Serial)-fresh:]...)
	}
	p.said = t.Said
}

// high gives the pane a height within a column.
func (p *serialPane) high(height float32) fyne.CanvasObject {
	return widgets.High(height, p.content)
}
