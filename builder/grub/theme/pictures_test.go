package theme

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// drawn is a w x h picture: each pixel mixes the base with its place, so that
// a shift, a flip or a wrong scale changes pixels. An opaque one has no alpha
// channel in its file.
func drawn(w, h int, base color.NRGBA, holes bool) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := base
			c.R += uint8(x * 90 / w)
			c.G += uint8(y * 90 / h)
			if (x/3+y/3)%2 == 0 {
				c.B += 40
			}
			if holes {
				c.A = uint8(55 + (x*7+y*13)%200)
				if x == y || x == w-1-y {
					c.A = 0
				}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// pictures are those that the cases' themes use, by name.
func pictures(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	add := func(name string, w, h int, base color.NRGBA, holes bool) {
		var b bytes.Buffer
		if err := png.Encode(&b, drawn(w, h, base, holes)); err != nil {
			t.Fatal(err)
		}
		all[name] = b.Bytes()
	}
	blue, green, red := color.NRGBA{20, 30, 120, 255}, color.NRGBA{20, 120, 30, 255}, color.NRGBA{130, 20, 30, 255}
	grey := color.NRGBA{120, 120, 120, 255}
	add("wide.png", 200, 60, blue, false)
	add("tall.png", 50, 140, blue, false)
	add("large.png", 700, 500, green, false)
	add("alpha.png", 61, 43, red, true)
	add("tick.png", 9, 7, red, true)
	add("centre.png", 40, 30, green, true)
	add("icons/debian.png", 24, 24, red, true)
	add("icons/mem.png", 48, 20, green, false)
	nine := func(name string, base color.NRGBA, holes bool, l, r, top, bottom int) {
		add(name+"_c.png", 12, 10, base, holes)
		add(name+"_n.png", 8, top, base, holes)
		add(name+"_s.png", 10, bottom, base, holes)
		add(name+"_w.png", l, 6, base, holes)
		add(name+"_e.png", r, 8, base, holes)
		add(name+"_nw.png", l, top, base, holes)
		add(name+"_ne.png", r, top, base, holes)
		add(name+"_sw.png", l, bottom, base, holes)
		add(name+"_se.png", r, bottom, base, holes)
	}
	nine("menu", blue, true, 9, 13, 7, 11)
	nine("item", grey, true, 5, 3, 2, 4)
	nine("sel", red, true, 4, 8, 6, 3)
	nine("frame", grey, false, 3, 4, 5, 6)
	nine("thumb", green, true, 2, 5, 4, 3)
	nine("bar", grey, false, 6, 7, 5, 4)
	nine("hl", green, true, 3, 4, 2, 3)
	nine("term", blue, false, 8, 10, 12, 6)
	// Boxes of which slices are missing, or whose corners are larger than the sides.
	add("some_c.png", 5, 5, green, false)
	add("some_n.png", 5, 9, red, false)
	add("odd_nw.png", 14, 12, red, false)
	add("odd_n.png", 4, 5, green, false)
	add("odd_w.png", 6, 4, blue, false)
	add("odd_se.png", 3, 9, grey, true)
	return all
}
