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

// Columns lays objects out as Cards does, none wider than most.
func Columns(least, most float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&cards{least: least, most: most, gap: Margin}, objects...)
}
