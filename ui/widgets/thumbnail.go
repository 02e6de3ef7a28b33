package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Thumbnail is a small picture of a size, in device-independent pixels. Without
// one, picture nil, an icon stands in its place.
func Thumbnail(picture image.Image, icon string, width, height float32) *fyne.Container {
	size := fyne.NewSize(width, height)
	if picture == nil {
		return container.NewGridWrap(size, container.NewStack(newPanel(ColourTint, ColourNone, radiusSmall),
			container.NewCenter(newGlyph(icon, ColourAccent, min(28, height/2)))))
	}
	img := canvas.NewImageFromImage(picture)
	img.FillMode = canvas.ImageFillContain
	return container.NewGridWrap(size, container.NewStack(newPanel(ColourGround, ColourLine, radiusSmall), Inset(1, 1, img)))
}
