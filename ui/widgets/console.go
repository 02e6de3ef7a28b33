package widgets

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The colours of a text console, which no theme changes: grey on black.
var (
	consoleGround = color.NRGBA{0x10, 0x12, 0x15, 0xff}
	consoleText   = color.NRGBA{0xd3, 0xd7, 0xdc, 0xff}
)

// consolePad is the margin within a Console, consoleMost the most lines it draws.
const (
	consolePad  = 12
	consoleMost = 60
)

// Console shows lines as a text console of a number of columns does. It is as
// wide as those columns, in a smaller face where there is less room.
type Console struct {
	widget.BaseWidget
	columns int
	lines   []string
}

// NewConsole is an empty console.
func NewConsole(columns int) *Console {
	c := &Console{columns: columns}
	c.ExtendBaseWidget(c)
	return c
}

// SetLines shows lines; those beyond the 60th are not drawn.
func (c *Console) SetLines(lines []string) {
	lines = lines[:min(len(lines), consoleMost)]
	if slices.Equal(lines, c.lines) {
		return
	}
	c.lines = slices.Clone(lines)
	c.Refresh()
}

// Lines are those that are shown.
func (c *Console) Lines() []string { return slices.Clone(c.lines) }

// CreateRenderer draws a ground and one text a line.
func (c *Console) CreateRenderer() fyne.WidgetRenderer {
	r := &consoleRenderer{c: c, ground: canvas.NewRectangle(consoleGround)}
	r.ground.CornerRadius = c.Theme().Size(theme.SizeNameInputRadius)
	r.build()
	return r
}

type consoleRenderer struct {
	c      *Console
	ground *canvas.Rectangle
	texts  []*canvas.Text
}

// size is that of the face at a width, in device-independent pixels: 12 where
// all columns have room.
func (r *consoleRenderer) size(width float32) float32 {
	full := fyne.MeasureText(strings.Repeat("m", r.c.columns), 12, fyne.TextStyle{Monospace: true}).Width
	if width <= 0 || width-2*consolePad >= full {
		return 12
	}
	return max(6, 12*(width-2*consolePad)/full)
}

func (r *consoleRenderer) build() {
	for len(r.texts) < len(r.c.lines) {
		t := canvas.NewText("", consoleText)
		t.TextStyle.Monospace = true
		r.texts = append(r.texts, t)
	}
	r.texts = r.texts[:len(r.c.lines)]
	size := r.size(r.c.Size().Width)
	for i, t := range r.texts {
		t.Text, t.TextSize = r.c.lines[i], size
	}
}

func (r *consoleRenderer) line() float32 { return r.size(r.c.Size().Width) * 1.35 }

func (r *consoleRenderer) MinSize() fyne.Size {
	return fyne.NewSize(200, float32(max(1, len(r.c.lines)))*r.line()+2*consolePad)
}

func (r *consoleRenderer) Layout(size fyne.Size) {
	r.build()
	full := fyne.MeasureText(strings.Repeat("m", r.c.columns), r.size(size.Width), fyne.TextStyle{Monospace: true}).Width
	r.ground.Resize(fyne.NewSize(min(size.Width, full+2*consolePad), size.Height))
	for i, t := range r.texts {
		place(t, consolePad, consolePad+float32(i)*r.line(), size.Width-2*consolePad, r.line())
	}
}

func (r *consoleRenderer) Refresh() {
	r.Layout(r.c.Size())
	r.ground.Refresh()
	for _, t := range r.texts {
		t.Refresh()
	}
	canvas.Refresh(r.c)
}

func (r *consoleRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.ground}
	for _, t := range r.texts {
		objects = append(objects, t)
	}
	return objects
}

func (r *consoleRenderer) Destroy() {}
