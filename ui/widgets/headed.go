package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Headed puts a header, as high as it needs to be at the width, above a body that
// takes what is left. Neither is cut off at its edges.
func Headed(header, body fyne.CanvasObject) *fyne.Container {
	return container.New(topped{}, header, body)
}
