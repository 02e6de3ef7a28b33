package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Column puts objects below each other with a gap between them, each as wide as the
// column. Unlike Fyne's box it tells wrapping texts their width before it asks for
// their height.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap: gap}, objects...)
}

// column is the layout of Column. most is the largest width, 0 for none.
type column struct{ gap, most float32 }

func (c column) width(have float32) float32 {
	if c.most > 0 {
		return min(have, c.most)
	}
	return have
}

func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		height := heightAt(o, c.width(size.Width))
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(c.width(size.Width), height))
		y += height + c.gap
	}
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		size.Height += m.Height + c.gap
	}
	size.Height = max(0, size.Height-c.gap)
	return size
}

// heightAt is the least height of an object that is width wide.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, max(o.Size().Height, 1)))
	}
	return o.MinSize().Height
}

// Row puts objects beside each other, each as wide as it needs, in the middle of the
// row's height. Spring, among them, takes the width that is left.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap: gap}, objects...)
}

// Spring takes the width that is left in a Row.
func Spring() fyne.CanvasObject { return Fill(nil) }

// Fill lets an object take the width that is left in a Row.
func Fill(o fyne.CanvasObject) *fyne.Container {
	if o == nil {
		return container.New(filling{})
	}
	return container.New(filling{}, o)
}

// filling is the layout by which a Row knows what takes the rest of it.
type filling struct{}

func (filling) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

func (filling) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if len(objects) == 0 {
		return fyne.Size{}
	}
	m := objects[0].MinSize()
	// A one-line text shrinks to nothing: it has an ellipsis.
	if t, ok := objects[0].(*Text); ok && !t.wraps {
		m.Width = min(m.Width, narrowest)
	}
	return m
}

func fills(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(filling)
	return ok
}

type row struct{ gap float32 }

func (r row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	used, springs, shown := float32(0), 0, 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		if fills(o) {
			springs++
			continue
		}
		used += o.MinSize().Width
	}
	left := max(0, size.Width-used-r.gap*float32(max(0, shown-1)))
	x := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		width := o.MinSize().Width
		if fills(o) {
			width = left / float32(springs)
		}
		height := min(heightAt(o, width), size.Height)
		o.Move(fyne.NewPos(x, float32(int((size.Height-height)/2))))
		o.Resize(fyne.NewSize(width, height))
		x += width + r.gap
	}
}

func (r row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		m := o.MinSize()
		size.Width += m.Width
		size.Height = max(size.Height, m.Height)
	}
	size.Width += r.gap * float32(max(0, shown-1))
	return size
}

// Inset keeps a margin around an object: above and below, left and right.
func Inset(vertical, horizontal float32, o fyne.CanvasObject) *fyne.Container {
	return InsetEach(vertical, horizontal, vertical, horizontal, o)
}

// InsetEach keeps a margin around an object, another one at each side.
func InsetEach(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(inset{top: top, right: right, bottom: bottom, left: left}, o)
}

type inset struct{ top, right, bottom, left float32 }

func (i inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(i.left, i.top))
		o.Resize(fyne.NewSize(max(0, size.Width-i.left-i.right), max(0, size.Height-i.top-i.bottom)))
	}
}

func (i inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size.AddWidthHeight(i.left+i.right, i.top+i.bottom)
}

// Cards puts objects into as many equal columns as have room for least, with a gap
// between them; those of one line are equally high.
func Cards(least, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&cards{least: least, gap: gap}, objects...)
}

// Abreast puts all objects beside each other, equally wide and high, where there is
// a width of from, and below each other where there is not.
func Abreast(from, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&cards{from: from, count: len(objects), gap: gap}, objects...)
}

// cards remembers its width, on which its height depends; most is the greatest width
// of a card, 0 for any. With from there are count columns from that width on, or one.
type cards struct {
	least, most, gap, width float32
	from                    float32
	count                   int
}

func (c *cards) columns(width float32) int {
	switch {
	case c.from > 0 && width >= c.from:
		return c.count
	case c.from > 0:
		return 1
	}
	return max(1, int((width+c.gap)/(c.least+c.gap)))
}

// place gives each visible object its place at a width, and returns the height.
func (c *cards) place(objects []fyne.CanvasObject, width float32) float32 {
	n := c.columns(width)
	each := float32(int((width - c.gap*float32(n-1)) / float32(n)))
	if c.most > 0 {
		each = min(each, c.most)
	}
	var line []fyne.CanvasObject
	y := float32(0)
	flush := func() {
		tall := float32(0)
		for _, o := range line {
			tall = max(tall, heightAt(o, each))
		}
		for i, o := range line {
			o.Move(fyne.NewPos(float32(i)*(each+c.gap), y))
			o.Resize(fyne.NewSize(each, tall))
		}
		if len(line) > 0 {
			y += tall + c.gap
		}
		line = line[:0]
	}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if line = append(line, o); len(line) == n {
			flush()
		}
	}
	flush()
	return max(0, y-c.gap)
}

func (c *cards) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	c.place(objects, size.Width)
}

func (c *cards) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := float32(0)
	for _, o := range objects {
		if o.Visible() {
			least = max(least, o.MinSize().Width)
		}
	}
	return fyne.NewSize(least, c.place(objects, max(c.width, least)))
}

// Form puts rows, mostly fields, below each other, no wider than FormWidth, at the
// left.
func Form(rows ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap: 20, most: FormWidth}, rows...)
}

// Scroll lets an object be higher than its place. It is always as wide as its place,
// and told so before its height is asked for.
func Scroll(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(scrolled{}, container.NewVScroll(o))
}

type scrolled struct{}

func (scrolled) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		s := o.(*container.Scroll)
		heightAt(s.Content, size.Width)
		s.Move(fyne.Position{})
		s.Resize(size)
		fit(s)
	}
}

func (scrolled) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize()
}

// Separator is a thin line, as wide or as high as its place.
func Separator() fyne.CanvasObject {
	return container.New(thin{}, newPanel(ColourLine, ColourNone, 0))
}

type thin struct{}

func (thin) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

func (thin) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSquareSize(1) }

// sized gives an object a fixed size, in device-independent pixels.
func sized(o fyne.CanvasObject, width, height float32) *fyne.Container {
	return container.NewGridWrap(fyne.NewSize(width, height), o)
}

// stacked puts objects above each other.
func stacked(objects ...fyne.CanvasObject) *fyne.Container {
	return container.NewStack(objects...)
}

// Frame puts a bar at the left, one at the top and one at the foot of a window, and
// the page between them, without gaps. The foot is as wide as the window. top and
// foot may be nil.
func Frame(left, top, foot, page fyne.CanvasObject) *fyne.Container {
	inner := page
	if top != nil {
		inner = container.New(edged{}, page, top)
	}
	inner = container.New(edged{beside: true}, inner, left)
	if foot != nil {
		inner = container.New(edged{under: true}, inner, foot)
	}
	return container.New(filling{}, inner)
}

// edged gives the second object the room it needs at one edge, above where nothing
// else is said, and the first one the rest.
type edged struct{ beside, under bool }

func (e edged) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	at, rest, edge := fyne.Position{}, size, size
	m := objects[1].MinSize()
	bar := fyne.Position{}
	switch {
	case e.beside:
		at.X, rest.Width, edge.Width = m.Width, max(0, size.Width-m.Width), m.Width
	case e.under:
		rest.Height, edge.Height = max(0, size.Height-m.Height), m.Height
		bar.Y = rest.Height
	default:
		at.Y, rest.Height, edge.Height = m.Height, max(0, size.Height-m.Height), m.Height
	}
	objects[0].Move(at)
	objects[0].Resize(rest)
	objects[1].Move(bar)
	objects[1].Resize(edge)
}

func (e edged) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	if e.beside {
		return fyne.NewSize(a.Width+b.Width, max(a.Height, b.Height))
	}
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height)
}

// high puts objects above each other at a fixed height.
type high struct{ height float32 }

func (h high) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	thin{}.Layout(objects, size)
}

func (h high) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(narrowest, h.height) }
