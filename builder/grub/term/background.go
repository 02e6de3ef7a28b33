package term

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/scene"
)

// background paints what is under gfxterm, and returns it for the cells that it
// shines through, nil if there is nothing. With an error the screen is as if
// there was no picture, as in GRUB.
func background(dst *image.RGBA, s scene.Scene, cache *gfx.Cache) (*image.RGBA, error) {
	gfx.Fill(dst, dst.Rect, color.RGBA{A: 255})
	if c := s.BackgroundColour; c != nil {
		gfx.Fill(dst, dst.Rect, color.RGBA{c[0], c[1], c[2], 255})
	}
	if s.Background == "" {
		if s.BackgroundColour == nil {
			return nil, nil
		}
		return clone(dst), nil
	}
	var picture *image.NRGBA
	var err error
	if s.Stretch == "normal" {
		picture, err = cache.Read(s.Files, s.Background)
	} else {
		picture, err = cache.Fit(s.Files, s.Background, dst.Rect.Dx(), dst.Rect.Dy(), gfx.Stretch, gfx.Start, gfx.Start)
	}
	if err != nil {
		return nil, fmt.Errorf("background picture: %w", err)
	}
	// GRUB takes no notice of the picture's alpha here.
	gfx.Cover(dst, dst.Rect, picture, image.Point{})
	return clone(dst), nil
}

func clone(src *image.RGBA) *image.RGBA {
	dst := image.NewRGBA(src.Rect)
	draw.Draw(dst, dst.Rect, src, src.Rect.Min, draw.Src)
	return dst
}
