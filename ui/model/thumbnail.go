package model

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color/palette"
	"image/png"

	"golang.org/x/image/draw"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/store"
)

// thumbnailWidth is that of the small picture of a menu, in pixels.
const thumbnailWidth = 320

// Thumbnail is a small picture of the design's boot menu, a PNG of at most
// store.MaxThumbnail bytes; nil where the image has no menu. It takes a while
// and may be called on any goroutine.
func Thumbnail(ctx context.Context, d design.Design, find LoaderFunc) ([]byte, error) {
	s, err := openMenu(ctx, d, find, scene.UEFI, 0, 0)
	if errors.Is(err, ErrNoMenu) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	picture, err := s.image()
	if err != nil {
		return nil, err
	}
	for width := thumbnailWidth; width >= 80; width /= 2 {
		small := shrink(picture, width)
		for _, img := range []image.Image{small, reduced(small)} {
			data, err := encode(img)
			if err != nil || len(data) <= store.MaxThumbnail {
				return data, err
			}
		}
	}
	return nil, fmt.Errorf("the picture of the menu has more than %d bytes", store.MaxThumbnail)
}

// shrink makes a picture smaller, so that lines of one pixel are still seen.
func shrink(picture image.Image, width int) *image.RGBA {
	b := picture.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, width, max(1, width*b.Dy()/b.Dx())))
	draw.CatmullRom.Scale(small, small.Rect, picture, b, draw.Src, nil)
	return small
}

// reduced is a picture in 256 colours.
func reduced(picture image.Image) image.Image {
	p := image.NewPaletted(picture.Bounds(), palette.Plan9)
	draw.Draw(p, p.Rect, picture, p.Rect.Min, draw.Src)
	return p
}

func encode(picture image.Image) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	err := e.Encode(&b, picture)
	return b.Bytes(), err
}

// pictured notes a design that was saved among the recent ones, and the picture
// of its menu.
func (s *Session) pictured(d *Document) {
	library, find := s.env.Library, s.loader()
	if library == nil {
		return
	}
	recent, seen := s.recent(d), d.design
	s.inBackground(func() error {
		if err := library.Touch(recent); err != nil {
			return err
		}
		if find == nil {
			return nil
		}
		data, err := Thumbnail(s.ctx, seen, find)
		if err != nil {
			return fmt.Errorf("draw the picture of %s: %w", recent.Path, err)
		}
		return library.SetThumbnail(recent.Path, data)
	})
}
