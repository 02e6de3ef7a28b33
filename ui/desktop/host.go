package desktop

import (
	"net/url"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/ui/view"
	"github.com/isowright/isowright/ui/widgets"
)

// host is what the view may ask of the application.
func (d *desktop) host() view.Host {
	return view.Host{
		Window: d.window,
		Notify: func(title, text string) { d.app.SendNotification(fyne.NewNotification(title, text)) },
		OpenFolder: func(path string) error {
			return d.app.OpenURL(&url.URL{Scheme: "file", Path: path})
		},
		OpenPage: func(address string) error {
			u, err := url.Parse(address)
			if err != nil {
				return err
			}
			return d.app.OpenURL(u)
		},
		Clipboard: d.app.Clipboard(),
		Mode:      func() string { return d.app.Preferences().String(keyMode) },
		SetMode: func(name string) {
			d.app.Preferences().SetString(keyMode, name)
			d.app.Settings().SetTheme(widgets.NewTheme(mode(d.app)))
		},
		Language:    func() string { return d.app.Preferences().String(keyLanguage) },
		SetLanguage: func(name string) { d.app.Preferences().SetString(keyLanguage, name) },
		Quit:        d.quit,
	}
}

// keys makes the view's shortcuts the window's.
func (d *desktop) keys() {
	for _, k := range d.frame.Shortcuts() {
		d.window.Canvas().AddShortcut(k.Shortcut, func(fyne.Shortcut) { k.Do() })
	}
	d.window.Canvas().SetOnTypedKey(d.frame.TypedKey)
}
