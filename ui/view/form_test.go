package view

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

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

// tap presses the visible button with a text.
func (w *testWindow) tap(t *testing.T, text string) {
	t.Helper()
	var found *widgets.Button
	look := func(o fyne.CanvasObject) {
		if b, ok := o.(*widgets.Button); ok && b.Text() == text && found == nil {
			found = b
		}
	}
	for _, o := range w.window.Canvas().Overlays().List() {
		each(o, look)
	}
	if found == nil {
		each(w.frame.Content(), look)
	}
	if found == nil {
		t.Fatalf("there is no button %q", text)
	}
	if found.Disabled() {
		t.Fatalf("the button %q cannot be pressed", text)
	}
	test.Tap(found)
}
