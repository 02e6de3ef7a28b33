package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// askWidth is that of a question, in device-independent pixels.
const askWidth = 440

// Ask lays a question over a window: a title, a text, and the answers at the right,
// the one that leads on last, which has the focus unless it destroys something.
// Escape closes the question, and each answer does before it acts. text may be "",
// content, between text and answers, nil. It returns what closes the question without an answer.
func Ask(c fyne.Canvas, title, text string, content fyne.CanvasObject, answers ...*Button) (dismiss func()) {
	parts := []fyne.CanvasObject{Section(title).Wrapped()}
	if text != "" {
		parts = append(parts, Body(text))
	}
	if content != nil {
		parts = append(parts, content)
	}
	row := []fyne.CanvasObject{Spring()}
	for _, a := range answers {
		row = append(row, a)
	}
	parts = append(parts, InsetEach(Gap, 0, 0, 0, Row(Gap, row...)))
	body := container.New(wide{askWidth}, Column(12, parts...))
	pop := widget.NewModalPopUp(InsetEach(12, 12, 12, 12, body), c)
	for _, a := range answers {
		act := a.tapped
		a.escape = pop.Hide
		a.tapped = func() {
			pop.Hide()
			if act != nil {
				act()
			}
		}
	}
	pop.Show()
	if n := len(answers); n > 0 {
		safe := answers[n-1]
		if safe.kind == danger {
			safe = answers[0]
		}
		c.Focus(safe)
	}
	return pop.Hide
}

// wide gives an object a fixed width, and the height that it needs then.
type wide struct{ width float32 }

func (w wide) Layout(objects []fyne.CanvasObject, size fyne.Size) { thin{}.Layout(objects, size) }

func (w wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(w.width, heightAt(objects[0], w.width))
}
