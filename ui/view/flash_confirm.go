package view

import (
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// armAfter is how many seconds the button that destroys cannot be pressed, so that
// nobody confirms by a habit.
const armAfter = 2

// confirm is the question before a stick is changed.
type confirm struct {
	p     *flashPage
	order model.Order
	// agreed are in the order of the drives; asked tells which of them ask for
	// a name to be typed.
	agreed []flash.Consent
	yes    *widgets.Button
	text   string
	left   int
}

// ask asks before work that changes sticks. Cancel has the keyboard, and no key
// confirms from there.
func (p *flashPage) ask(o model.Order) {
	c := p.c
	if len(o.Drives) == 0 || o.Action == model.WriteStick && o.Image == "" {
		return
	}
	q := &confirm{p: p, order: o, agreed: make([]flash.Consent, len(o.Drives)), left: armAfter}
	q.text = p.verb(o)
	q.yes = widgets.Danger(q.text, "", q.agree)
	q.yes.Disable()
	cancel := widgets.Plain(c.say("Cancel"), "", func() { p.dismiss = nil })
	p.asking = o
	q.arm() // the button has room for its longest text
	p.dismiss = widgets.Ask(c.host.Window.Canvas(), p.question(o), "", q.content(), cancel, q.yes)
	q.tick()
}

// tick counts down on the button.
func (q *confirm) tick() {
	q.arm()
	if q.left == 0 {
		return
	}
	q.p.c.After(time.Second, func() {
		q.left--
		q.tick()
	})
}

// arm says on the button how long it is locked, and unlocks it when the time has
// gone and all names are typed.
func (q *confirm) arm() {
	if q.left > 0 {
		q.yes.SetText(q.p.c.say("%s (%d)", q.text, q.left))
		return
	}
	q.yes.SetText(q.text)
	if q.standing() {
		q.yes.Disable()
	} else {
		q.yes.Enable()
	}
}

// standing tells that something stands against a drive that was not agreed to.
func (q *confirm) standing() bool {
	f := q.p.c.Flashing()
	for i, d := range q.order.Drives {
		if len(flash.Standing(f.AgainstOrder(q.order, d), d, q.agreed[i])) > 0 {
			return true
		}
	}
	return false
}

// agree begins. The drives are looked at once more before they are opened.
func (q *confirm) agree() {
	q.p.dismiss = nil
	if q.left == 0 && !q.standing() {
		q.p.c.Flashing().Begin(q.order, q.agreed)
	}
}

// content is what will be lost, drive by drive.
func (q *confirm) content() fyne.CanvasObject {
	c := q.p.c
	var rows []fyne.CanvasObject
	for i, d := range q.order.Drives {
		rows = append(rows, q.drive(i, d))
	}
	list := fyne.CanvasObject(widgets.Column(widgets.Margin, rows...))
	if len(q.order.Drives) > 2 {
		list = scrollHigh(list, 320)
	}
	last := c.say("This cannot be undone.")
	if q.order.Action == model.TestStick && !q.order.Full {
		last = c.say("What is on the stick is put back at the end. Do not pull it out before.")
	}
	return widgets.Column(12, list, widgets.Body(last).Bold())
}

// drive is one drive: what will be lost, what will be unmounted, and the name to
// type.
func (q *confirm) drive(i int, d drives.Drive) fyne.CanvasObject {
	c := q.p.c
	rows := []fyne.CanvasObject{}
	if len(q.order.Drives) > 1 {
		rows = append(rows, widgets.Body(c.driveWords(d)).Bold())
	}
	for i, line := range c.partLines(d) {
		if i == 1 && len(d.Parts) > 0 && (q.order.Action != model.TestStick || q.order.Full) {
			rows = append(rows, widgets.Body(c.say("This will be lost:")))
		}
		rows = append(rows, widgets.Note(line))
	}
	entry := false
	for _, a := range c.Flashing().AgainstOrder(q.order, d) {
		switch a.Level {
		case flash.Unmount:
			q.agreed[i].Unmount = true
			rows = append(rows, markedRow("warning", widgets.ColourWarning, c.say("%s It will be unmounted first.", sentence(c.Words().Of(a.Text)))))
		case flash.TypeName:
			entry = true
			rows = append(rows, markedRow("warning", widgets.ColourWarning, sentence(c.Words().Of(a.Text))))
		}
	}
	if entry {
		rows = append(rows, q.nameEntry(i, d))
	}
	return widgets.Column(6, rows...)
}

// nameEntry wants the drive's name typed. Enter does nothing there.
func (q *confirm) nameEntry(i int, d drives.Drive) fyne.CanvasObject {
	e := widgets.NewEntry()
	e.OnEdit = func(text string) {
		q.agreed[i].Typed = text
		q.arm()
	}
	return widgets.Field(q.p.c.say("Type %s to go on", flash.NameToType(d)), "", e)
}

// driveWords is a drive's name and size.
func (c *context) driveWords(d drives.Drive) string {
	return c.say("%s (%s)", c.driveTitle(d), c.Words().Size(d.Size))
}

// verb is what the button says.
func (p *flashPage) verb(o model.Order) string {
	switch {
	case o.Action == model.RestoreStick:
		return p.c.say("Erase and restore")
	case o.Action == model.TestStick && o.Full:
		return p.c.say("Erase and test")
	case o.Action == model.TestStick:
		return p.c.say("Test")
	}
	return p.c.say("Erase and write")
}

// question is the title: what will be done to what.
func (p *flashPage) question(o model.Order) string {
	c := p.c
	name := c.driveWords(o.Drives[0])
	switch n := len(o.Drives); {
	case o.Action == model.RestoreStick:
		return c.say("Erase %s and make it an empty stick?", name)
	case o.Action == model.TestStick && o.Full:
		return c.say("Erase %s and test its whole capacity?", name)
	case o.Action == model.TestStick:
		return c.say("Test the capacity of %s?", name)
	case n > 1:
		return c.say("Erase %d drives and write %s?", n, filepath.Base(o.Image))
	}
	return c.say("Erase %s and write %s?", name, filepath.Base(o.Image))
}

// scrollHigh lets a long list scroll within a height, in device-independent pixels.
func scrollHigh(o fyne.CanvasObject, height float32) fyne.CanvasObject {
	s := container.NewVScroll(widgets.InsetEach(0, 12, 0, 0, o))
	s.SetMinSize(fyne.NewSize(0, height))
	return s
}
