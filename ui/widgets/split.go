package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Split puts two panes side by side where the room is at least From wide, and
// one below the other where it is not. Its least size is that of the narrow
// form, so it wants to be in a scroller.
type Split struct {
	From  float32 // least width for two columns, 700 when 0
	Ratio float32 // share of the first pane, 0.5 when 0
	Gap   float32 // between the panes, 16 when 0
}

// NewSplit shows first and second with the first's share of the width.
func NewSplit(ratio float32, first, second fyne.CanvasObject) *fyne.Container {
	return container.New(&Split{Ratio: ratio}, first, second)
}

func (s *Split) measures() (from, ratio, gap float32) {
	from, ratio, gap = s.From, s.Ratio, s.Gap
	if from == 0 {
		from = 700
	}
	if ratio == 0 {
		ratio = 0.5
	}
	if gap == 0 {
		gap = 16
	}
	return from, ratio, gap
}

// Wide tells whether the panes are side by side at this width.
func (s *Split) Wide(width float32) bool {
	from, _, _ := s.measures()
	return width >= from
}

// MinSize is that of the panes one below the other.
func (s *Split) MinSize(objects []fyne.CanvasObject) fyne.Size {
	_, _, gap := s.measures()
	return stackedSize(visible(objects), gap)
}

func stackedSize(objects []fyne.CanvasObject, gap float32) fyne.Size {
	var size fyne.Size
	for i, o := range objects {
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		size.Height += m.Height
		if i > 0 {
			size.Height += gap
		}
	}
	return size
}

// Layout gives a pane that is alone everything.
func (s *Split) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	_, ratio, gap := s.measures()
	shown := visible(objects)
	switch {
	case len(shown) == 0:
	case len(shown) == 1:
		place(shown[0], 0, 0, size.Width, size.Height)
	case s.Wide(size.Width):
		left := float32(int((size.Width - gap) * ratio))
		place(shown[0], 0, 0, left, size.Height)
		place(shown[1], left+gap, 0, size.Width-gap-left, size.Height)
	default:
		s.stack(shown, size, gap)
	}
}

// stack shares the height beyond the least evenly.
func (s *Split) stack(objects []fyne.CanvasObject, size fyne.Size, gap float32) {
	spare := max(0, size.Height-stackedSize(objects, gap).Height) / float32(len(objects))
	var y float32
	for _, o := range objects {
		h := o.MinSize().Height + spare
		place(o, 0, y, size.Width, h)
		y += h + gap
	}
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	var shown []fyne.CanvasObject
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}

// Columns lays cards of one width out in rows: as many in a row as there is
// room for at the least width, none wider than the greatest. Its least height
// follows from the width it was last given, as with Fyne's RowWrap.
type Columns struct {
	Min, Max float32 // width of a card; Max 0 is no limit
	Gap      float32 // between cards, 12 when 0
	width    float32
}

// NewColumns shows the cards in columns from minWidth to maxWidth wide.
func NewColumns(minWidth, maxWidth float32, cards ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Columns{Min: minWidth, Max: maxWidth}, cards...)
}

// grid is the number of columns, their width and the gap.
func (c *Columns) grid(width float32, count int) (columns int, each, gap float32) {
	gap = c.Gap
	if gap == 0 {
		gap = 12
	}
	columns = max(1, int((width+gap)/(c.Min+gap)))
	each = (width - gap*float32(columns-1)) / float32(columns)
	if c.Max > 0 {
		if columns > count && count > 0 {
			columns = count
			each = (width - gap*float32(columns-1)) / float32(columns)
		}
		each = min(each, c.Max)
	}
	return columns, each, gap
}

// Layout makes the cards of a row equally high.
func (c *Columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	c.walk(objects, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, x, y, w, h) })
}

// MinSize is one column wide.
func (c *Columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(c.Min, c.walk(objects, func(fyne.CanvasObject, float32, float32, float32, float32) {}))
}

// walk visits the cards with their places and returns the height of all.
func (c *Columns) walk(objects []fyne.CanvasObject, visit func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	shown := visible(objects)
	columns, each, gap := c.grid(max(c.width, c.Min), len(shown))
	var y float32
	for first := 0; first < len(shown); first += columns {
		row := shown[first:min(first+columns, len(shown))]
		var h float32
		for _, o := range row {
			h = max(h, o.MinSize().Height)
		}
		if first > 0 {
			y += gap
		}
		for i, o := range row {
			visit(o, float32(i)*(each+gap), y, each, h)
		}
		y += h
	}
	return y
}
