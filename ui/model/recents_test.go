package model

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
)

// remembering is a session with a library.
func remembering(t *testing.T) (*Session, *loop, *store.Library) {
	t.Helper()
	l := newLoop()
	library := store.NewLibrary(filepath.Join(t.TempDir(), "library.db"))
	s := New(Env{Post: l.post, Library: library, Home: t.TempDir(), CacheDir: t.TempDir()})
	t.Cleanup(s.End)
	return s, l, library
}

func TestRecentsAreReadOnceAndAgainAfterAChange(t *testing.T) {
	s, l, library := remembering(t)
	for _, name := range []string{"a", "b"} {
		if err := library.Touch(store.Recent{Path: "/" + name, Name: name, Opened: time.Unix(int64(name[0]), 0)}); err != nil {
			t.Fatal(err)
		}
	}
	told := 0
	s.Listen(func(c Change) {
		if c.What == RecentsChanged {
			told++
		}
	})
	if all, known := s.Recents(); known || all != nil {
		t.Fatalf("before they are read there are %v", all)
	}
	s.Recents()
	l.until(t, "the recent designs", func() bool { return told == 1 })
	if all, known := s.Recents(); !known || len(all) != 2 || all[0].Name != "b" || told != 1 {
		t.Errorf("there are %v, told %d times", all, told)
	}
	s.PinRecent("/a", true)
	l.until(t, "a pin", func() bool { all, _ := s.Recents(); return all[0].Name == "a" })
	s.ForgetRecent("/a")
	l.until(t, "one", func() bool { all, _ := s.Recents(); return len(all) == 1 })
	if _, ok := s.RecentOf("/b"); !ok {
		t.Error("it does not know the one that is left")
	}
	if _, ok := s.RecentOf(""); ok {
		t.Error("it knows one without a file")
	}
}

func TestThumbnails(t *testing.T) {
	picture := func(width int) []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 1))); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if img := thumbnailOf(picture(320)); img == nil || img.Bounds().Dx() != 320 {
		t.Errorf("a picture became %v", img)
	}
	for name, data := range map[string][]byte{"nothing": nil, "no picture": []byte("GIF89a"), "half of one": picture(320)[:40], "a wide one": picture(maxThumbnailSide + 1)} {
		if img := thumbnailOf(data); img != nil {
			t.Errorf("%s became %v", name, img.Bounds())
		}
	}
}

func TestRevertGoesBackToTheFile(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc := fresh(t, s)
	if err := doc.Revert(); err == nil {
		t.Error("a design without a file went back to it")
	}
	path := filepath.Join(t.TempDir(), "a.isowright")
	if err := doc.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	saved := design.ID(doc.Design())
	doc.Edit(Act("x"), func(d *design.Design) { d.Name = "Other" })
	if err := doc.Revert(); err != nil || design.ID(doc.Design()) != saved || doc.Dirty() {
		t.Errorf("%v; it is %q", err, doc.Design().Name)
	}
	doc.Undo()
	if doc.Design().Name != "Other" || doc.RedoText() != "Redo: go back to the saved file" {
		t.Errorf("undone it is %q, and can %q", doc.Design().Name, doc.RedoText())
	}
	if err := os.WriteFile(path, []byte("no design"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := doc.Revert(); err == nil || doc.Design().Name != "Other" {
		t.Errorf("of a broken file: %v, %q", err, doc.Design().Name)
	}
}

func TestSwitchDistribution(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc := fresh(t, s)
	doc.Edit(Act("x"), func(d *design.Design) {
		d.Base, d.Desktop, d.Archive.State, d.Packages = "graphical", "lxde", "sha256:00", []string{"git"}
	})
	before := design.ID(doc.Design())
	left := doc.SwitchDistribution("nixos", "NixOS")
	d := doc.Design()
	if !slices.Equal(left, []string{"archive", "desktop"}) || d.Release != "26.05" || d.Desktop != "" || !slices.Equal(d.Packages, []string{"git"}) {
		t.Errorf("left out %v of %+v", left, d)
	}
	if _, wrong := doc.ProblemAt("desktop"); !wrong {
		t.Error("that the desktop is missing is no problem")
	}
	if left := doc.SwitchDistribution("nixos", "NixOS"); left != nil {
		t.Errorf("switching to the same leaves out %v", left)
	}
	doc.Undo()
	if design.ID(doc.Design()) != before {
		t.Errorf("one step back it is %+v", doc.Design())
	}
}

func TestAnEmptySectionIsNoChange(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc := fresh(t, s)
	doc.Edit(Act("x"), func(d *design.Design) { d.NixOS = &design.NixOS{Unfree: []string{}} })
	if doc.UndoText() != "" || doc.Design().NixOS != nil {
		t.Errorf("it is %+v, and can %q", doc.Design().NixOS, doc.UndoText())
	}
}

func TestAbilityIsAskedOnce(t *testing.T) {
	asked := 0
	s, l := begin(t, Actions{Able: func(_ context.Context, distribution string, o builder.Options) (builder.Ability, error) {
		asked++
		if o.Nix.Container.Engine == "" {
			return builder.Ability{}, errors.New("no " + distribution)
		}
		return builder.Ability{Engine: o.Nix.Container.Engine}, nil
	}})
	for range 3 {
		s.Ability("nixos")
	}
	l.until(t, "an answer", func() bool { return s.Ability("nixos").Known })
	if a := s.Ability("nixos"); a.Err == nil || a.Err.Error() != "no nixos" || asked != 1 {
		t.Errorf("%+v, asked %d times", a, asked)
	}
	s.UseEngine("nixos", "podman")
	l.until(t, "another answer", func() bool { return s.Ability("nixos").Known })
	if a := s.Ability("nixos"); a.Err != nil || a.With.Engine != "podman" || s.Options().Nix.Container.Engine != "podman" || asked != 2 {
		t.Errorf("%+v, asked %d times", a, asked)
	}
}
