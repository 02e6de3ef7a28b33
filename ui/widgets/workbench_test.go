package widgets

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// TestWorkbench: wide, the form is beside the screen; narrow, below it. Nothing
// reaches into anything else or beyond the edges.
func TestWorkbench(t *testing.T) {
	form, screen, below := canvas.NewRectangle(color.Black), canvas.NewRectangle(color.Black), canvas.NewRectangle(color.Black)
	b := Workbench(form, screen, below)
	box := func(o fyne.CanvasObject) image.Rectangle {
		return image.Rect(int(o.Position().X), int(o.Position().Y), int(o.Position().X+o.Size().Width), int(o.Position().Y+o.Size().Height))
	}
	for _, size := range []fyne.Size{{Width: 756, Height: 480}, {Width: 899, Height: 900}, {Width: 900, Height: 590}, {Width: 1012, Height: 590}, {Width: 1652, Height: 880}, {Width: 600, Height: 300}} {
		b.Resize(size)
		f, s, r := box(form), box(screen), box(below)
		if f.Overlaps(s) || s.Overlaps(r) || f.Overlaps(r) {
			t.Errorf("%v: %v %v %v overlap", size, f, s, r)
		}
		all := image.Rect(0, 0, int(size.Width), int(size.Height))
		if !f.In(all) || !s.In(all) || !r.In(all) || f.Empty() || s.Empty() || r.Empty() {
			t.Errorf("%v: %v %v %v", size, f, s, r)
		}
		if beside := f.Max.X < s.Min.X; beside != (size.Width >= WorkbenchFrom) {
			t.Errorf("%v: beside each other: %v", size, beside)
		}
	}
	if b.MinSize().Height < 300 {
		t.Errorf("at least %v", b.MinSize())
	}
}
