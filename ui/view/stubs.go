package view

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// unfinished is a page that is still to be made.
type unfinished struct{ title string }

func (u unfinished) Content() fyne.CanvasObject {
	return widgets.Page(u.title, "", nil, widgets.Body(""))
}
func (u unfinished) Refresh(model.Change) {}
func (u unfinished) Focus(string)         {}
