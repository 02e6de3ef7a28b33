package theme

import (
	"image"
	"strings"
)

// The nine slices of a styled box, by the names of their files.
const (
	north = iota
	south
	west
	east
	northWest
	northEast
	southWest
	southEast
	centre
	sliceCount
)

// sliceNames are what stands for "*" in the style of a box.
func sliceNames() [sliceCount]string {
	return [sliceCount]string{"n", "s", "w", "e", "nw", "ne", "sw", "se", "c"}
}

// box is a frame around content, made of up to nine pictures; the zero box
// draws nothing.
type box struct {
	files [sliceCount]string // of the pictures that can be read
	sizes [sliceCount]image.Point
	// The pads are what the frame adds on each side, in pixels.
	left, right, top, bottom int
}

// newBox looks for the pictures of a style such as "menu_*.png"; a slice that
// is missing draws nothing.
func (r *renderer) newBox(style string) box {
	var b box
	before, after, ok := strings.Cut(style, "*")
	if !ok {
		return b
	}
	for i, name := range sliceNames() {
		file := r.path(before + name + after)
		if picture := r.picture(file); picture != nil {
			b.files[i], b.sizes[i] = file, picture.Rect.Size()
		}
	}
	b.left = max(b.sizes[northWest].X, b.sizes[west].X, b.sizes[southWest].X)
	b.right = max(b.sizes[northEast].X, b.sizes[east].X, b.sizes[southEast].X)
	b.top = max(b.sizes[northWest].Y, b.sizes[north].Y, b.sizes[northEast].Y)
	b.bottom = max(b.sizes[southWest].Y, b.sizes[south].Y, b.sizes[southEast].Y)
	return b
}

func (b box) across() int { return b.left + b.right }
func (b box) down() int   { return b.top + b.bottom }

// drawBox paints a box around a content of w x h pixels, its own upper left
// corner at x, y. Sides and centre are scaled along the content, corners are
// not; the centre comes last.
func (r *renderer) drawBox(s surface, b box, x, y, w, h int) {
	r.slice(s, b, north, x+b.left, y, w, b.sizes[north].Y)
	r.slice(s, b, south, x+b.left, y+b.top+h, w, b.sizes[south].Y)
	r.slice(s, b, west, x, y+b.top, b.sizes[west].X, h)
	r.slice(s, b, east, x+b.left+w, y+b.top, b.sizes[east].X, h)
	for _, corner := range []struct{ i, x, y int }{
		{northWest, x, y}, {northEast, x + b.left + w, y},
		{southWest, x, y + b.top + h}, {southEast, x + b.left + w, y + b.top + h},
	} {
		r.slice(s, b, corner.i, corner.x, corner.y, b.sizes[corner.i].X, b.sizes[corner.i].Y)
	}
	r.slice(s, b, centre, x+b.left, y+b.top, w, h)
}

// slice paints one picture of a box, scaled.
func (r *renderer) slice(s surface, b box, i, x, y, w, h int) {
	if b.files[i] != "" && w > 0 && h > 0 {
		s.blend(r.scaled(b.files[i], w, h), x, y)
	}
}
