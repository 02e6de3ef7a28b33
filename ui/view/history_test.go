package view

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/ui/model"
)

// withBuilds gives a window's session a library in which builds of the design in
// front and of others are noted, and a file system in which one image is gone.
func withBuilds(t *testing.T, w *testWindow) {
	t.Helper()
	library := store.NewLibrary(filepath.Join(t.TempDir(), "library.db"))
	doc := w.session.Current()
	log := "time=09:10:02 level=INFO msg=planned packages=412\ntime=09:10:40 level=INFO msg=\"fetched 84.5 MB\"\ntime=09:12:11 level=WARN msg=\"locale de_DE is not in the image\"\n"
	add := func(days int, name, result, image string, packages string, change func(*store.BuildRecord, *design.Design)) {
		d := design.Clone(doc.Design())
		d.Name = name
		began := testNow().AddDate(0, 0, -days).Add(-20 * time.Minute)
		r := store.BuildRecord{Name: name, Result: result, Started: began, Ended: began.Add(252 * time.Second), Image: image, Log: []byte(log),
			Packages: strings.Count(packages, "\n"), PackageList: []byte(packages), Design: "/home/ada/" + strings.ToLower(strings.Fields(name)[0]) + ".isowright"}
		if image != "" {
			r.Size, r.SHA256 = 431_000_000, strings.Repeat("3f", 32)
			r.Phases = []store.BuildPhase{{Step: "download", Seconds: 61}, {Step: "root", Seconds: 93}, {Step: "squashfs", Seconds: 80}, {Step: "checksum", Seconds: 4}}
		}
		change(&r, &d)
		text, err := design.Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		r.DesignText, r.DesignID = text, design.ID(d)
		if _, err := library.AddBuild(r); err != nil {
			t.Fatal(err)
		}
	}
	none := func(*store.BuildRecord, *design.Design) {}
	add(40, "Kiosk of the library's entrance hall", store.Done, "/home/ada/kiosk.iso", packageList(900, "1.0"), none)
	add(9, "Rescue", store.Done, "/home/ada/gone.iso", packageList(12, "1.0"), none)
	add(3, "Rescue", store.Failed, "", "", func(r *store.BuildRecord, _ *design.Design) {
		r.Error, r.Hint = "fetch packages: deb.debian.org cannot be reached", "Check the network, or build with what is on this computer: see Files & offline."
	})
	add(2, "Rescue", store.Cancelled, "", "", none)
	add(0, "Rescue", store.Done, "/home/ada/rescue.iso", packageList(14, "1.1"), func(r *store.BuildRecord, d *design.Design) {
		r.Size, d.System.Hostname, d.System.Locale = 455_000_000, "saviour", "de_DE.UTF-8"
	})
	w.session.SetActions(func(e *model.Env) {
		e.Library = library
		e.Actions.There = func(path string) bool { return path != "/home/ada/gone.iso" }
	})
}

// packageList has n packages, every third of them in a version.
func packageList(n int, version string) string {
	var list strings.Builder
	for i := range n {
		v := "2.40-1"
		if i%3 == 0 {
			v = version
		}
		fmt.Fprintf(&list, "package-%03d\t%s\t%d\n", i, v, 1_000_000*(i%3+len(version)))
	}
	return list.String()
}

// looking brings a window to its history.
func looking(t *testing.T, w *testWindow) *history {
	t.Helper()
	w.open(t, "rescue")
	withBuilds(t, w)
	w.session.Show(model.History)
	w.until(t, "the newest build", func() bool { _, detail, _ := w.session.History().Chosen(); return detail != nil })
	return w.frame.pages[model.History].(*history)
}

func historyScreens() []screen {
	chosen := func(state string, id uint64) screen {
		return screen{name: "history-" + state, begin: func(t *testing.T, w *testWindow) {
			looking(t, w)
			w.session.History().Choose(id)
			w.until(t, "the build", func() bool { b, detail, _ := w.session.History().Chosen(); return b.ID == id && detail != nil })
		}}
	}
	done := chosen("done", 5)
	done.shot = "history"
	return []screen{
		{name: "history-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			w.session.Show(model.History)
		}},
		done, chosen("gone", 2), chosen("failed", 3),
		{name: "history-compare", begin: func(t *testing.T, w *testWindow) {
			looking(t, w)
			compare(t, w, 2, 5)
		}},
		{name: "history-same", begin: func(t *testing.T, w *testWindow) {
			looking(t, w)
			compare(t, w, 3, 4)
		}},
	}
}

// compare ticks two builds and waits for what comes of it.
func compare(t *testing.T, w *testWindow, a, b uint64) {
	t.Helper()
	h := w.session.History()
	h.Tick(a, true)
	h.Tick(b, true)
	w.until(t, "the comparison", func() bool { r, err := h.Compared(); return r != nil || err != nil })
}

func TestHistoryByKeyboard(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := looking(t, w)
	p.Focus("")
	if w.window.Canvas().Focused() != p.list {
		t.Fatalf("the focus is at %T", w.window.Canvas().Focused())
	}
	h := w.session.History()
	if b, _, _ := h.Chosen(); b.ID != 5 || p.list.Chosen() != 0 {
		t.Errorf("at first build %d is chosen, row %d", b.ID, p.list.Chosen())
	}
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	w.settle()
	if b, _, _ := h.Chosen(); b.ID != 4 {
		t.Errorf("below it is build %d", b.ID)
	}
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.until(t, "a comparison", func() bool { r, _ := h.Compared(); return r != nil })
	if !strings.Contains(p.hint.Text(), "compared at the right") {
		t.Errorf("the page says %q", p.hint.Text())
	}
}

func TestHistoryOfOneDesign(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	looking(t, w)
	if err := w.session.Current().SaveAs(filepath.Join(t.TempDir(), "other.isowright")); err != nil {
		t.Fatal(err)
	}
	p := w.frame.pages[model.History].(*history)
	p.own.Tapped(nil)
	w.settle()
	if n := p.list.Len(); n != 0 || !strings.Contains(p.hint.Text(), "not built yet") {
		t.Errorf("of another file there are %d builds: %q", n, p.hint.Text())
	}
	p.own.Tapped(nil)
	w.settle()
	if n := p.list.Len(); n != 5 {
		t.Errorf("in all there are %d", n)
	}
}

func TestHistoryLeadsOn(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	looking(t, w)
	c := w.frame.c
	b, detail, _ := c.History().Chosen()
	row := c.pastActions(*b, detail).(*fyne.Container)
	press := func(i int) { row.Objects[i].(interface{ Press() }).Press() }
	press(4)
	if text := c.host.Clipboard.Content(); !strings.Contains(text, "/home/ada/rescue.iso") || !strings.Contains(text, "level=WARN") {
		t.Errorf("copied %q", text)
	}
	press(0)
	if w.session.Place().Section != model.Try || w.session.TryTarget() != "/home/ada/rescue.iso" {
		t.Errorf("Try leads to %v with %q", w.session.Place(), w.session.TryTarget())
	}
	press(3)
	if doc := w.session.Current(); doc.Design().System.Hostname != "saviour" || doc.Path() != "" {
		t.Errorf("the design as it was is %+v", doc.Design().System)
	}
	gone := c.History().Builds()[3]
	if n := len(c.pastActions(gone, detail).(*fyne.Container).Objects); n != 2 {
		t.Errorf("a build whose image is gone has %d buttons", n)
	}
}

func TestDifferencesInWords(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	looking(t, w)
	compare(t, w, 2, 5)
	r, err := w.session.History().Compared()
	if err != nil {
		t.Fatal(err)
	}
	c := w.frame.c
	want := "2 packages more, 4 packages in another version, 2 other settings. The image has 455 MB instead of 431 MB (+24.0 MB)."
	if got := c.differences(r.Result); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	table := c.packageTable(r.Packages)
	if len(table) != 6 || !strings.HasPrefix(table[0], "~ package-000") || !strings.Contains(table[0], "1.0 → 1.1") {
		t.Errorf("the table is %q", table)
	}
	if got := c.settingText([]any{"a", true}, false); got != `["a",true]` {
		t.Errorf("a list is %s", got)
	}
	if c.settingText("x", true) == "x" || c.settingText(nil, false) != "not set" {
		t.Error("a secret is shown, or nothing is not named")
	}
}
