package widgets

import "fyne.io/fyne/v2"

// Fixed gives an object a width, in device-independent pixels, whatever is in it.
func Fixed(width float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: fixedWidth{width}, Objects: []fyne.CanvasObject{o}}
}

type fixedWidth struct{ width float32 }

func (f fixedWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(f.width, size.Height))
	}
}

func (f fixedWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, o := range objects {
		height = max(height, heightAt(o, f.width))
	}
	return fyne.NewSize(f.width, height)
}

// PageColumn is a page's body that does not scroll, with the page's margins.
func PageColumn(content fyne.CanvasObject) fyne.CanvasObject {
	return InsetEach(0, MarginWide, Margin, MarginWide, content)
}
