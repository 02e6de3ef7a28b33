package widgets

import (
	"bytes"
	"fmt"
	"image"
	"image/color"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// outlineScale is how much larger icons are outlined than they are drawn in the
// file: the rasteriser flattens curves to lines of about half a unit, which must be
// below a pixel at 512 pixels.
const outlineScale = 32

// outline turns the strokes of a drawing into filled shapes. Fyne tints what is
// filled and leaves strokes as they are; so icons are kept as the strokes they were
// drawn with, and are outlined here.
func outline(svg []byte) ([]byte, error) {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.StrictErrorMode)
	if err != nil {
		return nil, fmt.Errorf("reading the drawing: %w", err)
	}
	w, h := icon.ViewBox.W*outlineScale, icon.ViewBox.H*outlineScale
	if w <= 0 || h <= 0 {
		return nil, fmt.Errorf("the drawing has no viewBox")
	}
	icon.SetTarget(0, 0, w, h)
	o := &outliner{}
	fmt.Fprintf(&o.out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g">`, w, h)
	icon.Draw(rasterx.NewDasher(int(w), int(h), o), 1)
	o.out.WriteString("</svg>")
	return o.out.Bytes(), nil
}

// outliner is a rasterx.Scanner that writes down the shapes it is given instead of
// filling them.
type outliner struct {
	out  bytes.Buffer
	path bytes.Buffer
}

func (o *outliner) Start(a fixed.Point26_6) { o.point('M', a) }
func (o *outliner) Line(b fixed.Point26_6)  { o.point('L', b) }

func (o *outliner) point(command byte, p fixed.Point26_6) {
	fmt.Fprintf(&o.path, "%c%.1f %.1f", command, float64(p.X)/64, float64(p.Y)/64)
}

// Draw ends one shape.
func (o *outliner) Draw() {
	if o.path.Len() > 0 {
		fmt.Fprintf(&o.out, `<path d="%sZ"/>`, o.path.Bytes())
	}
}

// Clear begins the next shape.
func (o *outliner) Clear() { o.path.Reset() }

// The rest of a Scanner has no meaning for shapes that nobody fills.
func (o *outliner) GetPathExtent() fixed.Rectangle26_6 { return fixed.Rectangle26_6{} }
func (o *outliner) SetBounds(int, int)                 {}
func (o *outliner) SetColor(interface{})               {}
func (o *outliner) SetWinding(bool)                    {}
func (o *outliner) SetClip(image.Rectangle)            {}

// hex writes a colour as SVG does, in small letters.
func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}
