package view

import (
	stdcontext "context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// project saves the design in front in a folder of its own, with files beside
// it.
func (w *testWindow) project(t *testing.T, doc *model.Document, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := doc.SaveAs(filepath.Join(dir, "project.isowright")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// someFiles are what lies beside a design.
func someFiles() map[string]string {
	return map[string]string{"tools/run.sh": "#!/bin/sh\necho hello\n", "tools/data.bin": strings.Repeat("x", 4<<20), "welcome.txt": "hello\n"}
}

// offlineCosts plans as recorded: what the levels cost.
func offlineCosts(e *model.Env) {
	e.Actions.Plan = func(stdcontext.Context, design.Design, builder.Options) (plan.Plan, error) {
		return plan.Plan{Sizes: plan.Sizes{Image: 1240e6}, Nix: &plan.Nix{Offline: []plan.OfflineCost{
			{Level: "A", Added: 412e6, Image: 1240e6, Space: 6100e6},
			{Level: "B", Added: 1310e6, Image: 1690e6, Space: 7900e6},
			{Level: "C", Added: 14200e6, Image: 9300e6, Space: 41e9},
		}}}, nil
	}
}

// filesScreens are those of the page Files & offline.
func filesScreens() []screen {
	return []screen{
		{name: "files-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.session.Show(model.Files)
		}},
		{name: "files-filled", shot: "files", golden: true, begin: func(t *testing.T, w *testWindow) {
			doc := w.open(t, "minimal")
			w.project(t, doc, someFiles())
			doc.Edit(model.Act("x"), func(d *design.Design) {
				d.Files = []design.File{{Source: "tools", Target: "/opt/tools", Mode: "0755"}, {Source: "welcome.txt", Target: "/README.txt", On: "medium"}}
			})
			w.session.Show(model.Files)
		}},
		{name: "files-problems", begin: func(t *testing.T, w *testWindow) {
			doc := w.open(t, "minimal")
			w.project(t, doc, map[string]string{"id": "-----BEGIN OPENSSH PRIVATE KEY-----\n", "notes": "x"})
			doc.Edit(model.Act("x"), func(d *design.Design) {
				d.Files = []design.File{{Source: "id", Target: "relative", Mode: "rwx"}, {Source: "notes", Target: "/proc/x", On: "medium", Owner: "ada"}}
			})
			w.session.Show(model.Files)
		}},
		{name: "files-offline", env: offlineCosts, begin: func(t *testing.T, w *testWindow) {
			doc := w.open(t, "nixos-offline")
			w.project(t, doc, nil)
			w.session.Show(model.Files)
			doc.MakePlan()
			w.until(t, "the plan", func() bool { return !doc.Planning() })
		}},
		{name: "files-offline-unknown", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-offline").Edit(model.Act("x"), func(d *design.Design) {
				d.NixOS.Offline.Unattended, d.NixOS.Offline.Disk = true, "/dev/vda"
				d.NixOS.Contents = []design.NixContent{{Target: "/README.txt", Text: "How to install\n"}, {Target: "/files/hello", Package: "hello"}}
			})
			w.session.Show(model.Files)
			w.scrollTo(1)
		}},
	}
}

func TestFilesBesideTheDesignAreAdded(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.open(t, "minimal")
	dir := w.project(t, doc, someFiles())
	w.session.Show(model.Files)
	w.settle()
	before := design.ID(doc.Design())
	w.frame.Drop(filepath.Join(dir, "tools"), filepath.Join(dir, "welcome.txt"))
	w.until(t, "the files", func() bool { return len(doc.Design().Files) == 2 })
	want := []design.File{{Source: "tools", Target: "/opt/tools"}, {Source: "welcome.txt", Target: "/opt/welcome.txt"}}
	if got := doc.Design().Files; !slices.Equal(got, want) {
		t.Errorf("the files are %+v", got)
	}
	undoes(t, doc, before)
	w.until(t, "the sizes", func() bool { return w.shows("2 files, 4.2 MB") })
	w.fill(t, "To, on the image", "/opt/other")
	pick(t, w, "Where", "medium")
	w.fill(t, "Rights, like 0755", "0700")
	if got := doc.Design().Files[0]; got != (design.File{Source: "tools", Target: "/opt/other", On: "medium", Mode: "0700"}) {
		t.Errorf("the first file is %+v", got)
	}
	before = design.ID(doc.Design())
	w.tap(t, "Take this off the image")
	if got := doc.Design().Files; len(got) != 1 || got[0].Source != "welcome.txt" {
		t.Errorf("after removing the first there is %+v", got)
	}
	undoes(t, doc, before)
}

func TestFilesFromElsewhereAreCopiedBesideTheDesign(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.open(t, "minimal")
	dir := w.project(t, doc, nil)
	other := filepath.Join(t.TempDir(), "far.txt")
	if err := os.WriteFile(other, []byte("far"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.session.Show(model.Files)
	w.frame.Drop(other)
	w.until(t, "the question", func() bool { return w.window.Canvas().Overlays().Top() != nil })
	w.tap(t, "Copy")
	w.until(t, "the copy", func() bool { return len(doc.Design().Files) == 1 })
	if got := doc.Design().Files[0].Source; got != "files/far.txt" {
		t.Errorf("the source is %q", got)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "files/far.txt")); err != nil || string(text) != "far" {
		t.Errorf("the copy holds %q (%v)", text, err)
	}
}

func TestPrivateKeysGoOnNoImage(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.open(t, "minimal")
	dir := w.project(t, doc, map[string]string{"id_rsa": "-----BEGIN RSA PRIVATE KEY-----\n"})
	w.session.Show(model.Files)
	w.frame.Drop(filepath.Join(dir, "id_rsa"))
	w.until(t, "the refusal", func() bool { return w.session.Message().Kind == "danger" })
	if m := w.session.Message().Text; !strings.Contains(m, "id_rsa is a private key") || len(doc.Design().Files) > 0 {
		t.Errorf("the message is %q, the files are %+v", m, doc.Design().Files)
	}
}

func TestADesignWithoutAFileIsSavedFirst(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Files, nil)
	w.frame.Drop("/etc/hostname")
	if !w.shows("A design names files by where they lie beside it, so it needs a place of its own.") {
		t.Error("nothing asks for a place")
	}
	w.tap(t, "Cancel")
	if len(doc.Design().Files) > 0 {
		t.Error("a file was added")
	}
}

func TestDesignsThatAreDroppedAreOpened(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.open(t, "minimal")
	dir := w.project(t, doc, nil)
	w.open(t, "rescue")
	w.session.Show(model.Files)
	w.frame.Drop(filepath.Join(dir, "project.isowright"))
	if w.session.Current() != doc {
		t.Error("the design is not in front")
	}
}

func TestTheCostOfOfflineLevels(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0], offlineCosts)
	doc := w.at(t, "nixos-offline", model.Files, nil)
	w.tap(t, "Make the plan to see what it costs")
	w.until(t, "the plan", func() bool { return !doc.Planning() })
	w.settle()
	for _, text := range []string{"adds 412 MB; image 1.2 GB; building needs 6.1 GB of room", "adds 14.2 GB; image 9.3 GB; building needs 41.0 GB of room"} {
		if !w.shows(text) {
			t.Errorf("%q is not shown", text)
		}
	}
	pick(t, w, "What the installer on the image can do", "C")
	if doc.Design().NixOS.Offline.Level != "C" || !w.shows("As it was before the last change.") || !w.shows("Very large") {
		t.Errorf("the level is %q", doc.Design().NixOS.Offline.Level)
	}
	test.Tap(control[*widgets.Check](t, w, "Install without asking"))
	w.settle()
	if !w.shows("Whichever computer starts from this image loses everything") {
		t.Error("there is no warning")
	}
	pick(t, w, "What the installer on the image can do", "")
	if w.shows("Flake to install") != hasOffline(doc.Design()) {
		t.Error("the fields of the installer do not follow its level")
	}
}

func TestFoldersOfTheInstallerAreRelative(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.open(t, "nixos-offline")
	dir := w.project(t, doc, map[string]string{"config/flake.nix": "{ }"})
	w.session.Show(model.Files)
	w.frame.c.placed([]string{filepath.Join(dir, "config")}, func(sources []string) {
		doc.Edit(model.Act("x"), func(d *design.Design) { nix(d).Offline.Flake = sources[0] })
	})
	w.until(t, "the folder", func() bool { return doc.Design().NixOS.Offline.Flake == "config" })
	w.settle()
	if got := control[*widgets.Entry](t, w, "Flake to install").Text; got != "config" {
		t.Errorf("the field shows %q", got)
	}
}

func TestContentsOfTheMedium(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "nixos-minimal", model.Files, nil)
	before := design.ID(doc.Design())
	w.tap(t, "Add a text")
	w.fill(t, "Text", "How to install")
	if got := doc.Design().NixOS.Contents; len(got) != 1 || got[0].Text != "How to install" {
		t.Errorf("the contents are %+v", got)
	}
	w.tap(t, "Take this off the image")
	if design.ID(doc.Design()) != before {
		t.Errorf("something is left: %+v", doc.Design().NixOS)
	}
	w.tap(t, "Add a part of a package")
	w.fill(t, "Package", "memtest86plus")
	if got := doc.Design().NixOS.Contents; len(got) != 1 || got[0].Package != "memtest86plus" {
		t.Errorf("the contents are %+v", got)
	}
}
