package view

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// menuView is the menu on a screen, with what belongs to it below.
type menuView struct {
	c             *context
	monitor       *widgets.Monitor
	screen, below fyne.CanvasObject
	firmware      *widgets.Segments
	size          *widgets.Segments
	resolution    *widgets.Select
	play          *widgets.Button
	save          *widgets.Button
	status        *widgets.Text
	warnings      *fyne.Container
	lower         *fyne.Container
	told          []model.MenuWarning
	shown         model.Screen
}

func newMenuView(c *context) *menuView {
	v := &menuView{c: c, monitor: widgets.NewMonitor(c.say("The menu is being drawn …")), status: widgets.Note(""), warnings: container.NewStack()}
	v.monitor.OnKey = func(key fyne.KeyName, _ fyne.KeyModifier) { v.key(key) }
	v.monitor.OnRune = func(r rune) { v.press(preview.Key(string(r))) }
	v.screen = container.NewScroll(v.monitor)
	v.firmware = widgets.NewSegments([]widgets.Option{{Value: string(scene.UEFI), Label: "UEFI"}, {Value: string(scene.BIOS), Label: "BIOS"}}, func(value string) {
		v.do(func(p *model.MenuPreview) { p.SetPlatform(scene.Platform(value)) })
	})
	v.size = widgets.NewSegments([]widgets.Option{{Value: "fit", Label: c.say("Fit")}, {Value: "actual", Label: "1:1"}}, func(value string) {
		v.do(func(p *model.MenuPreview) { p.Place.Actual = value == "actual" })
		v.scale()
	})
	options := append([]widgets.Option{{Value: "design", Label: c.say("As set")}}, widgets.Options(resolutions()...)...)
	v.resolution = widgets.NewSelect(options, func(value string) {
		w, h := 0, 0
		fmt.Sscanf(value, "%dx%d", &w, &h)
		v.do(func(p *model.MenuPreview) { p.SetSize(w, h) })
	})
	v.play = widgets.Plain(c.say("Play the count-down"), "play", func() { v.do(func(p *model.MenuPreview) { p.Play() }) })
	v.save = widgets.Plain(c.say("Save picture …"), "save", v.savePicture)
	v.lower = widgets.Column(widgets.Gap, widgets.Row(widgets.Gap, widgets.Fill(v.firmware), widgets.Fill(v.resolution), widgets.Fill(v.size)),
		widgets.Row(widgets.Gap, v.play, v.save), v.status, v.warnings)
	v.below = widgets.Scroll(widgets.InsetEach(2, 12, 2, 2, v.lower))
	return v
}

// scale shows the picture as large as the person wants it.
func (v *menuView) scale() {
	mode, name := widgets.MonitorFit, "fit"
	v.do(func(p *model.MenuPreview) {
		if p.Place.Actual {
			mode, name = widgets.MonitorActual, "actual"
		}
	})
	v.size.SetValue(name)
	if v.monitor.Mode() != mode {
		v.monitor.SetMode(mode)
		v.screen.Refresh()
	}
}

// do does something with the preview of the design in front.
func (v *menuView) do(f func(*model.MenuPreview)) {
	if doc := v.c.Current(); doc != nil {
		f(doc.MenuPreview())
	}
}

// key gives the menu a key that types nothing.
func (v *menuView) key(name fyne.KeyName) {
	known := map[fyne.KeyName]preview.Key{
		fyne.KeyUp: preview.KeyUp, fyne.KeyDown: preview.KeyDown, fyne.KeyLeft: preview.KeyLeft, fyne.KeyRight: preview.KeyRight,
		fyne.KeyHome: preview.KeyHome, fyne.KeyEnd: preview.KeyEnd, fyne.KeyPageUp: preview.KeyPageUp, fyne.KeyPageDown: preview.KeyPageDown,
		fyne.KeyReturn: preview.KeyEnter, fyne.KeyEnter: preview.KeyEnter, fyne.KeyEscape: preview.KeyEscape,
		fyne.KeyBackspace: preview.KeyBackspace, fyne.KeyDelete: preview.KeyDelete, fyne.KeyInsert: "insert",
		fyne.KeyF1: "f1", fyne.KeyF2: "f2", fyne.KeyF3: "f3", fyne.KeyF4: "f4", fyne.KeyF5: "f5", fyne.KeyF6: "f6",
		fyne.KeyF7: "f7", fyne.KeyF8: "f8", fyne.KeyF9: "f9", fyne.KeyF10: "f10", fyne.KeyF11: "f11", fyne.KeyF12: "f12",
	}
	if k, ok := known[name]; ok {
		v.press(k)
	}
}

func (v *menuView) press(k preview.Key) {
	v.do(func(p *model.MenuPreview) { p.Key(k) })
}

// refresh shows the menu as it is drawn now.
func (v *menuView) refresh() {
	doc := v.c.Current()
	if doc == nil {
		return
	}
	p := doc.MenuPreview()
	s := p.Screen()
	v.firmware.SetValue(string(p.Platform()))
	v.resolution.SetValue("design")
	if w, h := p.Size(); w > 0 {
		v.resolution.SetValue(strconv.Itoa(w) + "x" + strconv.Itoa(h))
	}
	v.scale()
	v.controls(doc, s)
	if s.Picture == nil && s.Err != nil {
		v.monitor.SetText(v.explained(s.Err))
	}
	if s.Picture != v.shown.Picture {
		v.monitor.SetImage(s.Picture)
		v.screen.Refresh()
	}
	v.shown = s
	high := v.lower.MinSize().Height
	v.status.SetText(v.statusText(doc, p, s))
	v.status.Hidden = v.status.Text() == ""
	v.warn(p.Warnings())
	if v.lower.MinSize().Height != high {
		v.lower.Refresh()
		v.below.Refresh()
	}
}

// controls are those that the design has a use for.
func (v *menuView) controls(doc *model.Document, s model.Screen) {
	able := func(b interface {
		Enable()
		Disable()
	}, yes bool) {
		if yes {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	able(v.save, s.Picture != nil)
	able(v.resolution, !s.Isolinux)
	able(v.play, s.Picture != nil && *design.WithDefaults(doc.Design()).Boot.Timeout > 0)
}

// statusText says what is not to be seen in the picture.
func (v *menuView) statusText(doc *model.Document, p *model.MenuPreview, s model.Screen) string {
	switch {
	case s.Err != nil && s.Picture != nil && len(doc.ProblemsIn(model.BootMenu)) > 0:
		return v.c.say("The picture is that of before: the menu has problems.")
	case s.Err != nil && s.Picture != nil:
		return v.c.say("The picture is that of before: %s", v.explained(s.Err))
	case s.Picture == nil:
		return ""
	case s.Booted != "":
		return v.c.say("“%s” starts now.", s.Booted)
	case p.Playing() >= 0:
		return v.c.say("The count-down is played. Any key in the preview ends it.")
	}
	return v.c.say("A click into the screen gives it the keys: arrows, Enter, Esc, e, c and those of entries.")
}

// explained is an error in a sentence or two.
func (v *menuView) explained(err error) string {
	if errors.Is(err, model.ErrNoMenu) {
		return v.c.say("This image has no boot menu: only ISO images have one.")
	}
	e := v.c.explain(err)
	if errors.Is(err, builder.ErrNoFont) {
		// The builder's own hint speaks of the command line.
		e.hint = v.c.say("Install the package grub-common, or build the design once: its package files have the font.")
	}
	if e.hint != "" {
		return strings.TrimSuffix(e.text, ".") + ". " + e.hint
	}
	return e.text
}

// warn lists what is approximate, or will not be shown as it was meant.
func (v *menuView) warn(list []model.MenuWarning) {
	if equalWarnings(list, v.told) {
		return
	}
	v.told = list
	v.warnings.Objects = nil
	if len(list) > 0 {
		rows := []fyne.CanvasObject{widgets.Note(v.c.say("What is approximate")).Bold()}
		for _, w := range list {
			rows = append(rows, v.warning(w))
		}
		v.warnings.Objects = []fyne.CanvasObject{widgets.Column(widgets.Gap, rows...)}
	}
	v.warnings.Refresh()
}

func equalWarnings(a, b []model.MenuWarning) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// warning is one of them; where it has a field, a button leads there.
func (v *menuView) warning(w model.MenuWarning) fyne.CanvasObject {
	text := v.c.Words().Of(w.Text)
	if w.Hint != "" && w.Place != "preview" {
		text += ": " + v.c.Words().Of(w.Hint)
	}
	row := []fyne.CanvasObject{widgets.Icon("info").Sized(16).Coloured(widgets.ColourQuiet), widgets.Fill(widgets.Note(text))}
	if at, _ := model.EntryOf(v.c.design(), w.Field); at >= 0 {
		title := []rune(model.MenuRows(v.c.design())[at].Entry.Title)
		if len(title) > 30 {
			title = append(title[:29:29], '…')
		}
		row[1] = widgets.Fill(widgets.Note("“" + string(title) + "”: " + text))
	}
	if w.Field != "" {
		row = append(row, widgets.Link(v.c.say("Show"), "", func() { v.c.Session.ShowField(w.Field) }))
	}
	return widgets.Row(widgets.Gap, row...)
}

// savePicture asks for a file and writes what is to be seen.
func (v *menuView) savePicture() {
	c := v.c
	doc := c.Current()
	if doc == nil {
		return
	}
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil {
			c.fail(c.say("The picture is not saved"), err)
		}
		if w != nil {
			w.Close()
			v.saveTo(w.URI().Path())
		}
	}, c.host.Window)
	d.SetFileName(orElse(design.Slug(doc.Title()), "menu") + ".png")
	c.openAt(d.SetLocation)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

// saveTo writes the picture under a name that a person chose.
func (v *menuView) saveTo(path string) {
	if filepath.Ext(path) != ".png" {
		path += ".png"
	}
	v.do(func(p *model.MenuPreview) { p.SavePicture(path) })
}
