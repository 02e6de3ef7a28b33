package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// A dialog is as high as what it holds, never higher than the window leaves room for,
// and stays in the middle when the window changes.
func TestDialogFitsTheWindow(t *testing.T) {
	for _, c := range []struct {
		name     string
		words    int
		scrolled bool
	}{{"short", 5, false}, {"long", 5000, true}} {
		t.Run(c.name, func(t *testing.T) {
			window := inWindow(t, Body("page"), 800, 600)
			d := NewDialog(window, "Title", 480, Body(strings.Repeat("words ", c.words)), Plain("Close", "", nil))
			d.Show()
			parts := test.WidgetRenderer(d).Objects()
			ground, foot := parts[1], parts[4]
			if y, h := ground.Position().Y, ground.Size().Height; y < dialogEdge || y+h > 600-dialogEdge+1 {
				t.Errorf("it reaches from %v to %v", y, y+h)
			}
			if end := foot.Position().Y + foot.Size().Height; end >= ground.Position().Y+ground.Size().Height {
				t.Errorf("the answers end at %v, below the ground", end)
			}
			if body := d.body.Size().Height; c.scrolled != (d.content.MinSize().Height > body+1) {
				t.Errorf("the body is %v high for %v", body, d.content.MinSize().Height)
			}
			d.Resize(fyne.NewSize(1000, 700))
			if got := ground.Position().X; got != 260 {
				t.Errorf("in a wider window it is at %v", got)
			}
		})
	}
}

// Escape closes from a card or button inside, wherever it is.
func TestDialogEscape(t *testing.T) {
	window := inWindow(t, Body("page"), 800, 600)
	card, shut := ContentCard(Body("row"), nil), Plain("Close", "", nil)
	for _, from := range []fyne.Focusable{card, shut} {
		d := NewDialog(window, "Title", 480, Column(Gap, Inset(4, 4, card)), shut)
		card.escape, shut.escape = nil, nil
		d.Show()
		if window.Overlays().Top() != fyne.CanvasObject(d) || d.Title() != "Title" {
			t.Fatal("it is not open")
		}
		typeKeys(from, fyne.KeyEscape)
		if window.Overlays().Top() != nil {
			t.Errorf("%T: it stays open", from)
		}
	}
}
