package widgets

import "fyne.io/fyne/v2"

// askWidth is that of a question, in device-independent pixels.
const askWidth = 480

// Ask lays a question over a window: a title, a text, and the answers at the right,
// the one that leads on last, which has the focus unless it destroys something.
// Escape closes the question, and each answer does before it acts. text may be "",
// content, between text and answers, nil. It returns what closes the question without an answer.
func Ask(c fyne.Canvas, title, text string, content fyne.CanvasObject, answers ...*Button) (dismiss func()) {
	var parts []fyne.CanvasObject
	if text != "" {
		parts = append(parts, Body(text))
	}
	if content != nil {
		parts = append(parts, content)
	}
	d := NewDialog(c, title, askWidth, Column(12, parts...), answers...)
	for _, a := range answers {
		act := a.tapped
		a.tapped = func() {
			d.Hide()
			if act != nil {
				act()
			}
		}
	}
	d.Show()
	if n := len(answers); n > 0 {
		safe := answers[n-1]
		if safe.kind == danger {
			safe = answers[0]
		}
		c.Focus(safe)
	}
	return d.Hide
}
