package view

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// topBar is the row above the page: the open designs, undo and redo, the menu.
type topBar struct {
	c          *context
	content    *fyne.Container
	tabs       *fyne.Container
	undo, redo *widgets.Button
	save, menu *widgets.Button
	// shown tells what the tabs show.
	shown []shownTab
}

// shownTab is a design as its tab shows it.
type shownTab struct {
	doc          *model.Document
	title        string
	dirty, front bool
}

func newTopBar(c *context) *topBar {
	t := &topBar{c: c, tabs: container.NewHBox()}
	t.undo = widgets.IconButton("undo", "", c.undo)
	t.redo = widgets.IconButton("redo", "", c.redo)
	t.save = widgets.IconButton("save", c.say("Save (Ctrl+S)"), c.save)
	t.menu = widgets.IconButton("menu", c.say("Menu"), t.showMenu)
	right := container.NewHBox(t.undo, t.redo, t.save, t.menu)
	row := container.NewBorder(nil, nil, nil, right, container.NewClip(t.tabs))
	t.content = container.NewVBox(widgets.Inset(4, 12, row), widgets.Separator())
	return t
}

// refresh shows the open designs and what undo and redo would do.
func (t *topBar) refresh() {
	doc := t.c.Current()
	t.showTabs(doc)
	if doc == nil {
		return
	}
	able(t.undo, doc.UndoText())
	able(t.redo, doc.RedoText())
	if doc.Dirty() {
		able(t.save, t.c.say("Save (Ctrl+S)"))
	} else {
		able(t.save, "")
	}
}

// showTabs shows the open designs, unless they are shown already.
func (t *topBar) showTabs(front *model.Document) {
	var shown []shownTab
	for _, doc := range t.c.Documents() {
		shown = append(shown, shownTab{doc, doc.Title(), doc.Dirty(), doc == front})
	}
	if len(t.tabs.Objects) > 0 && slices.Equal(t.shown, shown) {
		return
	}
	t.shown, t.tabs.Objects = shown, nil
	for _, s := range shown {
		t.tabs.Objects = append(t.tabs.Objects, t.tab(s.doc, s.front))
	}
	plus := widgets.IconButton("plus", t.c.say("Open another design (Ctrl+O)"), t.c.openDialog)
	t.tabs.Objects = append(t.tabs.Objects, plus)
	t.tabs.Refresh()
}

// able gives a button its tip, and disables it where there is nothing to do.
func able(b *widgets.Button, tip string) {
	b.SetTip(tip)
	if tip == "" {
		b.Disable()
	} else {
		b.Enable()
	}
}

// tab is an open design's button, with a dot where it is not saved.
func (t *topBar) tab(doc *model.Document, front bool) fyne.CanvasObject {
	title := doc.Title()
	if doc.Dirty() {
		title += " •"
	}
	name := widgets.Link(title, "", func() { t.c.Select(doc) })
	if len(t.c.Documents()) == 1 {
		return name
	}
	shut := widgets.IconButton("close", t.c.say("Close %s", doc.Title()), func() { t.c.frame.askToCloseDocument(doc, func() {}) })
	parts := widgets.Row(0, name, shut)
	if front {
		return container.NewStack(widgets.Card("", "", nil), parts)
	}
	return parts
}

// showMenu opens the menu below its button.
func (t *topBar) showMenu() {
	canvas := t.c.host.Window.Canvas()
	menu := widget.NewPopUpMenu(t.c.menu(), canvas)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.menu)
	size := menu.MinSize()
	menu.ShowAtPosition(fyne.NewPos(at.X+t.menu.Size().Width-size.Width, at.Y+t.menu.Size().Height+4))
}

// menu is everything that has no button of its own.
func (c *context) menu() *fyne.Menu {
	item := func(text string, do func()) *fyne.MenuItem { return fyne.NewMenuItem(text, do) }
	mode := func(text, name string) *fyne.MenuItem {
		i := item(text, func() { c.host.SetMode(name) })
		i.Checked = c.host.Mode() == name
		return i
	}
	look := item(c.say("Appearance"), nil)
	look.ChildMenu = fyne.NewMenu("", mode(c.say("As the system"), ""), mode(c.say("Light"), "light"), mode(c.say("Dark"), "dark"))
	language := item(c.say("Language"), nil)
	language.ChildMenu = c.languageMenu()
	return fyne.NewMenu("",
		item(c.say("New design"), c.toStart),
		item(c.say("Open …"), c.openDialog),
		item(c.say("Save as …"), func() { c.saveAs(func() {}) }),
		fyne.NewMenuItemSeparator(),
		item(c.say("Export the distribution's source …"), c.exportDialog),
		item(c.say("Problems"), c.showProblems),
		fyne.NewMenuItemSeparator(),
		look, language,
		item(c.say("Keyboard shortcuts"), c.showShortcuts),
		item(c.say("About Isowright"), c.showAbout),
		fyne.NewMenuItemSeparator(),
		item(c.say("Close design"), c.closeDocument),
		item(c.say("Quit"), func() { c.frame.AskToClose(c.host.Quit) }),
	)
}

func (c *context) undo() {
	if doc := c.Current(); doc != nil {
		doc.Undo()
	}
}

func (c *context) redo() {
	if doc := c.Current(); doc != nil {
		doc.Redo()
	}
}

// toStart leads to the templates; the open designs stay open.
func (c *context) toStart() { c.Session.Show(model.Start) }

func (c *context) closeDocument() {
	if doc := c.Current(); doc != nil {
		c.frame.askToCloseDocument(doc, func() {})
	}
}
