package model

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/store"
)

// menuDesign has submenus in submenus; its default is in one.
func menuDesign() design.Design {
	d := design.Design{Format: 1, Name: "Stick", Distribution: "debian", Base: "minimal"}
	d.Boot.Entries = []design.BootEntry{
		{Title: "a"},
		{Title: "more", Kind: "submenu", Entries: []design.BootEntry{
			{Title: "b", Hotkey: "x"}, {Title: "deep", Kind: "submenu", Entries: []design.BootEntry{{Title: "c", Parameters: []string{"quiet"}}}},
		}},
		{Title: "f", Kind: "firmware"},
	}
	d.Boot.Default = "more>b"
	return d
}

// outline writes rows as an indented list; what starts by itself has a star.
func outline(d design.Design) string {
	var lines []string
	for _, r := range MenuRows(d) {
		star := ""
		if r.Starts {
			star = "*"
		}
		lines = append(lines, strings.Repeat(".", r.Depth())+r.Entry.Title+star)
	}
	return strings.Join(lines, " ")
}

func TestMenuRows(t *testing.T) {
	d := menuDesign()
	if got := outline(d); got != "a more .b* .deep ..c f" {
		t.Errorf("rows %q", got)
	}
	rows := MenuRows(d)
	if rows[4].Name() != "more>deep>c" || !slices.Equal(rows[4].Path, []int{1, 1, 0}) {
		t.Errorf("row %+v", rows[4])
	}
	if got := StartNames(d); !slices.Equal(got, []string{"a", "more>b", "more>deep>c", "f"}) {
		t.Errorf("names %q", got)
	}
}

// TestImpliedEntries: a design without entries has some, also with variants ticked,
// and they become its own with the first change.
func TestImpliedEntries(t *testing.T) {
	d := design.Design{Format: 1, Name: "Stick", Distribution: "debian", Base: "minimal"}
	if got := outline(d); got != "Stick* Stick (copy to RAM) UEFI firmware settings" {
		t.Errorf("without variants %q", got)
	}
	TickVariant(&d, "serial", true)
	TickVariant(&d, "to-ram", true)
	if !slices.Equal(d.Boot.Variants, []string{"to-ram", "serial"}) {
		t.Errorf("variants %q", d.Boot.Variants)
	}
	if got := outline(d); got != "Stick* UEFI firmware settings" {
		t.Errorf("with variants %q", got)
	}
	ChangeEntry(&d, 0, func(e *design.BootEntry) { e.Title = "Other" })
	if len(d.Boot.Entries) != 2 || d.Boot.Entries[0].Title != "Other" || d.Boot.Entries[0].Kind != "" {
		t.Errorf("entries %+v", d.Boot.Entries)
	}
	if p := design.Validate(d); len(p) > 0 {
		t.Errorf("problems %v", p)
	}
	TickVariant(&d, "to-ram", false)
	if !slices.Equal(d.Boot.Variants, []string{"serial"}) {
		t.Errorf("variants %q", d.Boot.Variants)
	}
}

func TestArrangeEntries(t *testing.T) {
	for _, c := range []struct {
		what, want, starts string
		do                 func(*design.Design)
	}{
		{"move a submenu to the end", "a f more .b* .deep ..c", "more>b", func(d *design.Design) { MoveEntry(d, 1, 2, 0) }},
		{"move the default out", "a b* more .deep ..c f", "b", func(d *design.Design) { MoveEntry(d, 2, 1, 0) }},
		{"move into a submenu", "more .b* .deep ..c .a f", "more>b", func(d *design.Design) { MoveEntry(d, 0, 4, 1) }},
		{"rename around the default", "a other .b* .deep ..c f", "other>b", func(d *design.Design) {
			ChangeEntry(d, 1, func(e *design.BootEntry) { e.Title = "other" })
		}},
		{"remove the default", "a* more .deep ..c f", "", func(d *design.Design) { RemoveEntry(d, 2) }},
		{"remove a submenu", "a* f", "", func(d *design.Design) { RemoveEntry(d, 1) }},
		{"add behind the last", "a more .b* .deep ..c f new", "more>b", func(d *design.Design) { AddEntry(d, 5, design.BootEntry{Title: "new"}) }},
		{"add with a title that is there", "a a 2 more .b* .deep ..c f", "more>b", func(d *design.Design) { AddEntry(d, 0, design.BootEntry{Title: "a"}) }},
		{"copy a submenu", "a more .b* .deep ..c more 2 .b .deep ..c f", "more>b", func(d *design.Design) { CopyEntry(d, 1) }},
		{"a submenu no more", "a more b* deep .c f", "b", func(d *design.Design) { SetEntryKind(d, 1, "live") }},
		{"start with the last", "a more .b .deep ..c f*", "f", func(d *design.Design) { StartWith(d, 5) }},
		{"start with the first", "a* more .b .deep ..c f", "", func(d *design.Design) { StartWith(d, 0) }},
	} {
		d := menuDesign()
		c.do(&d)
		if got := outline(d); got != c.want || d.Boot.Default != c.starts {
			t.Errorf("%s: %q, default %q", c.what, got, d.Boot.Default)
		}
	}
}

func TestEntryKinds(t *testing.T) {
	d := menuDesign()
	SetEntryKind(&d, 4, "iso")
	e := MenuRows(d)[4].Entry
	if e.Kind != "iso" || len(e.Parameters) > 0 {
		t.Errorf("%+v", e)
	}
	ChangeEntry(&d, 4, func(e *design.BootEntry) { e.Image = "/x.iso" })
	SetEntryKind(&d, 4, "live")
	if e = MenuRows(d)[4].Entry; e.Kind != "" || e.Image != "" {
		t.Errorf("%+v", e)
	}
	at := AddEntry(&d, -1, design.BootEntry{Title: "sub", Kind: "submenu"})
	if at = AddEntry(&d, at, design.BootEntry{Title: "in it"}); outline(d) != "sub .in it a more .b* .deep ..c f" || at != 1 {
		t.Errorf("%q, %d", outline(d), at)
	}
}

func TestFieldsOfEntries(t *testing.T) {
	d := menuDesign()
	row, rest := EntryOf(d, "boot.entries[1].entries[1].entries[0].hotkey")
	if row != 4 || rest != "hotkey" {
		t.Errorf("row %d %q", row, rest)
	}
	if row, _ = EntryOf(d, "boot.title"); row != -1 {
		t.Errorf("the title is row %d", row)
	}
	d.Boot.Variants = []string{"serial"}
	for place, want := range map[string]string{
		"entries[0] title":            "boot.entries[0].title",
		"entries[2].entries[0] title": "boot.entries[1].entries[0].title",
		"entries[1].entries[0] title": "boot.variants",
		"timeout":                     "boot.timeout", "fonts[2]": "boot.fonts", "theme": "boot.theme", "preview": "", "/boot/grub/grub.cfg:12": "",
	} {
		if got := warningField(d, place); got != want {
			t.Errorf("%s is about %q", place, got)
		}
	}
}

// recordedFont is GRUB's own, so that no picture depends on this computer.
func recordedFont(t testing.TB) []byte {
	t.Helper()
	font, err := os.ReadFile("../../builder/grub/preview/testdata/truth/assets/unicode/boot/grub/fonts/unicode.pf2")
	if err != nil {
		t.Fatal(err)
	}
	return font
}

func recordedLoader(t testing.TB) Actions {
	font := recordedFont(t)
	return Actions{Loader: func(context.Context, design.Design, string) (builder.Loader, error) {
		return builder.Loader{Version: "2.12", Font: font}, nil
	}}
}

// shown opens a design and waits for the picture of its menu.
func shown(t *testing.T, s *Session, l *loop, d design.Design) (*Document, *MenuPreview) {
	t.Helper()
	doc := fresh(t, s)
	doc.Edit(Act("x"), func(to *design.Design) { *to = design.Clone(d) })
	p := doc.MenuPreview()
	p.Update()
	l.until(t, "a picture", p.Drawn)
	return doc, p
}

// TestPreviewIsTheSessions: what the model shows is what the preview draws.
func TestPreviewIsTheSessions(t *testing.T) {
	s, l := begin(t, recordedLoader(t))
	doc, p := shown(t, s, l, menuDesign())
	want, _, err := builder.Preview(doc.Design(), builder.Loader{Version: "2.12", Font: recordedFont(t)}, preview.Options{Platform: scene.UEFI})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Screen().Picture; got.Rect != want.Image().Rect || !bytes.Equal(got.Pix, want.Image().Pix) {
		t.Error("another picture")
	}
	p.SetSize(640, 480)
	p.Update()
	l.until(t, "the smaller one", p.Drawn)
	if b := p.Screen().Picture.Rect; b.Dx() != 640 || b.Dy() != 480 {
		t.Errorf("a screen of %v", b)
	}
}

// TestPreviewFollowsKeysAndChoices: the chosen entry is known by its titles, also
// in submenus, and after the menu was made anew.
func TestPreviewFollowsKeysAndChoices(t *testing.T) {
	s, l := begin(t, recordedLoader(t))
	doc, p := shown(t, s, l, menuDesign())
	at := func(what string, want ...string) {
		t.Helper()
		l.until(t, what, p.Drawn)
		if got := p.Screen().Chosen; !slices.Equal(got, want) {
			t.Errorf("%s: %q is chosen, want %q", what, got, want)
		}
	}
	p.Choose([]string{"more", "deep", "c"})
	at("an entry two menus down", "more", "deep", "c")
	if p.Steered() {
		t.Error("a choice in the list counts as keys")
	}
	p.Choose([]string{"f"})
	at("back in the main menu", "f")
	p.Key(preview.KeyHome)
	at("the first", "a")
	if !p.Steered() {
		t.Error("keys do not count")
	}
	p.Key(preview.KeyDown)
	p.Key(preview.KeyEnter)
	p.Key(preview.KeyDown)
	at("in a submenu", "more", "deep")
	doc.Edit(Act("x"), func(d *design.Design) { d.Boot.Title = "Other" })
	p.Update()
	at("after an edit", "more", "deep")
	p.Key(preview.KeyEscape)
	l.until(t, "the main menu", p.Drawn)
	if got := p.Screen().Chosen; len(got) != 1 {
		t.Errorf("Esc leads to %q", got)
	}
	p.Key(preview.KeyHome)
	p.Key(preview.KeyEnter)
	l.until(t, "the start", p.Drawn)
	if p.Screen().Booted != "a" {
		t.Errorf("Enter starts %q", p.Screen().Booted)
	}
}

// TestNewestDesignIsDrawn: however quickly a person types, the last picture is that
// of the last design, and only one is drawn at a time.
func TestNewestDesignIsDrawn(t *testing.T) {
	l := newLoop()
	running, most := make(chan bool, 1), 0
	font := recordedFont(t)
	loader := func(context.Context, design.Design, string) (builder.Loader, error) {
		select {
		case running <- true:
		default:
			most++
		}
		defer func() { <-running }()
		return builder.Loader{Version: "2.12", Font: font}, nil
	}
	s := New(Env{Post: l.post, Actions: Actions{Loader: loader}, Home: t.TempDir(), CacheDir: t.TempDir()})
	defer s.End()
	doc, p := shown(t, s, l, menuDesign())
	for _, title := range []string{"n", "ne", "new", "newe", "newes", "newest"} {
		doc.Edit(Act("x"), func(d *design.Design) { d.Boot.Entries[0].Title = title })
		p.Aim([]string{title})
		p.Update()
	}
	l.until(t, "the last picture", p.Drawn)
	if got := p.Screen().Chosen; !slices.Equal(got, []string{"newest"}) || most > 0 {
		t.Errorf("%q is shown; %d more were drawn at once", got, most)
	}
}

func TestPreviewErrors(t *testing.T) {
	s, l := begin(t, Actions{Loader: func(context.Context, design.Design, string) (builder.Loader, error) {
		return builder.Loader{}, builder.ErrNoFont
	}})
	doc, p := shown(t, s, l, menuDesign())
	if p.Screen().Picture != nil || p.Screen().Err != builder.ErrNoFont {
		t.Errorf("%+v", p.Screen())
	}
	zero := 0
	doc.Edit(Act("x"), func(d *design.Design) { d.Boot.Timeout = &zero })
	p.Update()
	l.until(t, "the warnings", p.Looked)
	if len(p.Warnings()) == 0 || p.Warnings()[0].Field != "boot.timeout" {
		t.Errorf("without a font the menu is not looked at: %+v", p.Warnings())
	}
	doc.Edit(Act("x"), func(d *design.Design) { d.Distribution, d.Base = "nixos", "netboot" })
	p.Update()
	l.until(t, "no menu", p.Drawn)
	if p.Screen().Err != ErrNoMenu {
		t.Errorf("%v", p.Screen().Err)
	}
}

func TestIsolinuxIsShown(t *testing.T) {
	s, l := begin(t, Actions{})
	doc, err := s.NewFrom(template(t, "nixos-minimal"))
	if err != nil {
		t.Fatal(err)
	}
	p := doc.MenuPreview()
	p.SetPlatform(scene.BIOS)
	p.Update()
	l.until(t, "isolinux", p.Drawn)
	if !p.Screen().Isolinux || p.Screen().Picture == nil {
		t.Fatalf("%+v", p.Screen())
	}
	first := p.Screen().Chosen
	p.Key(preview.KeyDown)
	p.Key(preview.KeyEnter)
	l.until(t, "a submenu", p.Drawn)
	if len(p.Screen().Chosen) != 2 {
		t.Errorf("Enter leads to %q", p.Screen().Chosen)
	}
	p.Choose(first)
	l.until(t, "the first again", p.Drawn)
	if !slices.Equal(p.Screen().Chosen, first) {
		t.Errorf("%q is chosen", p.Screen().Chosen)
	}
}

// TestCountDown plays one second of it; at its end the default starts.
func TestCountDown(t *testing.T) {
	s, l := begin(t, recordedLoader(t))
	one := 1
	d := menuDesign()
	d.Boot.Timeout, d.Boot.Default = &one, "f"
	_, p := shown(t, s, l, d)
	p.Play()
	if p.Playing() != 1 {
		t.Errorf("%d seconds are left", p.Playing())
	}
	l.until(t, "the start", func() bool { return p.Screen().Booted != "" })
	if p.Screen().Booted != "f" || p.Playing() != -1 {
		t.Errorf("%q starts, %d", p.Screen().Booted, p.Playing())
	}
	p.Play()
	p.Key(preview.KeyUp)
	if p.Playing() != -1 {
		t.Error("a key does not end the count-down")
	}
}

func TestSavePicture(t *testing.T) {
	s, l := begin(t, recordedLoader(t))
	_, p := shown(t, s, l, menuDesign())
	path := filepath.Join(t.TempDir(), "menu.png")
	p.SavePicture(path)
	l.until(t, "the file", func() bool { return s.Message().Text != "" })
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err, s.Message())
	}
	defer f.Close()
	if img, err := png.Decode(f); err != nil || img.Bounds() != p.Screen().Picture.Rect {
		t.Errorf("%v", err)
	}
	p.SavePicture(filepath.Join(t.TempDir(), "no", "menu.png"))
	l.until(t, "the error", func() bool { return s.Message().Kind == "danger" })
}

func TestThumbnailIsKeptWithTheDesign(t *testing.T) {
	l := newLoop()
	dir := t.TempDir()
	library := store.NewLibrary(filepath.Join(dir, "library.db"))
	s := New(Env{Post: l.post, Actions: recordedLoader(t), Home: dir, CacheDir: dir, Library: library})
	defer s.End()
	doc := fresh(t, s)
	doc.Edit(Act("x"), func(d *design.Design) { d.Boot.Theme = "isowright:calm-dark" })
	path := filepath.Join(dir, "a.isowright")
	if err := doc.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	var data []byte
	l.until(t, "the picture", func() bool {
		if all, err := library.Recents(1); err == nil && len(all) > 0 {
			data = all[0].Thumbnail
		}
		return len(data) > 0
	})
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != thumbnailWidth || len(data) > store.MaxThumbnail {
		t.Errorf("%v, %d bytes", err, len(data))
	}
	d := doc.Design()
	d.Base, d.Distribution = "netboot", "nixos"
	if data, err := Thumbnail(context.Background(), d, s.loader()); err != nil || data != nil {
		t.Errorf("a picture of no menu: %v", err)
	}
}

func TestThemesAreDrawnOnce(t *testing.T) {
	s, l := begin(t, recordedLoader(t))
	s.DrawThemes()
	s.DrawThemes()
	for _, name := range append([]string{""}, design.OwnThemes()...) {
		l.until(t, name, func() bool { return s.ThemePicture(name) != nil })
	}
	if len(s.themes.pictures) != len(design.OwnThemes())+1 {
		t.Errorf("%d pictures", len(s.themes.pictures))
	}
}

func TestPathsBesideTheDesign(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc := fresh(t, s)
	if got := doc.Beside("/home/ada/a.png"); got != "/home/ada/a.png" {
		t.Errorf("without a file %q", got)
	}
	doc.path = "/home/ada/designs/a.isowright"
	for path, want := range map[string]string{
		"/home/ada/designs/look/a.png": "look/a.png", "/home/ada/a.png": "/home/ada/a.png", "/home/ada/designs/..a.png": "..a.png",
	} {
		if got := doc.Beside(path); got != want {
			t.Errorf("%s is %q", path, got)
		}
	}
}

func TestWarningsAreNotTwice(t *testing.T) {
	w := grub.Warning{Place: "timeout", Text: "x", Hint: "y"}
	if got := warningFields(menuDesign(), []grub.Warning{w, w}); len(got) != 1 || got[0].Field != "boot.timeout" {
		t.Errorf("%+v", got)
	}
}

func TestMenuColours(t *testing.T) {
	if got := MenuColours(); len(got) != 16 || got[14].Name != "yellow" {
		t.Errorf("%+v", got)
	}
}
