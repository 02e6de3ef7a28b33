package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Entry is a field for text that belongs to a document: undo and redo are the
// document's, Escape takes back what was typed since the focus came, and what
// the field has no use for reaches the window.
//
// OnEdit hears every change that a person makes, OnCommit the text at Enter
// (Ctrl+Enter with many lines) and when the focus leaves, if it differs from
// what the document is known to hold. OnChanged of the Fyne entry is taken; its
// OnSubmitted is free.
type Entry struct {
	widget.Entry

	OnEdit, OnCommit func(text string)
	OnCancel         func()
	OnUndo, OnRedo   func()                   // the document's; nil leaves the entry's own
	Shortcuts        func(fyne.Shortcut) bool // sees every shortcut first; true when it was used
	OnArrow          func(fyne.KeyName) bool  // sees keys of one-line entries first; true when used

	quiet bool   // the text is being set from outside
	start string // what Escape goes back to
	known string // what the document holds
}

// NewEntry is an empty field of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.Wrapping = fyne.TextWrapOff
	e.prepare()
	return e
}

// NewPasswordEntry is a field of one line that hides its text.
func NewPasswordEntry() *Entry {
	e := &Entry{}
	e.Password = true
	e.prepare()
	return e
}

// NewMultiEntry is a field of many lines that shows at least rows of them.
func NewMultiEntry(rows int) *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	e.prepare()
	return e
}

func (e *Entry) prepare() {
	e.ExtendBaseWidget(e)
	e.OnChanged = func(text string) {
		if !e.quiet && e.OnEdit != nil {
			e.OnEdit(text)
		}
	}
}

// SetValue shows what the document holds. It calls nothing, and with the text
// that is there already it leaves the caret alone: pages may call it at every
// change, also while a person types.
func (e *Entry) SetValue(text string) {
	e.known = text
	if e.Text == text {
		return
	}
	e.start = text
	e.put(text)
}

func (e *Entry) put(text string) {
	e.quiet = true
	e.SetText(text)
	e.quiet = false
}

// FocusGained remembers the text for Escape.
func (e *Entry) FocusGained() {
	e.start = e.Text
	e.Entry.FocusGained()
	intoSight(e)
}

// FocusLost commits.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	e.commit()
}

func (e *Entry) commit() {
	e.start = e.Text
	if e.Text == e.known {
		return
	}
	e.known = e.Text
	if e.OnCommit != nil {
		e.OnCommit(e.Text)
	}
}

// TypedKey adds Enter, Escape and the function keys.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	if !e.MultiLine && e.OnArrow != nil && e.OnArrow(key.Name) {
		return
	}
	switch key.Name {
	case fyne.KeyEscape:
		e.cancel(key)
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		if !e.MultiLine {
			e.commit()
		}
	case fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		if e.Shortcuts == nil || !e.Shortcuts(&desktop.CustomShortcut{KeyName: key.Name}) {
			passKey(e, key)
		}
		return
	}
	e.Entry.TypedKey(key)
}

// cancel takes back what was typed; with nothing to take back Escape is the
// window's.
func (e *Entry) cancel(key *fyne.KeyEvent) {
	changed := e.Text != e.start
	if changed {
		e.put(e.start)
		if e.OnEdit != nil {
			e.OnEdit(e.start)
		}
	}
	if e.OnCancel != nil {
		e.OnCancel()
	}
	if !changed {
		passKey(e, key)
	}
}

// TypedShortcut sends undo and redo to the document and what the entry does not
// know to the window.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if e.Shortcuts != nil && e.Shortcuts(s) {
		return
	}
	const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift
	switch {
	case isKey(s, fyne.KeyZ, ctrl):
		e.history(e.OnUndo, e.Undo)
	case isKey(s, fyne.KeyY, ctrl), isKey(s, fyne.KeyZ, ctrl|shift):
		e.history(e.OnRedo, e.Redo)
	case e.MultiLine && (isKey(s, fyne.KeyReturn, ctrl) || isKey(s, fyne.KeyEnter, ctrl)):
		e.commit()
	case entryKnows(s):
		e.Entry.TypedShortcut(s)
	default:
		passShortcut(e, s)
	}
}

// history steps through the document's changes. Text that the document has not
// heard of yet is the entry's own to take back.
func (e *Entry) history(document, own func()) {
	unheard := e.OnEdit == nil && e.Text != e.known
	if document == nil || unheard {
		own()
		return
	}
	document()
}

// entryKnows tells whether Fyne's entry has a use for the shortcut.
func entryKnows(s fyne.Shortcut) bool {
	switch s.(type) {
	case *fyne.ShortcutCut, *fyne.ShortcutCopy, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll:
		return true
	}
	k, ok := s.(fyne.KeyboardShortcut)
	if !ok || k.Mod()&^fyne.KeyModifierShift != fyne.KeyModifierShortcutDefault {
		return false
	}
	switch k.Key() {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete:
		return true
	}
	return false
}

// AcceptsTab tells Fyne that Tab leads on, also from fields of many lines: a person
// without a mouse could not leave them otherwise.
func (e *Entry) AcceptsTab() bool { return false }
