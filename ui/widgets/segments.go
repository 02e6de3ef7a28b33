package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Segments is a choice between two to five options that are all in sight, as
// joined buttons. Left, Right, Home and End choose.
type Segments struct {
	widget.DisableableWidget

	OnPick func(value string)

	options []Option
	value   string
	focused bool
	hovered int // -1 for none
}

// NewSegments offers options; none is chosen.
func NewSegments(options []Option, onPick func(value string)) *Segments {
	s := &Segments{options: options, OnPick: onPick, hovered: -1}
	s.ExtendBaseWidget(s)
	return s
}

// Value is the chosen value, "" for none.
func (s *Segments) Value() string { return s.value }

// SetValue shows a value without calling OnPick.
func (s *Segments) SetValue(value string) {
	if s.value != value {
		s.value = value
		s.Refresh()
	}
}

// SetChoices changes what is offered.
func (s *Segments) SetChoices(options []Option) {
	s.options = options
	s.Refresh()
}

func (s *Segments) pick(i int) {
	if s.Disabled() || i < 0 || i >= len(s.options) || s.options[i].Value == s.value {
		return
	}
	s.SetValue(s.options[i].Value)
	if s.OnPick != nil {
		s.OnPick(s.value)
	}
}

// widths are those of the segments: by their texts, and what is left over
// shared evenly.
func (s *Segments) widths(total float32) []float32 {
	size := s.Theme().Size(theme.SizeNameText)
	widths := make([]float32, len(s.options))
	spare := total
	for i, o := range s.options {
		widths[i] = fyne.MeasureText(o.label(), size, fyne.TextStyle{Bold: true}).Width + 28
		spare -= widths[i]
	}
	for i := range widths {
		widths[i] += max(0, spare) / float32(len(widths))
	}
	return widths
}

func (s *Segments) at(x float32) int {
	for i, w := range s.widths(s.Size().Width) {
		if x < w {
			return i
		}
		x -= w
	}
	return -1
}

// Tapped chooses what is below the pointer.
func (s *Segments) Tapped(e *fyne.PointEvent) {
	if s.Disabled() {
		return
	}
	takeFocus(s)
	s.pick(s.at(e.Position.X))
}

// MouseIn shows what a click would choose.
func (s *Segments) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved follows the pointer.
func (s *Segments) MouseMoved(e *desktop.MouseEvent) {
	if i := s.at(e.Position.X); i != s.hovered {
		s.hovered = i
		s.Refresh()
	}
}

// MouseOut ends MouseIn.
func (s *Segments) MouseOut() { s.hovered = -1; s.Refresh() }

// FocusGained shows the focus.
func (s *Segments) FocusGained() { s.focused = true; s.Refresh(); intoSight(s) }

// FocusLost hides it.
func (s *Segments) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune is for Fyne.
func (s *Segments) TypedRune(rune) {}

// TypedKey chooses.
func (s *Segments) TypedKey(key *fyne.KeyEvent) {
	at := indexOf(s.options, s.value)
	switch key.Name {
	case fyne.KeyLeft:
		s.pick(max(0, at-1))
	case fyne.KeyRight:
		s.pick(at + 1)
	case fyne.KeyHome:
		s.pick(0)
	case fyne.KeyEnd:
		s.pick(len(s.options) - 1)
	default:
		passKey(s, key)
	}
}

// CreateRenderer is for Fyne.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentsRenderer{s: s, box: canvas.NewRectangle(color.Transparent)}
	r.build()
	return r
}

type segmentsRenderer struct {
	s     *Segments
	box   *canvas.Rectangle
	backs []*canvas.Rectangle
	texts []*canvas.Text
}

// build makes the objects for the options.
func (r *segmentsRenderer) build() {
	for len(r.texts) < len(r.s.options) {
		r.backs = append(r.backs, canvas.NewRectangle(color.Transparent))
		r.texts = append(r.texts, canvas.NewText("", color.Black))
	}
	r.backs, r.texts = r.backs[:len(r.s.options)], r.texts[:len(r.s.options)]
	r.paint()
}

func (r *segmentsRenderer) paint() {
	s, th := r.s, r.s.Theme()
	radius := th.Size(theme.SizeNameInputRadius)
	r.box.CornerRadius = radius
	r.box.FillColor = colourFor(theme.ColorNameInputBackground, s)
	r.box.StrokeColor, r.box.StrokeWidth = colourFor(ColourEdge, s), th.Size(theme.SizeNameInputBorder)
	if s.focused {
		r.box.StrokeColor, r.box.StrokeWidth = colourFor(ColourAccent, s), 2
	}
	for i, o := range s.options {
		chosen := o.Value == s.value
		fill, text := color.Color(color.Transparent), colourFor(ColourText, s)
		if i == s.hovered && !s.Disabled() {
			fill = colourFor(ColourHover, s)
		}
		if chosen {
			fill = colourFor(ColourTint, s)
		}
		if s.Disabled() {
			text = colourFor(ColourDisabled, s)
		}
		r.backs[i].FillColor, r.backs[i].CornerRadius = fill, max(0, radius-2)
		t := r.texts[i]
		t.Text, t.Color, t.TextSize = o.label(), text, th.Size(theme.SizeNameText)
		t.TextStyle.Bold, t.Alignment = chosen, fyne.TextAlignCenter
	}
}

func (r *segmentsRenderer) Destroy() {}

func (r *segmentsRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.box}
	for i := range r.texts {
		objects = append(objects, r.backs[i], r.texts[i])
	}
	return objects
}

func (r *segmentsRenderer) MinSize() fyne.Size {
	th := r.s.Theme()
	h := fyne.MeasureText("M", th.Size(theme.SizeNameText), fyne.TextStyle{}).Height + 2*th.Size(theme.SizeNameInnerPadding)
	var w float32
	for _, each := range r.s.widths(0) {
		w += each
	}
	return fyne.NewSize(w, h)
}

func (r *segmentsRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	var x float32
	for i, w := range r.s.widths(size.Width) {
		place(r.backs[i], x+3, 3, w-6, size.Height-6)
		h := r.texts[i].MinSize().Height
		place(r.texts[i], x, (size.Height-h)/2, w, h)
		x += w
	}
}

func (r *segmentsRenderer) Refresh() {
	r.build()
	r.Layout(r.s.Size())
	r.box.Refresh()
	for i := range r.texts {
		r.backs[i].Refresh()
		r.texts[i].Refresh()
	}
	canvas.Refresh(r.s)
}
