package themes

import (
	"image"
	"image/color"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// maxBackdrop is the longer side of a background that has soft shapes only, in
// pixels: GRUB stretches it, and a larger one takes it seconds to read.
const maxBackdrop = 1280

// backdrop is an empty background in the screen's shape.
func (t *theme) backdrop() *canvas {
	w, h := t.Width, t.Height
	if long := max(w, h); long > maxBackdrop {
		w, h = w*maxBackdrop/long, h*maxBackdrop/long
	}
	c := newCanvas(w, h)
	for y := range h {
		row := mix(t.ink.top, t.ink.bottom, float64(y)/float64(h))
		for x := range w {
			c.img.SetNRGBA(x, y, row)
		}
	}
	c.scale = float64(h) / 100
	return c
}

// picture is the person's background, cut to the screen's shape.
func (t *theme) picture() *image.NRGBA {
	src := t.Background.Bounds()
	w, h := t.Width, t.Height
	if src.Dx()*h > src.Dy()*w {
		cut := src.Dy() * w / h
		src.Min.X += (src.Dx() - cut) / 2
		src.Max.X = src.Min.X + cut
	} else {
		cut := src.Dx() * h / w
		src.Min.Y += (src.Dy() - cut) / 2
		src.Max.Y = src.Min.Y + cut
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Rect, image.Black, image.Point{}, draw.Src)
	xdraw.CatmullRom.Scale(dst, dst.Rect, t.Background, src, xdraw.Over, nil)
	return dst
}

// head writes what stands before the components.
func (t *theme) head(own *canvas) {
	if t.Background != nil {
		t.save("background.png", t.picture())
	} else {
		t.save("background.png", own.img)
	}
	t.line("# Made for %dx%d pixels. (GRUB manual, \"Theme file format\")", t.Width, t.Height)
	t.line("title-text: \"\"")
	t.line("desktop-image: \"background.png\"")
	t.line("desktop-color: \"%s\"", hex(t.ink.bottom))
	t.line("terminal-font: \"%s\"", t.font(mono, max(t.size*8/9, 14)))
	t.line("terminal-left: \"5%%\"\nterminal-top: \"8%%\"\nterminal-width: \"90%%\"\nterminal-height: \"84%%\"")
	t.line("terminal-border: \"%d\"", t.em(0.6))
	t.line("terminal-box: \"terminal_*.png\"\n")
	t.box("terminal", rgb(0x0b0f15), mix(t.ink.edge, rgb(0x0b0f15), 0.3), t.em(0.5), t.em(0.1))
}

// box saves a box with a border of a width around its ground.
func (t *theme) box(name string, ground, border color.NRGBA, radius, width int) {
	side := 2*radius + 4
	c := newCanvas(side, side)
	if border.A > 0 && width > 0 {
		c.fill(border, func(p path) { p.box(0, 0, float64(side), float64(side), float64(radius)) })
		w := float64(width)
		if ground.A == 255 {
			c.fill(ground, func(p path) { p.box(w, w, float64(side)-2*w, float64(side)-2*w, max(float64(radius)-w, 0)) })
		} else {
			c = newCanvas(side, side)
			c.fill(ground, func(p path) { p.box(0, 0, float64(side), float64(side), float64(radius)) })
			c.fill(border, func(p path) { p.frame(0, 0, float64(side), float64(side), float64(radius), w) })
		}
	} else {
		c.fill(ground, func(p path) { p.box(0, 0, float64(side), float64(side), float64(radius)) })
	}
	t.slices(name, c, radius, radius, radius, radius)
}

// label writes one line of text.
func (t *theme) label(id, text, left, top, width, align, font string, c color.NRGBA) {
	t.line("+ label {")
	if id != "" {
		t.line("  id = \"%s\"", id)
	}
	t.line("  left = %s\n  top = %s\n  width = %s\n  align = \"%s\"", left, top, width, align)
	t.line("  font = \"%s\"\n  color = \"%s\"\n  text = \"%s\"\n}", font, hex(c), text)
}

// menu are the properties in which the layouts' lists differ.
type menu struct {
	left, top, width, height string
	font, chosen             string // fonts
	text, strong             color.NRGBA
	box                      string // name of nine pictures, or empty
	item, gap, pad           int    // pixels
	icon                     int    // its side in pixels
	iconSpace                int
}

func (t *theme) menu(m menu) {
	t.line("+ boot_menu {")
	t.line("  left = %s\n  top = %s\n  width = %s\n  height = %s", m.left, m.top, m.width, m.height)
	t.line("  item_font = \"%s\"\n  selected_item_font = \"%s\"", m.font, m.chosen)
	t.line("  item_color = \"%s\"\n  selected_item_color = \"%s\"", hex(m.text), hex(m.strong))
	t.line("  item_height = %d\n  item_spacing = %d\n  item_padding = %d", m.item, m.gap, m.pad)
	t.line("  icon_width = %d\n  icon_height = %d\n  item_icon_space = %d", m.icon, m.icon, m.iconSpace)
	t.line("  item_pixmap_style = \"item_*.png\"")
	t.line("  selected_item_pixmap_style = \"select_*.png\"")
	if m.box != "" {
		t.line("  menu_pixmap_style = \"%s_*.png\"", m.box)
	}
	// GRUB draws no bar where the edges of its frame and thumb do not fit side by
	// side: the frame has none.
	wide := max(t.em(0.35), 8)
	t.line("  scrollbar = true\n  scrollbar_width = %d\n  scrollbar_thumb = \"thumb_*.png\"", wide)
	t.line("  scrollbar_frame = \"rail_*.png\"\n  scrollbar_slice = \"center\"\n}")
	t.box("thumb", t.ink.quiet, color.NRGBA{}, wide/2-1, 0)
	rail := newCanvas(wide, 1)
	rail.fill(alpha(t.ink.quiet, 0.18), func(p path) { p.box(0, 0, float64(wide), 1, 0) })
	t.save("rail_c.png", rail.img)
}

// countdown writes a bar and a line of text, which GRUB hides without a timeout.
func (t *theme) countdown(left, top, width, align, font string) {
	h := max(t.em(0.3)&^1, 4) // even, so that its edges lie between pixels
	t.label("__timeout__", "Starting in %d s", left, top, width, align, font, t.ink.quiet)
	t.line("+ progress_bar {\n  id = \"__timeout__\"")
	t.line("  left = %s\n  top = %s+%d\n  width = %s\n  height = %d", left, top, t.em(1.7)-max(leastBar-h, 0)/2, width, max(h, leastBar))
	t.line("  text = \"\"\n  bar_style = \"slot_*.png\"\n  highlight_style = \"bar_*.png\"\n}")
	t.strip("slot", alpha(t.ink.quiet, 0.18), h)
	t.strip("bar", t.ink.accent, h)
}

// leastBar is how high GRUB makes a progress bar at least, in pixels.
const leastBar = 28

// strip saves a bar of which only a strip in the middle, h pixels high, is seen.
// It has no rounded ends: GRUB would begin the bar beside those of its frame.
func (t *theme) strip(name string, colour color.NRGBA, h int) {
	high := max(h, leastBar)
	c := newCanvas(4, high)
	c.fill(colour, func(p path) { p.box(0, float64(high-h)/2, 4, float64(h), 0) })
	t.save(name+"_c.png", c.img)
}

const shortKeys = "↑ ↓ choose    Enter start    E edit"

const keys = "↑ ↓ choose     Enter start     E edit     C command line"
