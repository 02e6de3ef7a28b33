package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Measures of a dialog, in device-independent pixels.
const (
	dialogRadius = 12
	// dialogEdge is what is always seen of the page above and below a dialog.
	dialogEdge = 64
	// dialogRing is the room of a focus ring around what is in the body.
	dialogRing = 4
)

// Dialog lies in the middle of a window, over a veil: a title, a body that scrolls
// where the window is too low for it, and answers at the right, below. It is as high
// as what it holds.
type Dialog struct {
	widget.BaseWidget
	canvas     fyne.Canvas
	title      string
	width      float32
	head, foot *fyne.Container
	content    fyne.CanvasObject
	body       fyne.CanvasObject
}

// NewDialog makes a dialog with a width in device-independent pixels; content may be
// nil. Answers do what they do and leave the dialog where it is.
func NewDialog(c fyne.Canvas, title string, width float32, content fyne.CanvasObject, answers ...*Button) *Dialog {
	row := []fyne.CanvasObject{Spring()}
	for _, a := range answers {
		row = append(row, a)
	}
	if content == nil {
		content = Column(0)
	}
	d := &Dialog{canvas: c, title: title, width: width, head: Column(0, Section(title).Wrapped()), foot: Row(Gap, row...)}
	d.foot.Hidden = len(answers) == 0
	d.content = InsetEach(dialogRing, MarginWide, dialogRing, dialogRing, content)
	d.body = Scroll(d.content)
	d.ExtendBaseWidget(d)
	return d
}

// Title is what stands above the dialog.
func (d *Dialog) Title() string { return d.title }

// Show opens it. Escape closes it wherever the keyboard is among its buttons and
// cards.
func (d *Dialog) Show() {
	d.listen(d.content)
	d.listen(d.foot)
	d.BaseWidget.Show()
	d.canvas.Overlays().Add(d)
	d.Resize(d.canvas.Size())
}

// Hide closes it.
func (d *Dialog) Hide() {
	d.canvas.Overlays().Remove(d)
	d.BaseWidget.Hide()
}

// listen makes Escape close the dialog from an object, and from those in it.
func (d *Dialog) listen(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, inner := range o.Objects {
			d.listen(inner)
		}
	case *container.Scroll:
		d.listen(o.Content)
	case interface{ onEscape(func()) }:
		o.onEscape(d.Hide)
	}
}

// CreateRenderer draws veil, ground, title, body and answers.
func (d *Dialog) CreateRenderer() fyne.WidgetRenderer {
	veil := newPanel(theme.ColorNameShadow, ColourNone, 0)
	ground := newPanel(ColourRaised, ColourLine, dialogRadius)
	r := over(nil, veil, ground, d.head, d.body, d.foot)
	r.min = func() fyne.Size { return fyne.Size{} }
	r.layout = func(size fyne.Size) {
		veil.Resize(size)
		d.lay(ground, size)
	}
	return r
}

// lay puts the ground into the middle of a window, and the parts upon it.
func (d *Dialog) lay(ground fyne.CanvasObject, size fyne.Size) {
	width := min(d.width, size.Width-2*MarginWide)
	inner := width - 2*MarginWide
	head, foot := heightAt(d.head, inner), float32(0)
	if d.foot.Visible() {
		foot = heightAt(d.foot, inner) + Margin
	}
	// The body reaches to the edges, for rings at the left and a scroller's bar at the right.
	reach := inner + dialogRing + MarginWide
	above, around := head+12-dialogRing, float32(2*(MarginWide-4))
	body := min(heightAt(d.content, reach), max(0, size.Height-2*dialogEdge-above-foot-around))
	height := above + body + foot + around
	x, y := float32(int((size.Width-width)/2)), float32(int((size.Height-height)/2))
	place(ground, x, y, width, height)
	top := y + around/2
	place(d.head, x+MarginWide, top, inner, head)
	place(d.body, x+MarginWide-dialogRing, top+above, reach, body)
	place(d.foot, x+MarginWide, y+height-around/2-foot+Margin, inner, max(0, foot-Margin))
}
