package view

import (
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

func TestMain(m *testing.M) {
	os.Setenv("LANG", "en_US.UTF-8")
	test.NewApp()
	os.Exit(m.Run())
}

// testWindow is a window on the toolkit's own test driver, with a session whose
// posts run when the test says so.
type testWindow struct {
	window  fyne.Window
	frame   *Frame
	session *model.Session
	posted  chan func()
	// notes are the notifications, copied what went to the clipboard.
	notes []string
}

// testNow is the time in all tests.
func testNow() time.Time { return time.Date(2030, 5, 17, 9, 30, 0, 0, time.UTC) }

// newTestWindow opens a window without a design.
func newTestWindow(t testing.TB, mode widgets.Mode, size fyne.Size, options ...func(*model.Env)) *testWindow {
	t.Helper()
	setMode(mode)
	w := &testWindow{posted: make(chan func(), 100000)}
	env := model.Env{Post: func(f func()) { w.posted <- f }, Now: testNow, Home: "/home/ada", CacheDir: t.TempDir(), Images: "/home/ada/Images", Root: t.TempDir()}
	for _, o := range options {
		o(&env)
	}
	w.session = model.New(env)
	t.Cleanup(w.session.End)
	w.window = test.NewWindow(nil)
	t.Cleanup(w.window.Close)
	w.frame = New(w.session, Host{
		Window: w.window,
		Notify: func(title, text string) { w.notes = append(w.notes, title+": "+text) },
		Mode:   func() string { return "" }, SetMode: func(string) {},
		Language: func() string { return "" }, SetLanguage: func(string) {},
		Clipboard: test.NewClipboard(), Quit: func() {}, OpenFolder: func(string) error { return nil },
	})
	w.window.SetPadded(false)
	w.window.SetContent(widgets.Tips(w.frame.Content()))
	w.window.Resize(size)
	return w
}

// setMode shows everything light or dark. It does nothing where it is so already:
// the toolkit forgets all that it has measured.
func setMode(mode widgets.Mode) {
	settings, want := fyne.CurrentApp().Settings(), widgets.NewTheme(mode)
	now := settings.Theme().Color(widgets.ColourGround, settings.ThemeVariant())
	if now != want.Color(widgets.ColourGround, settings.ThemeVariant()) {
		settings.SetTheme(want)
	}
}

// open begins a design from a template.
func (w *testWindow) open(t testing.TB, template string) *model.Document {
	t.Helper()
	for _, tpl := range assets.Templates() {
		if tpl.Name == template {
			doc, err := w.session.NewFrom(tpl)
			if err != nil {
				t.Fatal(err)
			}
			return doc
		}
	}
	t.Fatalf("no template %s", template)
	return nil
}

// settle runs what was posted, until a while nothing comes.
func (w *testWindow) settle() {
	quiet := 30 * time.Millisecond
	if *update {
		quiet = 300 * time.Millisecond
	}
	for {
		select {
		case f := <-w.posted:
			f()
		case <-time.After(quiet):
			return
		}
	}
}

// until runs what is posted until a condition holds.
func (w *testWindow) until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	limit := time.After(time.Minute)
	for !holds() {
		select {
		case f := <-w.posted:
			f()
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// breakEverything puts a fault on many pages.
func breakEverything(d *design.Design) {
	d.VolumeLabel = "much too long for the label of a volume"
	d.System.Hostname = "not a name!"
	d.Users = []design.User{{Name: "0bad"}}
	d.Boot.Resolution = "huge"
	d.Files = []design.File{{Source: "/etc/passwd", Target: "relative"}}
}
