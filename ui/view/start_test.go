package view

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// withLibrary gives the window a library, filled by fill.
func withLibrary(t *testing.T, fill func(*store.Library)) func(*model.Env) {
	t.Helper()
	library := store.NewLibrary(filepath.Join(t.TempDir(), "library.db"))
	if fill != nil {
		fill(library)
	}
	return func(e *model.Env) { e.Library = library }
}

// must is for what cannot fail in a test's preparation.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// menuPicture is a picture as that of a boot menu.
func menuPicture(t *testing.T) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 96, 64))
	for y := range 64 {
		for x := range 96 {
			c := color.NRGBA{0x10, 0x24, 0x30, 255}
			if y >= 24 && y < 30 && x > 12 && x < 84 {
				c = color.NRGBA{0x2d, 0xd4, 0xbf, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

// someRecents are recent designs: one with a picture and an image, one that is
// pinned, one that is gone.
func someRecents(t *testing.T) func(*store.Library) {
	return func(l *store.Library) {
		ago := func(d time.Duration) time.Time { return testNow().Add(-d) }
		must(t, l.Touch(store.Recent{Path: "/nowhere/lab.isowright", Name: "Lab over the network", Distribution: "nixos", Base: "netboot", Opened: ago(9 * 24 * time.Hour)}))
		must(t, l.Touch(store.Recent{Path: "/dev/null", Name: "Rescue stick for the workshop with a name that is far too long for one line", Distribution: "debian", Base: "minimal",
			Opened: ago(3 * time.Hour), Built: ago(2 * time.Hour), Image: "/home/ada/rescue.iso", Size: 431_000_000}))
		must(t, l.SetThumbnail("/dev/null", menuPicture(t)))
		must(t, l.Touch(store.Recent{Path: "/dev/zero", Name: "Kiosk", Distribution: "debian", Base: "minimal", Opened: ago(50 * time.Minute)}))
		must(t, l.Pin("/dev/zero", true))
	}
}

// startWindow is a window with recent designs that were read.
func startWindow(t *testing.T, mode widgets.Mode, size fyne.Size, fill func(*store.Library)) *testWindow {
	w := newTestWindow(t, mode, size, withLibrary(t, fill))
	w.session.Show(model.Start)
	w.until(t, "the recent designs", func() bool { _, known := w.session.Recents(); return known })
	return w
}

// startPage is the start page of a window.
func startPage(w *testWindow) *start { return w.frame.pages[model.Start].(*start) }

func startScreens() []screen {
	fill := func(t *testing.T, w *testWindow, fill func(*store.Library)) {
		w.session.SetActions(withLibrary(t, fill))
		w.session.Show(model.Start)
		w.until(t, "the recent designs", func() bool { _, known := w.session.Recents(); return known })
	}
	return []screen{
		{name: "start-first", golden: true, begin: func(t *testing.T, w *testWindow) { fill(t, w, nil) }},
		{name: "start-recent", shot: "start", begin: func(t *testing.T, w *testWindow) { fill(t, w, someRecents(t)) }},
		{name: "start-open", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			w.session.Show(model.Start)
		}},
		{name: "start-gone", begin: func(t *testing.T, w *testWindow) {
			fill(t, w, someRecents(t))
			startPage(w).recents[2].Press()
		}},
	}
}

func TestEveryTemplateIsOffered(t *testing.T) {
	known := offers()
	for _, tpl := range assets.Templates() {
		o, ok := known[tpl.Name]
		if !ok {
			t.Errorf("nothing is said of the template %s", tpl.Name)
			continue
		}
		w := newTestWindow(t, 0, sizes()[0])
		doc := w.open(t, tpl.Name)
		if doc.Design().Distribution != o.distribution {
			t.Errorf("%s is offered as one of %s", tpl.Name, o.distribution)
		}
	}
	if len(known) != len(assets.Templates()) {
		t.Errorf("%d templates are offered, there are %d", len(known), len(assets.Templates()))
	}
}

func TestBeginWithATemplate(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := startPage(w)
	if len(p.cards) != len(assets.Templates()) {
		t.Fatalf("%d cards", len(p.cards))
	}
	p.Focus("")
	if w.window.Canvas().Focused() != p.cards[0] {
		t.Error("the first template has not the focus")
	}
	p.filter.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if p.filter.Value() != "nixos" || len(p.cards) != len(templatesOf("nixos")) {
		t.Fatalf("the filter %q leaves %d cards", p.filter.Value(), len(p.cards))
	}
	p.cards[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if doc := w.session.Current(); doc == nil || doc.Design().Distribution != "nixos" || w.session.Place().Section != model.Overview {
		t.Fatalf("%v in front, at %v", doc, w.session.Place())
	}
}

func TestRecentDesigns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.isowright")
	must(t, os.WriteFile(file, []byte(assets.Templates()[0].Text), 0o644))
	w := startWindow(t, 0, sizes()[0], func(l *store.Library) {
		someRecents(t)(l)
		must(t, l.Touch(store.Recent{Path: file, Name: "Mine", Distribution: "debian", Base: "minimal", Opened: testNow()}))
	})
	p := startPage(w)
	names := func() string {
		all, _ := w.session.Recents()
		var list []string
		for _, r := range all {
			list = append(list, strings.Fields(r.Name)[0])
		}
		return strings.Join(list, " ")
	}
	if got := names(); got != "Kiosk Mine Rescue Lab" {
		t.Fatalf("in the order %s", got)
	}
	all, _ := w.session.Recents()
	if all[2].Picture == nil || all[0].Picture != nil {
		t.Error("the picture is not with the one that has it")
	}
	w.session.PinRecent("/dev/zero", false)
	w.until(t, "no pin", func() bool { return names() == "Mine Kiosk Rescue Lab" })
	w.session.ForgetRecent("/dev/zero")
	w.until(t, "one less", func() bool { return names() == "Mine Rescue Lab" })
	if len(p.recents) != 3 {
		t.Errorf("%d rows", len(p.recents))
	}
	p.recents[2].Press()
	if m := w.session.Message(); m.Kind != "warning" || w.session.Current() != nil {
		t.Errorf("of a design that is gone: %v", m)
	}
	w.session.Message().Do()
	w.until(t, "the one that is gone off the list", func() bool { return names() == "Mine Rescue" })
	p.Focus("")
	w.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if doc := w.session.Current(); doc == nil || doc.Path() != file {
		t.Errorf("%v is in front", doc)
	}
}

func TestManyRecentsAreFolded(t *testing.T) {
	w := startWindow(t, 0, sizes()[0], func(l *store.Library) {
		for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
			must(t, l.Touch(store.Recent{Path: "/nowhere/" + name, Name: name, Distribution: "debian", Base: "minimal", Opened: testNow()}))
		}
	})
	p := startPage(w)
	if len(p.recents) != shownRecents {
		t.Fatalf("%d rows", len(p.recents))
	}
	p.all = true
	p.showRecents()
	if len(p.recents) != 6 {
		t.Errorf("%d rows of all", len(p.recents))
	}
}

func TestPagesWithoutADesign(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	for _, section := range []model.Section{model.Flash, model.Try} {
		w.session.Show(section)
		if w.frame.front != section {
			t.Fatalf("%s is in front instead of %s", w.frame.front, section)
		}
		back := find(w.window.Content(), func(b *widgets.Button) bool { return b.Text() == "Back to start" })
		if back == nil {
			t.Fatalf("%s has no way back", section)
		}
		test.Tap(back)
		if w.frame.front != model.Start {
			t.Errorf("the way back leads to %s", w.frame.front)
		}
	}
	w.session.Show(model.Packages)
	if w.frame.front != model.Start {
		t.Errorf("without a design there is %s", w.frame.front)
	}
	w.session.Show(model.Flash)
	w.open(t, "rescue")
	if w.frame.front != model.Overview {
		t.Errorf("a design that is opened leads to %s", w.frame.front)
	}
	if b := find(w.window.Content(), func(b *widgets.Button) bool { return b.Text() == "Back to start" }); b != nil {
		t.Error("with a design there is a way back to the start page")
	}
}

// find gives a visible widget of a kind that fits; the zero value for none.
func find[W fyne.Widget](o fyne.CanvasObject, fits func(W) bool) (found W) {
	for _, inner := range visible(o) {
		if w, ok := inner.(W); ok && fits(w) {
			return w
		}
	}
	return found
}

// visible are an object and those in it that are not hidden.
func visible(o fyne.CanvasObject) []fyne.CanvasObject {
	if !o.Visible() {
		return nil
	}
	all := []fyne.CanvasObject{o}
	var inner []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inner = o.Objects
	case fyne.Widget:
		inner = test.WidgetRenderer(o).Objects()
	}
	for _, i := range inner {
		all = append(all, visible(i)...)
	}
	return all
}
