package widgets

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// pairWindow shows a pair of three colours in a window.
func pairWindow(t *testing.T, picked *[]string) (*ColourPair, fyne.Window) {
	t.Helper()
	p := NewColourPair([]color.Color{color.Black, color.White, color.NRGBA{0xfe, 0xfe, 0x54, 0xff}}, []string{"black", "white", "yellow"},
		"Sample", "Leave it", func(fore, back string) { *picked = append(*picked, fore+"/"+back) })
	w := test.NewTempWindow(t, p)
	w.Resize(fyne.NewSize(500, 300))
	return p, w
}

func TestColourPairShowsWhatApplies(t *testing.T) {
	var picked []string
	p, _ := pairWindow(t, &picked)
	p.SetValue("", "", "white", "black")
	if fore, back := p.Value(); fore != "" || back != "" || p.label.Text() != "white / black" || p.reset.Visible() {
		t.Errorf("%q/%q, %q, reset %v", fore, back, p.label.Text(), p.reset.Visible())
	}
	p.SetValue("yellow", "black", "white", "black")
	if p.sample.Color != p.colours[2] || p.ground.FillColor != color.Black || !p.reset.Visible() {
		t.Errorf("drawn in %v on %v", p.sample.Color, p.ground.FillColor)
	}
	test.Tap(p.reset)
	if len(picked) != 1 || picked[0] != "/" || p.label.Text() != "white / black" {
		t.Errorf("picked %q, shown %q", picked, p.label.Text())
	}
}

// TestColourPairByKeyboard: either colour is picked by keys; the other one stays, and
// becomes part of the choice.
func TestColourPairByKeyboard(t *testing.T) {
	var picked []string
	p, w := pairWindow(t, &picked)
	p.SetValue("", "", "white", "black")
	pick := func(s *swatch, keys ...fyne.KeyName) {
		w.Canvas().Focus(s)
		for _, k := range append([]fyne.KeyName{fyne.KeySpace}, keys...) {
			w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	pick(p.first, fyne.KeyRight, fyne.KeyReturn)
	pick(p.second, fyne.KeyRight, fyne.KeyReturn)
	if len(picked) != 2 || picked[0] != "yellow/black" || picked[1] != "yellow/white" {
		t.Errorf("picked %q", picked)
	}
	if w.Canvas().Focused() != p.second {
		t.Errorf("%T has the focus", w.Canvas().Focused())
	}
	pick(p.first, fyne.KeyEscape)
	if top, ok := w.Canvas().Overlays().Top().(*widget.PopUp); ok && top.Visible() || len(picked) != 2 {
		t.Errorf("Escape picks: %q", picked)
	}
	if p.Field() != fyne.Focusable(p.first) {
		t.Error("another field is first")
	}
}
