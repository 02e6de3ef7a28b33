package theme

import (
	"image"
	"image/color"

	"github.com/isowright/isowright/builder/grub/pf2"
)

// label is a line of text.
type label struct {
	r      *renderer
	font   *pf2.Font
	colour color.RGBA
	align  string
	text   string
	hidden bool
}

func newLabel(r *renderer, c *component) *label {
	l := &label{r: r, font: r.font(""), colour: black, align: "left"}
	for _, p := range c.node.Properties {
		switch p.Name {
		case "text":
			l.text = keymapText(p.Value)
		case "font":
			l.font = r.font(p.Value)
		case "color":
			l.colour = colourOr(p.Value, l.colour)
		case "align":
			l.align = p.Value
		case "visible":
			l.hidden = p.Value == "false"
		}
	}
	return l
}

func (l *label) least(c *component) image.Point {
	return image.Pt(l.r.fonts.Width(l.font, seconds(l.text, l.r.left(c))), l.font.Ascent+l.font.Descent)
}

func (l *label) paint(s surface, c *component) {
	if l.hidden && c.id != timeoutID || c.id == timeoutID && l.r.scene.TimeoutLeft < 0 {
		return
	}
	text := seconds(l.text, l.r.left(c))
	x, room := 0, max(c.bounds.Dx()-l.r.fonts.Width(l.font, text), 0)
	switch l.align {
	case "center":
		x = room / 2
	case "right":
		x = room
	}
	s.text(l.r.fonts, l.font, text, l.colour, x, l.font.Ascent)
}

// picture is the component called image.
type picture struct {
	r    *renderer
	file string
	raw  *image.NRGBA // nil where it cannot be read
}

func newImage(r *renderer, n *Node) *picture {
	p := &picture{r: r}
	if file, ok := n.Get("file"); ok {
		p.file = r.path(file.Value)
		p.raw = r.picture(p.file)
	}
	return p
}

func (p *picture) least(*component) image.Point {
	if p.raw == nil {
		return image.Point{}
	}
	return p.raw.Rect.Size()
}

func (p *picture) paint(s surface, c *component) {
	if p.raw != nil {
		s.blend(p.r.scaled(p.file, c.bounds.Dx(), c.bounds.Dy()), 0, 0)
	}
}
