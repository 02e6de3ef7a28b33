package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// measure is how wide a text is.
type measure func(text string, size float32, style fyne.TextStyle) float32

// exactly measures with all that a face does; for short lists.
func exactly(text string, size float32, style fyne.TextStyle) float32 {
	return fyne.MeasureText(text, size, style).Width
}

// advances measures by adding up the widths of characters, each of which it asks
// for once: off by the kerning of the face, at most too wide by a twelfth, and a
// hundred times quicker, which long lists need while a person types.
type advances map[advance]float32

type advance struct {
	r    rune
	size float32
	bold bool
}

func (a advances) measure(text string, size float32, style fyne.TextStyle) float32 {
	var sum float32
	for _, r := range text {
		k := advance{r, size, style.Bold}
		w, ok := a[k]
		if !ok {
			// Eight of them, for Fyne rounds up to whole pixels.
			s := string(r)
			w = fyne.MeasureText(s+s+s+s+s+s+s+s, size, style).Width / 8
			a[k] = w
		}
		sum += w
	}
	return sum
}

// put writes text into o, shortened with an ellipsis to width, and returns how
// wide it is.
func put(o *canvas.Text, text string, c color.Color, width float32, m measure) float32 {
	short, w := ellipsis(text, o.TextSize, o.TextStyle, width, m)
	if o.Text != short || o.Color != c {
		o.Text, o.Color = short, c
		o.Resize(fyne.NewSize(w, o.TextSize*1.4))
		o.Refresh()
	}
	return w
}

// ellipsis shortens text to width and returns it with its width. A text that
// does not fit is cut in proportion, and then a little more as long as needed:
// measuring is what costs time here.
func ellipsis(text string, size float32, style fyne.TextStyle, width float32, m measure) (string, float32) {
	if text == "" || width <= 0 {
		return "", 0
	}
	w := m(text, size, style)
	if w <= width {
		return text, w
	}
	if width < size {
		return "", 0
	}
	runes := []rune(text)
	n := int(float32(len(runes)) * (width - size) / w)
	for n > 0 {
		short := string(runes[:n]) + "…"
		if w = m(short, size, style); w <= width {
			return short, w
		}
		n -= 1 + n/24
	}
	return "…", size
}

// place moves and resizes o.
func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// reveal shows or hides o.
func reveal(o fyne.CanvasObject, yes bool) {
	if yes == o.Visible() {
		return
	}
	if yes {
		o.Show()
		return
	}
	o.Hide()
}
