package view

import (
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

const designSuffix = ".isowright"

// panelWidth is that of a panel, in device-independent pixels.
const panelWidth = 640

// panel shows rows in a panel over the page, which Esc and its button close. The
// keyboard is on the first row that can be pressed. A panel that is open already
// stays as it is.
func (c *context) panel(title string, rows ...fyne.CanvasObject) (hide func()) {
	canvas := c.host.Window.Canvas()
	if open, ok := canvas.Overlays().Top().(*widgets.Dialog); ok && open.Title() == title {
		return open.Hide
	}
	shut := widgets.Plain(c.say("Close"), "", nil)
	d := widgets.NewDialog(canvas, title, panelWidth, widgets.Column(widgets.Gap, rows...), shut)
	shut.SetTapped(d.Hide)
	d.Show()
	for _, row := range rows {
		if card, ok := row.(*widgets.Tile); ok {
			c.focus(card)
			return d.Hide
		}
	}
	c.focus(shut)
	return d.Hide
}

// ask asks before something is done that cannot be taken back. Enter does not
// confirm.
func (c *context) ask(title, text, yes string, do func()) {
	widgets.Ask(c.host.Window.Canvas(), title, text, nil, widgets.Plain(c.say("Cancel"), "", nil), widgets.Danger(yes, "", do))
}

// fail tells what went wrong, in the frame's own place for it.
func (c *context) fail(what string, err error) {
	e := c.explain(err)
	text := what + ": " + e.text
	if e.hint != "" {
		text += " " + e.hint
	}
	c.Tell(model.Message{Kind: "danger", Text: text})
}

// openDialog asks for a design or an image to open.
func (c *context) openDialog() {
	c.pickFile([]string{designSuffix, ".iso", ".img", ".xz", ".gz", ".zst", ".bz2"}, func(path string) { c.frame.Open(path) })
}

// pickFile asks for a file with one of the suffixes; none: any.
func (c *context) pickFile(suffixes []string, picked func(path string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			c.fail(c.say("The file cannot be opened"), err)
		}
		if r != nil {
			r.Close()
			picked(r.URI().Path())
		}
	}, c.host.Window)
	if len(suffixes) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(suffixes))
	}
	c.openAt(d.SetLocation)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

// pickFolder asks for a folder.
func (c *context) pickFolder(picked func(path string)) {
	d := dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err != nil {
			c.fail(c.say("The folder cannot be opened"), err)
		}
		if l != nil {
			picked(l.Path())
		}
	}, c.host.Window)
	c.openAt(d.SetLocation)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

// openAt begins a file dialog where the person's design is.
func (c *context) openAt(set func(fyne.ListableURI)) {
	dir := c.Env().Home
	if doc := c.Current(); doc != nil && doc.Path() != "" {
		dir = filepath.Dir(doc.Path())
	}
	if l, err := storage.ListerForURI(storage.NewFileURI(dir)); err == nil {
		set(l)
	}
}

// save saves the design in front, asking for a file where it has none.
func (c *context) save() { c.saveThen(func() {}) }

// saveThen does something when the design in front is saved.
func (c *context) saveThen(then func()) {
	doc := c.Current()
	if doc == nil {
		return
	}
	if doc.Path() == "" {
		c.saveAs(then)
		return
	}
	if err := doc.Save(); err != nil {
		c.fail(c.say("The design is not saved"), err)
		return
	}
	c.Tell(model.Message{Kind: "good", Text: c.say("Saved: %s", doc.Path())})
	then()
}

// saveAs asks for a file to save the design in front in.
func (c *context) saveAs(then func()) {
	doc := c.Current()
	if doc == nil {
		return
	}
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil {
			c.fail(c.say("The design is not saved"), err)
		}
		if w == nil {
			return
		}
		path := w.URI().Path()
		w.Close()
		c.saveTo(doc, path, then)
	}, c.host.Window)
	name := design.Slug(doc.Title())
	if name == "" {
		name = "design"
	}
	d.SetFileName(name + designSuffix)
	c.openAt(d.SetLocation)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

// saveTo saves a design in a file. The dialog has made an empty one under the
// name that was typed; where that lacks the suffix it is taken away again.
func (c *context) saveTo(doc *model.Document, path string, then func()) {
	if filepath.Ext(path) != designSuffix {
		if info, err := os.Stat(path); err == nil && info.Size() == 0 {
			os.Remove(path)
		}
		path += designSuffix
	}
	if err := doc.SaveAs(path); err != nil {
		c.fail(c.say("The design is not saved"), err)
		return
	}
	c.Tell(model.Message{Kind: "good", Text: c.say("Saved: %s", doc.Path())})
	then()
}

// exportDialog asks for a folder and writes the distribution's own source of the
// design there.
func (c *context) exportDialog() {
	c.pickFolder(func(path string) { c.Session.Export(path) })
}
