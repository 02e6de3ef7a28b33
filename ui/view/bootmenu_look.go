package view

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// menuLook has what the menu looks like: a theme, or colours; a picture; fonts.
type menuLook struct {
	menuForm
	tiles map[string]*themeTile
	cards *fyne.Container
	theme *widgets.Entry
}

// themeTile is a theme to choose, with its picture.
type themeTile struct {
	tile    *widgets.Tile
	picture *canvas.Image
}

func newMenuLook(c *context) *menuLook {
	l := &menuLook{menuForm: menuForm{form: c.newForm()}, tiles: map[string]*themeTile{}}
	l.themes()
	l.form.when(ownTheme, l.ticks)
	l.form.when(func(d design.Design) bool { return d.Boot.Theme == "" }, l.colours)
	l.file("boot.background", c.say("Background picture"), c.say("PNG or JPEG. It is made ready for GRUB when the image is built."),
		[]string{".png", ".jpg", ".jpeg"}, func(d *design.Design) *string { return &d.Boot.Background })
	l.fonts()
	l.done()
	return l
}

// ownTheme tells that a design's menu has one of Isowright's own themes.
func ownTheme(d design.Design) bool {
	_, own := design.OwnTheme(d.Boot.Theme)
	return own
}

// ticks are those of Isowright's own themes.
func (l *menuLook) ticks() {
	c := l.c
	l.colour("boot.look.accent", c.say("Colour of what is chosen"), c.say("Empty: the theme's own."), func(d *design.Design) *string { return &d.Boot.Look.Accent })
	left := widgets.NewCheck(c.say("Menu at the left"), func(on bool) {
		c.edit(tickOf(c.say("Menu at the left"), on), func(d *design.Design) {
			if d.Boot.Look.Layout = ""; on {
				d.Boot.Look.Layout = "left"
			}
		})
	})
	l.form.control("boot.look.layout", "", "", left, left, func(d, _ design.Design) { left.SetValue(d.Boot.Look.Layout == "left") })
}

// themeSummary says what the themes look like.
func themeSummary(name string) (title, text string) {
	base, variant, _ := strings.Cut(name, "-")
	texts := map[string]string{"calm": words.Key("A list in the middle"), "panel": words.Key("A panel at the left"), "line": words.Key("Fine lines")}
	titles := map[string]string{
		"calm-light": words.Key("Calm, light"), "calm-dark": words.Key("Calm, dark"), "panel-light": words.Key("Panel, light"),
		"panel-dark": words.Key("Panel, dark"), "line-light": words.Key("Line, light"), "line-dark": words.Key("Line, dark"),
	}
	if titles[name] == "" {
		return base + " " + variant, ""
	}
	return titles[name], texts[base]
}

// themes are Isowright's own as tiles, and a field for a folder or archive.
func (l *menuLook) themes() {
	c := l.c
	label := c.say("Theme")
	pick := func(value string) {
		c.edit(changeOf(label, ""), func(d *design.Design) {
			d.Boot.Theme = value
			if _, own := design.OwnTheme(value); !own {
				d.Boot.Look = design.BootLook{}
			}
		})
	}
	tiles := []fyne.CanvasObject{l.tile("", c.say("None"), c.say("GRUB's text menu"), func() { pick("") })}
	for _, name := range design.OwnThemes() {
		title, text := themeSummary(name)
		if text != "" {
			title, text = c.say(title), c.say(text)
		}
		tiles = append(tiles, l.tile("isowright:"+name, title, text, func() { pick("isowright:" + name) }))
	}
	l.cards = widgets.Cards(124, 8, tiles...)
	l.form.control("", label, "", l.cards, l.tiles[""].tile, nil)
	l.theme = widgets.NewEntry()
	c.bind(l.theme)
	l.theme.OnEdit = func(text string) {
		c.edit(changeOf(label, "boot.theme"), func(d *design.Design) {
			if d.Boot.Theme = text; text != "" {
				d.Boot.Look = design.BootLook{}
			}
		})
	}
	folder := widgets.Plain(c.say("Folder …"), "folder", func() { c.pickFolder(func(path string) { pick(c.Current().Beside(path)) }) })
	archive := widgets.Plain(c.say("Archive …"), "file", func() {
		c.pickFile([]string{".zip", ".tar", ".gz", ".xz", ".zst", ".bz2", ".tgz"}, func(path string) { pick(c.Current().Beside(path)) })
	})
	l.form.control("boot.theme", c.say("A theme of one's own"), c.say("A folder or an archive with a theme.txt, as themes for GRUB are given away."),
		widgets.Row(widgets.Gap, widgets.Fill(l.theme), folder, archive), l.theme, func(d, _ design.Design) {
			if _, own := design.OwnTheme(d.Boot.Theme); own {
				l.theme.SetValue("")
			} else {
				l.theme.SetValue(d.Boot.Theme)
			}
		})
}

// tile is a theme to choose.
func (l *menuLook) tile(value, title, text string, do func()) fyne.CanvasObject {
	picture := canvas.NewImageFromImage(nil)
	picture.FillMode, picture.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
	picture.SetMinSize(fyne.NewSize(96, 72))
	note := widgets.Note(text)
	t := &themeTile{picture: picture, tile: widgets.ContentCard(widgets.Column(6, picture, widgets.Line(title).Bold(), note), do)}
	l.tiles[value] = t
	return t.tile
}

// draw shows the themes' pictures that are drawn by now.
func (l *menuLook) draw() {
	for value, t := range l.tiles {
		name, _ := design.OwnTheme(value)
		if img := l.c.ThemePicture(name); img != nil && t.picture.Image != img {
			t.picture.Image = img
			t.picture.Refresh()
		}
	}
}

// refresh shows the design's look.
func (l *menuLook) refresh() {
	l.c.DrawThemes()
	b := l.c.design().Boot
	for value, t := range l.tiles {
		t.tile.SetChosen(value == b.Theme)
	}
	l.draw()
	l.menuForm.refresh()
}

// palette are colours to begin with.
func palette() []color.Color {
	var all []color.Color
	for _, text := range []string{"#0f766e", "#2dd4bf", "#1d4ed8", "#60a5fa", "#7c3aed", "#c4b5fd", "#b4233c", "#ff8093",
		"#c2410c", "#fb923c", "#a16207", "#facc15", "#15803d", "#4ade80", "#1a1e23", "#f6f7f9"} {
		if c, err := widgets.ParseColour(text); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// colour is a field for any colour.
func (l *menuLook) colour(field, label, note string, at func(*design.Design) *string) {
	f := widgets.NewColourField(palette(), func(text string) {
		l.c.edit(changeOf(label, field), func(d *design.Design) { *at(d) = text })
	})
	l.c.bind(f.Entry)
	edit, commit := f.Entry.OnEdit, f.Entry.OnCommit
	f.Entry.OnEdit = func(text string) {
		edit(text)
		if _, err := widgets.ParseColour(text); text == "" || err == nil {
			l.c.edit(changeOf(label, field), func(d *design.Design) { *at(d) = text })
		}
	}
	f.Entry.OnCommit = func(text string) {
		if text != "" {
			commit(text)
		}
	}
	l.form.control(field, label, note, f, f.Entry, func(d, _ design.Design) { f.SetValue(*at(&d)) })
}

// colours are the pairs of GRUB's text menu.
func (l *menuLook) colours() {
	c := l.c
	l.form.heading(c.say("Colours of the text menu"))
	for _, p := range []struct {
		field, label string
		// otherwise is what GRUB takes where nothing is said, in order.
		at        func(*design.BootColour) *string
		otherwise func(design.BootColour) string
	}{
		{"normal", c.say("Text around the menu"), func(b *design.BootColour) *string { return &b.Normal }, func(design.BootColour) string { return "light-gray/black" }},
		{"highlight", c.say("Text that stands out"), func(b *design.BootColour) *string { return &b.Highlight }, func(design.BootColour) string { return "black/light-gray" }},
		{"menu_normal", c.say("Entries"), func(b *design.BootColour) *string { return &b.MenuNormal }, func(b design.BootColour) string { return orElse(b.Normal, "light-gray/black") }},
		{"menu_highlight", c.say("The chosen entry"), func(b *design.BootColour) *string { return &b.MenuHighlight }, func(b design.BootColour) string { return orElse(b.Highlight, "black/light-gray") }},
	} {
		l.pair("boot.colours."+p.field, p.label, p.at, p.otherwise)
	}
	l.colour("boot.background_colour", c.say("Colour behind the text"), c.say("Seen where there is no picture."), func(d *design.Design) *string { return &d.Boot.BackgroundColour })
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// pair is a field for two of GRUB's colours.
func (l *menuLook) pair(field, label string, at func(*design.BootColour) *string, otherwise func(design.BootColour) string) {
	var colours []color.Color
	var names []string
	for _, m := range model.MenuColours() {
		colours, names = append(colours, m.Colour), append(names, m.Name)
	}
	p := widgets.NewColourPair(colours, names, l.c.say("Sample"), l.c.say("Leave it to GRUB"), func(fore, back string) {
		l.c.edit(changeOf(label, ""), func(d *design.Design) {
			if *at(&d.Boot.Colours) = ""; fore != "" {
				*at(&d.Boot.Colours) = fore + "/" + back
			}
		})
	})
	l.form.control(field, label, "", p, p.Field(), func(d, _ design.Design) {
		fore, back, _ := strings.Cut(*at(&d.Boot.Colours), "/")
		otherFore, otherBack, _ := strings.Cut(otherwise(d.Boot.Colours), "/")
		p.SetValue(fore, back, otherFore, otherBack)
	})
}

// file is a field for a file of this computer.
func (f *menuForm) file(field, label, note string, suffixes []string, at func(*design.Design) *string) {
	c := f.c
	e := widgets.NewEntry()
	c.bind(e)
	e.OnEdit = func(text string) { c.edit(changeOf(label, field), func(d *design.Design) { *at(d) = text }) }
	choose := widgets.Plain(c.say("Choose …"), "folder", func() {
		c.pickFile(suffixes, func(path string) {
			c.edit(changeOf(label, ""), func(d *design.Design) { *at(d) = c.Current().Beside(path) })
		})
	})
	f.form.control(field, label, note, widgets.Row(widgets.Gap, widgets.Fill(e), choose), e, func(d, _ design.Design) { e.SetValue(*at(&d)) })
}

// fonts are files of fonts, and their size.
func (l *menuLook) fonts() {
	c := l.c
	label := c.say("Fonts")
	f := l.form
	set := func(list []string) {
		c.edit(changeOf(label, ""), func(d *design.Design) { d.Boot.Fonts = list })
	}
	t := widgets.NewTokens(c.say("path of a font"))
	t.OnChange = set
	t.SetUndo(c.undo, c.redo)
	add := widgets.Plain(c.say("Add font …"), "plus", func() {
		c.pickFile([]string{".ttf", ".otf", ".pf2"}, func(path string) {
			if fonts := c.design().Boot.Fonts; !slices.Contains(fonts, c.Current().Beside(path)) {
				set(append(slices.Clone(fonts), c.Current().Beside(path)))
			}
		})
	})
	f.control("boot.fonts", label, c.say("TrueType, OpenType or GRUB's PF2; the first is the menu's. Under Secure Boot GRUB takes only its own."),
		widgets.Row(widgets.Gap, widgets.Fill(t), add), t.Field(), func(d, _ design.Design) { t.SetValue(d.Boot.Fonts) })
	f.number("boot.font_size", c.say("Size of the letters"), c.say("In pixels, for TrueType and OpenType fonts."), "16", func(d *design.Design) *int { return &d.Boot.FontSize })
}

func (l *menuLook) focus(field string) bool { return l.form.focus(field) }
