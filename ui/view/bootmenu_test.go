package view

import (
	stdcontext "context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/ui/model"
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
func (w *testWindow) menuPage(t *testing.T, template string) (*model.Document, *bootMenu) {
	t.Helper()
	w.session.SetActions(recordedLoader)
	doc := w.open(t, template)
	w.session.Show(model.BootMenu)
	w.drawn(t, doc)
	return doc, w.frame.pages[model.BootMenu].(*bootMenu)
}

// drawn waits until the menu is drawn and looked at.
func (w *testWindow) drawn(t *testing.T, doc *model.Document) {
	t.Helper()
	w.until(t, "the menu's picture", func() bool { return doc.MenuPreview().Looked() })
}

// themed waits until the pictures of the themes are drawn.
func (w *testWindow) themed(t *testing.T) {
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
	filled.golden, filled.shot = true, "bootmenu"
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
		at("themed", "rescue", "look", func(t *testing.T, w *testWindow, doc *model.Document, p *bootMenu) {
			w.themed(t)
			doc.Edit(model.Act("x"), func(d *design.Design) { d.Boot.Theme, d.Boot.Look.Accent = "isowright:panel-dark", "#fb923c" })
		}),
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
					return builder.Loader{}, errors.New("GRUB's font unicode.pf2 is not on this computer: without it the menu cannot be drawn")
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
