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

// High gives an object a height, in device-independent pixels, and the width that
// there is.
func High(height float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: fixedHeight{height}, Objects: []fyne.CanvasObject{o}}
}

type fixedHeight struct{ height float32 }

func (f fixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(size.Width, f.height))
	}
}

func (f fixedHeight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		width = max(width, o.MinSize().Width)
	}
	return fyne.NewSize(width, f.height)
}
