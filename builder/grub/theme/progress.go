package theme

import (
	"image"
	"image/color"

	"github.com/isowright/isowright/builder/grub/pf2"
)

// The smallest size of a progress bar, in pixels.
const (
	barWidth  = 200
	barHeight = 28
)

// bar is the component called progress_bar.
type bar struct {
	r                              *renderer
	font                           *pf2.Font
	text                           string
	textColour, border, back, fore color.RGBA
	frame, highlight               box
	styled, filled                 bool // there is a bar_style, a highlight_style
	overlay                        bool
}

func newProgressBar(r *renderer, c *component) *bar {
	b := &bar{r: r, font: r.font(""), textColour: black, border: black, back: grey, fore: lightGrey}
	for _, p := range c.node.Properties {
		switch p.Name {
		case "text":
			b.text = notificationText(p.Value)
		case "font":
			b.font = r.font(p.Value)
		case "text_color":
			b.textColour = colourOr(p.Value, b.textColour)
		case "border_color":
			b.border = colourOr(p.Value, b.border)
		case "bg_color":
			b.back = colourOr(p.Value, b.back)
		case "fg_color":
			b.fore = colourOr(p.Value, b.fore)
		case "bar_style":
			b.frame, b.styled = r.newBox(p.Value), true
		case "highlight_style":
			b.highlight, b.filled = r.newBox(p.Value), true
		case "highlight_overlay":
			b.overlay = p.Value == "true"
		}
	}
	return b
}

// least leaves room for ten letters beside the text as it stands in the theme.
func (b *bar) least(*component) image.Point {
	across, down := 2, 2
	if b.styled || b.filled {
		across, down = b.frame.across(), b.frame.down()
		if !b.overlay {
			across, down = across+b.highlight.across(), down+b.highlight.down()
		}
	}
	width := b.r.fonts.Width(b.font, b.text+"XXXXXXXXXX")
	return image.Pt(max(barWidth, width+across), max(barHeight, b.font.Ascent+b.font.Descent+down))
}

func (b *bar) paint(s surface, c *component) {
	if c.id != timeoutID || b.r.scene.TimeoutLeft < 0 {
		return
	}
	size := c.bounds.Size()
	if b.styled || b.filled {
		b.paintStyled(s, c)
	} else {
		b.paintPlain(s, c)
	}
	text := seconds(b.text, b.r.scene.TimeoutLeft)
	x := (size.X - b.r.fonts.Width(b.font, text)) / 2
	s.text(b.r.fonts, b.font, text, b.textColour, x, (size.Y-b.font.Descent)/2+b.font.Ascent/2)
}

func (b *bar) paintPlain(s surface, c *component) {
	size := c.bounds.Size()
	s.fill(image.Rectangle{Max: size}, b.border)
	inner := image.Rect(1, 1, size.X-1, size.Y-1)
	done := inner
	done.Max.X = inner.Min.X + b.r.passed(c, inner.Dx())
	s.fill(inner, b.back)
	s.fill(done, b.fore)
}

func (b *bar) paintStyled(s surface, c *component) {
	size := c.bounds.Size()
	b.r.drawBox(s, b.frame, 0, 0, size.X-b.frame.across(), size.Y-b.frame.down())
	if !b.filled {
		return
	}
	inner := image.Rect(b.frame.left, b.frame.top, size.X-b.frame.right, size.Y-b.frame.bottom)
	if b.overlay {
		inner = image.Rect(inner.Min.X-b.highlight.left, inner.Min.Y-b.highlight.top,
			inner.Max.X+b.highlight.right, inner.Max.Y+b.highlight.bottom)
	}
	if done := b.r.passed(c, inner.Dx()) - b.highlight.across(); done > 0 {
		b.r.drawBox(s, b.highlight, inner.Min.X, inner.Min.Y, done, inner.Dy()-b.highlight.down())
	}
}

// maxTicks bounds the work of a picture; GRUB itself has only 256 angles.
const maxTicks = 4096

// circle is the component called circular_progress.
type circle struct {
	r            *renderer
	centre, tick *image.NRGBA
	ticks        int
	start        int // 256ths of a turn, clockwise from the right
	disappearing bool
}

func newCircle(r *renderer, c *component) *circle {
	w := &circle{r: r, ticks: 64, start: -64}
	for _, p := range c.node.Properties {
		switch p.Name {
		case "num_ticks":
			w.ticks, _ = integer(p.Value)
			w.ticks = min(w.ticks, maxTicks)
		case "start_angle":
			w.start = parseAngle(p.Value)
		case "ticks_disappear":
			w.disappearing = p.Value != "false"
		case "center_bitmap":
			w.centre = r.picture(r.path(p.Value))
		case "tick_bitmap":
			w.tick = r.picture(r.path(p.Value))
		}
	}
	return w
}

func (w *circle) least(*component) image.Point { return image.Point{} }

func (w *circle) paint(s surface, c *component) {
	size := c.bounds.Size()
	if c.id == timeoutID && w.r.scene.TimeoutLeft < 0 || w.centre == nil || w.tick == nil { // GRUB draws no half of a circle
		return
	}
	s.blend(w.centre, (size.X-w.centre.Rect.Dx())/2, (size.Y-w.centre.Rect.Dy())/2)
	if w.ticks <= 0 {
		return
	}
	tick := w.tick.Rect.Size()
	radius := min(size.X, size.Y)/2 - max(tick.X, tick.Y)/2 - 1
	first, last := 0, w.r.passed(c, w.ticks)
	if w.disappearing {
		first, last = last, w.ticks
	}
	for i := first; i < last; i++ {
		sin, cos := angle(w.start + i*256/w.ticks)
		s.blend(w.tick, size.X/2+cos*radius/trigOne-tick.X/2, size.Y/2+sin*radius/trigOne-tick.Y/2)
	}
}
