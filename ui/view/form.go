package view

import (
	"cmp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// form is a column of fields that are bound to the design in front: what a
// person types becomes an edit that can be undone, what changes elsewhere is
// shown, and a field's problem stands below it.
type form struct {
	c    *context
	rows []formRow
}

// formRow is one field.
type formRow struct {
	// field as in design.Problem; rows without one have no problems.
	field string
	box   *widgets.Labelled
	// object is what is laid out: the box, or a text between fields.
	object  fyne.CanvasObject
	focus   fyne.Focusable
	refresh func(d, defaults design.Design)
	// shown tells whether the row is there at all; nil: always.
	shown func(d design.Design) bool
	// group has the rows that stand beside each other, at the first of them.
	group   *fyne.Container
	grouped bool
}

// newForm is an empty form.
func (c *context) newForm() *form { return &form{c: c} }

// content is the form's column, no wider than reads well.
func (f *form) content() fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for _, r := range f.rows {
		if r.group != nil {
			objects = append(objects, r.group)
		} else if !r.grouped {
			objects = append(objects, r.object)
		}
	}
	return widgets.Form(objects...)
}

// besideWidth is the least width of fields beside each other, in
// device-independent pixels.
const besideWidth = 280

// beside puts the rows that build adds beside each other, where each has room
// for least device-independent pixels.
func (f *form) beside(least float32, build func()) {
	from := len(f.rows)
	build()
	var objects []fyne.CanvasObject
	for i := from; i < len(f.rows); i++ {
		objects = append(objects, f.rows[i].object)
		f.rows[i].grouped = true
	}
	f.rows[from].group = widgets.Cards(least, 16, objects...)
}

// refresh shows the design in front.
func (f *form) refresh() {
	d := f.c.design()
	defaults := design.WithDefaults(d)
	doc := f.c.Current()
	f.reveal(d)
	for _, r := range f.rows {
		if r.refresh != nil {
			r.refresh(d, defaults)
		}
		if r.box == nil || r.field == "" || doc == nil {
			continue
		}
		p, _ := doc.ProblemAt(r.field)
		r.box.SetProblem(f.c.problemText(p))
	}
}

// when has the rows that build adds shown only while a design fits.
func (f *form) when(fits func(d design.Design) bool, build func()) {
	from := len(f.rows)
	build()
	for i := from; i < len(f.rows); i++ {
		f.rows[i].shown = fits
	}
}

// reveal shows and hides rows.
func (f *form) reveal(d design.Design) {
	for _, r := range f.rows {
		switch {
		case r.shown == nil || r.shown(d) == r.object.Visible():
		case r.object.Visible():
			r.object.Hide()
		default:
			r.object.Show()
		}
	}
	// A group of which nothing is shown takes no room.
	var group *fyne.Container
	for _, r := range f.rows {
		if r.group != nil {
			group = r.group
			group.Hidden = true
		}
		if r.grouped && r.object.Visible() {
			group.Hidden = false
		}
	}
}

// problemText is a problem in one or two sentences.
func (c *context) problemText(p design.Problem) string {
	if p.Text == "" {
		return ""
	}
	text := c.Words().Of(p.Text)
	if p.Hint != "" {
		text += ": " + c.Words().Of(p.Hint)
	}
	return sentence(text)
}

// focus leads to a field of the design, to the first one with "". It says
// whether the form has it.
func (f *form) focus(field string) bool {
	for _, r := range f.rows {
		if r.focus == nil || !r.object.Visible() {
			continue
		}
		if field == "" || r.field == field || strings.HasPrefix(field, r.field+".") || strings.HasPrefix(field, r.field+"[") {
			f.c.focus(r.focus)
			return true
		}
	}
	return false
}

// heading is a section's title between the fields.
func (f *form) heading(title string) { f.add(formRow{object: widgets.Section(title)}) }

// note is a quiet text between the fields.
func (f *form) note(text string) { f.add(formRow{object: widgets.Note(text)}) }

// object is anything else in the column; refresh may be nil.
func (f *form) object(o fyne.CanvasObject, refresh func()) {
	r := formRow{object: o}
	if refresh != nil {
		r.refresh = func(design.Design, design.Design) { refresh() }
	}
	f.add(r)
}

func (f *form) add(r formRow) { f.rows = append(f.rows, r) }

// control is a field with any control.
func (f *form) control(field, label, note string, control fyne.CanvasObject, focus fyne.Focusable, refresh func(d, defaults design.Design), options ...widgets.FieldOption) {
	box := widgets.Field(label, note, control, options...)
	f.add(formRow{field: field, box: box, object: box, focus: focus, refresh: refresh})
}

// text is a field of one line. at points to it in a design; what the design
// leaves out is shown as what applies then.
func (f *form) text(field, label, note string, at func(*design.Design) *string) *widgets.Entry {
	return f.entry(field, label, note, widgets.NewEntry(), at)
}

// lines is a field of several lines.
func (f *form) lines(field, label, note string, rows int, at func(*design.Design) *string) *widgets.Entry {
	return f.entry(field, label, note, widgets.NewMultiEntry(rows), at)
}

func (f *form) entry(field, label, note string, e *widgets.Entry, at func(*design.Design) *string) *widgets.Entry {
	f.c.bind(e)
	e.OnEdit = func(text string) {
		f.c.edit(changeOf(label, field), func(d *design.Design) { *at(d) = text })
	}
	f.control(field, label, note, e, e, func(d, defaults design.Design) {
		// Setting it draws the field anew.
		if otherwise := *at(&defaults); otherwise != e.PlaceHolder {
			e.SetPlaceHolder(otherwise)
		}
		e.SetValue(*at(&d))
	})
	return e
}

// changeOf is the action of a field that is typed into.
func changeOf(label, field string) model.Action {
	return model.Act("change %s", label).In(field)
}

// number is a whole number of which 0 leaves the choice to the program; what it
// is then is shown.
func (f *form) number(field, label, note, otherwise string, at func(*design.Design) *int) *widgets.Entry {
	e := widgets.NewEntry()
	f.c.bind(e)
	e.SetPlaceHolder(otherwise)
	e.OnEdit = func(text string) {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil && strings.TrimSpace(text) != "" {
			return
		}
		f.c.edit(changeOf(label, field), func(d *design.Design) { *at(d) = n })
	}
	f.control(field, label, note, e, e, func(d, _ design.Design) {
		if n := *at(&d); n != 0 {
			e.SetValue(strconv.Itoa(n))
		} else {
			e.SetValue("")
		}
	}, widgets.Width(numberWidth))
	return e
}

// numberWidth is room for the longest number that anybody types.
const numberWidth = 160

// tick is a yes or no.
func (f *form) tick(field, label, note string, at func(*design.Design) *bool) {
	t := widgets.NewCheck(label, func(on bool) {
		f.c.edit(tickOf(label, on), func(d *design.Design) { *at(d) = on })
	})
	f.control(field, "", note, atTheEdge(t), t, func(d, _ design.Design) { t.SetValue(*at(&d)) })
}

// atTheEdge lines a tick's box up with the other controls: it has a margin of its
// own.
func atTheEdge(t *widgets.Check) fyne.CanvasObject { return widgets.InsetEach(0, 0, 0, -8, t) }

// tickOf is the action of a tick.
func tickOf(what string, on bool) model.Action {
	if on {
		return model.Act("tick %s", what)
	}
	return model.Act("untick %s", what)
}

// segments is a choice of two to five values, all of them on the screen. What the
// design leaves out is shown as what applies then.
func (f *form) segments(field, label, note string, options []widgets.Option, at func(*design.Design) *string) *widgets.Segments {
	s := widgets.NewSegments(options, f.pick(label, at))
	f.control(field, label, note, s, s, func(d, defaults design.Design) { s.SetValue(cmp.Or(*at(&d), *at(&defaults))) })
	return s
}

// choice is a value of a long list that is searched as one types.
func (f *form) choice(field, label, note string, options []widgets.Option, at func(*design.Design) *string) *widgets.Choice {
	s := widgets.NewChoice(options, f.pick(label, at))
	f.control(field, label, note, s, s, func(d, defaults design.Design) { s.SetValue(cmp.Or(*at(&d), *at(&defaults))) })
	return s
}

// pick makes a choice an edit.
func (f *form) pick(label string, at func(*design.Design) *string) func(string) {
	return func(value string) {
		f.c.edit(changeOf(label, ""), func(d *design.Design) { *at(d) = value })
	}
}

// tokens is a list of words.
func (f *form) tokens(field, label, note string, check func(string) error, at func(*design.Design) *[]string) *widgets.Tokens {
	t := widgets.NewTokens("")
	t.Check = check
	t.OnChange = func(list []string) {
		f.c.edit(changeOf(label, ""), func(d *design.Design) { *at(d) = list })
	}
	t.SetUndo(f.c.undo, f.c.redo)
	f.control(field, label, note, t, t.Field(), func(d, _ design.Design) { t.SetValue(*at(&d)) })
	return t
}

// bind gives a text field the window's undo and shortcuts.
func (c *context) bind(e *widgets.Entry) {
	e.OnUndo, e.OnRedo = c.undo, c.redo
	e.Shortcuts = c.shortcut
}
