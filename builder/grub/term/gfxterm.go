package term

import (
	"image"
	"image/color"
	"image/draw"
	"slices"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// The smallest gfxterm, in cells; GRUB refuses a smaller one ("glyphs too large")
// and falls back to the firmware's console.
const (
	MinColumns = 40
	MinRows    = 12
)

const screenBorder = 10 // pixels that gfxterm leaves free on each side

// Window is gfxterm in a rectangle of the screen.
type Window struct {
	Rect  image.Rectangle // pixels
	Font  *pf2.Font
	Fonts *pf2.Set
	// Behind is what shines through where a cell's background is black, of the
	// size of the screen; nil: cells are as black as they say.
	Behind *image.RGBA
}

// Size is the number of cells that fit into the window.
func (w Window) Size() (columns, rows int) {
	cw, ch := w.cell()
	return w.Rect.Dx() / cw, w.Rect.Dy() / ch
}

// cell is the size of a cell in pixels: as wide as the widest letter of ASCII.
func (w Window) cell() (width, height int) {
	for r := rune(32); r < 127; r++ {
		g, _ := w.Fonts.Glyph(w.Font, r)
		width = max(width, g.DeviceWidth)
	}
	return max(width, 1), max(w.Font.MaxHeight, 1)
}

// Draw paints a scene into the window.
func (w Window) Draw(dst *image.RGBA, s scene.Scene) {
	newPainter(newGfxterm(dst, w), s).draw()
}

// gfxterm is a Window being painted.
type gfxterm struct {
	Window
	dst           *image.RGBA
	cw, ch        int
	columns, rows int
}

func newGfxterm(dst *image.RGBA, w Window) *gfxterm {
	d := &gfxterm{Window: w, dst: dst}
	d.cw, d.ch = w.cell()
	d.columns, d.rows = w.Size()
	return d
}

func (d *gfxterm) size() (columns, rows int) { return d.columns, d.rows }

func (d *gfxterm) counts() int { return 1 }

func (d *gfxterm) mirrors() bool { return true }

func (d *gfxterm) width(c Cluster) int {
	w := d.clusterWidth(c)
	return max(1, (w+d.cw-1)/d.cw)
}

// box is a cell's rectangle.
func (d *gfxterm) box(column, row, n int) image.Rectangle {
	x, y := d.Rect.Min.X+column*d.cw, d.Rect.Min.Y+row*d.ch
	return image.Rect(x, y, x+n*d.cw, y+d.ch)
}

// fill paints a rectangle's background.
func (d *gfxterm) fill(r image.Rectangle, c int) {
	if c == 0 && d.Behind != nil {
		r = r.Intersect(d.Rect)
		draw.Draw(d.dst, r, d.Behind, r.Min, draw.Src)
		return
	}
	gfx.Fill(d.dst, r, gfx.Palette(c))
}

func (d *gfxterm) clear(as colours) { d.fill(d.Rect, as.behind) }

func (d *gfxterm) put(column, row int, c Cluster, as colours) {
	box := d.box(column, row, d.width(c))
	d.fill(box, as.behind)
	d.drawCluster(c, box.Min.X, box.Min.Y+d.Font.Ascent, gfx.Palette(as.front))
}

// cursor is a line below the baseline.
func (d *gfxterm) cursor(column, row int, as colours) {
	box := d.box(column, row, 1)
	y := box.Min.Y + d.Font.Ascent
	gfx.Fill(d.dst, image.Rect(box.Min.X, y, box.Max.X, y+2), gfx.Palette(as.front))
}

func (d *gfxterm) drawCluster(c Cluster, x, baseline int, front color.RGBA) {
	g, _ := d.Fonts.Glyph(d.Font, c.glyph())
	if c.Mirrored {
		g = mirror(g)
	}
	pf2.DrawGlyph(d.dst, d.dst.Rect, g, x, baseline, front)
	for _, mark := range d.marks(c, g) {
		pf2.DrawGlyph(d.dst, d.dst.Rect, mark, x, baseline, front)
	}
}

// clusterWidth is how far the pen moves, in pixels.
func (w Window) clusterWidth(c Cluster) int {
	g, _ := w.Fonts.Glyph(w.Font, c.glyph())
	width := g.DeviceWidth
	for i, mark := range w.marks(c, g) {
		switch place(c.Marks[i]) {
		case right, farRight:
			width = max(width, mark.XOffset+mark.Width)
		case alone: // drawn onto the first, but room is kept for it
			width += mark.DeviceWidth
		}
	}
	return width
}

// mirror turns a glyph's picture around within its own place.
func mirror(g pf2.Glyph) pf2.Glyph {
	bits := make([]byte, len(g.Bits))
	for y := range g.Height {
		for x := range g.Width {
			from, to := y*g.Width+x, y*g.Width+g.Width-1-x
			if g.Bits[from/8]>>(7-from%8)&1 != 0 {
				bits[to/8] |= 1 << (7 - to%8)
			}
		}
	}
	g.Bits = bits
	return g
}

// emptyBlank says whether a blank takes one cell and paints nothing.
func (d *gfxterm) emptyBlank() bool {
	g, _ := d.Fonts.Glyph(d.Font, ' ')
	return g.DeviceWidth <= d.cw && !slices.ContainsFunc(g.Bits, func(b byte) bool { return b != 0 })
}
