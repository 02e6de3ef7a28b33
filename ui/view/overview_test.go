package view

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

func overviewScreens() []screen {
	return []screen{
		{name: "overview-new", golden: true, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			w.session.Show(model.Overview)
		}},
		{name: "overview-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-offline")
			w.frame.c.edit(model.Act("x"), breakEverything)
			w.session.Show(model.Overview)
		}},
		{name: "overview-built", shot: "overview", begin: func(t *testing.T, w *testWindow) {
			w.session.SetActions(withLibrary(t, nil))
			w.open(t, "rescue")
			b := newBuilding()
			j := buildUntil(t, w, b)
			b.end <- nil
			w.until(t, "the end", func() bool { return j.State == model.Done })
			j.Ended = testNow().Add(-2 * time.Hour)
			w.session.Show(model.Overview)
		}},
	}
}

// texts are all texts that are on the screen.
func (w *testWindow) texts() string {
	var all []string
	for _, o := range visible(w.window.Content()) {
		switch o := o.(type) {
		case *widgets.Check:
			all = append(all, o.Text)
		case *widgets.Text:
			all = append(all, o.Text())
		case *widgets.Button:
			all = append(all, o.Text())
		}
	}
	return strings.Join(all, "\n")
}

// wants fails where a text is not on the screen.
func (w *testWindow) wants(t *testing.T, texts ...string) {
	t.Helper()
	shown := w.texts()
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			t.Errorf("%q is not on the screen:\n%s", text, shown)
		}
	}
}

// press presses the button with a text.
func (w *testWindow) press(t *testing.T, text string) {
	t.Helper()
	b := find(w.window.Content(), func(b *widgets.Button) bool { return b.Text() == text && b.Visible() })
	if b == nil {
		t.Fatalf("there is no button %q in\n%s", text, w.texts())
	}
	b.Press()
}

func TestOverviewNamesAreMadeFromTheName(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc := w.open(t, "rescue")
	p := w.frame.pages[model.Overview].(*overview)
	p.Focus("")
	name := w.window.Canvas().Focused().(*widgets.Entry)
	name.SetText("Lab 7")
	if doc.Design().Name != "Lab 7" || !strings.HasPrefix(doc.UndoText(), "Undo: change Name") {
		t.Errorf("the name is %q, %q", doc.Design().Name, doc.UndoText())
	}
	p.Focus("volume_label")
	label := w.window.Canvas().Focused().(*widgets.Entry)
	p.Focus("output")
	output := w.window.Canvas().Focused().(*widgets.Entry)
	if label.PlaceHolder != "LAB_7" || output.PlaceHolder != "lab-7.iso" {
		t.Errorf("made of it are %q and %q", label.PlaceHolder, output.PlaceHolder)
	}
	label.SetText("not a label")
	if _, wrong := doc.ProblemAt("volume_label"); !wrong {
		t.Error("a wrong label is no problem")
	}
	w.wants(t, "1 problem stands in the way of an image", "Solve the problems")
	doc.Undo()
	if doc.Design().VolumeLabel != "" || label.Text != "" {
		t.Errorf("undone the label is %q, shown %q", doc.Design().VolumeLabel, label.Text)
	}
}

func TestOverviewTellsTheDesign(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.wants(t, "Debian trixie, minimal", "10 ticked: cryptsetup, dosfstools", "host name rescue", "admin is logged in", "5 entries, starts by itself after 5 s",
		"none beyond those of the kernel", "It has no file yet", "Nothing was built of it yet")
	w.frame.c.edit(model.Act("x"), func(d *design.Design) {
		d.SSH.Enable = true
		d.Users[0].SSHKeys = []string{"a", "b"}
		d.Startup = design.Startup{Command: "top"}
		d.Files = []design.File{{Source: "a", Target: "/a"}}
		endless := -1
		d.Boot.Timeout = &endless
	})
	w.wants(t, "reached over ssh with 2 keys", "runs top", "1 file or folder", "waits for a key")
	w.press(t, "Packages")
	if w.session.Place().Section != model.Packages {
		t.Errorf("the line leads to %v", w.session.Place())
	}
}

func TestOverviewAfterABuild(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	b := newBuilding()
	j := buildUntil(t, w, b)
	w.session.Show(model.Overview)
	w.wants(t, "The image is being built.")
	b.end <- nil
	w.until(t, "the end", func() bool { return j.State == model.Done })
	w.wants(t, "The last image has 429 MB", "Try it", "Flash it")
}

func TestOverviewAfterABuildOfAnEarlierRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.isowright")
	must(t, os.WriteFile(file, []byte(assets.Templates()[0].Text), 0o644))
	w := newTestWindow(t, 0, sizes()[0], withLibrary(t, func(l *store.Library) {
		must(t, l.Touch(store.Recent{Path: file, Name: "Mine", Opened: testNow(), Built: testNow().Add(-time.Hour), Image: "/home/ada/mine.iso", Size: 300_000_000}))
		must(t, l.SetThumbnail(file, menuPicture(t)))
	}))
	doc, err := w.session.Open(file)
	must(t, err)
	w.until(t, "the last image", func() bool { _, ok := w.session.RecentOf(file); return ok })
	w.wants(t, "The last image has 300 MB and was built 1 hour ago.", doc.Path(), "Everything is saved.")
}

func TestRecoveredDesign(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.isowright")
	saved, err := design.Parse([]byte(assets.Templates()[0].Text), filepath.Dir(file))
	must(t, err)
	must(t, design.Save(file, saved))
	draft := saved
	draft.Name = "Changed"
	text, err := design.Encode(draft)
	must(t, err)
	kept := time.Date(2030, 5, 17, 8, 3, 0, 0, time.UTC)
	w := newTestWindow(t, 0, sizes()[0], withLibrary(t, func(l *store.Library) {
		must(t, l.PutDraft(store.Draft{Key: "a", Path: file, Saved: kept, BaseID: design.ID(saved), Text: text}))
	}))
	w.frame.Begin("", nil)
	w.until(t, "the draft", func() bool { return w.session.Current() != nil })
	doc := w.session.Current()
	w.wants(t, "Recovered from a draft of "+doc.Recovered().Format("15:04"))
	w.press(t, "Go back to the saved file")
	if doc.Design().Name != saved.Name || doc.Dirty() || !doc.Recovered().IsZero() {
		t.Errorf("it is %q, to be saved %v, recovered at %v", doc.Design().Name, doc.Dirty(), doc.Recovered())
	}
	doc.Undo()
	if doc.Design().Name != "Changed" || !doc.Dirty() {
		t.Errorf("undone it is %q", doc.Design().Name)
	}
	w.wants(t, "There are changes that are not saved.")
	if strings.Contains(w.texts(), "Recovered from") {
		t.Error("the question is asked again")
	}
}

func TestKeepWhatWasRecovered(t *testing.T) {
	d, err := design.Parse([]byte(assets.Templates()[0].Text), "")
	must(t, err)
	text, err := design.Encode(d)
	must(t, err)
	w := newTestWindow(t, 0, sizes()[0], withLibrary(t, func(l *store.Library) {
		must(t, l.PutDraft(store.Draft{Key: "a", Saved: testNow().Add(-48 * time.Hour), Text: text}))
	}))
	w.frame.Begin("", nil)
	w.until(t, "the draft", func() bool { return w.session.Current() != nil })
	w.wants(t, "Recovered from a draft of 2030-05-15")
	if strings.Contains(w.texts(), "Go back to the saved file") {
		t.Error("there is a way back to a file that never was")
	}
	w.press(t, "Keep")
	if strings.Contains(w.texts(), "Recovered from") {
		t.Error("it is still asked")
	}
	if w.session.Current() == nil || !w.session.Current().Dirty() {
		t.Error("what was kept is not there as an unsaved change")
	}
}
