package view

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// filesPage has the files of this computer that go on the image, and on NixOS
// what an installation without a network needs.
type filesPage struct {
	c       *context
	form    *form
	content fyne.CanvasObject
	rows    *rowList
	empty   *fyne.Container
	copying *copying
	// contents are further things on a NixOS medium.
	contents *contents
	// measured are the sources whose sizes were asked for.
	measured []string
}

func newFiles(c *context) page {
	p := &filesPage{c: c, form: c.newForm(), copying: newCopying(c)}
	p.rows = newRowList(12, p.row)
	p.empty = widgets.Card("", "", widgets.Row(16, widgets.Icon("files"),
		widgets.Fill(widgets.Body(c.say("Nothing of this computer is on the image yet. Add files or a folder, or drop them onto this page.")))))
	f := p.form
	f.object(p.copying.content, p.copying.refresh)
	f.object(widgets.Column(12, p.empty, p.rows.box), p.refreshRows)
	p.contents = newOffline(c, f)
	f.when(func(d design.Design) bool { return d.Distribution != "nixos" }, func() {
		f.heading(c.say("Installing without a network"))
		f.note(c.say("The offline installer exists for NixOS only for now. A Debian image carries its packages and runs from the stick; it installs nothing."))
	})
	add := widgets.Plain(c.say("Add a file …"), "file", func() { c.withProject(func() { c.pickFile(nil, func(name string) { p.Dropped([]string{name}) }) }) })
	folder := widgets.Plain(c.say("Add a folder …"), "folder", func() { c.withProject(func() { c.pickFolder(func(name string) { p.Dropped([]string{name}) }) }) })
	p.content = widgets.Page(c.say("Files & offline"), c.say("What of this computer goes on the image, and where it lies there."),
		[]fyne.CanvasObject{add, folder}, widgets.PageBody(f.content()))
	return p
}

func (p *filesPage) Content() fyne.CanvasObject { return p.content }

func (p *filesPage) Refresh(change model.Change) {
	var sources []string
	for _, f := range p.c.design().Files {
		sources = append(sources, f.Source)
	}
	again := change.What == model.PlaceChanged || change.What == model.DocumentsChanged
	if doc := p.c.Current(); doc != nil && (again || !slices.Equal(sources, p.measured)) {
		p.measured = sources
		doc.MeasureFiles()
	}
	p.form.refresh()
}

func (p *filesPage) refreshRows() {
	n := len(p.c.design().Files)
	p.empty.Hidden = n > 0
	p.rows.refresh(n)
}

// Focus leads to a file's field, or to one of the others.
func (p *filesPage) Focus(field string) {
	if field == "" && len(p.rows.rows) > 0 {
		field = "files[0]"
	}
	if !p.rows.lead("files", field) && !p.contents.rows.lead("nixos.contents", field) {
		p.form.focus(field)
	}
}

// Dropped adds files and folders; those that lie elsewhere are offered to be
// copied beside the design.
func (p *filesPage) Dropped(paths []string) {
	c := p.c
	c.withProject(func() {
		doc := c.Current()
		c.placed(paths, doc.AddFiles)
	})
}

// withProject does something when the design in front has a file: paths in it
// start from there.
func (c *context) withProject(do func()) {
	doc := c.Current()
	switch {
	case doc == nil:
	case doc.Path() != "":
		do()
	default:
		p := c.prompt(c.say("Save the design first"), c.say("Save as …"), widgets.Body(c.say("A design names files by where they lie beside it, so it needs a place of its own.")), func() bool {
			c.saveAs(do)
			return true
		})
		p.show(c)
		c.focus(p.ok)
	}
}

// placed hands over paths as the design in front can have them. Those that lie
// elsewhere are copied beside it, if the person wants that; private keys are
// refused.
func (c *context) placed(paths []string, then func(sources []string)) {
	doc := c.Current()
	doc.Place(paths, func(found model.Placed) {
		if len(found.Inside) > 0 {
			then(found.Inside)
		}
		for _, r := range found.Refused {
			c.refused(r)
		}
		if len(found.Outside) > 0 {
			c.offerCopy(doc, found.Outside, then)
		}
	})
}

// refused tells why a path goes on no image.
func (c *context) refused(r model.Refused) {
	name := filepath.Base(r.Path)
	if r.Secret {
		c.Tell(model.Message{Kind: "danger", Text: c.say("%s is a private key. It is not added: an image is readable by everyone who holds it.", name)})
		return
	}
	c.fail(c.say("%s cannot be read", name), r.Err)
}

// offerCopy asks whether files that lie elsewhere are copied beside the design.
func (c *context) offerCopy(doc *model.Document, paths []string, then func([]string)) {
	text := c.say("%s lies elsewhere. A design names only what lies in its own folder, so that it works on every computer. It can be copied into the folder “files” beside the design.", filepath.Base(paths[0]))
	if n := len(paths); n > 1 {
		text = c.say("%d of these lie elsewhere. A design names only what lies in its own folder, so that it works on every computer. They can be copied into the folder “files” beside the design.", n)
	}
	p := c.prompt(c.say("Copy it beside the design?"), c.say("Copy"), widgets.Body(text), func() bool {
		if !doc.CopyBeside(paths, then) {
			c.Tell(model.Message{Kind: "warning", Text: c.say("Something is being copied already. Wait until that is done.")})
		}
		return true
	})
	p.show(c)
	c.focus(p.ok)
}

// copying shows the job that copies beside the design.
type copying struct {
	c       *context
	content *fyne.Container
	bar     *widgets.Progress
	text    *widgets.Text
	cancel  *widgets.Button
}

func newCopying(c *context) *copying {
	k := &copying{c: c, bar: widgets.ProgressBar(), text: widgets.Body("")}
	k.cancel = widgets.Plain(c.say("Cancel"), "", func() {
		if j := c.Job(model.Files); j != nil {
			j.Cancel()
		}
	})
	k.content = widgets.Card("", "", widgets.Row(12, widgets.Fill(widgets.Column(6, k.text, k.bar)), k.cancel))
	return k
}

func (k *copying) refresh() {
	j := k.c.Job(model.Files)
	k.content.Hidden = j == nil || j.State == model.Done || j.State == model.Cancelled
	if k.content.Hidden {
		return
	}
	running := j.State == model.Running
	k.cancel.Hidden, k.bar.Hidden = !running, !running
	if !running {
		e := k.c.explain(j.Err)
		k.text.SetText(k.c.say("Not copied: %s", e.text))
		return
	}
	k.text.SetText(k.c.say("Copying beside the design …"))
	if p := j.Phase(); p != nil && p.Total > 0 {
		k.bar.SetValue(float64(p.Done) / float64(p.Total))
	}
}

// row shows one file with its fields.
func (p *filesPage) row(i int) listRow {
	c := p.c
	at := "files[" + strconv.Itoa(i) + "]"
	file := func(d *design.Design) *design.File {
		if i < len(d.Files) {
			return &d.Files[i]
		}
		return &design.File{}
	}
	icon, name, size := widgets.Icon("file"), widgets.Line("").Bold(), widgets.Number("").Coloured(widgets.ColourQuiet)
	remove := widgets.IconButton("trash", c.say("Take this off the image"), func() {
		c.edit(model.Act("remove %s", path.Base(file(new(c.design())).Source)), func(d *design.Design) {
			if i < len(d.Files) {
				d.Files = slices.Delete(d.Files, i, i+1)
			}
		})
	})
	f := c.newForm()
	f.beside(besideWidth, func() {
		f.text(at+".source", c.say("From"), "", func(d *design.Design) *string { return &file(d).Source })
		f.text(at+".target", c.say("To, on the image"), "", func(d *design.Design) *string { return &file(d).Target })
	})
	f.beside(200, func() {
		f.segments(at+".on", c.say("Where"), "", []widgets.Option{{Value: "root", Label: c.say("System")}, {Value: "medium", Label: c.say("Stick or disc")}},
			func(d *design.Design) *string { return &file(d).On })
		f.text(at+".mode", c.say("Rights, like 0755"), "", func(d *design.Design) *string { return &file(d).Mode })
		f.when(func(d design.Design) bool { return file(&d).On != "medium" || file(&d).Owner != "" }, func() {
			f.text(at+".owner", c.say("Owner, like anna:anna"), "", func(d *design.Design) *string { return &file(d).Owner })
		})
	})
	card := widgets.Card("", "", widgets.Column(12, widgets.Row(10, icon, widgets.Fill(name), size, remove), f.content()))
	return listRow{object: card, focus: remove, lead: func(field string) { f.focus(cmp.Or(field, at)) }, refresh: func() {
		source := file(new(c.design())).Source
		name.SetText(path.Base(source))
		m, known := c.Current().Measured(source)
		size.SetText(c.measured(m, known))
		icon.SetIcon("file")
		if m.Dir {
			icon.SetIcon("folder")
		}
		f.refresh()
	}}
}

// measured is a size in words.
func (c *context) measured(m model.Measure, known bool) string {
	switch {
	case !known || m.Err != nil:
		return ""
	case m.Dir:
		return c.count(m.Files, "%d file", "%d files") + ", " + c.Words().Size(m.Size)
	}
	return c.Words().Size(m.Size)
}

// Drop takes what was dropped onto the window: designs are opened, and the page
// in front takes the rest if it has a use for files, else it is opened too.
func (f *Frame) Drop(paths ...string) {
	taker, ok := f.pages[f.front].(interface{ Dropped([]string) })
	var rest []string
	for _, name := range paths {
		if ok && filepath.Ext(name) != designSuffix {
			rest = append(rest, name)
		} else {
			f.Open(name)
		}
	}
	if len(rest) > 0 {
		taker.Dropped(rest)
	}
}
