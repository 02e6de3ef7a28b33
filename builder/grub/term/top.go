package term

import (
	"image"

	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// Top is what stands uppermost on a screen of a size, without a theme: the
// entry of the menu or the row of the edit screen. It is the next scene's Top.
func Top(size image.Rectangle, s scene.Scene, fonts *pf2.Set) int {
	var p *painter
	switch {
	case s.Graphics:
		w := Window{Rect: size.Inset(screenBorder), Fonts: fonts}
		w.Font, _ = fonts.Find(s.Vars["gfxterm_font"])
		p = newPainter(newGfxterm(nil, w), s)
	case s.Platform == scene.UEFI:
		p = newPainter(newGOP(&image.RGBA{Rect: size}), s)
	default:
		p = newPainter(vga{&image.RGBA{Rect: size}}, s)
	}
	g := p.grid
	if s.State == scene.Edit {
		l := arrange(g.columns, g.rows, g.paragraphRows(helpLeft, helpRight, p.texts.Edit))
		_, row, _ := p.editRows(l.w)
		return firstSeen(row, l.h, s.Top)
	}
	n := 0
	for _, sentence := range p.texts.help(s.Nested) {
		n += g.paragraphRows(helpLeft, helpRight, sentence)
	}
	l := arrange(g.columns, g.rows, n)
	if s.TimeoutLeft < 0 && !l.frame {
		l.h++ // as in menu
	}
	return firstSeen(s.Selected, l.h, s.Top)
}
