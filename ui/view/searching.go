package view

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/ui/widgets"
)

// leadBetween has the keyboard go from a field that searches to the list of what
// was found and back: Down to the list; Up on its first row, Backspace and whatever
// is typed there to the field. Escape clears the search from both.
func (c *context) leadBetween(search *widgets.Entry, list *widgets.TickList) {
	search.OnArrow = func(key fyne.KeyName) bool {
		switch {
		case key == fyne.KeyDown:
			if list.Length() > 0 {
				c.focus(list)
			}
			return true
		case key == fyne.KeyEscape && search.Text != "":
			search.SetText("")
			return true
		}
		return false
	}
	list.OnKey = func(key fyne.KeyName) bool {
		switch {
		case key == fyne.KeyUp && list.Chosen() <= 0:
			c.focus(search)
		case key == fyne.KeyBackspace:
			c.focus(search)
			search.TypedKey(&fyne.KeyEvent{Name: key})
		case key == fyne.KeyEscape:
			c.focus(search)
			search.SetText("")
		default:
			return false
		}
		return true
	}
	list.OnRune = func(r rune) {
		c.focus(search)
		search.TypedRune(r)
	}
}
