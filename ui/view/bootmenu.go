package view

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// bootMenu is the page of the boot menu: its entries, times and looks at the
// left, and at the right the menu itself, as a computer will show it.
type bootMenu struct {
	c       *context
	content fyne.CanvasObject
	tabs    *widgets.Segments
	body    *fyne.Container
	// tab is what the body shows, parts all that it can show.
	tab     string
	parts   map[string]menuPart
	offered []widgets.Option
	entries *menuEntries
	preview *menuView
}

// menuPart is what is behind one of the page's tabs.
type menuPart interface {
	object() fyne.CanvasObject
	refresh()
	focus(field string) bool
}

func newBootMenu(c *context) page {
	p := &bootMenu{c: c, body: container.NewStack()}
	p.preview = newMenuView(c)
	p.entries = newMenuEntries(c)
	p.parts = map[string]menuPart{"entries": p.entries, "start": newMenuStart(c), "look": newMenuLook(c), "nix": newMenuNix(c)}
	p.tabs = widgets.NewSegments(nil, p.open)
	p.offer()
	left := container.NewBorder(widgets.InsetEach(0, 0, 12, 0, p.tabs), nil, nil, nil, p.body)
	bench := widgets.Workbench(left, p.preview.screen, p.preview.below)
	p.content = widgets.Page(c.say("Boot menu"), c.say("What a computer shows when it starts from this image."),
		nil, widgets.InsetEach(0, widgets.MarginWide, widgets.Margin, widgets.MarginWide, bench))
	tab := "entries"
	if doc := c.Current(); doc != nil && doc.MenuPreview().Place.Tab != "" {
		tab = doc.MenuPreview().Place.Tab
		p.entries.row = doc.MenuPreview().Place.Row
	}
	p.open(tab)
	return p
}

// offer shows the tabs that the design has.
func (p *bootMenu) offer() {
	c := p.c
	tabs := []widgets.Option{{Value: "entries", Label: c.say("Entries")}, {Value: "start", Label: c.say("Start")}, {Value: "look", Label: c.say("Look")}}
	if c.design().Distribution == "nixos" {
		tabs = append(tabs, widgets.Option{Value: "nix", Label: "nixpkgs"})
	}
	if !slices.Equal(tabs, p.offered) {
		p.offered = tabs
		p.tabs.SetChoices(tabs)
	}
}

// open shows what is behind a tab.
func (p *bootMenu) open(tab string) {
	p.tab = tab
	if doc := p.c.Current(); doc != nil {
		doc.MenuPreview().Place.Tab = tab
	}
	p.tabs.SetValue(tab)
	p.parts[tab].refresh()
	p.body.Objects = []fyne.CanvasObject{p.parts[tab].object()}
	p.body.Refresh()
	widgets.Relayout(p.body)
}

// Content is the page.
func (p *bootMenu) Content() fyne.CanvasObject { return p.content }

// Refresh shows the design, and its menu as it is drawn.
func (p *bootMenu) Refresh(change model.Change) {
	doc := p.c.Current()
	if doc == nil {
		return
	}
	switch change.What {
	case model.PlanChanged, model.JobChanged, model.LibraryChanged, model.CatalogueChanged, model.DrivesChanged, model.MessageChanged:
		return
	case model.PreviewChanged:
		p.entries.follow()
		if p.tab == "look" {
			p.parts["look"].(*menuLook).draw()
		}
	default:
		p.offer()
		if p.tab == "nix" && p.c.design().Distribution != "nixos" {
			p.open("entries")
		}
		p.parts[p.tab].refresh()
		doc.MenuPreview().Update()
	}
	p.preview.refresh()
}

// Focus leads to a field, behind whichever tab it is.
func (p *bootMenu) Focus(field string) {
	if field == "" {
		p.parts[p.tab].focus("")
		return
	}
	tab := tabOf(field)
	if p.tab != tab {
		p.open(tab)
	}
	p.parts[tab].focus(field)
}

// tabOf is the tab that has a field.
func tabOf(field string) string {
	switch {
	case strings.HasPrefix(field, "boot.entries"):
		return "entries"
	case strings.HasPrefix(field, "nixos."):
		return "nix"
	}
	for _, name := range []string{"boot.colours", "boot.background", "boot.theme", "boot.look", "boot.font"} {
		if strings.HasPrefix(field, name) {
			return "look"
		}
	}
	return "start"
}

// menuForm is a form behind a tab.
type menuForm struct {
	*form
	column fyne.CanvasObject
	scroll fyne.CanvasObject
	high   float32
}

// done puts the form's rows together.
func (f *menuForm) done() {
	f.column = f.content()
	f.scroll = widgets.Scroll(widgets.InsetEach(0, 12, widgets.MarginWide, 0, f.column))
}

func (f *menuForm) object() fyne.CanvasObject { return f.scroll }

// refresh shows the design, and gives rows that have come, gone or grown their
// place.
func (f *menuForm) refresh() {
	f.form.refresh()
	if high := f.column.MinSize().Height; high != f.high {
		widgets.Relayout(f.scroll)
		f.high = f.column.MinSize().Height
	}
}

// nixMakes tells that nixpkgs makes the image's menu.
func nixMakes(d design.Design) bool {
	return d.Distribution == "nixos" && (d.NixOS == nil || d.NixOS.Assembler != "isowright")
}
