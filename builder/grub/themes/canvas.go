package themes

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// canvas draws filled shapes with smooth edges. Lengths are pixels; a scale
// turns the units of an icon into them.
type canvas struct {
	img   *image.NRGBA
	scale float64
}

func newCanvas(w, h int) *canvas {
	return &canvas{image.NewNRGBA(image.Rect(0, 0, w, h)), 1}
}

// path is a shape; those of the other direction are holes.
type path struct {
	r            *vector.Rasterizer
	scale, shift float64
}

// within is the icon's field shrunk around its middle.
func (p path) within(part float64) path {
	return path{p.r, p.scale * part, p.shift + 12*p.scale*(1-part)}
}

// fill paints what a function draws.
func (c *canvas) fill(col color.NRGBA, shape func(p path)) {
	b := c.img.Bounds()
	r := vector.NewRasterizer(b.Dx(), b.Dy())
	shape(path{r: r, scale: c.scale})
	mask := image.NewAlpha(b)
	r.Draw(mask, b, image.Opaque, image.Point{})
	draw.DrawMask(c.img, b, image.NewUniform(col), image.Point{}, mask, image.Point{}, draw.Over)
}

func (p path) to(x, y float64) (float32, float32) {
	return float32(x*p.scale + p.shift), float32(y*p.scale + p.shift)
}

// polygon takes x and y by turns.
func (p path) polygon(xy ...float64) {
	p.r.MoveTo(p.to(xy[0], xy[1]))
	for i := 2; i+1 < len(xy); i += 2 {
		p.r.LineTo(p.to(xy[i], xy[i+1]))
	}
	p.r.ClosePath()
}

// arc adds corners along a circle, with angles in turns of a full circle.
func arc(xy []float64, x, y, r, from, to float64) []float64 {
	const steps = 96
	n := int(math.Ceil(math.Abs(to-from) * steps))
	for i := 0; i <= n; i++ {
		a := 2 * math.Pi * (from + (to-from)*float64(i)/float64(max(n, 1)))
		xy = append(xy, x+r*math.Cos(a), y+r*math.Sin(a))
	}
	return xy
}

func (p path) circle(x, y, r float64) { p.polygon(arc(nil, x, y, r, 0, 1)...) }

// ring is an arc of a width with round ends, or a whole circle.
func (p path) ring(x, y, r, width, from, to float64) {
	xy := arc(nil, x, y, r+width/2, from, to)
	p.polygon(arc(xy, x, y, r-width/2, to, from)...)
	if to-from < 1 {
		for _, a := range []float64{from, to} {
			p.circle(x+r*math.Cos(2*math.Pi*a), y+r*math.Sin(2*math.Pi*a), width/2)
		}
	}
}

// stroke is a line with round ends.
func (p path) stroke(x1, y1, x2, y2, width float64) {
	a := math.Atan2(y2-y1, x2-x1) / (2 * math.Pi)
	xy := arc(nil, x2, y2, width/2, a-0.25, a+0.25)
	p.polygon(arc(xy, x1, y1, width/2, a+0.25, a+0.75)...)
}

func corners(x, y, w, h, r float64) []float64 {
	xy := arc(nil, x+w-r, y+r, r, -0.25, 0)
	xy = arc(xy, x+w-r, y+h-r, r, 0, 0.25)
	xy = arc(xy, x+r, y+h-r, r, 0.25, 0.5)
	return arc(xy, x+r, y+r, r, 0.5, 0.75)
}

func (p path) box(x, y, w, h, r float64) { p.polygon(corners(x, y, w, h, r)...) }

// frame is a box with a hole that leaves a width.
func (p path) frame(x, y, w, h, r, width float64) {
	p.box(x, y, w, h, r)
	in := corners(x+width, y+width, w-2*width, h-2*width, max(r-width, 0))
	for i, j := 0, len(in)-2; i < j; i, j = i+2, j-2 {
		in[i], in[j], in[i+1], in[j+1] = in[j], in[i], in[j+1], in[i+1]
	}
	p.polygon(in...)
}

// save adds a picture to the theme, as GRUB reads them: 8 bits, no palette, not
// interlaced.
func (t *theme) save(name string, img *image.NRGBA) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, img); err != nil && t.err == nil {
		t.err = err
	}
	t.files[name] = b.Bytes()
}

// slices saves the nine parts of a box whose corners are of a size.
func (t *theme) slices(name string, c *canvas, left, top, right, bottom int) {
	w, h := c.img.Rect.Dx(), c.img.Rect.Dy()
	xs, ys := []int{0, left, w - right, w}, []int{0, top, h - bottom, h}
	for i, n := range []string{"nw", "n", "ne", "w", "c", "e", "sw", "s", "se"} {
		r := image.Rect(xs[i%3], ys[i/3], xs[i%3+1], ys[i/3+1])
		if r.Empty() {
			continue
		}
		part := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
		draw.Draw(part, part.Rect, c.img, r.Min, draw.Src)
		t.save(name+"_"+n+".png", part)
	}
}
