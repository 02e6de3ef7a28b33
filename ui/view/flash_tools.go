package view

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/flashing"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// showTools opens the menu of the page below its button.
func (p *flashPage) showTools() {
	menu := widget.NewPopUpMenu(p.toolsMenu(), p.c.host.Window.Canvas())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.tools)
	menu.ShowAtPosition(fyne.NewPos(at.X+p.tools.Size().Width-menu.MinSize().Width, at.Y+p.tools.Size().Height+4))
}

// toolsMenu is what else can be done to the stick that is chosen.
func (p *flashPage) toolsMenu() *fyne.Menu {
	c := p.c
	o := c.Flashing().Order(model.WriteStick)
	item := func(text string, able bool, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(text, do)
		i.Disabled = !able
		return i
	}
	order := func(action string, full bool) func() {
		return func() {
			o := c.Flashing().Order(action)
			o.Full = full
			p.ask(o)
		}
	}
	one := len(o.Drives) == 1
	return fyne.NewMenu("",
		item(c.say("Compare the stick with the image"), one && o.Image != "", p.verify),
		item(c.say("Save the stick to a file …"), one, p.save),
		item(c.say("Make it an empty stick again …"), one, order(model.RestoreStick, false)),
		item(c.say("Test its capacity …"), one, order(model.TestStick, false)),
		item(c.say("Test all of its capacity, erasing it …"), one, order(model.TestStick, true)),
		fyne.NewMenuItemSeparator(),
		item(c.say("What was written so far"), true, p.showJournal))
}

// verify compares; nothing is changed by it, so nobody is asked.
func (p *flashPage) verify() {
	f := p.c.Flashing()
	o := f.Order(model.VerifyStick)
	f.Begin(o, make([]flash.Consent, len(o.Drives)))
}

// save asks for a file and copies the stick there.
func (p *flashPage) save() {
	c := p.c
	d := dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err != nil {
			c.fail(c.say("The folder cannot be opened"), err)
		}
		if l != nil {
			p.saveInto(l.Path())
		}
	}, c.host.Window)
	c.openAt(d.SetLocation)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

// saveInto saves the stick in a folder, under a name that is not there yet.
func (p *flashPage) saveInto(dir string) {
	f := p.c.Flashing()
	o := f.Order(model.SaveStick)
	if len(o.Drives) == 1 {
		o.File = filepath.Join(dir, model.SaveName(o.Drives[0], p.c.Env().Now()))
		f.Begin(o, make([]flash.Consent, 1))
	}
}

// showJournal lists what was done to which stick.
func (p *flashPage) showJournal() {
	c := p.c
	var rows []fyne.CanvasObject
	for _, f := range c.Flashing().Journal() {
		rows = append(rows, c.journalRow(f))
	}
	if len(rows) == 0 {
		rows = append(rows, widgets.Body(c.say("Nothing was written yet.")))
	}
	c.panel(c.say("What was written so far"), rows...)
}

// journalRow is a line of the journal.
func (c *context) journalRow(f store.Flash) fyne.CanvasObject {
	icon, colour := "warning", widgets.ColourWarning
	switch f.Result {
	case flashing.Verified, "done":
		icon, colour = "check", widgets.ColourGood
	case string(flash.Failed):
		icon, colour = "error", widgets.ColourDanger
	case string(flash.Cancelled):
		icon, colour = "stop", widgets.ColourQuiet
	}
	what := c.actionName(f.Action)
	if f.Image != "" {
		what += ": " + filepath.Base(f.Image)
	}
	about := c.say("%s, %s (%s), %s", c.resultName(f.Result), f.Model, c.Words().Size(f.DriveSize), c.Words().Ago(f.Ended, c.Env().Now()))
	if f.Error != "" {
		about += "\n" + sentence(c.Words().Of(f.Error))
	}
	return container.NewPadded(widgets.Row(12, widgets.Icon(icon).Coloured(colour), widgets.Fill(widgets.Column(2, widgets.Line(what).Bold(), widgets.Note(about)))))
}

// actionName is work on a stick in a word.
func (c *context) actionName(action string) string {
	switch action {
	case model.WriteStick:
		return c.say("Written")
	case model.VerifyStick:
		return c.say("Compared")
	case model.RestoreStick:
		return c.say("Restored")
	case model.SaveStick:
		return c.say("Saved")
	case model.TestStick:
		return c.say("Capacity tested")
	}
	return action
}

// resultName is how it ended.
func (c *context) resultName(result string) string {
	switch result {
	case flashing.Verified:
		return c.say("verified")
	case flashing.NotVerified:
		return c.say("written, not verified")
	case "done":
		return c.say("done")
	case string(flash.Failed):
		return c.say("failed")
	case string(flash.Cancelled):
		return c.say("cancelled")
	}
	return result
}
