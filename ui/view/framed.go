package view

import "fyne.io/fyne/v2"

// framed lays out the frame without gaps: the sentence above the bottom and the
// page between; full, also the bar at the top, the sidebar and the strip, in this
// order behind the two.
type framed struct{ full bool }

// Layout gives the edges their heights and the page the rest.
func (f framed) Layout(o []fyne.CanvasObject, size fyne.Size) {
	top, left, bottom := float32(0), float32(0), size.Height
	if f.full {
		top = o[2].MinSize().Height
		place(o[2], 0, 0, size.Width, top)
		strip := o[4].MinSize().Height
		bottom -= strip
		place(o[4], 0, bottom, size.Width, strip)
		left = o[3].MinSize().Width
		place(o[3], 0, top, left, bottom-top)
	}
	// The sentence's height depends on its width.
	o[0].Resize(fyne.NewSize(size.Width-left, o[0].Size().Height))
	said := o[0].MinSize().Height
	place(o[0], left, bottom-said, size.Width-left, said)
	place(o[1], left, top, size.Width-left, bottom-said-top)
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// MinSize is that of the smallest window which is promised, so that no page can
// push the strip out of it.
func (f framed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(960, 600) }
