package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// shown puts o into a window of the given size; calls is what its callbacks
// said, to be filled by the test.
func shown(t *testing.T, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	win := test.NewWindow(container.NewStack(o))
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	t.Cleanup(win.Close)
	return win
}

// calls writes down what was called.
type calls []string

func (c *calls) say(s string) { *c = append(*c, s) }

// want compares what was called since the last time, and forgets it.
func (c *calls) want(t *testing.T, what string, want ...string) {
	t.Helper()
	if !slices.Equal(*c, want) {
		t.Errorf("%s: called %q, want %q", what, []string(*c), want)
	}
	*c = nil
}

func key(o fyne.Focusable, names ...fyne.KeyName) {
	for _, n := range names {
		o.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func shortcut(k fyne.KeyName, m fyne.KeyModifier) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: m}
}

func recordedEntry(c *calls) *Entry {
	e := NewEntry()
	e.OnEdit = func(s string) { c.say("edit " + s) }
	e.OnCommit = func(s string) { c.say("commit " + s) }
	e.OnCancel = func() { c.say("cancel") }
	e.OnUndo = func() { c.say("undo") }
	e.OnRedo = func() { c.say("redo") }
	return e
}

func TestEntryEditsAndCommits(t *testing.T) {
	var c calls
	e := recordedEntry(&c)
	other := widget.NewEntry()
	w := shown(t, container.NewVBox(e, other), 300, 120)
	e.SetValue("a")
	c.want(t, "set from outside")
	w.Canvas().Focus(e)
	e.CursorColumn = 1
	test.Type(e, "bc")
	c.want(t, "typing", "edit ab", "edit abc")
	key(e, fyne.KeyReturn)
	c.want(t, "Enter", "commit abc")
	w.Canvas().Focus(other)
	c.want(t, "leaving what was committed")
	w.Canvas().Focus(e)
	test.Type(e, "d")
	w.Canvas().Focus(other)
	c.want(t, "leaving what was typed", "edit abcd", "commit abcd")
}

func TestEntryValueLeavesTheCaret(t *testing.T) {
	var c calls
	e := recordedEntry(&c)
	w := shown(t, e, 300, 40)
	e.SetValue("hello")
	w.Canvas().Focus(e)
	e.CursorColumn = 2
	test.Type(e, "X")
	e.SetValue("heXllo") // what a page does at every change
	if e.CursorColumn != 3 {
		t.Errorf("caret at %d, want 3", e.CursorColumn)
	}
	c.want(t, "typing", "edit heXllo")
	w.Canvas().Unfocus()
	c.want(t, "leaving what the document holds")
	e.SetValue("he")
	if e.Text != "he" || e.CursorColumn > 2 {
		t.Errorf("text %q, caret %d", e.Text, e.CursorColumn)
	}
}

func TestEntryEscape(t *testing.T) {
	var c calls
	e := recordedEntry(&c)
	w := shown(t, e, 300, 40)
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { c.say("window " + string(k.Name)) })
	e.SetValue("old")
	w.Canvas().Focus(e)
	e.CursorColumn = 3
	test.Type(e, "!")
	key(e, fyne.KeyEscape)
	c.want(t, "Escape", "edit old!", "edit old", "cancel")
	if e.Text != "old" {
		t.Errorf("text %q after Escape", e.Text)
	}
	key(e, fyne.KeyEscape)
	c.want(t, "Escape with nothing to take back", "cancel", "window Escape")
}

func TestEntryHistoryIsTheDocuments(t *testing.T) {
	var c calls
	e := recordedEntry(&c)
	w := shown(t, e, 300, 40)
	w.Canvas().Focus(e)
	test.Type(e, "ab")
	c = nil
	e.TypedShortcut(&fyne.ShortcutUndo{})
	e.TypedShortcut(&fyne.ShortcutRedo{})
	e.TypedShortcut(shortcut(fyne.KeyZ, fyne.KeyModifierControl|fyne.KeyModifierShift))
	c.want(t, "Ctrl+Z, Ctrl+Y, Ctrl+Shift+Z", "undo", "redo", "redo")
	if e.Text != "ab" {
		t.Errorf("the entry undid by itself: %q", e.Text)
	}

	e.OnEdit = nil // a document that hears of commits alone knows nothing of "ab"
	e.TypedShortcut(&fyne.ShortcutUndo{})
	c.want(t, "Ctrl+Z on text that only the entry has")
	if e.Text != "" {
		t.Errorf("text %q, want what was typed to be gone", e.Text)
	}

	plain := NewEntry()
	shown(t, plain, 300, 40).Canvas().Focus(plain)
	test.Type(plain, "ab")
	plain.TypedShortcut(&fyne.ShortcutUndo{})
	if plain.Text != "" {
		t.Errorf("without a document the entry's own undo left %q", plain.Text)
	}
}

func TestEntryShortcutsReachTheWindow(t *testing.T) {
	var c calls
	e := recordedEntry(&c)
	w := shown(t, e, 300, 40)
	save := &desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierControl}
	w.Canvas().AddShortcut(save, func(fyne.Shortcut) { c.say("window save") })
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { c.say("window " + string(k.Name)) })
	w.Canvas().Focus(e)
	e.TypedShortcut(save)
	key(e, fyne.KeyF1)
	c.want(t, "no hook", "window save", "window F1")

	e.Shortcuts = func(s fyne.Shortcut) bool { c.say("hook " + s.ShortcutName()); return true }
	e.TypedShortcut(save)
	key(e, fyne.KeyF1)
	c.want(t, "hook", "hook CustomDesktop:Control+S", "hook CustomDesktop:F1")

	e.Shortcuts = nil
	e.SetValue("copied")
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	clip := test.NewClipboard()
	e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	if clip.Content() != "copied" {
		t.Errorf("the entry's own copy gave %q", clip.Content())
	}
}

func TestEntryOfManyLines(t *testing.T) {
	var c calls
	e := NewMultiEntry(3)
	e.OnCommit = func(s string) { c.say(s) }
	w := shown(t, e, 300, 120)
	w.Canvas().Focus(e)
	test.Type(e, "a")
	key(e, fyne.KeyReturn)
	test.Type(e, "b")
	c.want(t, "Enter makes a line")
	e.TypedShortcut(shortcut(fyne.KeyReturn, fyne.KeyModifierControl))
	c.want(t, "Ctrl+Enter", "a\nb")
}

func TestPasswordEntryHides(t *testing.T) {
	e := NewPasswordEntry()
	shown(t, e, 300, 40)
	e.SetValue("secret")
	if !e.Password || e.Text != "secret" {
		t.Errorf("password %v, text %q", e.Password, e.Text)
	}
	if e.ActionItem == nil {
		t.Error("no eye to reveal the text")
	}
}
