package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/ui/widgets"
)

// logDrawer is a log in a wide place: its title and its search in one line.
func (c *context) logDrawer(log *widgets.LogView) fyne.CanvasObject {
	s := c.newLogSearch(log, c.say("Search the log"))
	head := widgets.Row(widgets.Gap, widgets.Fill(widgets.Section(c.say("Log"))), s.found, widgets.Fixed(220, s.entry),
		s.previous, s.next, widgets.IconButton("copy", c.say("Copy the log"), log.Copy))
	return underHead(head, log)
}

// logPane is a log in a narrow place: its title, its search below that, and the
// lines.
func (c *context) logPane(title string, log *widgets.LogView) fyne.CanvasObject {
	s := c.newLogSearch(log, c.say("Search"))
	head := widgets.Column(widgets.Gap,
		widgets.Row(widgets.Gap, widgets.Fill(widgets.Section(title)), s.found, widgets.IconButton("copy", c.say("Copy all of it"), log.Copy)),
		widgets.Row(widgets.Step, widgets.Fill(s.entry), s.previous, s.next))
	return underHead(head, log)
}

// underHead puts a log below what belongs to it.
func underHead(head fyne.CanvasObject, log *widgets.LogView) fyne.CanvasObject {
	return container.NewBorder(widgets.InsetEach(0, 0, widgets.Gap, 0, head), nil, nil, nil, log)
}

// logSearch are the controls that search a log.
type logSearch struct {
	log *widgets.LogView
	// found says which of the places it is, of how many.
	found          *widgets.Text
	entry          *widgets.Entry
	previous, next *widgets.Button
}

func (c *context) newLogSearch(log *widgets.LogView, hint string) *logSearch {
	s := &logSearch{log: log, found: widgets.Line("").Coloured(widgets.ColourQuiet), entry: widgets.NewEntry()}
	s.entry.SetPlaceHolder(hint)
	s.entry.Shortcuts = c.shortcut
	s.entry.OnEdit = func(text string) { log.Search(text); s.tell(c, 1) }
	s.entry.OnSubmitted = func(string) { s.tell(c, log.Next()) }
	s.previous = widgets.IconButton("up", c.say("Previous place"), func() { s.tell(c, log.Prev()) })
	s.next = widgets.IconButton("down", c.say("Next place"), func() { s.tell(c, log.Next()) })
	return s
}

// tell says which place is shown.
func (s *logSearch) tell(c *context, at int) {
	switch n := s.log.Found(); {
	case s.entry.Text == "":
		s.found.SetText("")
	case n == 0:
		s.found.SetText(c.say("not found"))
	default:
		s.found.SetText(c.say("%d of %d", max(at, 1), n))
	}
}
