package view

import (
	stdcontext "context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
)

func press(o fyne.Focusable, keys ...fyne.KeyName) {
	for _, k := range keys {
		o.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestPackagesByKeyboard(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toPackages(t, w, "minimal")
	canvas := w.window.Canvas()
	if canvas.Focused() != p.search {
		t.Fatalf("the focus is at %T on arrival", canvas.Focused())
	}
	test.Type(canvas.Focused(), "partition")
	if len(p.names) != 4 || p.names[0] == "" {
		t.Fatalf("found %v", p.names)
	}
	press(canvas.Focused(), fyne.KeyDown)
	if canvas.Focused() != p.list || p.list.Chosen() != 0 {
		t.Fatalf("Down leads to %T, row %d", canvas.Focused(), p.list.Chosen())
	}
	press(p.list, fyne.KeyDown, fyne.KeySpace)
	name := p.names[1]
	doc := w.session.Current()
	if !slices.Equal(doc.Design().Packages, []string{name}) || doc.UndoText() != "Undo: tick "+name {
		t.Errorf("Space on %s ticks %v, %q", name, doc.Design().Packages, doc.UndoText())
	}
	if !p.row(1).Ticked || p.row(0).Ticked {
		t.Error("the row does not show its tick")
	}
	test.Type(canvas.Focused(), "s")
	if canvas.Focused() != p.search || p.search.Text != "partitions" {
		t.Errorf("typing in the list gives %q in %T", p.search.Text, canvas.Focused())
	}
	press(p.search, fyne.KeyBackspace, fyne.KeyDown)
	press(p.list, fyne.KeyUp)
	if canvas.Focused() != p.search {
		t.Error("Up from the first row does not lead back")
	}
	press(p.search, fyne.KeyEscape)
	if p.search.Text != "" || len(p.names) < 30 {
		t.Errorf("Escape leaves %q and %d rows", p.search.Text, len(p.names))
	}
	p.search.TypedShortcut(&fyne.ShortcutUndo{})
	w.frame.c.undo()
	if len(doc.Design().Packages) != 0 {
		t.Error("the tick cannot be undone")
	}
}

func TestPackagesKeepTheirPlaceWhileTicked(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toPackages(t, w, "minimal")
	test.Type(p.search, "disk")
	before := slices.Clone(p.names)
	p.list.OnTick(2, true)
	if !slices.Equal(before, p.names) || p.list.Chosen() != 2 || p.search.Text != "disk" {
		t.Errorf("after a tick: %v, row %d, %q", p.names, p.list.Chosen(), p.search.Text)
	}
	first := w.session.Current()
	w.open(t, "rescue")
	w.frame.to("packages")
	if q := w.frame.pages[model.Packages].(*packages); q.search.Text != "" || q.row(0).ID == "" {
		t.Error("another design has this one's search")
	}
	w.session.Select(first)
	w.session.Show(model.Packages)
	if q := w.frame.pages[model.Packages].(*packages); q.search.Text != "disk" || q.list.Chosen() != 2 {
		t.Errorf("back: %q, row %d", q.search.Text, q.list.Chosen())
	}
}

func TestPackagesAskForConsentOnce(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	toPackages(t, w, "minimal")
	doc := w.session.Current()
	w.frame.c.tickPackage("rar", true)
	if len(doc.Design().Packages) != 0 {
		t.Fatal("it is ticked before anybody has consented")
	}
	w.button(t, "Cancel").Press()
	if len(doc.Design().Packages) != 0 || w.window.Canvas().Overlays().Top() != nil {
		t.Error("Cancel does not cancel")
	}
	w.frame.c.tickPackage("rar", true)
	w.button(t, "Tick rar").Press()
	d := doc.Design()
	if !slices.Contains(d.Packages, "rar") || !slices.Contains(d.Archive.Components, "non-free") {
		t.Errorf("ticked %v with %v", d.Packages, d.Archive.Components)
	}
	doc.Undo()
	if d := doc.Design(); len(d.Packages) != 0 || slices.Contains(d.Archive.Components, "non-free") {
		t.Errorf("one undo leaves %v with %v", d.Packages, d.Archive.Components)
	}
	doc.Redo()
	w.frame.c.tickPackage("rar", false)
	w.frame.c.tickPackage("rar", true)
	if !slices.Contains(doc.Design().Packages, "rar") {
		t.Error("it asks again")
	}
}

func TestPackagesThatDoNotExist(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toPackages(t, w, "rescue")
	w.frame.c.edit(model.Act("x"), func(d *design.Design) { d.Packages = append(d.Packages, "ripgerp") })
	w.button(t, "Show").Press()
	if p.names[0] != "ripgerp" || !p.row(0).Alarm || !strings.Contains(p.row(0).Summary, "ripgrep") || p.row(1).Alarm {
		t.Errorf("first row %+v", p.row(0))
	}
	w.button(t, "Take ripgrep instead").Press()
	doc := w.session.Current()
	if d := doc.Design(); slices.Contains(d.Packages, "ripgerp") || !slices.Contains(d.Packages, "ripgrep") {
		t.Errorf("packages are %v", d.Packages)
	}
	if doc.UndoText() != "Undo: take ripgrep instead of ripgerp" || p.browsing().Chosen != "ripgrep" {
		t.Errorf("%q, chosen %q", doc.UndoText(), p.browsing().Chosen)
	}
	w.session.ShowField("packages[3]")
	if p.browsing().Chosen != doc.Design().Packages[3] || p.list.Chosen() < 0 {
		t.Errorf("the problem's package is not shown: %+v", *p.browsing())
	}
}

func TestPackagesOfAList(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toPackages(t, w, "minimal")
	doc := w.session.Current()
	w.frame.c.tickPackage("htop", true)
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte("apt install htop git vim rar ripgerp\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	i := w.frame.c.newImporting()
	if !i.tick.Disabled() {
		t.Error("nothing can be ticked")
	}
	w.session.ReadText(file, func(text string, err error) { i.text.SetText(text) })
	w.until(t, "the file", func() bool { return i.text.Text != "" })
	if l := i.list; !slices.Equal(l.New, []string{"git", "vim", "rar"}) || !slices.Equal(l.Ticked, []string{"htop"}) || !slices.Equal(l.Unknown, []string{"ripgerp"}) {
		t.Fatalf("%+v", l)
	}
	i.tick.Press()
	w.button(t, "Tick 3 packages").Press()
	if d := doc.Design(); !slices.Equal(d.Packages, []string{"htop", "git", "vim", "rar"}) || !slices.Contains(d.Archive.Components, "non-free") {
		t.Errorf("%v, %v", d.Packages, d.Archive.Components)
	}
	if doc.UndoText() != "Undo: tick 3 packages of a list" {
		t.Error(doc.UndoText())
	}
	p.copyList()
	if got := w.frame.c.host.Clipboard.Content(); got != "htop\ngit\nvim\nrar\n" {
		t.Errorf("copied %q", got)
	}
}

func TestPackagesOfNixOSAskInTheirOwnNames(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	toPackages(t, w, "nixos-minimal")
	w.frame.c.tickPackage("vscode", true)
	w.button(t, "Tick vscode").Press()
	d := w.session.Current().Design()
	if !slices.Contains(d.Packages, "vscode") || d.NixOS == nil || !slices.Contains(d.NixOS.Unfree, "vscode") {
		t.Errorf("%v with %+v", d.Packages, d.NixOS)
	}
}

func TestPackagesWithoutAList(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	fetched := make(chan error)
	dir := t.TempDir()
	w.session.SetActions(func(e *model.Env) {
		offering(dir, shelf())(e)
		there := e.Actions.Catalogue
		e.Actions.Catalogue = func(ctx stdcontext.Context, d design.Design, o builder.Options, want builder.Want) (*offer.Catalogue, []string, error) {
			if !want.Newest {
				return nil, nil, offer.ErrAbsent
			}
			if err := <-fetched; err != nil {
				return nil, nil, err
			}
			return there(ctx, d, o, want)
		}
	})
	w.open(t, "rescue")
	w.frame.to("packages")
	p := w.frame.pages[model.Packages].(*packages)
	w.until(t, "the absence", func() bool { return w.session.Catalogue().State == model.OfferAbsent })
	if len(p.names) != 10 || p.shown != "list" {
		t.Errorf("what is ticked is not shown: %v, %s", p.names, p.shown)
	}
	w.button(t, "Fetch the list of packages").Press()
	fetched <- errors.New("no way there")
	w.until(t, "the failure", func() bool { return w.session.Catalogue().Err != nil })
	if !strings.Contains(w.frame.c.absentText(w.session.Catalogue()), "no way there") {
		t.Error("the reason is not said")
	}
	w.settle()
	w.button(t, "Fetch the list of packages").Press()
	fetched <- nil
	w.until(t, "the list", func() bool { return w.session.Catalogue().State == model.OfferReady })
	w.settle()
	if len(p.names) < 30 || p.row(0).Summary == "" {
		t.Errorf("%d rows", len(p.names))
	}
}

func TestIndexIn(t *testing.T) {
	for field, want := range map[string]int{"packages[3]": 3, "packages[12].x": 12, "packages": -1, "packages[": -1, "other[1]": -1, "packages[x]": -1} {
		if n, ok := indexIn(field, "packages"); ok != (want >= 0) || ok && n != want {
			t.Errorf("%s: %d, %v", field, n, ok)
		}
	}
}
