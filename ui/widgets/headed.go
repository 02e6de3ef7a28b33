package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Headed puts a header, as high as it needs to be at the width, above a body that
// takes what is left. Neither is cut off at its edges.
func Headed(header, body fyne.CanvasObject) *fyne.Container {
	return container.New(headed{}, header, body)
}

type headed struct{}

func (headed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	top := heightAt(objects[0], size.Width)
	place(objects[0], 0, 0, size.Width, top)
	place(objects[1], 0, top, size.Width, max(0, size.Height-top))
}

func (headed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height)
}
