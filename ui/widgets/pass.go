package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Fyne gives keys and shortcuts to the control with the focus and to nothing
// else: the window's own are dead as long as any control has it. The controls
// of this package therefore hand on what they have no use for.

// canvasOf is the canvas that shows o, nil when none does.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// passKey hands a key to the window that shows o.
func passKey(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(key)
	}
}

// passShortcut hands a shortcut to the window that shows o.
func passShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := canvasOf(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// takeFocus gives o the focus, if a window shows it.
func takeFocus(o fyne.Focusable) {
	if c := canvasOf(o.(fyne.CanvasObject)); c != nil {
		c.Focus(o)
	}
}

// colourFor is a colour of the theme that holds for w.
func colourFor(name fyne.ThemeColorName, w fyne.Widget) color.Color {
	return theme.ColorForWidget(name, w)
}

// isKey tells whether s is the key with the modifiers.
func isKey(s fyne.Shortcut, key fyne.KeyName, mods fyne.KeyModifier) bool {
	k, ok := s.(fyne.KeyboardShortcut)
	return ok && k.Key() == key && k.Mod() == mods
}
