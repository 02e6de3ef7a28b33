package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// WorkbenchFrom is the least width at which a Workbench has its form beside the
// screen, in device-independent pixels.
const WorkbenchFrom = 900

// Workbench puts a form at the left of a screen that shows what comes of it, and
// what belongs to the screen below that. Where there is less room the screen, with
// what belongs to it at its right, stands above the form. All of them bring their
// own scrollers.
func Workbench(form, screen, below fyne.CanvasObject) *fyne.Container {
	return container.New(workbench{}, form, screen, below)
}

type workbench struct{}

// Measures of a Workbench.
const (
	benchForm  = 440 // least width of the form
	benchRest  = 164 // least height of what is below the screen
	benchUpper = 248 // height of the screen above the form
)

func (workbench) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size.Width = max(size.Width, o.MinSize().Width)
	}
	return fyne.NewSize(size.Width, benchUpper+Margin+120)
}

func (workbench) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	form, screen, below := objects[0], objects[1], objects[2]
	if size.Width >= WorkbenchFrom {
		left := max(benchForm, float32(int(size.Width*0.43)))
		x, right := left+MarginWide, size.Width-left-MarginWide
		// A screen of 4:3 in its frame, as large as the width allows.
		high := min(right*3/4+24, max(200, size.Height-benchRest-Gap))
		place(form, 0, 0, left, size.Height)
		place(screen, x, 0, right, high)
		place(below, x, high+Gap, right, max(0, size.Height-high-Gap))
		return
	}
	high := min(benchUpper, size.Height/2)
	wide := min(size.Width/2, high*4/3+24)
	place(screen, 0, 0, wide, high)
	place(below, wide+Margin, 0, size.Width-wide-Margin, high)
	place(form, 0, high+Margin, size.Width, max(0, size.Height-high-Margin))
}
