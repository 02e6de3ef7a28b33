// Package view draws the window: the frame and one file a page. It holds nothing
// of its own but what is being drawn: what is shown is asked of ui/model, what a
// person does is told to it. There is no goroutine here.
package view

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
)

// Host is what a view may ask of the application around it.
type Host struct {
	Window fyne.Window
	// Notify tells a person who looks elsewhere that work has ended.
	Notify func(title, text string)
	// OpenFolder shows a folder in the desktop's own program.
	OpenFolder func(path string) error
	// OpenPage shows a web page in the person's browser; nil: it cannot.
	OpenPage  func(address string) error
	Clipboard fyne.Clipboard
	// Mode is "light", "dark" or "" for the system's; Language a tag, or ""
	// for the locale's.
	Mode        func() string
	SetMode     func(string)
	Language    func() string
	SetLanguage func(string)
	// Quit closes the window without asking.
	Quit func()
}

// page is one page of the window, of one session.
type page interface {
	// Content is what is drawn. It is asked for once.
	Content() fyne.CanvasObject
	// Refresh brings the content up to date. It is called when the page is
	// brought to the front, and after each change while it is there.
	Refresh(model.Change)
	// Focus leads to a field of the design, or to the page's first with "".
	Focus(field string)
}

// context is what pages need of the world.
type context struct {
	*model.Session
	host  Host
	frame *Frame
}

// say is text in the person's language; it is fmt.Sprintf of an English text.
func (c *context) say(format string, args ...any) string { return c.Words().Say(format, args...) }

// count is say for a number of things.
func (c *context) count(n int, one, other string, args ...any) string {
	return c.Words().Count(n, one, other, args...)
}

// design is the one in front; the zero one where there is none.
func (c *context) design() design.Design {
	if doc := c.Current(); doc != nil {
		return doc.Design()
	}
	return design.Design{}
}

// edit changes the design in front.
func (c *context) edit(a model.Action, change func(*design.Design)) {
	if doc := c.Current(); doc != nil {
		doc.Edit(a, change)
	}
}

// focus gives a control the keyboard, where it is on the screen.
func (c *context) focus(o fyne.Focusable) {
	if c.host.Window != nil && o != nil {
		c.host.Window.Canvas().Focus(o)
	}
}
