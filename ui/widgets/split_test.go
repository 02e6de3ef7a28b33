package widgets

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

func block(w, h float32) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Black)
	r.SetMinSize(fyne.NewSize(w, h))
	return r
}

func TestSplit(t *testing.T) {
	a, b := block(100, 50), block(200, 80)
	c := NewSplit(0.25, a, b)
	if min := c.MinSize(); min != fyne.NewSize(200, 50+16+80) {
		t.Errorf("wants %v at least", min)
	}
	c.Resize(fyne.NewSize(816, 300))
	if a.Size() != fyne.NewSize(200, 300) || b.Position() != fyne.NewPos(216, 0) || b.Size() != fyne.NewSize(600, 300) {
		t.Errorf("wide: %v, and %v at %v", a.Size(), b.Size(), b.Position())
	}
	c.Resize(fyne.NewSize(600, 246))
	if a.Size() != fyne.NewSize(600, 100) || b.Position() != fyne.NewPos(0, 116) || b.Size() != fyne.NewSize(600, 130) {
		t.Errorf("narrow: %v, and %v at %v", a.Size(), b.Size(), b.Position())
	}
	b.Hide()
	c.Resize(fyne.NewSize(900, 240))
	if a.Size() != fyne.NewSize(900, 240) {
		t.Errorf("alone: %v", a.Size())
	}
	if min := c.MinSize(); min != fyne.NewSize(100, 50) {
		t.Errorf("alone wants %v at least", min)
	}
}

func TestSplitTurnsAtItsWidth(t *testing.T) {
	s := &Split{From: 500}
	for width, want := range map[float32]bool{499: false, 500: true} {
		if s.Wide(width) != want {
			t.Errorf("at %g wide is %v", width, s.Wide(width))
		}
	}
}

func TestColumns(t *testing.T) {
	var cards []fyne.CanvasObject
	for range 5 {
		cards = append(cards, block(50, 60))
	}
	c := Columns(200, 300, cards...)
	for _, want := range []struct {
		room, width float32
		columns     int
	}{{640, 202, 3}, {1000, 238, 4}, {400, 300, 1}, {430, 207, 2}} {
		c.Resize(fyne.NewSize(want.room, 500))
		columns := 0
		for _, o := range cards {
			if o.Size().Width != want.width {
				t.Errorf("in %g a card is %g wide, want %g", want.room, o.Size().Width, want.width)
			}
			if o.Position().Y == 0 {
				columns++
			}
		}
		if columns != want.columns {
			t.Errorf("in %g there are %d columns, want %d", want.room, columns, want.columns)
		}
	}
}
