package theme

import (
	"image"
)

// timeoutID is the id of the components that show the time left.
const timeoutID = "__timeout__"

// tooSmall is the size, in pixels, of a component without one, and the room
// that GRUB gives to one beyond the right edge.
const tooSmall = 32

// component is a node on the screen.
type component struct {
	node                     *Node
	id                       string
	left, top, width, height Dimension
	bounds                   image.Rectangle // within its parent
	children                 []*component
	widget                   widget
}

// widget is what a kind of component is: how small it may be, in pixels, and
// how it is painted into a viewport of its size.
type widget interface {
	least(c *component) image.Point
	paint(s surface, c *component)
}

// step is the painting of one component, or of a part of it, on the screen.
type step struct {
	component *component
	paint     func(surface, *component)
	at        image.Point     // of its origin, on the screen
	clip      image.Rectangle // on the screen
	still     bool            // neither the chosen line nor the seconds change it
}

// steps appends what is to be painted in a viewport, in this order: the last
// component first.
func (c *component) steps(view surface, all []step) []step {
	if menu, ok := c.widget.(*bootMenu); ok {
		all = append(all, step{c, menu.paintFrame, view.at, view.clip, true})
	}
	_, menu := c.widget.(*bootMenu)
	all = append(all, step{c, c.widget.paint, view.at, view.clip, !menu && c.id != timeoutID})
	for i := len(c.children) - 1; i >= 0; i-- {
		child := c.children[i]
		inner := view.within(child.bounds)
		if _, ok := child.widget.(*row); ok { // what is in a row may hang over
			inner.clip = view.clip
		}
		all = child.steps(inner, all)
	}
	return all
}

// newComponent makes a node and what is in it ready to be painted.
func (r *renderer) newComponent(n *Node) *component {
	c := &component{node: n}
	for _, p := range n.Properties {
		to := map[string]*Dimension{"left": &c.left, "top": &c.top, "width": &c.width, "height": &c.height}[p.Name]
		if to != nil {
			*to, _ = ParseDimension(p.Value)
		}
		if p.Name == "id" {
			c.id = p.Value
		}
	}
	for _, child := range n.Children {
		c.children = append(c.children, r.newComponent(child))
	}
	c.widget = r.newWidget(c)
	return c
}

// newWidget makes what a kind stands for.
func (r *renderer) newWidget(c *component) widget {
	switch c.node.Kind {
	case "label":
		return newLabel(r, c)
	case "image":
		return newImage(r, c.node)
	case "progress_bar":
		return newProgressBar(r, c)
	case "circular_progress":
		return newCircle(r, c)
	case "boot_menu":
		return newBootMenu(r, c.node)
	case "hbox":
		return &row{}
	case "vbox":
		return &row{vertical: true}
	}
	return &canvas{}
}

// canvas lets its components say where they are; the first of the file lies on
// top.
type canvas struct{}

func (*canvas) least(*component) image.Point { return image.Point{} }

func (*canvas) paint(surface, *component) {}

// layout places what is in a component, whose own place is known.
func (c *component) layout() {
	switch w := c.widget.(type) {
	case *canvas:
		for _, child := range c.children {
			child.place(c.bounds.Size())
		}
	case *row:
		w.arrange(c, c.bounds.Size())
	}
	for _, child := range c.children {
		child.layout()
	}
}

// place finds a component's bounds in a canvas of a size.
func (c *component) place(size image.Point) {
	least := c.widget.least(c)
	x, y := c.left.In(size.X), c.top.In(size.Y)
	w := max(c.width.In(size.X), least.X)
	h := max(c.height.In(size.Y), least.Y)
	if w <= 0 {
		w = tooSmall
	}
	if h <= 0 {
		h = tooSmall
	}
	if x >= size.X {
		x = size.X - tooSmall
	}
	if y >= size.Y {
		y = size.Y - tooSmall
	}
	x, y = max(x, 0), max(y, 0)
	c.bounds = image.Rect(x, y, min(x+w, size.X), min(y+h, size.Y))
}

// row is an hbox, or with vertical a vbox: one component after the other.
type row struct{ vertical bool }

// turn swaps the axes of a vertical row, so that X is along it.
func (w *row) turn(p image.Point) image.Point {
	if w.vertical {
		return image.Pt(p.Y, p.X)
	}
	return p
}

// arrange places the components in a parent of a size and returns what all of
// them take. Across the row they are as large as the largest of them;
// percents do not count there.
func (w *row) arrange(c *component, size image.Point) image.Point {
	var pos, across int
	for _, child := range c.children {
		least := w.turn(child.widget.least(child))
		length := w.turn(image.Pt(child.width.In(size.X), child.height.In(size.Y))).X
		across = max(across, least.Y, w.turn(image.Pt(child.width.Pixels, child.height.Pixels)).Y)
		at := image.Pt(pos, 0)
		child.bounds = image.Rectangle{w.turn(at), w.turn(at.Add(image.Pt(max(length, least.X), 0)))}
		pos += max(length, least.X)
	}
	for _, child := range c.children {
		child.bounds.Max = child.bounds.Max.Add(w.turn(image.Pt(0, across)))
	}
	return w.turn(image.Pt(pos, across))
}

func (w *row) least(c *component) image.Point { return w.arrange(c, image.Point{}) }

func (w *row) paint(surface, *component) {}
