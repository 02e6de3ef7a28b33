package widgets

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// ParseColour reads "#rrggbb" or "#rgb", with or without the sign.
func ParseColour(text string) (color.NRGBA, error) {
	s := strings.TrimPrefix(strings.TrimSpace(text), "#")
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	var c color.NRGBA
	if len(s) != 6 || strings.Trim(s, "0123456789abcdefABCDEF") != "" {
		return c, fmt.Errorf("reading colour %q: want #rrggbb", text)
	}
	if _, err := fmt.Sscanf(s, "%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		return c, fmt.Errorf("reading colour %q: %w", text, err)
	}
	c.A = 0xFF
	return c, nil
}

// FormatColour is a colour as "#rrggbb".
func FormatColour(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// ColourField edits a colour: a swatch that opens the palette, and an entry for
// "#rrggbb". Text that is no colour is kept in the entry and not given on.
type ColourField struct {
	widget.BaseWidget

	OnPick func(text string) // always "#rrggbb", in lower case
	Entry  *Entry            // to set OnUndo and the rest

	palette []color.Color
	swatch  *swatch
	popup   *widget.PopUp
}

// NewColourField offers the colours of palette behind the swatch.
func NewColourField(palette []color.Color, onPick func(text string)) *ColourField {
	f := &ColourField{palette: palette, OnPick: onPick, Entry: NewEntry()}
	f.swatch = newSwatch(color.Transparent, func() { f.open() })
	f.Entry.TextStyle.Monospace = true
	f.Entry.SetPlaceHolder("#rrggbb")
	f.Entry.OnEdit = func(text string) {
		if c, err := ParseColour(text); err == nil {
			f.swatch.set(c, false)
		}
	}
	f.Entry.OnCommit = func(text string) {
		if c, err := ParseColour(text); err == nil {
			f.pick(FormatColour(c))
		}
	}
	f.ExtendBaseWidget(f)
	return f
}

// Value is the text of the entry.
func (f *ColourField) Value() string { return f.Entry.Text }

// SetValue shows a colour without calling OnPick.
func (f *ColourField) SetValue(text string) {
	f.Entry.SetValue(text)
	c, err := ParseColour(text)
	if err != nil {
		f.swatch.set(color.Transparent, false)
		return
	}
	f.swatch.set(c, false)
}

func (f *ColourField) pick(text string) {
	f.SetValue(text)
	if f.OnPick != nil {
		f.OnPick(text)
	}
}

func (f *ColourField) open() {
	c := canvasOf(f)
	if c == nil || len(f.palette) == 0 {
		return
	}
	chosen := -1
	for i, p := range f.palette {
		if FormatColour(p) == f.Entry.Text {
			chosen = i
		}
	}
	s := NewSwatches(f.palette, nil, chosen, func(i int) {
		f.popup.Hide()
		takeFocus(f.swatch)
		f.pick(FormatColour(f.palette[i]))
	})
	s.OnCancel = func() { f.popup.Hide(); takeFocus(f.swatch) }
	f.popup = widget.NewPopUp(container.NewPadded(s), c)
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(f).AddXY(0, f.Size().Height+2)
	f.popup.ShowAtPosition(pos)
	c.Focus(s)
}

// CreateRenderer is for Fyne.
func (f *ColourField) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewBorder(nil, nil, container.NewCenter(f.swatch), nil, f.Entry))
}

const swatchSide = 28

// swatch is one colour to click; it is a focusable button when it stands alone.
type swatch struct {
	widget.BaseWidget
	colour          color.Color
	chosen, focused bool
	tapped          func()
	ring, fill      *canvas.Rectangle
}

func newSwatch(c color.Color, tapped func()) *swatch {
	s := &swatch{colour: c, tapped: tapped,
		ring: canvas.NewRectangle(color.Transparent), fill: canvas.NewRectangle(c)}
	s.ring.CornerRadius, s.fill.CornerRadius = 7, 5
	s.fill.StrokeWidth = 1
	s.ExtendBaseWidget(s)
	return s
}

func (s *swatch) set(c color.Color, chosen bool) {
	s.colour, s.chosen = c, chosen
	s.Refresh()
}

func (s *swatch) Tapped(*fyne.PointEvent) { s.tapped() }
func (s *swatch) Cursor() desktop.Cursor  { return desktop.PointerCursor }
func (s *swatch) FocusGained()            { s.focused = true; s.Refresh(); intoSight(s) }
func (s *swatch) FocusLost()              { s.focused = false; s.Refresh() }
func (s *swatch) TypedRune(rune)          {}
func (s *swatch) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		s.tapped()
	default:
		passKey(s, key)
	}
}

func (s *swatch) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchRenderer{s, s.ring, s.fill}
	r.Refresh()
	return r
}

type swatchRenderer struct {
	s          *swatch
	ring, fill *canvas.Rectangle
}

func (r *swatchRenderer) Destroy()           {}
func (r *swatchRenderer) MinSize() fyne.Size { return fyne.NewSize(swatchSide+6, swatchSide+6) }
func (r *swatchRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.fill}
}
func (r *swatchRenderer) Layout(size fyne.Size) {
	place(r.ring, 0, 0, size.Width, size.Height)
	place(r.fill, 3, 3, size.Width-6, size.Height-6)
}
func (r *swatchRenderer) Refresh() {
	r.fill.FillColor = r.s.colour
	r.fill.StrokeColor = colourFor(ColourQuiet, r.s)
	r.ring.StrokeColor = color.Transparent
	r.ring.StrokeWidth = 1.5
	if r.s.chosen {
		r.ring.StrokeColor = colourFor(ColourText, r.s)
	}
	if r.s.focused {
		r.ring.StrokeColor, r.ring.StrokeWidth = colourFor(ColourAccent, r.s), 2.5
	}
	r.ring.Refresh()
	r.fill.Refresh()
}

// Swatches is a grid of colours to pick from: the arrow keys go through it,
// Enter and Space pick. The name of the colour below the pointer or the mark is
// shown under the grid, if colours have names.
type Swatches struct {
	widget.BaseWidget

	OnPick   func(i int)
	OnCancel func() // at Escape; nil hands it to the window

	colours []color.Color
	names   []string
	chosen  int
	at      int
	focused bool
	cells   []*swatch
	label   *canvas.Text
}

const swatchColumns = 8

// NewSwatches offers colours; names may be nil, chosen -1.
func NewSwatches(colours []color.Color, names []string, chosen int, onPick func(i int)) *Swatches {
	s := &Swatches{colours: colours, names: names, chosen: chosen, at: max(0, chosen), OnPick: onPick,
		label: canvas.NewText("", color.Black)}
	s.label.TextSize = 12
	for i, c := range colours {
		s.cells = append(s.cells, newSwatch(c, func() { s.pick(i) }))
	}
	s.ExtendBaseWidget(s)
	return s
}

// Choose marks the colour i as chosen without calling OnPick, -1 none.
func (s *Swatches) Choose(i int) {
	s.chosen, s.at = i, max(0, i)
	s.Refresh()
}

func (s *Swatches) pick(i int) {
	s.Choose(i)
	if s.OnPick != nil {
		s.OnPick(i)
	}
}

// FocusGained shows the mark.
func (s *Swatches) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost hides it.
func (s *Swatches) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune is for Fyne.
func (s *Swatches) TypedRune(rune) {}

// TypedKey moves the mark and picks.
func (s *Swatches) TypedKey(key *fyne.KeyEvent) {
	to := s.at
	switch key.Name {
	case fyne.KeyLeft:
		to--
	case fyne.KeyRight:
		to++
	case fyne.KeyUp:
		to -= swatchColumns
	case fyne.KeyDown:
		to += swatchColumns
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		s.pick(s.at)
		return
	case fyne.KeyEscape:
		if s.OnCancel != nil {
			s.OnCancel()
			return
		}
		passKey(s, key)
		return
	default:
		passKey(s, key)
		return
	}
	if to >= 0 && to < len(s.cells) {
		s.at = to
		s.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (s *Swatches) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchesRenderer{s}
	r.Refresh()
	return r
}

type swatchesRenderer struct{ s *Swatches }

func (r *swatchesRenderer) Destroy() {}

func (r *swatchesRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(r.s.cells)+1)
	for _, c := range r.s.cells {
		objects = append(objects, c)
	}
	return append(objects, r.s.label)
}

func (r *swatchesRenderer) MinSize() fyne.Size {
	n := len(r.s.cells)
	rows := (n + swatchColumns - 1) / swatchColumns
	size := fyne.NewSize(float32(min(n, swatchColumns)*(swatchSide+6)), float32(rows*(swatchSide+6)))
	if r.s.names != nil {
		size.Height += 20
	}
	return size
}

func (r *swatchesRenderer) Layout(size fyne.Size) {
	const side = swatchSide + 6
	for i, c := range r.s.cells {
		place(c, float32(i%swatchColumns*side), float32(i/swatchColumns*side), side, side)
	}
	r.s.label.Move(fyne.NewPos(4, size.Height-18))
}

func (r *swatchesRenderer) Refresh() {
	s := r.s
	for i, c := range s.cells {
		c.focused = s.focused && i == s.at
		c.set(s.colours[i], i == s.chosen)
	}
	s.label.Text, s.label.Color = "", colourFor(ColourQuiet, s)
	if s.at < len(s.names) {
		s.label.Text = s.names[s.at]
	}
	s.label.Refresh()
	canvas.Refresh(s)
}
