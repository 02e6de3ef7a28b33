package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
)

// pastBuilds is a session with a design in front and builds in its library: two of
// the design, one of another.
func pastBuilds(t *testing.T) (*Session, *loop, *Document) {
	t.Helper()
	dir := t.TempDir()
	l := newLoop()
	library := store.NewLibrary(filepath.Join(dir, "library.db"))
	s := New(Env{Post: l.post, Home: dir, Library: library})
	t.Cleanup(s.End)
	doc := fresh(t, s)
	image := filepath.Join(dir, "a.iso")
	if err := os.WriteFile(image, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	add := func(name, packages, image string, change func(*design.Design)) {
		d := design.Clone(doc.Design())
		d.Name = name
		change(&d)
		text, err := design.Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		r := store.BuildRecord{Name: name, Result: store.Done, Image: image, Started: time.Unix(1e9, 0), Ended: time.Unix(1e9+60, 0),
			DesignText: text, DesignID: design.ID(d), PackageList: []byte(packages)}
		if _, err := library.AddBuild(r); err != nil {
			t.Fatal(err)
		}
	}
	name := doc.Design().Name
	add(name, "bash\t5.2\t7000\n", image, func(*design.Design) {})
	add(name, "bash\t5.3\t7100\n", image+".gone", func(d *design.Design) { d.System.Hostname = "other" })
	add("Another", "", image, func(*design.Design) {})
	h := s.History()
	h.Load()
	l.until(t, "the history", func() bool { loaded, _ := h.Loaded(); return loaded })
	return s, l, doc
}

func TestHistory(t *testing.T) {
	s, l, _ := pastBuilds(t)
	h := s.History()
	all := h.Builds()
	if len(all) != 3 || h.Empty() || all[0].Name != "Another" || all[0].Gone || !all[1].Gone {
		t.Fatalf("the builds are %+v", all)
	}
	h.ShowOwn(true)
	if own := h.Builds(); len(own) != 2 || !h.Own() {
		t.Errorf("the design's own are %+v", own)
	}
	h.Choose(2)
	l.until(t, "the details", func() bool { _, detail, _ := h.Chosen(); return detail != nil })
	if b, detail, err := h.Chosen(); b.ID != 2 || err != nil || !strings.Contains(string(detail.DesignText), "other") {
		t.Errorf("chosen is %+v, %v", b, err)
	}
	before := len(s.Documents())
	if err := h.OpenAsBuilt(); err != nil {
		t.Fatal(err)
	}
	if doc := s.Current(); len(s.Documents()) != before+1 || doc.Design().System.Hostname != "other" || !doc.Dirty() || doc.Path() != "" {
		t.Errorf("opened %+v", doc.Design())
	}
	h.Choose(99)
	l.until(t, "the failure", func() bool { _, _, err := h.Chosen(); return err != nil })
}

func TestCompareBuilds(t *testing.T) {
	s, l, _ := pastBuilds(t)
	h := s.History()
	h.Tick(2, true)
	if c, err := h.Compared(); c != nil || err != nil {
		t.Errorf("one is compared: %v, %v", c, err)
	}
	h.Tick(1, true)
	l.until(t, "the comparison", func() bool { c, err := h.Compared(); return c != nil || err != nil })
	c, err := h.Compared()
	if err != nil || c.Old.ID != 1 || c.New.ID != 2 {
		t.Fatalf("%+v, %v", c, err)
	}
	if len(c.Packages) != 1 || c.Packages[0].Old != "5.2" || len(c.Settings) != 1 || c.Settings[0].New != "other" {
		t.Errorf("they differ in %+v", c.Result)
	}
	h.Tick(3, true)
	if got := h.Ticked(); len(got) != 2 || got[0] != 1 || got[1] != 3 {
		t.Errorf("ticked are %v", got)
	}
	h.Tick(1, false)
	if c, _ := h.Compared(); c != nil || len(h.Ticked()) != 1 {
		t.Error("the comparison stays")
	}
	h.Untick()
	if len(h.Ticked()) != 0 {
		t.Error("marks stay")
	}
}

func TestHistoryWithoutALibrary(t *testing.T) {
	s, _ := begin(t, Actions{})
	h := s.History()
	h.Load()
	if loaded, err := h.Loaded(); !loaded || err != nil || !h.Empty() {
		t.Errorf("%v, %v", loaded, err)
	}
	h.Choose(1)
	if b, _, err := h.Chosen(); b != nil || err != nil {
		t.Errorf("%v, %v", b, err)
	}
}
