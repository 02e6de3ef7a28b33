package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Relayout lays out everything below an object anew. The toolkit does that only
// for the one container that was refreshed: after its content has grown, the
// containers around it still have the old heights.
func Relayout(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, inner := range o.Objects {
			Relayout(inner)
		}
	case *container.Scroll:
		Relayout(o.Content)
		fit(o)
	}
}

// fit gives a scroller's content the height it needs, and the bars theirs. The
// toolkit's Refresh does that too, but also draws all of the content anew.
func fit(s *container.Scroll) {
	at := s.Offset
	s.Offset.Y++ // where nothing seems to move, nothing is done
	s.ScrollToOffset(at)
}
