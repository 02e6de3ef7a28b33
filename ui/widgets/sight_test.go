package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestFocusScrolls goes down a long page by Tab and up again: what has the
// keyboard is always in sight.
func TestFocusScrolls(t *testing.T) {
	var rows []fyne.CanvasObject
	for range 12 {
		rows = append(rows, Field("Name", "A note.", NewEntry()), Plain("Button", "", nil), NewCheck("Tick", nil),
			NewSegments(Options("a", "b"), nil), NewChoice(Options("a", "b"), nil), NewSwitch("Switch", nil))
	}
	body := PageBody(Form(rows...))
	w := test.NewWindow(Page("Title", "", nil, body))
	defer w.Close()
	w.Resize(fyne.NewSize(500, 400))
	scroll := scrollers(w.Content(), nil)[0]
	top := fyne.CurrentApp().Driver().AbsolutePositionForObject(scroll).Y
	check := func(step int) {
		t.Helper()
		o := w.Canvas().Focused().(fyne.CanvasObject)
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y
		if y < top || y+o.Size().Height > 400 {
			t.Errorf("step %d: %T is at %.0f to %.0f, in sight is %.0f to 400", step, o, y, y+o.Size().Height, top)
		}
	}
	for i := range len(rows) {
		test.FocusNext(w.Canvas())
		check(i)
	}
	if scroll.Offset.Y == 0 {
		t.Error("nothing was scrolled")
	}
	for i := range len(rows) - 1 {
		test.FocusPrevious(w.Canvas())
		check(-i)
	}
}

func TestSightOffset(t *testing.T) {
	for _, c := range []struct{ offset, view, y, tall, want float32 }{
		{0, 400, 100, 36, 0},
		{0, 400, 390, 36, 390 + 36 + sightRoom - 400},
		{500, 400, 300, 36, 300 - sightRoom},
		{0, 400, 300, 900, 300 - sightRoom},
	} {
		if got := sightOffset(c.offset, c.view, c.y, c.tall); got != c.want {
			t.Errorf("%+v gives %.0f", c, got)
		}
	}
}
