package theme

import "image"

// scrollbar is the one of a boot menu that is longer than its place.
type scrollbar struct {
	r                                    *renderer
	visible                              bool
	frame, thumb                         box
	overlay                              bool   // the thumb covers the frame
	width                                int    // pixels
	leftPad, rightPad, topPad, bottomPad int    // pixels
	slice                                string // west, center, east
}

// set takes a property of the menu if it is one of its scrollbar.
func (b *scrollbar) set(p Property) {
	numbers := map[string]*int{"scrollbar_width": &b.width, "scrollbar_left_pad": &b.leftPad,
		"scrollbar_right_pad": &b.rightPad, "scrollbar_top_pad": &b.topPad, "scrollbar_bottom_pad": &b.bottomPad}
	if to := numbers[p.Name]; to != nil {
		*to, _ = integer(p.Value)
	}
	switch p.Name {
	case "scrollbar":
		b.visible = p.Value != "false"
	case "scrollbar_frame":
		b.frame = b.r.newBox(p.Value)
	case "scrollbar_thumb":
		b.thumb = b.r.newBox(p.Value)
	case "scrollbar_thumb_overlay":
		b.overlay = p.Value == "true"
	case "scrollbar_slice":
		b.slice = p.Value
	}
}

// fits says whether the pictures leave any room in the bar: else GRUB draws
// none of it.
func (b *scrollbar) fits() bool {
	if b.overlay {
		return b.width >= b.frame.across()
	}
	return b.width >= b.frame.across()+b.thumb.across()
}

// area is the slice of the menu that the bar is seen in, the bar's place in
// it, and what remains of the content for the items. To the west and to the
// east, the slice is as wide as the menu's frame, and the items lose nothing
// but the pad between, even without a bar.
func (b *scrollbar) area(size image.Point, frame box, content image.Rectangle, drawn bool) (slice, bar, rest image.Rectangle) {
	slice, rest = content, content
	x := 0
	switch b.slice {
	case "west":
		slice.Min.X, slice.Max.X = 0, frame.left
		rest.Min.X += b.rightPad
	case "center":
		if drawn {
			rest.Max.X -= b.leftPad + b.width + b.rightPad
		}
		slice.Min.X, x = rest.Max.X, b.leftPad
		slice.Max.X = slice.Min.X + x + b.width
	default:
		slice.Min.X, slice.Max.X = content.Max.X, size.X
		rest.Max.X -= b.leftPad
	}
	return slice, image.Rect(x, b.topPad, x+b.width, slice.Dy()-b.bottomPad), rest
}

// paint draws the bar of a list of all entries of which rows from first on are
// seen.
func (b *scrollbar) paint(s surface, area image.Rectangle, first, rows, all int) {
	size := area.Size()
	b.r.drawBox(s, b.frame, area.Min.X, area.Min.Y, size.X-b.frame.across(), size.Y-b.frame.down())
	track := image.Rect(b.frame.left, b.frame.top, size.X-b.frame.right, size.Y-b.frame.bottom)
	if b.overlay {
		track = image.Rect(track.Min.X-b.thumb.left, track.Min.Y-b.thumb.top, track.Max.X+b.thumb.right, track.Max.Y+b.thumb.bottom)
	}
	track = track.Add(area.Min)
	b.r.drawBox(s, b.thumb, track.Min.X, track.Min.Y+track.Dy()*first/all,
		track.Dx()-b.thumb.across(), track.Dy()*rows/all+1-b.thumb.down())
}
