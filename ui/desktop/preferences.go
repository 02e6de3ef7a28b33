package desktop

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/ui/widgets"
)

// Keys of what the application remembers of itself.
const (
	keyLanguage = "language"
	keyMode     = "theme"
	keyWidth    = "width"
	keyHeight   = "height"
)

// The size of the first window.
const (
	firstWidth  = 1280
	firstHeight = 800
)

// language is the person's choice, else the locale's.
func language(a fyne.App, getenv func(string) string) string {
	if chosen := a.Preferences().String(keyLanguage); chosen != "" {
		return chosen
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			return value
		}
	}
	return "en"
}

// mode is light, dark or the system's.
func mode(a fyne.App) widgets.Mode {
	switch a.Preferences().String(keyMode) {
	case "light":
		return widgets.Light
	case "dark":
		return widgets.Dark
	}
	return widgets.System
}

// size gives the window its last size.
func (d *desktop) size() {
	p := d.app.Preferences()
	width, height := p.FloatWithFallback(keyWidth, firstWidth), p.FloatWithFallback(keyHeight, firstHeight)
	d.window.Resize(fyne.NewSize(float32(width), float32(height)))
}

// remember keeps the window's size.
func (d *desktop) remember() {
	size := d.window.Canvas().Size()
	d.app.Preferences().SetFloat(keyWidth, float64(size.Width))
	d.app.Preferences().SetFloat(keyHeight, float64(size.Height))
}
