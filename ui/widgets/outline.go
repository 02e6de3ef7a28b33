package widgets

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// outline turns the strokes of a drawing into filled shapes, scale times as large:
// curves become lines of about half a unit, which should be below a pixel where the
// drawing is shown. Fyne tints what is filled and leaves strokes as they are, and its
// SVG library does not scale the width of strokes; so drawings are kept with the
// strokes that they were drawn with, and are outlined here.
func outline(svg []byte, scale float64) ([]byte, error) {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.StrictErrorMode)
	if err != nil {
		return nil, fmt.Errorf("reading the drawing: %w", err)
	}
	w, h := icon.ViewBox.W*scale, icon.ViewBox.H*scale
	if w <= 0 || h <= 0 {
		return nil, errors.New("the drawing has no viewBox")
	}
	for i := range icon.SVGPaths {
		icon.SVGPaths[i].LineWidth *= scale
	}
	icon.SetTarget(0, 0, w, h)
	o := &outliner{}
	fmt.Fprintf(&o.out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g">`, w, h)
	icon.Draw(rasterx.NewDasher(int(w), int(h), o), 1)
	o.out.WriteString("</svg>")
	return o.out.Bytes(), nil
}

// paint draws an icon in one colour, w by h pixels; no name gives an empty picture.
func paint(name string, colour color.Color, w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	if name == "" || w <= 0 || h <= 0 {
		return img
	}
	mask := image.NewAlpha(img.Rect)
	drawInto(mask, iconSource(name))
	draw.DrawMask(img, img.Rect, image.NewUniform(colour), image.Point{}, mask, image.Point{}, draw.Src)
	return img
}

// paintColours draws a drawing in its own colours and proportions, in the middle of w
// by h pixels.
func paintColours(svg []byte, w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	if w > 0 && h > 0 {
		drawInto(img, svg)
	}
	return img
}

// drawInto draws one of our drawings in its proportions into the middle of a picture.
func drawInto(img draw.Image, svg []byte) {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.StrictErrorMode)
	if err != nil {
		panic(fmt.Sprintf("drawing: %v", err)) // the tests drew it
	}
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	scale := min(w/icon.ViewBox.W, h/icon.ViewBox.H)
	for i := range icon.SVGPaths {
		icon.SVGPaths[i].LineWidth *= scale
	}
	tw, th := icon.ViewBox.W*scale, icon.ViewBox.H*scale
	icon.SetTarget((w-tw)/2, (h-th)/2, tw, th)
	scanner := rasterx.NewScannerGV(int(w), int(h), img, img.Bounds())
	icon.Draw(rasterx.NewDasher(int(w), int(h), scanner), 1)
}

// outliner is a rasterx.Scanner that writes down the shapes it is given instead of
// filling them. A stroker gives a shape's edges in no order, so they are linked where
// one ends and the other starts.
type outliner struct {
	out   bytes.Buffer
	edges []edge
	at    fixed.Point26_6
	fill  color.Color
}

type edge struct{ from, to fixed.Point26_6 }

// Start begins a line of edges.
func (o *outliner) Start(a fixed.Point26_6) { o.at = a }

// Line adds an edge.
func (o *outliner) Line(b fixed.Point26_6) {
	if b != o.at {
		o.edges = append(o.edges, edge{o.at, b})
	}
	o.at = b
}

// SetColor is told the colour of the shape before Draw.
func (o *outliner) SetColor(c interface{}) { o.fill, _ = c.(color.Color) }

// Clear begins the next shape.
func (o *outliner) Clear() { o.edges = o.edges[:0] }

// Draw writes the shape: every loop of its edges.
func (o *outliner) Draw() {
	if len(o.edges) == 0 {
		return
	}
	next := map[fixed.Point26_6][]int{}
	for i, e := range o.edges {
		next[e.from] = append(next[e.from], i)
	}
	o.out.WriteString(`<path d="`)
	used := make([]bool, len(o.edges))
	for i := range o.edges {
		if used[i] {
			continue
		}
		o.point('M', o.edges[i].from)
		for at := i; at >= 0; {
			used[at] = true
			o.point('L', o.edges[at].to)
			at = unused(next[o.edges[at].to], used)
		}
		o.out.WriteByte('Z')
	}
	fill := o.fill
	if fill == nil {
		fill = color.Black
	}
	fmt.Fprintf(&o.out, `" fill="%s"/>`, hex(fill))
}

// unused is the first of the edges that was not written yet; -1 if there is none.
func unused(edges []int, used []bool) int {
	for _, i := range edges {
		if !used[i] {
			return i
		}
	}
	return -1
}

func (o *outliner) point(command byte, p fixed.Point26_6) {
	fmt.Fprintf(&o.out, "%c%.1f %.1f", command, float64(p.X)/64, float64(p.Y)/64)
}

// The rest of a Scanner has no meaning for shapes that nobody fills.
func (o *outliner) GetPathExtent() fixed.Rectangle26_6 { return fixed.Rectangle26_6{} }
func (o *outliner) SetBounds(int, int)                 {}
func (o *outliner) SetWinding(bool)                    {}
func (o *outliner) SetClip(image.Rectangle)            {}

// hex writes a colour as SVG does, in small letters.
func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}
