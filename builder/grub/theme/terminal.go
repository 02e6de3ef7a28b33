package theme

import (
	"image"

	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/term"
)

// The smallest terminal, in cells, that a theme may ask for.
const (
	leastColumns = 80
	leastLines   = 24
)

// screenEdge is what a window leaves free on each side of a screen that it would
// not fit into, in pixels.
const screenEdge = 9

// usualBorder is the free room around a terminal's text, in pixels.
const usualBorder = 3

// paintTerminal lays the window of the edit screen and the command line over
// the menu.
func (r *renderer) paintTerminal(s surface) {
	font := r.font(r.theme.terminalFont)
	frame := r.newBox(r.theme.terminalBox)
	area, border := r.theme.terminal(s.screen.Rect.Size(), cell(r.fonts, font))
	r.drawBox(s, frame, area.Min.X-frame.left, area.Min.Y-frame.top, area.Dx(), area.Dy())
	s.fill(area, black)
	w := term.Window{Rect: area.Inset(border), Font: font, Fonts: r.fonts}
	w.Draw(s.screen, *r.scene)
}

// terminal is the window's place on a screen. One that is too small becomes
// 80x24 cells in the middle; where even these do not fit, it fills the screen and
// has the border that themes have by themselves.
func (t *Theme) terminal(screen, cell image.Point) (area image.Rectangle, border int) {
	border = t.border
	size := image.Pt(screen.X*70/100, screen.Y*70/100)
	if t.width != nil {
		size.X = t.width.In(screen.X)
	}
	if t.height != nil {
		size.Y = t.height.In(screen.Y)
	}
	at := screen.Sub(size).Div(2)
	if t.left != nil {
		at.X = t.left.In(screen.X)
	}
	if t.top != nil {
		at.Y = t.top.In(screen.Y)
	}
	least := image.Pt(leastColumns*cell.X+2*t.border, leastLines*cell.Y+2*t.border)
	if size.X < least.X || size.Y < least.Y {
		size = least
		at = screen.Sub(size).Div(2)
	}
	if size.X > screen.X || size.Y > screen.Y {
		size, border = screen.Sub(image.Pt(2*screenEdge, 2*screenEdge)), usualBorder
		at = screen.Sub(size).Div(2)
	}
	return image.Rectangle{at, at.Add(size)}, border
}

// cell is the size of a character of gfxterm in pixels: as wide as the widest
// of ASCII.
func cell(fonts *pf2.Set, font *pf2.Font) image.Point {
	width := 1
	for r := ' '; r <= '~'; r++ {
		g, _ := fonts.Glyph(font, r)
		width = max(width, g.DeviceWidth)
	}
	return image.Pt(width, max(font.MaxHeight, 1))
}
