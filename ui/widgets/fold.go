package widgets

import "fyne.io/fyne/v2"

// Fold is a part of a page that few people need: its title, and its content only
// while it is open.
type Fold struct {
	// Column is what is laid out.
	Column *fyne.Container
	// Head opens and closes.
	Head    *Button
	content fyne.CanvasObject
}

// NewFold is a closed part.
func NewFold(title string, content fyne.CanvasObject) *Fold {
	f := &Fold{content: content}
	f.Head = Link(title, "next", func() { f.Open(!f.IsOpen()) })
	content.Hide()
	f.Column = Column(Gap, InsetEach(0, 0, 0, -14, Row(0, f.Head)), content)
	return f
}

// IsOpen tells whether the content is shown.
func (f *Fold) IsOpen() bool { return f.content.Visible() }

// Open shows the content, or hides it.
func (f *Fold) Open(open bool) {
	if open == f.IsOpen() {
		return
	}
	if open {
		f.Head.SetIcon("unfold")
		f.content.Show()
	} else {
		f.Head.SetIcon("next")
		f.content.Hide()
	}
	f.Column.Refresh()
}
