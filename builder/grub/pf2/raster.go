package pf2

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// edge is a straight piece of an outline, in pixels, y downwards.
type edge struct{ x0, y0, x1, y1 float64 }

// scanConvert sets the pixels whose centres lie within an outline of at most
// limit pixels in width and height. work is how many pixels and crossings it
// looks at.
func scanConvert(segments sfnt.Segments, advance, limit int) (g Glyph, work int, ok bool) {
	edges := flatten(segments)
	minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, e := range edges {
		minX, maxX = min(minX, e.x0, e.x1), max(maxX, e.x0, e.x1)
		minY, maxY = min(minY, e.y0, e.y1), max(maxY, e.y0, e.y1)
	}
	if len(edges) == 0 {
		return Glyph{DeviceWidth: advance}, 0, true
	}
	left, top := int(math.Floor(minX)), int(math.Floor(minY))
	w, h := int(math.Ceil(maxX))-left, int(math.Ceil(maxY))-top
	if w > limit || h > limit {
		return Glyph{}, 0, false
	}
	set := make([]bool, w*h)
	for y := range h {
		for _, sp := range spans(edges, float64(top+y)+0.5) {
			from, to := sp.pixels(left, w)
			for x := from; x < to; x++ {
				set[y*w+x] = true
			}
			if x := sp.middle(left); from >= to && x >= 0 && x < w {
				set[y*w+x] = true
			}
		}
	}
	flat := turned(edges)
	for x := range w {
		for _, sp := range spans(flat, float64(left+x)+0.5) {
			if from, to := sp.pixels(top, h); from < to {
				continue
			}
			if y := sp.middle(top); y >= 0 && y < h {
				set[y*w+x] = true
			}
		}
	}
	return trim(set, w, h, left, top, advance), w*h + (w+h)*len(edges), true
}

// turned changes x and y.
func turned(edges []edge) []edge {
	all := make([]edge, len(edges))
	for i, e := range edges {
		all[i] = edge{e.y0, e.x0, e.y1, e.x1}
	}
	return all
}

// span is a stretch of a line that lies within an outline.
type span struct{ from, to float64 }

// pixels are those whose centres lie in the span, counted from first, of n.
func (s span) pixels(first, n int) (from, to int) {
	from = int(math.Ceil(s.from - float64(first) - 0.5))
	to = int(math.Ceil(s.to - float64(first) - 0.5))
	return max(from, 0), min(to, n)
}

// middle is the pixel that stands for a stroke too thin to hold the centre of
// any: without it, strokes would have gaps or be lost.
func (s span) middle(first int) int { return int(math.Floor((s.from+s.to)/2 - float64(first))) }

// crossing is where an outline crosses a line, and in which direction.
type crossing struct {
	x   float64
	dir int
}

// spans are the stretches of the line at y within an outline (non-zero winding).
func spans(edges []edge, y float64) []span {
	var at []crossing
	for _, e := range edges {
		dir := 1
		if e.y0 > e.y1 {
			e, dir = edge{e.x1, e.y1, e.x0, e.y0}, -1
		}
		if y >= e.y0 && y < e.y1 {
			at = append(at, crossing{e.x0 + (y-e.y0)*(e.x1-e.x0)/(e.y1-e.y0), dir})
		}
	}
	slices.SortFunc(at, func(a, b crossing) int { return cmp.Compare(a.x, b.x) })
	var all []span
	winding := 0
	for _, c := range at {
		before := winding
		winding += c.dir
		switch {
		case before == 0 && winding != 0:
			all = append(all, span{from: c.x})
		case before != 0 && winding == 0:
			all[len(all)-1].to = c.x
		}
	}
	if winding != 0 && len(all) > 0 {
		all = all[:len(all)-1] // an outline that is not closed
	}
	return all
}

// flatten cuts curves into straight pieces.
func flatten(segments sfnt.Segments) []edge {
	var edges []edge
	var start, pen [2]float64
	to := func(p [2]float64) {
		edges = append(edges, edge{pen[0], pen[1], p[0], p[1]})
		pen = p
	}
	point := func(p fixed.Point26_6) [2]float64 { return [2]float64{float64(p.X) / 64, float64(p.Y) / 64} }
	const pieces = 8
	for _, s := range segments {
		a, b, c, from := point(s.Args[0]), point(s.Args[1]), point(s.Args[2]), pen
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			to(start)
			start, pen = a, a
		case sfnt.SegmentOpLineTo:
			to(a)
		case sfnt.SegmentOpQuadTo:
			for i := 1; i <= pieces; i++ {
				t := float64(i) / pieces
				to(mixPoints([]float64{(1 - t) * (1 - t), 2 * t * (1 - t), t * t}, from, a, b))
			}
		case sfnt.SegmentOpCubeTo:
			for i := 1; i <= pieces; i++ {
				t := float64(i) / pieces
				u := 1 - t
				to(mixPoints([]float64{u * u * u, 3 * t * u * u, 3 * t * t * u, t * t * t}, from, a, b, c))
			}
		}
	}
	if len(segments) > 0 {
		to(start)
	}
	return edges
}

func mixPoints(weights []float64, points ...[2]float64) [2]float64 {
	var p [2]float64
	for i, w := range weights {
		p[0] += w * points[i][0]
		p[1] += w * points[i][1]
	}
	return p
}

// trim cuts empty rows and columns off and packs the rest.
func trim(set []bool, w, h, left, top, advance int) Glyph {
	x0, y0, x1, y1 := w, h, 0, 0
	for i, on := range set {
		if on {
			x0, x1 = min(x0, i%w), max(x1, i%w+1)
			y0, y1 = min(y0, i/w), max(y1, i/w+1)
		}
	}
	if x1 == 0 {
		return Glyph{DeviceWidth: advance}
	}
	g := Glyph{
		Width: x1 - x0, Height: y1 - y0, XOffset: left + x0, YOffset: -(top + y1), DeviceWidth: advance,
	}
	g.Bits = make([]byte, (g.Width*g.Height+7)/8)
	for y := range g.Height {
		for x := range g.Width {
			if set[(y0+y)*w+x0+x] {
				i := y*g.Width + x
				g.Bits[i>>3] |= 0x80 >> (i & 7)
			}
		}
	}
	return g
}
