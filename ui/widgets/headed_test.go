package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestHeadedGivesTheBodyTheRest(t *testing.T) {
	text := Body("words that wrap, so that the header is higher where it is narrow")
	body := NewMultiEntry(1)
	box := Headed(text, body)
	for _, width := range []float32{120, 600} {
		box.Resize(fyne.NewSize(width, 400))
		if body.Position().Y != text.Size().Height || body.Position().Y+body.Size().Height != 400 {
			t.Errorf("at %v: the header is %v high, the body begins at %v", width, text.Size().Height, body.Position().Y)
		}
	}
	box.Resize(fyne.NewSize(120, 400))
	narrow := text.Size().Height
	box.Resize(fyne.NewSize(600, 400))
	if narrow <= text.Size().Height {
		t.Error("the header does not follow the width")
	}
}

func TestTickListPassesOnWhatIsTyped(t *testing.T) {
	l := NewTickList(func() int { return 3 }, func(i int) TickRow { return TickRow{Title: "x", Alarm: i == 0} })
	typed, ticked := "", 0
	l.OnRune = func(r rune) { typed += string(r) }
	l.OnTick = func(int, bool) { ticked++ }
	l.OnKey = func(k fyne.KeyName) bool { return k == fyne.KeyEscape }
	l.Choose(1)
	for _, r := range "a b" {
		l.TypedRune(r)
	}
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyEscape, fyne.KeyDown} {
		l.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if typed != "ab" || ticked != 1 || l.Chosen() != 2 {
		t.Errorf("typed %q, ticked %d times, row %d", typed, ticked, l.Chosen())
	}
}
