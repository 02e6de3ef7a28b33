package pf2

import (
	"math"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// edge is a straight piece of an outline, in pixels, y downwards.
type edge struct{ x0, y0, x1, y1 float64 }

// scanConvert sets the pixels whose centres lie within an outline.
func scanConvert(segments sfnt.Segments, advance int) (Glyph, bool) {
	edges := flatten(segments)
	minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, e := range edges {
		minX, maxX = min(minX, e.x0, e.x1), max(maxX, e.x0, e.x1)
		minY, maxY = min(minY, e.y0, e.y1), max(maxY, e.y0, e.y1)
	}
	if len(edges) == 0 {
		return Glyph{DeviceWidth: advance}, true
	}
	left, top := int(math.Floor(minX)), int(math.Floor(minY))
	w, h := int(math.Ceil(maxX))-left, int(math.Ceil(maxY))-top
	if w > maxGlyphSide || h > maxGlyphSide {
		return Glyph{}, false
	}
	set := make([]bool, w*h)
	for y := range h {
		scanLine(edges, float64(top+y)+0.5, float64(left), set[y*w:(y+1)*w])
	}
	return trim(set, w, h, left, top, advance), true
}

// crossing is where an outline crosses a line, and in which direction.
type crossing struct {
	x   float64
	dir int
}

func scanLine(edges []edge, y, left float64, row []bool) {
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
	slices.SortFunc(at, func(a, b crossing) int {
		if a.x < b.x {
			return -1
		}
		return 1
	})
	winding := 0
	for i, c := range at {
		winding += c.dir
		if winding == 0 || i+1 == len(at) {
			continue
		}
		from, to := int(math.Ceil(c.x-left-0.5)), int(math.Ceil(at[i+1].x-left-0.5))
		for x := max(from, 0); x < min(to, len(row)); x++ {
			row[x] = true
		}
	}
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
