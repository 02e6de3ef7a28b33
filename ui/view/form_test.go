package view

import (
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// each visits a visible object and all in it, as deep as they go.
func each(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *container.Scroll:
		each(o.Content, visit)
	case *fyne.Container:
		for _, inner := range o.Objects {
			each(inner, visit)
		}
	case fyne.Widget:
		for _, inner := range test.WidgetRenderer(o).Objects() {
			each(inner, visit)
		}
	}
}

// scrollTo moves the page's first scroller to a share of its way.
func (w *testWindow) scrollTo(share float32) {
	w.settle()
	done := false
	each(w.frame.centre, func(o fyne.CanvasObject) {
		if s, ok := o.(*container.Scroll); ok && !done {
			done = true
			s.Offset.Y = share * max(0, s.Content.MinSize().Height-s.Size().Height)
			s.Refresh()
		}
	})
}

// parts visits what is in front: a dialog where there is one, else the window.
func (w *testWindow) parts(visit func(fyne.CanvasObject)) {
	if top := w.window.Canvas().Overlays().Top(); top != nil {
		each(top, visit)
		return
	}
	each(w.frame.Content(), visit)
}

// button is the visible button with a text or tip.
func (w *testWindow) button(t *testing.T, text string) *widgets.Button {
	t.Helper()
	var found *widgets.Button
	w.parts(func(o fyne.CanvasObject) {
		if b, ok := o.(*widgets.Button); ok && found == nil && (b.Text() == text || b.Text() == "" && b.Tip() == text) {
			found = b
		}
	})
	if found == nil {
		t.Fatalf("there is no button %q", text)
	}
	return found
}

// tap presses the visible button with a text or tip.
func (w *testWindow) tap(t *testing.T, text string) {
	t.Helper()
	b := w.button(t, text)
	if b.Disabled() {
		t.Fatalf("the button %q cannot be pressed", text)
	}
	test.Tap(b)
	w.settle()
}

// control is the control of a type in the field with a label; its own text
// counts as the label where it has one.
func control[T fyne.CanvasObject](t *testing.T, w *testWindow, label string) T {
	t.Helper()
	var found T
	done := false
	w.parts(func(o fyne.CanvasObject) {
		field, ok := o.(*widgets.Labelled)
		if !ok || done || labelOf(field) != label {
			return
		}
		each(field, func(o fyne.CanvasObject) {
			if c, ok := o.(T); ok && !done {
				found, done = c, true
			}
		})
	})
	if !done {
		t.Fatalf("there is no %T at %q", found, label)
	}
	return found
}

// labelOf is the first text that can be seen in a field.
func labelOf(field *widgets.Labelled) string {
	label, done := "", false
	each(field, func(o fyne.CanvasObject) {
		if done {
			return
		}
		switch o := o.(type) {
		case *widgets.Text:
			label, done = o.Text(), true
		case *widgets.Check:
			label, done = o.Text, true
		}
	})
	return label
}

// fill types a text into the entry with a label, in place of what is there.
func (w *testWindow) fill(t *testing.T, label, text string) *widgets.Entry {
	t.Helper()
	e := control[*widgets.Entry](t, w, label)
	w.window.Canvas().Focus(e)
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	test.Type(e, text)
	w.settle()
	return e
}

// pick takes a value of a choice or of segments, by its keyboard.
func pick(t *testing.T, w *testWindow, label, value string) {
	t.Helper()
	s := control[*widgets.Segments](t, w, label)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	for range 6 {
		if s.Value() == value {
			w.settle()
			return
		}
		s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	t.Fatalf("%q offers no %q", label, value)
}

// undoes checks that one step back gives the design before.
func undoes(t *testing.T, doc *model.Document, before string) {
	t.Helper()
	doc.Undo()
	if design.ID(doc.Design()) != before {
		t.Errorf("one step back is not enough; then comes %q", doc.UndoText())
	}
	doc.Redo()
}

// page opens a template at a page.
func (w *testWindow) at(t *testing.T, template string, section model.Section, change func(*design.Design)) *model.Document {
	t.Helper()
	doc := w.open(t, template)
	if change != nil {
		doc.Edit(model.Act("x"), change)
	}
	w.session.Show(section)
	w.settle()
	return doc
}

// TestEveryFieldIsReached leads to each field of the design that belongs to the
// pages of forms, as the list of problems does, and wants the keyboard there.
func TestEveryFieldIsReached(t *testing.T) {
	full := func(d *design.Design) {
		twoUsers(d)
		d.Startup = design.Startup{Autologin: "ada", Command: "htop", CommandUser: "ada"}
		d.Texts.OnSSH = "x"
		d.Network = design.Network{Mode: "static", Addresses: []string{"192.0.2.10/24"}, WiFi: []design.WiFi{{SSID: "x"}}}
		d.Files = []design.File{{Source: "x", Target: "/opt/x"}}
		nix(d).Offline = design.NixOffline{Level: "B"}
		d.NixOS.Contents = []design.NixContent{{Target: "/x"}}
	}
	w := newTestWindow(t, widgets.Light, sizes()[0])
	w.at(t, "nixos-minimal", model.Overview, full)
	count := 0
	for _, field := range fieldsOf(reflect.TypeFor[design.Design](), "") {
		section := model.SectionOf(field)
		if section != model.System && section != model.Users && section != model.Startup && section != model.Files {
			continue
		}
		count++
		w.window.Canvas().Unfocus()
		w.session.ShowField(field)
		focused, ok := w.window.Canvas().Focused().(fyne.CanvasObject)
		if !ok {
			t.Errorf("%s: nothing has the keyboard on %s", field, section)
			continue
		}
		if inside := strings.HasSuffix(field, "].target"); inside && !is[*widgets.Entry](focused) {
			t.Errorf("%s: the keyboard is at a %T", field, focused)
		}
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(focused).Y
		if y < 0 || y > sizes()[0].Height-60 {
			t.Errorf("%s: %T is out of sight at %.0f", field, focused, y)
		}
	}
	if count < 55 {
		t.Errorf("only %d fields were looked at", count)
	}
}

// is tells whether an object is of a type.
func is[T any](o fyne.CanvasObject) bool {
	_, ok := o.(T)
	return ok
}

// fieldsOf are the names of a design's fields, of lists of tables those of the
// first.
func fieldsOf(typ reflect.Type, prefix string) []string {
	var names []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
		if name == "-" {
			continue
		}
		at := prefix + name
		inner := f.Type
		if inner.Kind() == reflect.Pointer && inner.Elem().Kind() == reflect.Struct {
			inner = inner.Elem()
		}
		switch {
		case inner.Kind() == reflect.Struct:
			names = append(names, fieldsOf(inner, at+".")...)
		case inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct && inner.Elem() != typ:
			names = append(names, fieldsOf(inner.Elem(), at+"[0].")...)
		default:
			names = append(names, at)
		}
	}
	return names
}
