package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

var cities = []Option{{Value: "Europe/Berlin"}, {Value: "Europe/Paris"}, {Value: "America/New_York", Label: "New York"},
	{Value: "Asia/Tokyo"}, {Value: "America/Paris"}}

func TestChoiceFiltersAndPicks(t *testing.T) {
	var c calls
	ch := NewChoice(cities, func(v string) { c.say(v) })
	ch.Nothing = "No such city"
	w := shown(t, container.NewVBox(ch), 400, 500)
	ch.SetValue("Asia/Tokyo")
	c.want(t, "set from outside")
	w.Canvas().Focus(ch)
	key(ch, fyne.KeySpace)
	field, ok := w.Canvas().Focused().(*Entry)
	if !ok {
		t.Fatalf("the focus is at %T", w.Canvas().Focused())
	}
	test.Type(field, "paris")
	key(field, fyne.KeyDown, fyne.KeyReturn)
	c.want(t, "second that fits paris", "America/Paris")
	if ch.Value() != "America/Paris" || w.Canvas().Focused() != ch {
		t.Errorf("value %q, focus at %T", ch.Value(), w.Canvas().Focused())
	}
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the list stays open")
	}

	test.Tap(ch)
	field = w.Canvas().Focused().(*Entry)
	test.Type(field, "york new")
	key(field, fyne.KeyEnter)
	c.want(t, "words in any order", "America/New_York")

	ch.Open()
	field = w.Canvas().Focused().(*Entry)
	test.Type(field, "xyz")
	key(field, fyne.KeyReturn)
	c.want(t, "nothing fits")
	if ch.Value() != "America/New_York" || w.Canvas().Focused() != ch {
		t.Errorf("value %q, focus at %T", ch.Value(), w.Canvas().Focused())
	}
	ch.Open()
	key(w.Canvas().Focused(), fyne.KeyDown, fyne.KeyEscape)
	c.want(t, "Escape")
	if w.Canvas().Overlays().Top() != nil || w.Canvas().Focused() != ch {
		t.Error("Escape does not close")
	}
}

func TestChoicePicksByClick(t *testing.T) {
	var c calls
	ch := NewChoice(cities, func(v string) { c.say(v) })
	w := shown(t, container.NewVBox(ch), 400, 500)
	ch.Open()
	for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
		if row, ok := o.(*pickRow); ok && row.text.Text == "New York" {
			test.Tap(row)
		}
	}
	c.want(t, "click", "America/New_York")
}

func TestChoiceDisabled(t *testing.T) {
	ch := NewChoice(cities, nil)
	w := shown(t, container.NewVBox(ch), 400, 500)
	ch.Disable()
	test.Tap(ch)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("a disabled choice opens")
	}
}

func TestChoiceStaysInTheWindow(t *testing.T) {
	ch := NewChoice(zonesOf(400), nil)
	w := shown(t, container.NewBorder(nil, ch, nil, nil), 400, 400)
	ch.Open()
	pop := w.Canvas().Overlays().Top().(*widget.PopUp)
	at, size := pop.Content.Position(), pop.Content.Size()
	if at.Y < 0 || at.Y+size.Height > 400 {
		t.Errorf("the list is at %v, %v large, in a window 400 high", at, size)
	}
}

func zonesOf(n int) []Option {
	options := make([]Option, n)
	for i := range options {
		options[i].Value = fmt.Sprintf("Area/City %d", i)
	}
	return options
}

func TestSelect(t *testing.T) {
	var c calls
	s := NewSelect([]Option{{"a", "First"}, {"b", "Second"}, {"c", "Third"}}, func(v string) { c.say(v) })
	w := shown(t, container.NewVBox(s), 300, 300)
	s.SetValue("b")
	c.want(t, "set from outside")
	w.Canvas().Focus(s)
	key(s, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp)
	c.want(t, "arrows while closed", "c", "b")
	key(s, fyne.KeySpace)
	menu, ok := w.Canvas().Focused().(*widget.PopUpMenu)
	if !ok {
		t.Fatalf("the focus is at %T", w.Canvas().Focused())
	}
	key(menu, fyne.KeyDown, fyne.KeyReturn)
	c.want(t, "first of the menu", "a")
	if s.Value() != "a" {
		t.Errorf("value %q", s.Value())
	}
}

func TestCheck(t *testing.T) {
	var c calls
	ch := NewCheck("Recommended", func(on bool) { c.say(fmt.Sprint(on)) })
	w := shown(t, ch, 300, 40)
	ch.SetValue(true)
	c.want(t, "set from outside")
	w.Canvas().Focus(ch)
	test.Type(ch, " ")
	key(ch, fyne.KeySpace) // arrives with the character
	c.want(t, "Space", "false")
	test.TapCanvas(w.Canvas(), fyne.NewPos(12, 20))
	c.want(t, "click", "true")
}

func TestSwitch(t *testing.T) {
	var c calls
	s := NewSwitch("Ask", func(on bool) { c.say(fmt.Sprint(on)) })
	w := shown(t, s, 300, 40)
	s.SetValue(true)
	c.want(t, "set from outside")
	w.Canvas().Focus(s)
	key(s, fyne.KeySpace, fyne.KeyReturn)
	c.want(t, "Space and Enter", "false", "true")
	test.Tap(s)
	c.want(t, "click", "false")
	s.Disable()
	test.Tap(s)
	key(s, fyne.KeySpace)
	c.want(t, "disabled")
}

func TestSegments(t *testing.T) {
	var c calls
	s := NewSegments([]Option{{"fit", "Fit"}, {"1", "1:1"}, {"2", "2:1"}}, func(v string) { c.say(v) })
	w := shown(t, s, 300, 40)
	s.SetValue("1")
	c.want(t, "set from outside")
	w.Canvas().Focus(s)
	key(s, fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeyHome, fyne.KeyLeft, fyne.KeyEnd)
	c.want(t, "keys", "2", "1", "fit", "2")
	test.TapCanvas(w.Canvas(), fyne.NewPos(150, 20))
	c.want(t, "click in the middle", "1")
	s.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(290, 20)}})
	if s.hovered != 2 {
		t.Errorf("segment %d is below the pointer", s.hovered)
	}
	s.Disable()
	test.TapCanvas(w.Canvas(), fyne.NewPos(10, 20))
	c.want(t, "disabled")
}
