package view

import (
	stdcontext "context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// recordedLoader is the GRUB that all pictures of menus in these tests are of, so
// that they do not depend on this computer's.
func recordedLoader(e *model.Env) {
	e.Actions.Loader = func(stdcontext.Context, design.Design, string) (builder.Loader, error) {
		font, err := os.ReadFile(filepath.Join("..", "..", "builder", "grub", "preview", "testdata", "truth", "assets", "unicode", "boot", "grub", "fonts", "unicode.pf2"))
		return builder.Loader{Version: "2.12-9+deb13u4", Font: font}, err
	}
}

// menuWindow opens a template's boot menu and waits until it is drawn.
func (w *testWindow) menuPage(t testing.TB, template string) (*model.Document, *bootMenu) {
	t.Helper()
	w.session.SetActions(recordedLoader)
	doc := w.open(t, template)
	w.session.Show(model.BootMenu)
	w.drawn(t, doc)
	return doc, w.frame.pages[model.BootMenu].(*bootMenu)
}

// drawn waits until the menu is drawn and looked at.
func (w *testWindow) drawn(t testing.TB, doc *model.Document) {
	t.Helper()
	w.until(t, "the menu's picture", func() bool { return doc.MenuPreview().Looked() })
}

// themed waits until the pictures of the themes are drawn.
func (w *testWindow) themed(t testing.TB) {
	t.Helper()
	names := design.OwnThemes()
	w.until(t, "the themes' pictures", func() bool { return w.session.ThemePicture(names[len(names)-1]) != nil })
}

func bootMenuScreens() []screen {
	at := func(state, template, tab string, change func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu)) screen {
		return screen{name: "bootmenu-" + state, begin: func(t *testing.T, w *testWindow) {
			doc, p := w.menuPage(t, template)
			p.open(tab)
			if change != nil {
				change(t, w, doc, p)
			}
			w.drawn(t, doc)
		}}
	}
	filled := at("filled", "rescue", "entries", func(_ *testing.T, _ *testWindow, _ *model.Document, p *bootMenu) { p.entries.choose(1) })
	filled.golden = true
	themed := at("themed", "rescue", "look", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
		w.themed(t)
		doc.Edit(model.Act("x"), func(d *design.Design) { d.Boot.Theme, d.Boot.Look.Accent = "isowright:panel-dark", "#fb923c" })
	})
	themed.shot = "bootmenu"
	return []screen{
		at("implied", "minimal", "entries", nil),
		filled,
		at("nested", "rescue", "entries", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
			doc.Edit(model.Act("x"), nestedMenu)
			p.entries.choose(3)
		}),
		at("problems", "rescue", "entries", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
			doc.Edit(model.Act("x"), func(d *design.Design) {
				d.Boot.Entries[0].Title, d.Boot.Entries[0].Hotkey = "", "e"
			})
		}),
		at("start", "rescue", "start", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
			doc.Edit(model.Act("x"), func(d *design.Design) {
				d.Boot.Timeout, d.Boot.Variants, d.Boot.TimeoutStyle = new(0), []string{"serial", "to-ram"}, "hidden"
			})
		}),
		at("look", "rescue", "look", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
			w.themed(t)
			doc.Edit(model.Act("x"), func(d *design.Design) { d.Boot.Colours.MenuHighlight = "yellow/blue" })
		}),
		themed,
		at("nix", "nixos-minimal", "nix", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
			doc.Edit(model.Act("x"), func(d *design.Design) {
				nixMenu(d).GRUB = []design.GRUBEntry{{Title: "Other disk", Commands: "chainloader (hd1)+1\n"}}
			})
		}),
		at("isolinux", "nixos-minimal", "entries", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
			doc.MenuPreview().SetPlatform(scene.BIOS)
		}),
		{name: "bootmenu-fontless", begin: func(t *testing.T, w *testWindow) {
			w.session.SetActions(func(e *model.Env) {
				e.Actions.Loader = func(stdcontext.Context, design.Design, string) (builder.Loader, error) {
					return builder.Loader{}, builder.ErrNoFont
				}
			})
			doc := w.open(t, "rescue")
			w.session.Show(model.BootMenu)
			w.drawn(t, doc)
		}},
	}
}

// nestedMenu has submenus in submenus, and long titles.
func nestedMenu(d *design.Design) {
	d.Boot.Entries = []design.BootEntry{
		{Title: "Rescue stick"},
		{Title: "Further ways to start this stick, for computers that make trouble", Kind: "submenu", Entries: []design.BootEntry{
			{Title: "Plain graphics", Parameters: []string{"nomodeset"}, Hotkey: "n"},
			{Title: "Without sound, network and everything else that has ever made trouble on old machines", Parameters: []string{"modprobe.blacklist=snd_hda_intel", "acpi=off"}},
			{Title: "Serial", Kind: "submenu", Entries: []design.BootEntry{{Title: "First line", Parameters: []string{"console=ttyS0"}, ToRAM: true}}},
		}},
		{Title: "Firmware settings", Kind: "firmware", Hotkey: "f2"},
	}
	d.Boot.Default = "Further ways to start this stick, for computers that make trouble>Plain graphics"
}

// TestPreviewIsPixelExact: at 1:1 the window shows the preview's picture, pixel for
// pixel.
func TestPreviewIsPixelExact(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1700, 1100))
	doc, p := w.menuPage(t, "rescue")
	doc.MenuPreview().SetSize(640, 480)
	w.drawn(t, doc)
	p.preview.size.OnPick("actual")
	want := doc.MenuPreview().Screen().Picture
	got := w.window.Canvas().Capture()
	// The driver counts from the area that is the window's own.
	area, _ := w.window.Canvas().InteractiveArea()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.preview.monitor).Add(area)
	for _, o := range test.WidgetRenderer(p.preview.monitor).Objects() {
		if picture, ok := o.(*canvas.Image); ok {
			at = at.Add(picture.Position())
		}
	}
	wrong := 0
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			r, g, b, _ := got.At(int(at.X)+x, int(at.Y)+y).RGBA()
			if c := want.RGBAAt(x, y); c.R != uint8(r>>8) || c.G != uint8(g>>8) || c.B != uint8(b>>8) {
				wrong++
			}
		}
	}
	if wrong > 0 || want.Rect.Dx() != 640 {
		t.Errorf("%d of %d pixels are not the preview's", wrong, want.Rect.Dx()*want.Rect.Dy())
	}
}

// TestMenuEntriesByKeyboard puts the menu in order with keys alone.
func TestMenuEntriesByKeyboard(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "rescue")
	p.Focus("")
	list := p.entries.list
	if w.window.Canvas().Focused() != list {
		t.Fatalf("%T has the focus", w.window.Canvas().Focused())
	}
	press := func(name fyne.KeyName) { list.TypedKey(&fyne.KeyEvent{Name: name}) }
	alt := func(name fyne.KeyName) {
		list.TypedShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierAlt})
	}
	titles := func() string {
		var all []string
		for _, r := range model.MenuRows(doc.Design()) {
			all = append(all, strings.Repeat(".", r.Depth())+r.Entry.Title)
		}
		return strings.Join(all, "|")
	}
	before := titles()
	press(fyne.KeyEnd)
	alt(fyne.KeyUp)
	if got := titles(); !strings.HasSuffix(got, "First disk of this computer|Firmware settings") || p.entries.title() != "First disk of this computer" {
		t.Errorf("moved up: %s, at %s", got, p.entries.title())
	}
	if doc.UndoText() != "Undo: move First disk of this computer" {
		t.Errorf("undo is %q", doc.UndoText())
	}
	doc.Undo()
	if titles() != before {
		t.Errorf("undone: %s", titles())
	}
	press(fyne.KeyHome)
	press(fyne.KeyDelete)
	if strings.HasPrefix(titles(), "Rescue stick|") {
		t.Errorf("removed: %s", titles())
	}
	doc.Undo()
	press(fyne.KeyHome)
	press(fyne.KeyReturn)
	if _, ok := w.window.Canvas().Focused().(*widgets.Entry); !ok {
		t.Errorf("Enter leads to %T", w.window.Canvas().Focused())
	}
}

// TestMenuEntryFields changes each field of an entry.
func TestMenuEntryFields(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "minimal")
	p.entries.choose(1)
	field := func(name string) fyne.Focusable {
		for _, r := range p.entries.form.rows {
			if strings.HasSuffix(r.field, "."+name) {
				return r.focus
			}
		}
		t.Fatalf("no field %s", name)
		return nil
	}
	entry := func() design.BootEntry { return model.MenuRows(doc.Design())[p.entries.row].Entry }
	title := field("title").(*widgets.Entry)
	title.CursorColumn = len([]rune(title.Text))
	test.Type(title, "!")
	if !strings.HasSuffix(entry().Title, "!") || len(doc.Design().Boot.Entries) != 3 {
		t.Errorf("typed: %+v", doc.Design().Boot.Entries)
	}
	if title.CursorColumn != len([]rune(title.Text)) {
		t.Error("the caret has moved")
	}
	doc.Undo()
	if len(doc.Design().Boot.Entries) != 0 {
		t.Error("undo leaves entries")
	}
	test.Type(field("hotkey").(*widgets.Entry), "r")
	test.Type(field("class").(*widgets.Entry), "tux")
	test.Tap(field("to_ram").(*widgets.Check))
	if e := entry(); e.Hotkey != "r" || e.Class != "tux" || e.ToRAM {
		t.Errorf("%+v", e)
	}
	test.Tap(p.entries.starts)
	if doc.Design().Boot.Default != entry().Title {
		t.Errorf("the default is %q", doc.Design().Boot.Default)
	}
	visible := func() string {
		var names []string
		for _, r := range p.entries.form.rows[p.entries.from:] {
			if r.object.Visible() {
				names = append(names, r.field[strings.LastIndex(r.field, ".")+1:])
			}
		}
		return strings.Join(names, " ")
	}
	if got := visible(); got != "title kind  parameters to_ram hotkey class" {
		t.Errorf("an entry that starts the system has %q", got)
	}
	field("kind").(*widgets.Select).OnPick("submenu")
	if got := visible(); got != "title kind hotkey class" {
		t.Errorf("a submenu has %q", got)
	}
	field("kind").(*widgets.Select).OnPick("iso")
	if got := visible(); entry().Kind != "iso" || got != "title kind  image hotkey class" {
		t.Errorf("%+v has %q", entry(), got)
	}
	test.Type(field("image").(*widgets.Entry), "/a.iso")
	if entry().Image != "/a.iso" {
		t.Errorf("%+v", entry())
	}
	test.Tap(p.entries.copy)
	if rows := model.MenuRows(doc.Design()); len(rows) != 4 || p.entries.row != 2 || !strings.HasSuffix(entry().Title, " 2") {
		t.Errorf("copied: %+v, at %d", rows, p.entries.row)
	}
}

// TestPreviewAndListAgree: what is chosen in one is chosen in the other.
func TestPreviewAndListAgree(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "rescue")
	p.entries.list.OnSelect(2)
	w.until(t, "the picture", doc.MenuPreview().Drawn)
	if got := doc.MenuPreview().Screen().Chosen; len(got) != 1 || got[0] != "Rescue stick, plain graphics" {
		t.Errorf("%q is chosen", got)
	}
	m := p.preview.monitor
	w.window.Canvas().Focus(m)
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	w.until(t, "the key", doc.MenuPreview().Drawn)
	if p.entries.row != 3 || p.entries.list.Chosen() != 3 {
		t.Errorf("the list is at %d", p.entries.row)
	}
	m.TypedRune('e')
	w.until(t, "the key", doc.MenuPreview().Drawn)
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.until(t, "the start", func() bool { return doc.MenuPreview().Screen().Booted != "" })
	if got := p.preview.status.Text(); got != "“Rescue stick” starts now." {
		t.Errorf("told: %q", got)
	}
	p.preview.firmware.OnPick(string(scene.BIOS))
	w.until(t, "the other firmware", doc.MenuPreview().Drawn)
	// A BIOS has no settings to go to: the list keeps what is chosen all the same.
	p.entries.list.OnSelect(3)
	w.until(t, "the picture", doc.MenuPreview().Drawn)
	if p.entries.row != 3 {
		t.Errorf("the list has gone to %d", p.entries.row)
	}
}

// TestMenuStart changes what happens when the menu comes up.
func TestMenuStart(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "rescue")
	p.open("start")
	s := p.parts["start"].(*menuStart)
	boot := func() design.Boot { return doc.Design().Boot }
	s.wait.OnPick("-1")
	if boot().Timeout == nil || *boot().Timeout != -1 {
		t.Errorf("never: %v", boot().Timeout)
	}
	s.wait.OnPick("n")
	s.seconds.SetValue("")
	test.Type(s.seconds, "30")
	if *boot().Timeout != 30 {
		t.Errorf("typed: %v", *boot().Timeout)
	}
	s.wait.OnPick("")
	if boot().Timeout != nil {
		t.Errorf("usual: %v", *boot().Timeout)
	}
	s.starts.OnPick("Firmware settings")
	if boot().Default != "Firmware settings" {
		t.Errorf("default %q", boot().Default)
	}
	for _, r := range s.form.rows {
		if check, ok := r.focus.(*widgets.Check); ok {
			test.Tap(check)
		}
	}
	if len(boot().Variants) != len(design.VariantNames()) || !boot().Serial {
		t.Errorf("ticked: %v, %v", boot().Variants, boot().Serial)
	}
	s.starts.Open()
	w.until(t, "a picture of them", func() bool { doc.MenuPreview().Update(); return doc.MenuPreview().Drawn() })
}

// TestMenuLook changes what the menu looks like.
func TestMenuLook(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "rescue")
	p.open("look")
	l := p.parts["look"].(*menuLook)
	boot := func() design.Boot { return doc.Design().Boot }
	row := func(field string) formRow {
		for _, r := range l.form.rows {
			if r.field == field {
				return r
			}
		}
		t.Fatalf("no field %s", field)
		return formRow{}
	}
	accent := row("boot.look.accent").object
	if accent.Visible() {
		t.Error("the text menu has a colour of a theme")
	}
	test.Tap(l.tiles["isowright:line-dark"].tile)
	if boot().Theme != "isowright:line-dark" || !l.tiles["isowright:line-dark"].tile.Chosen() || !accent.Visible() {
		t.Errorf("theme %q", boot().Theme)
	}
	test.Type(row("boot.look.accent").focus, "#fb923c")
	test.Tap(row("boot.look.layout").focus.(*widgets.Check))
	if boot().Look != (design.BootLook{Accent: "#fb923c", Layout: "left"}) {
		t.Errorf("look %+v", boot().Look)
	}
	test.Tap(l.tiles[""].tile)
	if boot().Theme != "" || boot().Look != (design.BootLook{}) {
		t.Errorf("without a theme %+v", boot())
	}
	if accent.Visible() || !row("boot.colours.normal").object.Visible() {
		t.Error("the text menu has not its own fields")
	}
	p.Focus("boot.background")
	test.Type(w.window.Canvas().Focused(), "a.png")
	p.Focus("boot.fonts")
	test.Type(w.window.Canvas().Focused(), "a.ttf")
	w.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	p.Focus("boot.font_size")
	test.Type(w.window.Canvas().Focused(), "20")
	if b := boot(); b.Background != "a.png" || len(b.Fonts) != 1 || b.FontSize != 20 {
		t.Errorf("%+v", b)
	}
	for doc.UndoText() != "" {
		doc.Undo()
	}
	if b := boot(); b.Background != "" || len(b.Fonts) != 0 || b.Theme != "" {
		t.Errorf("undone %+v", b)
	}
}

// TestNixMenu changes nixpkgs's own menu.
func TestNixMenu(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "nixos-minimal")
	p.Focus("nixos.menu.distribution_name")
	test.Type(w.window.Canvas().Focused(), "Ada")
	p.Focus("nixos.menu.append")
	test.Type(w.window.Canvas().Focused(), " Live")
	n := p.parts["nix"].(*menuNix)
	for _, r := range n.form.rows {
		if s, ok := r.focus.(*widgets.Segments); ok && r.field == "nixos.menu.bios" {
			s.OnPick("false")
		}
	}
	n.grub.kind.grow(new(design.Design))
	doc.Edit(model.Act("x"), n.grub.kind.grow)
	doc.Edit(model.Act("x"), n.isolinux.kind.grow)
	p.Focus("nixos.menu.grub[0].title")
	test.Type(w.window.Canvas().Focused(), "My ")
	p.Focus("nixos.menu.isolinux[0].label")
	test.Type(w.window.Canvas().Focused(), "my")
	m := doc.Design().NixOS.Menu
	if m.DistributionName != "Ada" || m.Append == nil || *m.Append != " Live" || m.BIOS == nil || *m.BIOS {
		t.Errorf("%+v", m)
	}
	if len(m.GRUB) != 1 || m.GRUB[0].Title != "My Entry 1" || m.Isolinux[0].Label != "myentry1" {
		t.Errorf("%+v %+v", m.GRUB, m.Isolinux)
	}
	doc.Edit(model.Act("x"), func(d *design.Design) { n.grub.kind.drop(d, 0) })
	if len(doc.Design().NixOS.Menu.GRUB) != 0 || len(n.grub.forms) != 0 {
		t.Error("the entry is still there")
	}
	if problems := doc.ProblemsIn(model.BootMenu); len(problems) > 0 {
		t.Errorf("%v", problems)
	}
}

// TestMenuWarningsLead: what is approximate leads to its field.
func TestMenuWarningsLead(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "rescue")
	doc.Edit(model.Act("x"), func(d *design.Design) { d.Boot.Timeout = new(0) })
	w.drawn(t, doc)
	if len(p.preview.told) == 0 || p.preview.told[0].Field != "boot.timeout" {
		t.Fatalf("told %+v", p.preview.told)
	}
	for _, o := range test.LaidOutObjects(p.preview.warnings) {
		if b, ok := o.(*widgets.Button); ok {
			test.Tap(b)
			break
		}
	}
	if p.tab != "start" || w.session.Place().Field != "boot.timeout" {
		t.Errorf("led to %+v, tab %s", w.session.Place(), p.tab)
	}
}

// TestMenuPictureIsSaved writes what is to be seen.
func TestMenuPictureIsSaved(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	_, p := w.menuPage(t, "rescue")
	path := filepath.Join(t.TempDir(), "menu")
	p.preview.saveTo(path)
	w.until(t, "the file", func() bool { return w.session.Message().Text != "" })
	if _, err := os.Stat(path + ".png"); err != nil {
		t.Error(err, w.session.Message())
	}
}

// TestMenuPlaceSurvivesSaving: saving makes the page anew; what a person was at is
// still there.
func TestMenuPlaceSurvivesSaving(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc, p := w.menuPage(t, "rescue")
	p.entries.choose(3)
	p.preview.size.OnPick("actual")
	p.open("look")
	if err := doc.SaveAs(filepath.Join(t.TempDir(), "a.isowright")); err != nil {
		t.Fatal(err)
	}
	again := w.frame.pages[model.BootMenu].(*bootMenu)
	if again == p || again.tab != "look" || again.entries.row != 3 || again.preview.monitor.Mode() != widgets.MonitorActual {
		t.Errorf("at %s, row %d", again.tab, again.entries.row)
	}
}

// BenchmarkMenuKey is one key stroke in an entry's title: what the goroutine that
// draws does for it, without and with the picture that comes of it.
func BenchmarkMenuKey(b *testing.B) {
	w := newTestWindow(b, widgets.Light, sizes()[0])
	doc, p := w.menuPage(b, "rescue")
	doc.MenuPreview().SetSize(1920, 1080)
	w.drawn(b, doc)
	title := p.entries.form.rows[p.entries.from].focus
	w.window.Canvas().Focus(title)
	b.Run("typed", func(b *testing.B) {
		for i := range b.N {
			if i%2 == 0 {
				title.TypedRune('a')
			} else {
				title.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
			}
		}
	})
	w.drawn(b, doc)
	b.Run("shown", func(b *testing.B) {
		for range b.N {
			p.preview.shown = model.Screen{}
			p.Refresh(model.Change{What: model.PreviewChanged, Doc: doc})
		}
	})
}
