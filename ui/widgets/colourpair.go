package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// ColourPair edits two colours of a palette that go together: that of text and
// that of the ground below it, with a sample of both. What is not set is shown as
// what applies then.
type ColourPair struct {
	widget.BaseWidget

	OnPick func(fore, back string) // names; both "" when it is taken back

	colours    []color.Color
	names      []string
	fore, back string
	other      [2]string // what applies where nothing is set
	ground     *canvas.Rectangle
	sample     *canvas.Text
	label      *Text
	first      *swatch
	second     *swatch
	reset      *Button
	popup      *widget.PopUp
}

// NewColourPair offers colours with their names. sample is the text shown in
// them, reset says what the button does that takes the choice back.
func NewColourPair(colours []color.Color, names []string, sample, reset string, onPick func(fore, back string)) *ColourPair {
	p := &ColourPair{colours: colours, names: names, OnPick: onPick, label: Line("").Sized(SizeNote).Coloured(ColourQuiet)}
	p.ground, p.sample = canvas.NewRectangle(color.Black), canvas.NewText(sample, color.White)
	p.ground.CornerRadius = radiusSmall
	p.sample.TextStyle.Monospace, p.sample.TextSize = true, 14
	p.first = newSwatch(color.Transparent, func() { p.open(p.first, p.shownFore(), func(name string) { p.pick(name, p.shownBack()) }) })
	p.second = newSwatch(color.Transparent, func() { p.open(p.second, p.shownBack(), func(name string) { p.pick(p.shownFore(), name) }) })
	p.reset = IconButton("undo", reset, func() { p.pick("", "") })
	p.ExtendBaseWidget(p)
	return p
}

// SetValue shows a choice without calling OnPick; "" for none, of which
// otherFore and otherBack tell what applies then.
func (p *ColourPair) SetValue(fore, back, otherFore, otherBack string) {
	p.fore, p.back, p.other = fore, back, [2]string{otherFore, otherBack}
	p.Refresh()
}

// Value are the chosen names, "" for none.
func (p *ColourPair) Value() (fore, back string) { return p.fore, p.back }

// Field is what takes the focus first.
func (p *ColourPair) Field() fyne.Focusable { return p.first }

func (p *ColourPair) shownFore() string {
	if p.fore == "" {
		return p.other[0]
	}
	return p.fore
}

func (p *ColourPair) shownBack() string {
	if p.back == "" {
		return p.other[1]
	}
	return p.back
}

// colour is one of the palette, transparent for a name that it has not.
func (p *ColourPair) colour(name string) color.Color {
	for i, n := range p.names {
		if n == name {
			return p.colours[i]
		}
	}
	return color.Transparent
}

func (p *ColourPair) pick(fore, back string) {
	p.SetValue(fore, back, p.other[0], p.other[1])
	if p.OnPick != nil {
		p.OnPick(fore, back)
	}
}

// open shows the palette below a swatch.
func (p *ColourPair) open(s *swatch, name string, picked func(name string)) {
	c := canvasOf(p)
	if c == nil {
		return
	}
	chosen := -1
	for i, n := range p.names {
		if n == name {
			chosen = i
		}
	}
	grid := NewSwatches(p.colours, p.names, chosen, func(i int) {
		p.popup.Hide()
		takeFocus(s)
		picked(p.names[i])
	})
	grid.OnCancel = func() { p.popup.Hide(); takeFocus(s) }
	p.popup = widget.NewPopUp(container.NewPadded(grid), c)
	p.popup.ShowAtPosition(fyne.CurrentApp().Driver().AbsolutePositionForObject(s).AddXY(0, s.Size().Height+2))
	c.Focus(grid)
}

// CreateRenderer draws sample, swatches and names in a row.
func (p *ColourPair) CreateRenderer() fyne.WidgetRenderer {
	sample := sized(stacked(p.ground, container.NewCenter(p.sample)), 104, 32)
	row := Row(Gap, sample, p.first, p.second, Fill(p.label), p.reset)
	draw := func() {
		p.ground.FillColor, p.ground.StrokeColor, p.ground.StrokeWidth = p.colour(p.shownBack()), colourFor(ColourLine, p), 1
		p.sample.Color = p.colour(p.shownFore())
		p.first.set(p.colour(p.shownFore()), false)
		p.second.set(p.colour(p.shownBack()), false)
		p.label.SetText(p.shownFore() + " / " + p.shownBack())
		reveal(p.reset, p.fore != "" || p.back != "")
	}
	draw()
	return over(draw, row)
}
