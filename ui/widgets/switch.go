package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const switchWidth, switchHeight = 38, 22

// Switch turns something on or off at once, with its text at the right. Space
// and Enter turn it.
type Switch struct {
	widget.DisableableWidget

	OnPick func(on bool)

	text    string
	on      bool
	focused bool
}

// NewSwitch is a switch that is off.
func NewSwitch(text string, onPick func(on bool)) *Switch {
	s := &Switch{text: text, OnPick: onPick}
	s.ExtendBaseWidget(s)
	return s
}

// Value tells whether it is on.
func (s *Switch) Value() bool { return s.on }

// SetValue turns it without calling OnPick.
func (s *Switch) SetValue(on bool) {
	if s.on != on {
		s.on = on
		s.Refresh()
	}
}

// SetText changes the text.
func (s *Switch) SetText(text string) { s.text = text; s.Refresh() }

func (s *Switch) turn() {
	if s.Disabled() {
		return
	}
	s.SetValue(!s.on)
	if s.OnPick != nil {
		s.OnPick(s.on)
	}
}

// Tapped turns it.
func (s *Switch) Tapped(*fyne.PointEvent) {
	if !s.Disabled() {
		takeFocus(s)
		s.turn()
	}
}

// FocusGained shows the focus.
func (s *Switch) FocusGained() { s.focused = true; s.Refresh(); intoSight(s) }

// FocusLost hides it.
func (s *Switch) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune is for Fyne.
func (s *Switch) TypedRune(rune) {}

// TypedKey turns it.
func (s *Switch) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		s.turn()
	default:
		passKey(s, key)
	}
}

// CreateRenderer is for Fyne.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	r := &switchRenderer{s: s, ring: canvas.NewRectangle(color.Transparent), track: canvas.NewRectangle(color.Transparent),
		knob: canvas.NewCircle(color.White), text: canvas.NewText("", color.Black)}
	r.paint()
	return r
}

type switchRenderer struct {
	s           *Switch
	ring, track *canvas.Rectangle
	knob        *canvas.Circle
	text        *canvas.Text
}

func (r *switchRenderer) Destroy() {}
func (r *switchRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.track, r.knob, r.text}
}

func (r *switchRenderer) MinSize() fyne.Size {
	th := r.s.Theme()
	size := fyne.MeasureText(r.s.text, th.Size(theme.SizeNameText), fyne.TextStyle{})
	w := float32(switchWidth + 8)
	if r.s.text != "" {
		w += size.Width + 8
	}
	return fyne.NewSize(w, max(switchHeight+8, size.Height+2*th.Size(theme.SizeNameInnerPadding)))
}

func (r *switchRenderer) Layout(size fyne.Size) {
	y := (size.Height - switchHeight) / 2
	place(r.ring, 1, y-3, switchWidth+6, switchHeight+6)
	place(r.track, 4, y, switchWidth, switchHeight)
	x := float32(7)
	if r.s.on {
		x = 4 + switchWidth - switchHeight + 3
	}
	place(r.knob, x, y+3, switchHeight-6, switchHeight-6)
	r.text.Move(fyne.NewPos(switchWidth+16, (size.Height-r.text.MinSize().Height)/2))
}

func (r *switchRenderer) paint() {
	s, th := r.s, r.s.Theme()
	r.ring.CornerRadius, r.track.CornerRadius = switchHeight/2+3, switchHeight/2
	r.ring.StrokeWidth, r.ring.StrokeColor = 2, color.Transparent
	if s.focused {
		r.ring.StrokeColor = colourFor(ColourAccent, s)
	}
	r.track.StrokeWidth, r.track.StrokeColor = 1.5, colourFor(ColourQuiet, s)
	r.track.FillColor, r.knob.FillColor = color.Transparent, colourFor(ColourQuiet, s)
	if s.on {
		r.track.FillColor = colourFor(ColourAccent, s)
		r.track.StrokeColor = r.track.FillColor
		r.knob.FillColor = colourFor(ColourOnAccent, s)
	}
	name := ColourText
	if s.Disabled() {
		name = ColourDisabled
		r.track.StrokeColor = colourFor(name, s)
		if s.on {
			r.track.FillColor = colourFor(name, s)
		}
	}
	r.text.Text, r.text.Color, r.text.TextSize = s.text, colourFor(name, s), th.Size(theme.SizeNameText)
}

func (r *switchRenderer) Refresh() {
	r.paint()
	r.Layout(r.s.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
	canvas.Refresh(r.s)
}
