package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// sightRoom is what is kept in sight above and below an object that has the
// keyboard: its label, its note or problem. In device-independent pixels.
const sightRoom = 48

// intoSight scrolls the window's page to an object that has got the keyboard, as
// far as it must. The toolkit leaves it out of sight.
func intoSight(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil || len(c.Overlays().List()) > 0 {
		return
	}
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(o)
	for _, s := range scrollers(c.Content(), nil) {
		from := driver.AbsolutePositionForObject(s.Content)
		inside := at.Subtract(from)
		size := s.Content.Size()
		if inside.X < 0 || inside.Y < 0 || inside.X >= size.Width || inside.Y >= size.Height {
			continue
		}
		if y := sightOffset(s.Offset.Y, s.Size().Height, inside.Y, o.Size().Height); y != s.Offset.Y {
			y = max(0, min(y, size.Height-s.Size().Height))
			s.ScrollToOffset(fyne.NewPos(s.Offset.X, y))
		}
	}
}

// scrollers are the scrollers that can be seen in an object, but for those that
// are part of a control.
func scrollers(o fyne.CanvasObject, found []*container.Scroll) []*container.Scroll {
	if o == nil || !o.Visible() {
		return found
	}
	switch o := o.(type) {
	case *container.Scroll:
		return scrollers(o.Content, append(found, o))
	case *fyne.Container:
		for _, inner := range o.Objects {
			found = scrollers(inner, found)
		}
	}
	return found
}

// sightOffset is where a view of a height has to begin so that what begins at y
// and is tall is in it; the beginning counts more than the end.
func sightOffset(offset, view, y, tall float32) float32 {
	switch {
	case y-sightRoom < offset || tall+2*sightRoom > view:
		return y - sightRoom
	case y+tall+sightRoom > offset+view:
		return y + tall + sightRoom - view
	}
	return offset
}
