package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Heading is a title above a note, with actions at the right of both. Where they
// leave the note no room for one line, it stands below them, as wide as there is.
// note may be nil.
func Heading(title, note fyne.CanvasObject, actions ...fyne.CanvasObject) *fyne.Container {
	objects := []fyne.CanvasObject{title, Row(Gap, actions...)}
	if note != nil {
		objects = append(objects, note)
	}
	return container.New(&heading{}, objects...)
}

// heading remembers its width, on which its height depends. Its objects are title,
// actions and, if there is one, note.
type heading struct{ width float32 }

// place gives the objects their places at a width, and returns the height.
func (h *heading) place(objects []fyne.CanvasObject, width float32) float32 {
	title, actions := objects[0], objects[1]
	m := actions.MinSize()
	room := width
	if m.Width > 0 {
		room = max(0, width-m.Width-Gap)
	}
	top := heightAt(title, room)
	if len(objects) == 2 {
		tall := max(top, m.Height)
		h.put(title, 0, (tall-top)/2, room, top)
		h.put(actions, width-m.Width, (tall-m.Height)/2, m.Width, m.Height)
		return tall
	}
	note := objects[2]
	line := heightAt(note, width)
	if heightAt(note, room) <= line {
		words := top + Step + line
		tall := max(words, m.Height)
		h.put(title, 0, (tall-words)/2, room, top)
		h.put(note, 0, (tall-words)/2+top+Step, room, line)
		h.put(actions, width-m.Width, (tall-m.Height)/2, m.Width, m.Height)
		return tall
	}
	tall := max(top, m.Height)
	h.put(title, 0, (tall-top)/2, room, top)
	h.put(actions, width-m.Width, (tall-m.Height)/2, m.Width, m.Height)
	h.put(note, 0, tall+Gap, width, line)
	return tall + Gap + line
}

// put places an object on whole units, so that edges stay sharp.
func (h *heading) put(o fyne.CanvasObject, x, y, width, height float32) {
	place(o, float32(int(x)), float32(int(y)), width, height)
}

func (h *heading) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	h.width = size.Width
	h.place(objects, size.Width)
}

func (h *heading) MinSize(objects []fyne.CanvasObject) fyne.Size {
	// The title is shortened before the actions are.
	least := narrowest + objects[1].MinSize().Width + Gap
	return fyne.NewSize(least, h.place(objects, max(h.width, least)))
}
