package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Labelled is a control with its label above and its note, or its problem, below.
type Labelled struct {
	widget.BaseWidget
	label   *Text
	note    *Text
	problem *Text
	fault   *fyne.Container
	box     *fyne.Container
}

// FieldOption changes how a field is laid out.
type FieldOption func(*fieldOptions)

type fieldOptions struct {
	width  float32
	beside fyne.CanvasObject
}

// Width makes the control a width, in device-independent pixels, instead of the
// form's: as wide as what is typed there.
func Width(width float32) FieldOption {
	return func(o *fieldOptions) { o.width = width }
}

// Beside puts an object at the right of the label: a counter, a link.
func Beside(object fyne.CanvasObject) FieldOption {
	return func(o *fieldOptions) { o.beside = object }
}

// Field puts a label above a control and a note below it. Both may be "".
func Field(label, note string, control fyne.CanvasObject, options ...FieldOption) *Labelled {
	var opts fieldOptions
	for _, o := range options {
		o(&opts)
	}
	f := &Labelled{
		label:   newText(label, SizeBody, ColourText, fyne.TextStyle{Bold: true}, false).Room(headRoom),
		note:    Note(note),
		problem: Note("").Coloured(ColourDanger),
	}
	head := fyne.CanvasObject(f.label)
	f.label.Hidden = label == ""
	if opts.beside != nil {
		head = Row(Gap, Fill(f.label), opts.beside)
	}
	if opts.width > 0 {
		control = container.New(column{most: opts.width}, control)
	}
	f.fault = container.New(marked{}, newGlyph("error", ColourDanger, 16), f.problem)
	f.fault.Hide()
	f.note.Hidden = note == ""
	if label == "" && opts.beside == nil {
		head.Hide()
	}
	f.box = container.New(column{gap: Step}, head, control, f.note, f.fault)
	f.ExtendBaseWidget(f)
	return f
}

// SetNote changes the note; "" takes it away.
func (f *Labelled) SetNote(note string) {
	f.note.SetText(note)
	f.arrange()
}

// SetProblem says below the control what is wrong with it; "" takes that away.
func (f *Labelled) SetProblem(problem string) {
	if problem == f.problem.text {
		return
	}
	f.problem.SetText(problem)
	f.arrange()
}

// Problem is what SetProblem said.
func (f *Labelled) Problem() string { return f.problem.text }

func (f *Labelled) arrange() {
	f.note.Hidden = f.note.text == ""
	f.fault.Hidden = f.problem.text == ""
	f.box.Refresh()
	f.Refresh()
}

// CreateRenderer draws the box.
func (f *Labelled) CreateRenderer() fyne.WidgetRenderer {
	return over(nil, f.box)
}

// marked puts a mark of 16 units before a wrapping note.
type marked struct{}

func (marked) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSquareSize(16))
	objects[1].Move(fyne.NewPos(20, 0))
	objects[1].Resize(fyne.NewSize(max(0, size.Width-20), size.Height))
}

func (marked) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := objects[1].MinSize()
	return fyne.NewSize(m.Width+20, max(16, m.Height))
}
