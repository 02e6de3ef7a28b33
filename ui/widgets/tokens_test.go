package widgets

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func listened(c *calls, tokens ...string) *Tokens {
	k := NewTokens("Add")
	k.SetValue(tokens)
	k.OnChange = func(tokens []string) { c.say(strings.Join(tokens, "|")) }
	return k
}

func TestTokensAdd(t *testing.T) {
	var c calls
	k := listened(&c, "vim")
	w := shown(t, container.NewVBox(k), 400, 300)
	w.Canvas().Focus(k.Field())
	test.Type(k.entry, "curl")
	c.want(t, "typing")
	key(k.entry, fyne.KeyReturn)
	c.want(t, "Enter", "vim|curl")
	test.Type(k.entry, "htop,")
	c.want(t, "comma", "vim|curl|htop")
	test.Type(k.entry, "vim,")
	c.want(t, "again what is there")
	test.Type(k.entry, " x ")
	w.Canvas().Unfocus()
	c.want(t, "leaving", "vim|curl|htop|x")
	if k.entry.Text != "" {
		t.Errorf("%q stays in the field", k.entry.Text)
	}
	k.SetValue([]string{"a"})
	c.want(t, "set from outside")
	if len(k.chips) != 1 || k.chips[0].label.Text != "a" {
		t.Errorf("%d chips after SetValue", len(k.chips))
	}
}

func TestTokensPasteLines(t *testing.T) {
	var c calls
	k := listened(&c)
	w := shown(t, container.NewVBox(k), 400, 300)
	w.Canvas().Focus(k.Field())
	clip := test.NewClipboard()
	clip.SetContent("one\r\ntwo\n\n three ,four\n")
	k.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	c.want(t, "pasting lines", "one|two|three|four")
	clip.SetContent("five")
	k.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	c.want(t, "pasting a word")
	if k.entry.Text != "five" {
		t.Errorf("the field has %q", k.entry.Text)
	}
}

func TestTokensRemove(t *testing.T) {
	var c calls
	k := listened(&c, "a", "b", "c", "d")
	w := shown(t, container.NewVBox(k), 400, 300)
	w.Canvas().Focus(k.Field())
	key(k.entry, fyne.KeyBackspace)
	c.want(t, "Backspace in the empty field", "a|b|c")
	b := k.chips[1]
	test.TapAt(b, fyne.NewPos(b.Size().Width-10, 10))
	c.want(t, "cross of b", "a|c")
	test.TapAt(k.chips[0], fyne.NewPos(5, 10))
	if w.Canvas().Focused() != k.chips[0] {
		t.Error("a click on a chip does not give it the focus")
	}
	key(k.chips[0], fyne.KeyRight)
	if w.Canvas().Focused() != k.chips[1] {
		t.Error("Right does not go to the next chip")
	}
	key(k.chips[1], fyne.KeyDelete)
	c.want(t, "Delete", "a")
	key(k.entry, fyne.KeyLeft)
	if w.Canvas().Focused() != k.chips[0] {
		t.Error("Left does not go to the last chip")
	}
	key(k.chips[0], fyne.KeyRight)
	if w.Canvas().Focused() != k.entry {
		t.Errorf("the focus is at %T after the last chip went", w.Canvas().Focused())
	}
}

func TestTokensWrap(t *testing.T) {
	var c calls
	k := listened(&c, "a-rather-long-name", "another-long-name", "a-third-long-name")
	shown(t, container.NewVBox(k), 300, 300)
	one := k.entry.MinSize().Height
	if h := k.MinSize().Height; h < 3*one {
		t.Errorf("three long chips and a field in 300 units are %g high", h)
	}
	for _, chip := range k.chips {
		if end := chip.Position().X + chip.Size().Width; end > 300 {
			t.Errorf("%s ends at %g of 300", chip.text, end)
		}
	}
	shown(t, container.NewVBox(k), 900, 300)
	if h := k.MinSize().Height; h > one+1 {
		t.Errorf("%g high where there is room for one line", h)
	}
}

func TestTokensSayWhatIsWrong(t *testing.T) {
	var c calls
	k := listened(&c)
	k.Check = func(s string) error {
		if strings.Contains(s, " ") {
			return errors.New("no spaces")
		}
		return nil
	}
	k.SetValue([]string{"good", "not good"})
	shown(t, container.NewVBox(k), 400, 300)
	if k.chips[0].faulty || !k.chips[1].faulty || !k.fault.Visible() || k.fault.Text != "no spaces" {
		t.Errorf("faulty: %v, %v; said: %q", k.chips[0].faulty, k.chips[1].faulty, k.fault.Text)
	}
	if !k.chips[1].bang.Visible() {
		t.Error("a fault is shown by colour alone")
	}
	k.SetValue([]string{"good"})
	if k.fault.Visible() {
		t.Error("the fault stays")
	}
}

func TestTokensSuggest(t *testing.T) {
	var c calls
	k := listened(&c)
	all := []string{"vim", "vim-tiny", "vlc"}
	k.Suggest = func(prefix string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !strings.HasPrefix(s, prefix) })
	}
	w := shown(t, container.NewVBox(k), 400, 400)
	field := func() *Entry { return w.Canvas().Focused().(*Entry) }
	open := func() bool { _, ok := w.Canvas().Overlays().Top().(*widget.PopUp); return ok }

	w.Canvas().Focus(k.Field())
	test.Type(field(), "v")
	if !open() {
		t.Fatal("nothing is offered for v")
	}
	test.Type(field(), "i")
	if field().Text != "vi" {
		t.Errorf("the field has %q", field().Text)
	}
	key(field(), fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	c.want(t, "second for vi", "vim-tiny")
	if open() || field() != k.entry || k.entry.Text != "" {
		t.Errorf("open %v, field %q", open(), k.entry.Text)
	}

	test.Type(field(), "v")
	key(field(), fyne.KeyReturn)
	c.want(t, "Enter with nothing marked adds what was typed", "vim-tiny|v")

	typeOn(w, "vxy") // "vx" fits nothing: typing goes on in the field below
	if open() || field() != k.entry || k.entry.Text != "vxy" {
		t.Errorf("open %v, field %q", open(), k.entry.Text)
	}
	k.entry.put("")
	typeOn(w, "vl")
	key(field(), fyne.KeyEscape)
	c.want(t, "Escape")
	if open() || k.entry.Text != "vl" {
		t.Errorf("after Escape: open %v, field %q", open(), k.entry.Text)
	}
	typeOn(w, "c")
	test.TapCanvas(w.Canvas(), fyne.NewPos(390, 390))
	c.want(t, "click elsewhere")
	if open() || k.entry.Text != "vlc" {
		t.Errorf("after a click elsewhere: open %v, field %q", open(), k.entry.Text)
	}
}

// typeOn types each character where the focus is by then.
func typeOn(w fyne.Window, text string) {
	for _, r := range text {
		w.Canvas().Focused().TypedRune(r)
	}
}
