package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/ui/widgets"
)

// logPane is a log in a narrow place: its title, its search below that, and the
// lines.
func (c *context) logPane(title string, log *widgets.LogView) fyne.CanvasObject {
	found := widgets.Line("").Coloured(widgets.ColourQuiet)
	search := widgets.NewEntry()
	search.SetPlaceHolder(c.say("Search"))
	search.Shortcuts = c.shortcut
	tell := func(at int) {
		switch n := log.Found(); {
		case search.Text == "":
			found.SetText("")
		case n == 0:
			found.SetText(c.say("not found"))
		default:
			found.SetText(c.say("%d of %d", max(at, 1), n))
		}
	}
	search.OnEdit = func(text string) { log.Search(text); tell(1) }
	search.OnSubmitted = func(string) { tell(log.Next()) }
	head := widgets.Column(widgets.Gap,
		widgets.Row(widgets.Gap, widgets.Fill(widgets.Section(title)), found, widgets.IconButton("copy", c.say("Copy all of it"), log.Copy)),
		widgets.Row(widgets.Step, widgets.Fill(search),
			widgets.IconButton("up", c.say("Previous place"), func() { tell(log.Prev()) }),
			widgets.IconButton("down", c.say("Next place"), func() { tell(log.Next()) })))
	return container.NewBorder(widgets.InsetEach(0, 0, widgets.Gap, 0, head), nil, nil, nil, log)
}
