package vesamenu

import (
	"image/color"
	"math"
)

// steps is the number of blends that are told apart: 65535*255 >> 12.
const steps = 4080

// light are the tables between sRGB and linear light.
type light struct {
	linear [256]uint32      // to 0...65535
	srgb   [steps + 1]uint8 // from 0...4079
}

func newLight() *light {
	l := &light{}
	for v := range l.linear {
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l.linear[v] = uint32(65535*c + 0.5)
	}
	for i := range l.srgb {
		c := (float64(i) + 0.5) * 4096 / (65535 * 255)
		if c <= 0.0031308 {
			c *= 12.92
		} else {
			c = 1.055*math.Pow(c, 1/2.4) - 0.055
		}
		l.srgb[i] = uint8(min(255*c+0.5, 255))
	}
	return l
}

func (l *light) channel(over, under, alpha uint8) uint8 {
	a := uint32(alpha)
	return l.srgb[(l.linear[over]*a+l.linear[under]*(255-a))>>12]
}

// blend is a colour over another.
func (l *light) blend(over color.NRGBA, under color.RGBA) color.RGBA {
	return color.RGBA{
		l.channel(over.R, under.R, over.A), l.channel(over.G, under.G, over.A), l.channel(over.B, under.B, over.A), 255,
	}
}
