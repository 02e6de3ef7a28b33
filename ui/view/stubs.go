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

func newStart(c *context) page    { return unfinished{"Start"} }
func newOverview(c *context) page { return unfinished{"Overview"} }
func newBase(c *context) page     { return unfinished{"Base"} }
func newPackages(c *context) page { return unfinished{"Packages"} }
func newDrivers(c *context) page  { return unfinished{"Drivers"} }
func newSystem(c *context) page   { return unfinished{"System"} }
func newUsers(c *context) page    { return unfinished{"Users"} }
func newStartup(c *context) page  { return unfinished{"Startup"} }
func newBootMenu(c *context) page { return unfinished{"BootMenu"} }
func newFiles(c *context) page    { return unfinished{"Files"} }
func newTry(c *context) page      { return unfinished{"Try"} }
func newHistory(c *context) page  { return unfinished{"History"} }
