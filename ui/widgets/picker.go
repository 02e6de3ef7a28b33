package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

const (
	pickerRow  = 28 // height of a row's text, without Fyne's padding of 4
	pickerRows = 8  // rows in sight at most
)

// picker is a list that opens over the window with a field above it that filters
// it. The field has the focus; Up and Down go through the list.
type picker struct {
	entry   *Entry
	list    *widget.List
	popup   *widget.PopUp
	options []string
	at      int // the marked option, -1 for none

	find   func(text string) []string
	picked func(option string) // an option was taken
	closed func(text string)   // nothing was taken; the text of the field
	plain  func(text string)   // Enter with nothing marked, nil closes
	always bool                // an option is always marked
	none   string              // said when nothing fits
	width  float32             // of what the list hangs from
	empty  *canvas.Text
}

// open shows the picker over the object at, with text in the field.
func (p *picker) open(at fyne.CanvasObject, text string) {
	c := canvasOf(at)
	if c == nil {
		return
	}
	p.entry = NewEntry()
	p.entry.OnArrow = p.key
	p.entry.OnEdit = p.filter
	p.list = widget.NewList(func() int { return len(p.options) },
		func() fyne.CanvasObject { return newPickRow(p) },
		func(i int, o fyne.CanvasObject) { o.(*pickRow).set(i) })
	p.list.HideSeparators = true
	p.empty = canvas.NewText(p.none, colourFor(ColourQuiet, p.list))
	p.empty.Alignment, p.empty.TextSize = fyne.TextAlignCenter, 14
	p.width = at.Size().Width
	p.popup = widget.NewPopUp(container.NewBorder(p.entry, nil, nil, nil, container.NewStack(p.list, p.empty)), c)
	p.entry.SetValue(text)
	p.filter(text)
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(at)
	size := p.size()
	pos.Y = max(0, min(pos.Y, c.Size().Height-size.Height-8))
	pos.X = max(0, min(pos.X, c.Size().Width-size.Width-8))
	p.popup.ShowAtPosition(pos)
	p.popup.Resize(size)
	c.Focus(p.entry)
	p.entry.CursorColumn = len([]rune(text))
	p.entry.Refresh()
}

// size is that of the popup: as wide as what it hangs from, at least 220.
func (p *picker) size() fyne.Size {
	rows := max(1, min(pickerRows, len(p.options)))
	return fyne.NewSize(max(220, p.width), p.entry.MinSize().Height+float32(rows*(pickerRow+4))+16)
}

func (p *picker) filter(text string) {
	p.options = p.find(text)
	p.at = -1
	if p.always && len(p.options) > 0 {
		p.at = 0
	}
	reveal(p.empty, len(p.options) == 0)
	p.popup.Resize(p.size())
	p.list.ScrollToOffset(0)
	p.list.Refresh()
}

// mark marks an option and brings it into sight.
func (p *picker) mark(i int) {
	if len(p.options) == 0 {
		return
	}
	p.at = max(0, min(i, len(p.options)-1))
	p.list.ScrollTo(p.at)
	p.list.Refresh()
}

func (p *picker) key(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyDown:
		p.mark(p.at + 1)
	case fyne.KeyUp:
		p.mark(p.at - 1)
	case fyne.KeyPageDown:
		p.mark(p.at + pickerRows)
	case fyne.KeyPageUp:
		p.mark(p.at - pickerRows)
	case fyne.KeyReturn, fyne.KeyEnter:
		p.enter()
	case fyne.KeyEscape:
		text := p.entry.Text
		p.popup.Hide()
		p.closed(text)
	default:
		return false
	}
	return true
}

func (p *picker) enter() {
	text := p.entry.Text
	if p.at >= 0 {
		p.take(p.at)
		return
	}
	p.popup.Hide()
	if p.plain != nil {
		p.plain(text)
		return
	}
	p.closed(text)
}

func (p *picker) take(i int) {
	if i < 0 || i >= len(p.options) {
		return
	}
	option := p.options[i]
	p.popup.Hide()
	p.picked(option)
}

// pickRow is one option.
type pickRow struct {
	widget.BaseWidget
	p     *picker
	index int
	back  *canvas.Rectangle
	text  *canvas.Text
}

func newPickRow(p *picker) *pickRow {
	r := &pickRow{p: p, back: canvas.NewRectangle(color.Transparent), text: canvas.NewText("", color.Black)}
	r.back.CornerRadius, r.text.TextSize = 4, 14
	r.ExtendBaseWidget(r)
	return r
}

func (r *pickRow) Tapped(*fyne.PointEvent) { r.p.take(r.index) }

func (r *pickRow) MinSize() fyne.Size { return fyne.NewSize(80, pickerRow) }

func (r *pickRow) Resize(size fyne.Size) {
	r.BaseWidget.Resize(size)
	r.set(r.index)
}

func (r *pickRow) set(i int) {
	r.index = i
	if i >= len(r.p.options) {
		return
	}
	r.back.FillColor = color.Transparent
	if i == r.p.at {
		r.back.FillColor = colourFor(ColourTint, r)
	}
	place(r.back, 0, 0, r.Size().Width, r.Size().Height)
	put(r.text, r.p.options[i], colourFor(ColourText, r), r.Size().Width-20, exactly)
	r.text.Move(fyne.NewPos(10, 4))
	r.back.Refresh()
}

func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Objects: []fyne.CanvasObject{r.back, r.text}})
}
