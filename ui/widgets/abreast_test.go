package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestAbreastStacksWhereThereIsNoRoom(t *testing.T) {
	a, b, c := Body("one"), Body("two"), Body("three")
	box := Abreast(900, 16, a, b, c)
	box.Resize(fyne.NewSize(1000, 500))
	if a.Position().Y != b.Position().Y || b.Position().Y != c.Position().Y || a.Size().Width != c.Size().Width {
		t.Error("where there is room they are not side by side, equally wide")
	}
	box.Resize(fyne.NewSize(899, 500))
	if a.Position().X != b.Position().X || b.Position().Y <= a.Position().Y || a.Size().Width != 899 {
		t.Error("where there is none they are not below each other")
	}
}

func TestEscapeClosesAQuestion(t *testing.T) {
	w := test.NewWindow(Body("x"))
	defer w.Close()
	pressed := 0
	Ask(w.Canvas(), "Erase it?", "", nil, Plain("Cancel", "", func() { pressed++ }), Danger("Erase", "", func() { pressed++ }))
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() != nil || pressed != 0 {
		t.Error("Escape leaves it, or answers it")
	}
}
