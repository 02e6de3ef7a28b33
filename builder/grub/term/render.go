// Package term draws what GRUB shows on a terminal: the menu without a theme,
// the edit screen and the command line, on gfxterm and on the firmware's own
// text consoles. All measures were found by comparing pictures of GRUB 2.06.
package term

import (
	"image"
	"image/color"
	"strings"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// painter draws one scene on a grid.
type painter struct {
	*grid
	scene                     scene.Scene
	texts                     Texts
	normal                    colours
	menuNormal, menuHighlight colours
}

// Render draws a scene without a theme.
func Render(dst *image.RGBA, s scene.Scene, fonts *pf2.Set, cache *gfx.Cache) error {
	if !s.Graphics {
		gfx.Fill(dst, dst.Rect, color.RGBA{A: 255})
		if s.Platform == scene.UEFI {
			newPainter(newGOP(dst), s).draw()
		} else {
			newPainter(vga{dst}, s).draw()
		}
		return nil
	}
	w := Window{Rect: dst.Rect.Inset(screenBorder), Fonts: fonts}
	w.Font, _ = fonts.Find(s.Vars["gfxterm_font"])
	var err error
	w.Behind, err = background(dst, s, cache)
	w.Draw(dst, s)
	return err
}

func (p *painter) draw() {
	switch p.scene.State {
	case scene.Menu:
		p.menu()
	case scene.Edit:
		p.edit()
	case scene.Console:
		p.shell()
	default:
		p.counting()
	}
}

func newPainter(d device, s scene.Scene) *painter {
	p := &painter{grid: newGrid(d), scene: s, texts: English()}
	p.normal = colourPair(s.Vars["color_normal"], colours{7, 0})
	highlight := colourPair(s.Vars["color_highlight"], colours{0, 7})
	p.menuNormal = colourPair(s.Vars["menu_color_normal"], p.normal)
	p.menuHighlight = colourPair(s.Vars["menu_color_highlight"], highlight)
	return p
}

// colourPair reads "white/blue".
func colourPair(text string, otherwise colours) colours {
	front, behind, ok := strings.Cut(text, "/")
	if !ok {
		return otherwise
	}
	f, ok := gfx.TextColour(front)
	if !ok {
		return otherwise
	}
	b, ok := gfx.TextColour(behind)
	if !ok {
		return otherwise
	}
	return colours{f, b}
}

func withoutTabs(s string) string {
	return strings.ReplaceAll(s, "\t", strings.Repeat(" ", tab))
}
