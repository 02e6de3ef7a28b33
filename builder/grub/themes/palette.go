package themes

import (
	"fmt"
	"image/color"
)

// palette are a theme's colours.
type palette struct {
	top, bottom color.NRGBA // of the background
	shape       color.NRGBA // large shapes in it
	card        color.NRGBA // below the menu
	edge        color.NRGBA // fine lines
	text, quiet color.NRGBA
	accent      color.NRGBA
	onAccent    color.NRGBA // text over the accent
	chosen      color.NRGBA // below the chosen entry, where it is not the accent
	strong      color.NRGBA // text over chosen
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// mix is part of b in a, 0 to 1.
func mix(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*part + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}

func alpha(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(255*a + 0.5)
	return c
}

// luma is how light a colour looks, 0 to 255. (ITU-R BT.601)
func luma(c color.NRGBA) int {
	return (299*int(c.R) + 587*int(c.G) + 114*int(c.B)) / 1000
}

// accent is the person's choice, or the theme's own.
func (t *theme) accent(own color.NRGBA) color.NRGBA {
	if t.Accent == nil {
		return own
	}
	c := color.NRGBAModel.Convert(t.Accent).(color.NRGBA)
	c.A = 255
	return c
}

// over is a text's colour on another one.
func over(c color.NRGBA) color.NRGBA {
	if luma(c) > 150 {
		return rgb(0x10151d)
	}
	return rgb(0xffffff)
}
