package theme

import (
	"image"
	"image/color"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
)

// surface is a viewport: a part of the screen with its own origin, outside of
// which nothing is painted.
type surface struct {
	screen *image.RGBA
	clip   image.Rectangle // on the screen
	at     image.Point     // the origin, on the screen
}

// within is the viewport of a rectangle of this one.
func (s surface) within(r image.Rectangle) surface {
	r = r.Add(s.at)
	return surface{s.screen, s.clip.Intersect(r), r.Min}
}

func (s surface) fill(r image.Rectangle, c color.RGBA) {
	gfx.Fill(s.screen, r.Add(s.at).Intersect(s.clip), c)
}

// blend paints a picture; nil is none.
func (s surface) blend(picture *image.NRGBA, x, y int) {
	if picture == nil {
		return
	}
	gfx.Blend(s.screen, s.clip, picture, s.at.Add(image.Pt(x, y)))
}

// text paints a line of text from x on, on a baseline.
func (s surface) text(fonts *pf2.Set, font *pf2.Font, text string, c color.RGBA, x, baseline int) {
	if s.clip.Empty() {
		return
	}
	fonts.Draw(s.screen, s.clip, font, s.at.X+x, s.at.Y+baseline, text, c)
}
