package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// StripCell is a value on the strip.
type StripCell struct {
	Label string
	Value string
	// Kind colours the value, with an icon: Failure for problems.
	Kind Kind
	// Tapped, if set, makes the cell a button.
	Tapped func()
}

// Strip is the bar at the foot of a window that always shows the same few values, and
// the buttons for what comes next.
type Strip struct {
	widget.BaseWidget
	cells   []*stripCell
	row     *fyne.Container
	buttons []fyne.CanvasObject
}

// NewStrip is a strip with buttons at its right.
func NewStrip(buttons ...fyne.CanvasObject) *Strip {
	s := &Strip{row: Row(MarginWide), buttons: buttons}
	s.ExtendBaseWidget(s)
	s.SetCells(nil)
	return s
}

// SetCells shows other values.
func (s *Strip) SetCells(cells []StripCell) {
	if len(cells) != len(s.cells) {
		s.build(len(cells))
	}
	for i, c := range cells {
		s.cells[i].set(c)
	}
	s.row.Refresh()
	s.Refresh()
}

func (s *Strip) build(n int) {
	s.cells = nil
	s.row.Objects = nil
	for range n {
		c := newStripCell()
		s.cells = append(s.cells, c)
		s.row.Add(c)
	}
	s.row.Add(Spring())
	s.row.Add(Row(Gap, s.buttons...))
}

// CreateRenderer draws a surface with a line above it.
func (s *Strip) CreateRenderer() fyne.WidgetRenderer {
	line := container.NewVBox(Separator())
	return over(nil, newPanel(ColourSurface, ColourNone, 0), line, Inset(10, MarginWide, s.row))
}

// stripCell shows a label above its value.
type stripCell struct {
	press
	cell  StripCell
	label *Text
	icon  *Glyph
	value *Text
	box   *fyne.Container
}

// cellRoom is the most that a value is wide.
const cellRoom = 176

func newStripCell() *stripCell {
	c := &stripCell{
		label: newText("", SizeNote, ColourQuiet, fyne.TextStyle{}, false).Room(cellRoom),
		icon:  newGlyph("", ColourText, 16),
		value: newText("", SizeBody, ColourText, fyne.TextStyle{Bold: true}, false).Room(cellRoom),
	}
	c.box = Column(0, c.label, Row(Step, c.icon, c.value))
	c.ExtendBaseWidget(c)
	return c
}

func (c *stripCell) set(cell StripCell) {
	c.cell = cell
	c.tapped = cell.Tapped
	if c.tapped == nil {
		c.Disable() // the focus passes it by
	} else {
		c.Enable()
	}
	c.Refresh()
}

// CreateRenderer draws hover, words and focus.
func (c *stripCell) CreateRenderer() fyne.WidgetRenderer {
	veil := newPanel(ColourNone, ColourNone, radiusSmall)
	focus := newRing(radiusSmall)
	r := over(nil, veil, c.box, focus)
	around := fyne.NewPos(-Gap, -2)
	r.layout = func(size fyne.Size) {
		c.box.Resize(size)
		for _, o := range []fyne.CanvasObject{veil, focus} {
			o.Move(around)
			o.Resize(size.AddWidthHeight(2*Gap, Step))
		}
	}
	r.refresh = func() {
		colour := ColourText
		icon := ""
		if c.cell.Kind != Neutral {
			colour, _ = c.cell.Kind.colours()
			icon = c.cell.Kind.icon()
		}
		c.label.SetText(c.cell.Label)
		c.value.SetText(c.cell.Value)
		c.value.Coloured(colour)
		c.icon.colour = colour
		c.icon.SetIcon(icon)
		c.icon.Hidden = icon == ""
		veil.set(ColourNone, ColourNone, 0)
		if c.hovered && c.tapped != nil {
			veil.set(ColourHover, ColourNone, 0)
		}
		showRing(focus, c.focused)
		c.box.Refresh()
		r.layout(c.Size())
	}
	r.refresh()
	return r
}
