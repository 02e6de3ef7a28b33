package view

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// menuNix has the parts of the menu that nixpkgs's own image has.
type menuNix struct {
	menuForm
	grub, isolinux *rawEntries
}

// nixMenu is that part of a design. Of one without it the caller's copy gets an
// empty one.
func nixMenu(d *design.Design) *design.NixMenu {
	if d.NixOS == nil {
		d.NixOS = &design.NixOS{}
	}
	return &d.NixOS.Menu
}

func newMenuNix(c *context) *menuNix {
	n := &menuNix{menuForm: menuForm{form: c.newForm()}}
	f := n.form
	says := widgets.Note("")
	f.object(says, func() {
		if nixMakes(c.design()) {
			says.SetText(c.say("nixpkgs makes the menu of this image, because its assembler is nixpkgs's (assembler = \"nix\"). Time, title, resolution, colours and theme are taken from the design, too."))
		} else {
			says.SetText(c.say("Isowright puts this image together and makes its menu; of what is here names and memory test count."))
		}
	})
	n.names()
	n.ways()
	n.pictures()
	f.lines("nixos.menu.syslinux", c.say("Look of the BIOS menu"), c.say("Lines of isolinux's own language. They replace what nixpkgs has."), 4,
		func(d *design.Design) *string { return &nixMenu(d).Syslinux })
	f.heading(c.say("Further entries"))
	f.note(c.say("In the boot programs' own languages: GRUB's for UEFI, isolinux's for BIOS."))
	n.grub = newRawEntries(c, grubRaw(c))
	n.isolinux = newRawEntries(c, isolinuxRaw(c))
	f.object(n.grub.content, n.grub.refresh)
	f.object(n.isolinux.content, n.isolinux.refresh)
	n.done()
	return n
}

// names are the words that nixpkgs puts an entry together of.
func (n *menuNix) names() {
	c, f := n.c, n.form
	f.text("nixos.menu.distribution_name", c.say("Name of the distribution"), c.say("Stands in every entry instead of NixOS."),
		func(d *design.Design) *string { return &nixMenu(d).DistributionName })
	f.text("nixos.menu.prepend", c.say("Before it"), c.say("With the blank behind it."), func(d *design.Design) *string { return &nixMenu(d).Prepend })
	label := c.say("Behind it")
	e := widgets.NewEntry()
	c.bind(e)
	e.SetPlaceHolder("␣Installer")
	e.OnEdit = func(text string) {
		c.edit(changeOf(label, "nixos.menu.append"), func(d *design.Design) { nixMenu(d).Append = &text })
	}
	usual := widgets.IconButton("undo", c.say("Leave it to nixpkgs"), func() {
		c.edit(changeOf(label, ""), func(d *design.Design) { nixMenu(d).Append = nil })
	})
	f.control("nixos.menu.append", label, c.say("With the blank before it; nixpkgs writes Installer."), widgets.Row(widgets.Gap, widgets.Fill(e), usual), e, func(d, _ design.Design) {
		text := ""
		if a := nixMenu(&d).Append; a != nil {
			text = *a
		}
		e.SetValue(text)
	})
	f.text("nixos.menu.configuration", c.say("Name of the main configuration"), "", func(d *design.Design) *string { return &nixMenu(d).Configuration })
}

// ways are those in which the image starts, and what is in its menu.
func (n *menuNix) ways() {
	c := n.c
	n.maybe("nixos.menu.main", c.say("Main entry"), c.say("Beside those of the specialisations."), func(m *design.NixMenu) **bool { return &m.Main })
	n.maybe("nixos.menu.memtest", c.say("Memory test"), c.say("Memtest86+ in the menu."), func(m *design.NixMenu) **bool { return &m.Memtest })
	n.maybe("nixos.menu.bios", c.say("Starts by BIOS"), "", func(m *design.NixMenu) **bool { return &m.BIOS })
	n.maybe("nixos.menu.efi", c.say("Starts by UEFI"), "", func(m *design.NixMenu) **bool { return &m.EFI })
	n.maybe("nixos.menu.usb", c.say("Starts from USB"), "", func(m *design.NixMenu) **bool { return &m.USB })
	n.form.tick("nixos.menu.text_mode", c.say("GRUB in text mode"), c.say("Without graphics, for machines whose firmware shows none."), func(d *design.Design) *bool { return &nixMenu(d).TextMode })
}

// maybe is a yes or no that can be left to nixpkgs.
func (n *menuNix) maybe(field, label, note string, at func(*design.NixMenu) **bool) {
	c := n.c
	s := widgets.NewSegments([]widgets.Option{{Value: "", Label: c.say("as usual")}, {Value: "true", Label: c.say("yes")}, {Value: "false", Label: c.say("no")}}, func(value string) {
		c.edit(changeOf(label, ""), func(d *design.Design) {
			switch p := at(nixMenu(d)); value {
			case "":
				*p = nil
			default:
				*p = new(value == "true")
			}
		})
	})
	n.form.control(field, label, note, s, s, func(d, _ design.Design) {
		value := ""
		if p := *at(nixMenu(&d)); p != nil {
			value = strconv.FormatBool(*p)
		}
		s.SetValue(value)
	})
}

// pictures are the menus' own.
func (n *menuNix) pictures() {
	c := n.c
	n.file("nixos.menu.splash_bios", c.say("Picture of the BIOS menu"), "PNG", []string{".png"}, func(d *design.Design) *string { return &nixMenu(d).SplashBIOS })
	n.file("nixos.menu.splash_efi", c.say("Picture of the UEFI menu"), c.say("PNG; seen only without a theme."), []string{".png"}, func(d *design.Design) *string { return &nixMenu(d).SplashEFI })
	n.form.text("nixos.menu.theme_package", c.say("Package of a theme"), c.say("A package of nixpkgs that holds a theme for GRUB, or none. Empty: the theme of the page's Look."),
		func(d *design.Design) *string { return &nixMenu(d).ThemePackage })
}

func (n *menuNix) focus(field string) bool {
	for _, r := range []*rawEntries{n.grub, n.isolinux} {
		if r.focus(field) {
			return true
		}
	}
	return n.form.focus(field)
}

// rawKind is a kind of entries in a boot program's own language.
type rawKind struct {
	field, title, add, commands string
	// second is the name of the short field beside the title.
	second, secondField string
	count               func(design.Design) int
	grow                func(*design.Design)
	drop                func(*design.Design, int)
	at                  func(*design.Design, int) (title, second, commands *string)
}

func grubRaw(c *context) rawKind {
	return rawKind{
		field: "nixos.menu.grub", title: "GRUB", add: c.say("Add entry for GRUB"), commands: c.say("Commands between its braces"),
		second: c.say("Icon"), secondField: "class",
		count: func(d design.Design) int { return len(nixMenu(&d).GRUB) },
		grow: func(d *design.Design) {
			m := nixMenu(d)
			m.GRUB = append(m.GRUB, design.GRUBEntry{Title: fmt.Sprint("Entry ", len(m.GRUB)+1), Commands: "chainloader (hd0)+1\n"})
		},
		drop: func(d *design.Design, i int) { m := nixMenu(d); m.GRUB = append(m.GRUB[:i:i], m.GRUB[i+1:]...) },
		at: func(d *design.Design, i int) (*string, *string, *string) {
			e := &nixMenu(d).GRUB[i]
			return &e.Title, &e.Class, &e.Commands
		},
	}
}

func isolinuxRaw(c *context) rawKind {
	return rawKind{
		field: "nixos.menu.isolinux", title: "isolinux", add: c.say("Add entry for isolinux"), commands: c.say("Lines below its label"),
		second: c.say("Label"), secondField: "label",
		count: func(d design.Design) int { return len(nixMenu(&d).Isolinux) },
		grow: func(d *design.Design) {
			m := nixMenu(d)
			n := len(m.Isolinux) + 1
			m.Isolinux = append(m.Isolinux, design.IsolinuxEntry{Label: fmt.Sprint("entry", n), Title: fmt.Sprint("Entry ", n), Commands: "LOCALBOOT 0x80\n"})
		},
		drop: func(d *design.Design, i int) {
			m := nixMenu(d)
			m.Isolinux = append(m.Isolinux[:i:i], m.Isolinux[i+1:]...)
		},
		at: func(d *design.Design, i int) (*string, *string, *string) {
			e := &nixMenu(d).Isolinux[i]
			return &e.Title, &e.Label, &e.Commands
		},
	}
}

// rawEntries are such entries, each with its fields.
type rawEntries struct {
	c       *context
	kind    rawKind
	content *fyne.Container
	box     *fyne.Container
	forms   []*form
}

func newRawEntries(c *context, kind rawKind) *rawEntries {
	r := &rawEntries{c: c, kind: kind, box: container.NewStack()}
	add := widgets.Plain(kind.add, "plus", func() {
		c.edit(model.Act("add an entry for %s", kind.title), kind.grow)
	})
	r.content = widgets.Column(12, r.box, widgets.Row(widgets.Gap, add))
	return r
}

// refresh shows the design's entries; fields are made anew only where their number
// has changed.
func (r *rawEntries) refresh() {
	if n := r.kind.count(r.c.design()); n != len(r.forms) || len(r.box.Objects) == 0 {
		r.forms = nil
		var cards []fyne.CanvasObject
		for i := range n {
			f := r.form(i)
			r.forms = append(r.forms, f)
			cards = append(cards, widgets.Card("", "", f.content()))
		}
		r.box.Objects = []fyne.CanvasObject{widgets.Column(12, cards...)}
		r.box.Refresh()
		r.content.Refresh()
	}
	for _, f := range r.forms {
		f.refresh()
	}
}

// form has the fields of one entry.
func (r *rawEntries) form(i int) *form {
	c, k := r.c, r.kind
	f := c.newForm()
	field := k.field + "[" + strconv.Itoa(i) + "]"
	// The defaults of a design have as many entries; while it is undone there may
	// be fewer.
	at := func(d *design.Design, which int) *string {
		if i >= k.count(*d) {
			return new("")
		}
		title, second, commands := k.at(d, i)
		return []*string{title, second, commands}[which]
	}
	f.text(field+".title", k.title+": "+c.say("Title"), "", func(d *design.Design) *string { return at(d, 0) })
	f.text(field+"."+k.secondField, k.second, "", func(d *design.Design) *string { return at(d, 1) })
	f.lines(field+".commands", k.commands, "", 3, func(d *design.Design) *string { return at(d, 2) })
	f.object(widgets.Row(widgets.Gap, widgets.Plain(c.say("Remove"), "trash", func() {
		c.edit(model.Act("remove an entry for %s", k.title), func(d *design.Design) { k.drop(d, i) })
	})), nil)
	return f
}

func (r *rawEntries) focus(field string) bool {
	for _, f := range r.forms {
		if field != "" && f.focus(field) {
			return true
		}
	}
	return false
}
