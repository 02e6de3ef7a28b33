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
		o.Refresh()
	}
}
