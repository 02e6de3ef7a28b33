package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Stages is a strip of numbered steps: those done, the current one, those to come.
type Stages struct {
	widget.BaseWidget
	titles  []string
	current int
	box     *fyne.Container
}

// Steps is a strip of numbered steps, at the first.
func Steps(titles ...string) *Stages {
	s := &Stages{titles: titles, box: Row(12)}
	s.ExtendBaseWidget(s)
	s.fill()
	return s
}

// SetCurrent goes to a step, counted from 0; a number past the last one says that all
// are done.
func (s *Stages) SetCurrent(i int) {
	s.current = i
	s.fill()
	s.Refresh()
}

// Current is the step that the strip is at.
func (s *Stages) Current() int { return s.current }

func (s *Stages) fill() {
	s.box.Objects = nil
	for i, title := range s.titles {
		if i > 0 {
			s.box.Add(sized(newPanel(ColourLine, ColourNone, 0), 32, 1))
		}
		s.box.Add(s.stage(i, title))
	}
}

func (s *Stages) stage(i int, title string) fyne.CanvasObject {
	disc := newPanel(ColourNone, ColourEdge, 12)
	number := newText(strconv.Itoa(i+1), SizeNote, ColourQuiet, fyne.TextStyle{Bold: true}, false)
	number.align = fyne.TextAlignCenter
	mark := fyne.CanvasObject(number)
	words := Line(title).Coloured(ColourQuiet)
	switch {
	case i < s.current:
		disc = newPanel(ColourTint, ColourNone, 12)
		mark = newGlyph("check", ColourAccent, 14)
	case i == s.current:
		disc = newPanel(ColourAccent, ColourNone, 12)
		number.colour = ColourOnAccent
		words = Line(title).Bold()
	}
	return Row(Gap, sized(stacked(disc, mark), 24, 24), words)
}

// CreateRenderer draws the row.
func (s *Stages) CreateRenderer() fyne.WidgetRenderer { return over(nil, s.box) }
