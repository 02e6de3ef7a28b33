// Package desktop is the application around the window: it starts the toolkit,
// wires the model to the view and to this computer, and ends all of it. It is the
// only package that imports the toolkit's drivers.
package desktop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/settings"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/view"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// ID names the application to the desktop.
const ID = "io.github.isowright.Isowright"

// Options are what the window starts with.
type Options struct {
	// Page is the one to begin with, "" for that of the files.
	Page string
	// Files are designs to open, or images to flash.
	Files  []string
	Getenv func(string) string
}

// Run opens the window and returns when it is closed, or when ctx ends: what is
// unsaved is kept as drafts.
func Run(ctx context.Context, o Options) error {
	d, err := open(o)
	if err != nil {
		return err
	}
	return d.run(ctx)
}

// open makes the window without showing it.
func open(o Options) (*desktop, error) {
	places, err := places(o.Getenv)
	if err != nil {
		return nil, err
	}
	set, err := loadSettings(o.Getenv)
	if err != nil {
		return nil, err
	}
	a := app.NewWithID(ID)
	w, err := words.New(assets.Words(), language(a, o.Getenv))
	if err != nil {
		return nil, err
	}
	a.Settings().SetTheme(widgets.NewTheme(mode(a)))
	a.SetIcon(widgets.AppIcon())
	d := &desktop{app: a, window: a.NewWindow("Isowright"), page: model.Section(o.Page), files: o.Files}
	d.session = model.New(model.Env{
		Post: fyne.Do, Now: time.Now, Words: w,
		Log:     slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Library: store.NewLibrary(filepath.Join(places.data, "library.db")), Actions: model.RealActions(),
		Inhibit: flash.InhibitSleep, Settings: set, Devices: os.DirFS("/"),
		CacheDir: places.cache, Home: places.home, Images: places.images, Getenv: o.Getenv,
	})
	d.frame = view.New(d.session, d.host())
	return d, nil
}

// run shows the window until it is closed or ctx ends.
func (d *desktop) run(ctx context.Context) error {
	defer d.session.End()
	d.window.SetPadded(false)
	d.window.SetContent(widgets.Tips(d.frame.Content()))
	d.keys()
	d.size()
	d.window.SetCloseIntercept(func() { d.frame.AskToClose(d.quit) })
	d.window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { d.frame.Drop(paths(uris)...) })
	stop := context.AfterFunc(ctx, func() { fyne.Do(d.quit) })
	defer stop()
	d.app.Lifecycle().SetOnStarted(func() { d.frame.Begin(d.page, d.files) })
	d.window.ShowAndRun()
	if err := d.session.KeepDrafts(); err != nil {
		return fmt.Errorf("keep the unsaved changes: %w", err)
	}
	return nil
}

// desktop is the running application.
type desktop struct {
	app     fyne.App
	window  fyne.Window
	session *model.Session
	frame   *view.Frame
	page    model.Section
	files   []string
}

// quit closes the window without asking.
func (d *desktop) quit() {
	d.remember()
	d.app.Quit()
}

// folders are the person's places.
type folders struct{ cache, data, home, images string }

// places finds them (XDG Base Directory Specification).
func places(getenv func(string) string) (folders, error) {
	home := getenv("HOME")
	if !filepath.IsAbs(home) {
		return folders{}, errors.New("HOME is not set, so there is no place to keep anything: set it to your home folder")
	}
	xdg := func(name, otherwise string) string {
		if dir := getenv(name); filepath.IsAbs(dir) {
			return dir
		}
		return filepath.Join(home, otherwise)
	}
	f := folders{
		home:   home,
		cache:  filepath.Join(xdg("XDG_CACHE_HOME", ".cache"), "isowright"),
		data:   filepath.Join(xdg("XDG_DATA_HOME", filepath.Join(".local", "share")), "isowright"),
		images: home,
	}
	if err := os.MkdirAll(f.data, 0o755); err != nil {
		return f, fmt.Errorf("make the folder for what is remembered: %w", err)
	}
	return f, nil
}

// paths are the local files among what was dropped.
func paths(uris []fyne.URI) []string {
	var list []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			list = append(list, u.Path())
		}
	}
	return list
}

// loadSettings reads the person's settings; without a file there are none.
func loadSettings(getenv func(string) string) (settings.Settings, error) {
	path, err := settings.Path(getenv)
	if err != nil {
		return settings.Settings{}, nil
	}
	s, err := settings.Load(path)
	if err != nil {
		return s, fmt.Errorf("read the settings in %s: %w", path, err)
	}
	return s, nil
}
