package widgets

import "fyne.io/fyne/v2"

// Above puts a column above an object that takes what is left, but at least a
// height: then the column scrolls.
func Above(column, rest fyne.CanvasObject, least float32) *fyne.Container {
	return &fyne.Container{Layout: above{column, least}, Objects: []fyne.CanvasObject{Scroll(column), rest}}
}

type above struct {
	column fyne.CanvasObject
	least  float32
}

func (a above) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	high := min(heightAt(a.column, size.Width), max(0, size.Height-a.least))
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSize(size.Width, high))
	objects[1].Move(fyne.NewPos(0, high))
	objects[1].Resize(fyne.NewSize(size.Width, max(0, size.Height-high)))
}

func (a above) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(objects[0].MinSize().Width, objects[1].MinSize().Width), a.least)
}
