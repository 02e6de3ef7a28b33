package gfx

import (
	"image"
	"image/draw"
)

// Scale brings a picture to w x h pixels: bilinear in 8-bit fixed point on
// channels that are not premultiplied; the last row and column of the source
// are taken as they are. A picture that has the size already is returned
// itself.
func Scale(src *image.NRGBA, w, h int) *image.NRGBA {
	size := src.Rect.Size()
	if size == image.Pt(w, h) {
		return src
	}
	if w <= 0 || h <= 0 || size.X == 0 || size.Y == 0 {
		return image.NewNRGBA(image.Rectangle{})
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	columns := steps(size.X, w)
	for y, row := range steps(size.Y, h) {
		top := src.Pix[src.PixOffset(src.Rect.Min.X, src.Rect.Min.Y+int(row.at)):]
		out := dst.Pix[y*dst.Stride:][:4*w]
		if int(row.at) >= size.Y-1 {
			nearestRow(out, top, columns)
			continue
		}
		bilinearRow(out, top[:4*size.X], top[src.Stride:], columns, row.fraction)
	}
	return dst
}

// step is where a pixel of the target lies in the source.
type step struct{ at, fraction int32 }

// steps cuts the source into n steps of 1/256 pixel.
func steps(source, n int) []step {
	all := make([]step, n)
	for i := range all {
		at := int64(i) * (int64(source) << 8) / int64(n)
		all[i] = step{int32(at >> 8), int32(at & 255)}
	}
	return all
}

func nearestRow(out, src []byte, columns []step) {
	for x, c := range columns {
		copy(out[4*x:4*x+4], src[4*c.at:])
	}
}

func bilinearRow(out, top, bottom []byte, columns []step, v int32) {
	for x, c := range columns {
		o := out[4*x : 4*x+4 : 4*x+4]
		i := 4 * int(c.at)
		if i+8 > len(top) {
			copy(o, top[i:i+4])
			continue
		}
		t, b := top[i:i+8:i+8], bottom[i:i+8:i+8]
		u := c.fraction
		f00, f01, f10, f11 := (256-u)*(256-v), u*(256-v), (256-u)*v, u*v
		o[0] = byte((int32(t[0])*f00 + int32(t[4])*f01 + int32(b[0])*f10 + int32(b[4])*f11) >> 16)
		o[1] = byte((int32(t[1])*f00 + int32(t[5])*f01 + int32(b[1])*f10 + int32(b[5])*f11) >> 16)
		o[2] = byte((int32(t[2])*f00 + int32(t[6])*f01 + int32(b[2])*f10 + int32(b[6])*f11) >> 16)
		o[3] = byte((int32(t[3])*f00 + int32(t[7])*f01 + int32(b[3])*f10 + int32(b[7])*f11) >> 16)
	}
}

// Method is how a picture fills a rectangle of another shape.
type Method int

// The methods, named as in themes.
const (
	Stretch   Method = iota
	Crop             // keep the shape, cut what hangs over
	Padding          // keep the shape, black around it
	FitWidth         // as wide as the rectangle: crop or pad the height
	FitHeight        // as high as the rectangle: crop or pad the width
)

// Align is where a picture lies in a rectangle that it does not fill, or which
// part of it is seen.
type Align int

// The alignments of both directions.
const (
	Start Align = iota // left or top
	Centre
	End // right or bottom
)

// Fit brings a picture to w x h pixels by a method.
func Fit(src *image.NRGBA, w, h int, method Method, hAlign, vAlign Align) *image.NRGBA {
	size := src.Rect.Size()
	if w <= 0 || h <= 0 || size.X == 0 || size.Y == 0 {
		return image.NewNRGBA(image.Rectangle{})
	}
	wider := size.X*h > w*size.Y // the picture has the wider shape
	switch {
	case method == FitWidth && wider, method == Padding && wider:
		return place(Scale(src, w, max(size.Y*w/size.X, 1)), w, h, hAlign, vAlign)
	case method == FitHeight && !wider, method == Padding:
		return place(Scale(src, max(size.X*h/size.Y, 1), h), w, h, hAlign, vAlign)
	case method == FitHeight, method == Crop && wider:
		return Scale(cut(src, max(size.Y*w/h, 1), size.Y, hAlign, vAlign), w, h)
	case method == FitWidth, method == Crop:
		return Scale(cut(src, size.X, max(size.X*h/w, 1), hAlign, vAlign), w, h)
	}
	return Scale(src, w, h)
}

// cut is a part of w x h pixels, at most as large as the picture.
func cut(src *image.NRGBA, w, h int, hAlign, vAlign Align) *image.NRGBA {
	size := src.Rect.Size()
	at := src.Rect.Min.Add(image.Pt(align(size.X-w, hAlign), align(size.Y-h, vAlign)))
	return src.SubImage(image.Rectangle{Min: at, Max: at.Add(image.Pt(w, h))}).(*image.NRGBA)
}

// place lays a picture on a black one of w x h pixels.
func place(src *image.NRGBA, w, h int, hAlign, vAlign Align) *image.NRGBA {
	size := src.Rect.Size()
	if size == image.Pt(w, h) {
		return src
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 3; i < len(dst.Pix); i += 4 {
		dst.Pix[i] = 255
	}
	at := image.Pt(align(w-size.X, hAlign), align(h-size.Y, vAlign))
	draw.Draw(dst, image.Rectangle{Min: at, Max: at.Add(size)}, src, src.Rect.Min, draw.Src)
	return dst
}

// align is the offset for a room of free pixels.
func align(free int, a Align) int {
	switch a {
	case Centre:
		return free / 2
	case End:
		return free
	}
	return 0
}
