package widgets

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

func TestParseColour(t *testing.T) {
	for in, want := range map[string]string{
		"#0f766e": "#0f766e", "0F766E": "#0f766e", " #abc ": "#aabbcc",
		"": "", "#12345": "", "#1234567": "", "#12345g": "", "red": "", "#+1+2+3": "", "äää": "",
	} {
		c, err := ParseColour(in)
		if got := FormatColour(c); err == nil && got != want || err != nil && want != "" {
			t.Errorf("ParseColour(%q) = %s, %v, want %q", in, got, err, want)
		}
	}
}

func FuzzParseColour(f *testing.F) {
	f.Add("#0f766e")
	f.Add("abc")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseColour(text)
		if err != nil {
			return
		}
		if again, err := ParseColour(FormatColour(c)); err != nil || again != c {
			t.Errorf("%q is %v, and written and read again %v, %v", text, c, again, err)
		}
	})
}

var three = []color.Color{color.NRGBA{0xFF, 0, 0, 0xFF}, color.NRGBA{0, 0xFF, 0, 0xFF}, color.NRGBA{0, 0, 0xFF, 0xFF}}

func TestColourField(t *testing.T) {
	var c calls
	f := NewColourField(three, func(s string) { c.say(s) })
	w := shown(t, container.NewVBox(f), 300, 300)
	f.SetValue("#00ff00")
	c.want(t, "set from outside")
	if FormatColour(f.swatch.colour) != "#00ff00" {
		t.Errorf("the swatch is %v", f.swatch.colour)
	}
	w.Canvas().Focus(f.Entry)
	f.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(f.Entry, "#ABC")
	c.want(t, "typing")
	key(f.Entry, fyne.KeyReturn)
	c.want(t, "Enter", "#aabbcc")
	test.Type(f.Entry, "zz")
	key(f.Entry, fyne.KeyReturn)
	c.want(t, "no colour")

	w.Canvas().Focus(f.swatch)
	key(f.swatch, fyne.KeySpace)
	s, ok := w.Canvas().Focused().(*Swatches)
	if !ok {
		t.Fatalf("the focus is at %T", w.Canvas().Focused())
	}
	key(s, fyne.KeyRight, fyne.KeyRight, fyne.KeyReturn)
	c.want(t, "third of the palette", "#0000ff")
	if f.Value() != "#0000ff" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("value %q", f.Value())
	}
	test.Tap(f.swatch)
	key(w.Canvas().Focused(), fyne.KeyEscape)
	c.want(t, "Escape")
	if w.Canvas().Overlays().Top() != nil || w.Canvas().Focused() != f.swatch {
		t.Error("Escape does not close the palette")
	}
}

func TestSwatches(t *testing.T) {
	var c calls
	colours := make([]color.Color, 16)
	names := make([]string, 16)
	for i := range colours {
		colours[i], names[i] = color.Gray{uint8(i * 16)}, fmt.Sprint("grey ", i)
	}
	s := NewSwatches(colours, names, 2, func(i int) { c.say(fmt.Sprint(i)) })
	w := shown(t, s, 400, 200)
	w.Canvas().Focus(s)
	key(s, fyne.KeyDown, fyne.KeyLeft, fyne.KeyUp, fyne.KeyUp, fyne.KeySpace)
	c.want(t, "down, left, up and against the edge", "1")
	if s.label.Text != "grey 1" {
		t.Errorf("the name is %q", s.label.Text)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(3*(swatchSide+6)+10, swatchSide+6+10))
	c.want(t, "click on the fourth of the second row", "11")
	if !s.cells[11].chosen || s.cells[1].chosen {
		t.Error("the chosen colour is not marked")
	}
}
