// Package gfx is GRUB's framebuffer: filling, blending, glyphs, scaling and
// the pictures that GRUB can read, with GRUB's own arithmetic, so that no
// pixel differs from its screen. All formulas were found by comparing pictures
// of GRUB 2.06 and 2.12.
package gfx

import (
	"image"
	"image/color"
)

// New makes a screen of w x h pixels, opaque black.
func New(w, h int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 3; i < len(dst.Pix); i += 4 {
		dst.Pix[i] = 255
	}
	return dst
}

// Fill paints a rectangle. GRUB never blends rectangles: the colour's alpha is
// ignored.
func Fill(dst *image.RGBA, r image.Rectangle, c color.RGBA) {
	r = r.Intersect(dst.Rect)
	if r.Empty() {
		return
	}
	first := dst.Pix[dst.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
	for i := 0; i < len(first); i += 4 {
		first[i], first[i+1], first[i+2], first[i+3] = c.R, c.G, c.B, 255
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(dst.Pix[dst.PixOffset(r.Min.X, y):], first)
	}
}

// Cover paints a picture as if it had no alpha, its top left corner at a point.
func Cover(dst *image.RGBA, clip image.Rectangle, src *image.NRGBA, at image.Point) {
	r := clip.Intersect(dst.Rect).Intersect(src.Rect.Sub(src.Rect.Min).Add(at))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		d := dst.Pix[dst.PixOffset(r.Min.X, y):dst.PixOffset(r.Max.X, y)]
		s := src.Pix[src.PixOffset(r.Min.X-at.X+src.Rect.Min.X, y-at.Y+src.Rect.Min.Y):]
		for i := 0; i < len(d); i += 4 {
			d[i], d[i+1], d[i+2], d[i+3] = s[i], s[i+1], s[i+2], 255
		}
	}
}

// Blend paints src with its upper left corner at a point of dst, within clip.
func Blend(dst *image.RGBA, clip image.Rectangle, src *image.NRGBA, at image.Point) {
	size := src.Rect.Size()
	r := image.Rectangle{Min: at, Max: at.Add(size)}.Intersect(clip).Intersect(dst.Rect)
	if r.Empty() {
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		d := dst.Pix[dst.PixOffset(r.Min.X, y):][:4*r.Dx()]
		s := src.Pix[src.PixOffset(r.Min.X-at.X+src.Rect.Min.X, y-at.Y+src.Rect.Min.Y):][:4*r.Dx()]
		blendRow(d, s)
	}
}

func blendRow(d, s []byte) {
	for i := 0; i+3 < len(d) && i+3 < len(s); i += 4 {
		switch a := s[i+3]; a {
		case 255:
			copy(d[i:i+3], s[i:i+3])
		case 0:
		default:
			d[i] = mix(s[i], d[i], a)
			d[i+1] = mix(s[i+1], d[i+1], a)
			d[i+2] = mix(s[i+2], d[i+2], a)
		}
	}
}

// mix is GRUB's division by 255: exact but for its rounding.
func mix(fg, bg, a uint8) uint8 {
	s := uint32(fg)*uint32(a) + uint32(bg)*uint32(255-a)
	h := s >> 8
	if h+s&255 >= 255 {
		h++
	}
	return uint8(h)
}

// Bits paints the set bits of a glyph of w x h pixels with its upper left
// corner at a point of dst, within clip. The bits are packed from the most
// significant one on, rows without padding. GRUB ignores the alpha of a
// text's colour. Bits that are missing are not painted.
func Bits(dst *image.RGBA, clip image.Rectangle, at image.Point, w, h int, bits []byte, c color.RGBA) {
	r := image.Rectangle{Min: at, Max: at.Add(image.Pt(w, h))}.Intersect(clip).Intersect(dst.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		i := (y-at.Y)*w + r.Min.X - at.X
		o := dst.PixOffset(r.Min.X, y)
		for x := r.Min.X; x < r.Max.X; x, i, o = x+1, i+1, o+4 {
			if i>>3 >= len(bits) {
				return
			}
			if bits[i>>3]&(0x80>>(i&7)) != 0 {
				p := dst.Pix[o : o+4 : o+4]
				p[0], p[1], p[2], p[3] = c.R, c.G, c.B, 255
			}
		}
	}
}
