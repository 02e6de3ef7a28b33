package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestFlowGoesOnInANextLine(t *testing.T) {
	a, hidden, b, c := block(100, 36), block(500, 36), block(100, 20), block(60, 36)
	hidden.Hide()
	row := Flow(8, a, hidden, b, c)
	for _, k := range []struct {
		width, height float32
		at            fyne.Position
	}{
		{276, 36, fyne.NewPos(216, 0)},
		{275, 80, fyne.NewPos(0, 44)},
		{168, 80, fyne.NewPos(108, 44)},
		{50, 108, fyne.NewPos(0, 72)},
	} {
		row.Resize(fyne.NewSize(k.width, 10))
		if got := row.MinSize(); got != fyne.NewSize(100, k.height) {
			t.Errorf("at a width of %v it needs %v, not a height of %v", k.width, got, k.height)
		}
		row.Resize(fyne.NewSize(k.width, k.height))
		if c.Position() != k.at || c.Size() != c.MinSize() {
			t.Errorf("at a width of %v the last is at %v, not at %v", k.width, c.Position(), k.at)
		}
	}
}

func TestAPagesNoteHasTheWholeWidthWhereActionsTakeItAway(t *testing.T) {
	title, note, action := block(100, 30), Body("What is installed besides the base. What a package needs comes along."), block(300, 36)
	head := Heading(title, note, action)
	actions := head.Objects[1]
	for _, k := range []struct {
		width  float32
		beside bool
	}{{1000, true}, {600, false}} {
		head.Resize(fyne.NewSize(k.width, 1))
		height := head.MinSize().Height
		head.Resize(fyne.NewSize(k.width, height))
		end := note.Position().X + note.Size().Width
		if beside := note.Position().Y < actions.Position().Y+actions.Size().Height && end <= actions.Position().X; beside != k.beside {
			t.Errorf("at a width of %v the note ends at %v and the action begins at %v", k.width, end, actions.Position().X)
		}
		if bottom := note.Position().Y + note.MinSize().Height; bottom > height {
			t.Errorf("at a width of %v the note reaches down to %v of %v", k.width, bottom, height)
		}
	}
}
