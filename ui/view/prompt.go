package view

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/ui/widgets"
)

// promptWidth is how wide dialogs with fields are, in device-independent pixels.
const promptWidth = 560

// prompt is a dialog with fields. What is in it is not part of the design until
// its button is pressed.
type prompt struct {
	dialog *widgets.Dialog
	ok     *widgets.Button
}

// prompt asks for something. do is called for the button yes, and for Enter in
// the entries that are given to submit; the dialog goes away when do says so.
func (c *context) prompt(title, yes string, content fyne.CanvasObject, do func() bool) *prompt {
	p := &prompt{}
	cancel := widgets.Plain(c.say("Cancel"), "", func() { p.dialog.Hide() })
	p.ok = widgets.Primary(yes, "", func() {
		if do() {
			p.dialog.Hide()
		}
	})
	p.dialog = widgets.NewDialog(c.host.Window.Canvas(), title, promptWidth, content, cancel, p.ok)
	return p
}

// show opens it with the keyboard on a field. Enter in the entries presses the
// button, Escape closes.
func (p *prompt) show(c *context, entries ...*widgets.Entry) {
	for _, e := range entries {
		if !e.MultiLine {
			e.OnSubmitted = func(string) { p.press() }
		}
		e.OnCancel = p.dialog.Hide
	}
	p.dialog.Show()
	if len(entries) > 0 {
		c.focus(entries[0])
	}
}

// press does what the button does, where it can be pressed.
func (p *prompt) press() {
	if !p.ok.Disabled() {
		p.ok.Press()
	}
}

// allow lets the button be pressed, or not.
func (p *prompt) allow(on bool) {
	if on {
		p.ok.Enable()
	} else {
		p.ok.Disable()
	}
}

// rowList shows one object for each element of a list, by its place: what has the
// keyboard keeps it when elements change.
type rowList struct {
	box  *fyne.Container
	rows []listRow
	make func(i int) listRow
}

// listRow is one of them.
type listRow struct {
	object  fyne.CanvasObject
	refresh func()
	focus   fyne.Focusable
	// lead leads to a field in the row; nil: it has none.
	lead func(field string)
}

func newRowList(gap float32, build func(i int) listRow) *rowList {
	return &rowList{box: widgets.Column(gap), make: build}
}

// refresh shows n elements.
func (l *rowList) refresh(n int) {
	changed := len(l.rows) != n
	l.rows = l.rows[:min(n, len(l.rows))]
	for i := len(l.rows); i < n; i++ {
		l.rows = append(l.rows, l.make(i))
	}
	for _, r := range l.rows {
		r.refresh()
	}
	if !changed {
		return
	}
	l.box.Objects = nil
	for _, r := range l.rows {
		l.box.Objects = append(l.box.Objects, r.object)
	}
	l.box.Hidden = n == 0
	l.box.Refresh()
}

// lead leads to a field in a row of the list that a field of the design is. It
// says whether there is that row.
func (l *rowList) lead(list, field string) bool {
	for i, r := range l.rows {
		if at := list + "[" + strconv.Itoa(i) + "]"; r.lead != nil && strings.HasPrefix(field, at) {
			r.lead(field)
			return true
		}
	}
	return false
}

// options makes choices of named values.
func options[T any](list []T, of func(T) (value, text string)) []widgets.Option {
	all := make([]widgets.Option, len(list))
	for i, x := range list {
		all[i].Value, all[i].Label = of(x)
	}
	return all
}
