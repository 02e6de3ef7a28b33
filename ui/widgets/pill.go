package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Kind says what a pill, a banner or a cell speaks of.
type Kind int

// The kinds.
const (
	Neutral Kind = iota
	Accent
	Good
	Warning
	Failure
)

// colours are a kind's words and ground.
func (k Kind) colours() (words, ground fyne.ThemeColorName) {
	switch k {
	case Accent:
		return ColourAccent, ColourTint
	case Good:
		return ColourGood, ColourGoodTint
	case Warning:
		return ColourWarning, ColourWarningTint
	case Failure:
		return ColourDanger, ColourDangerTint
	}
	return ColourQuiet, colourPill
}

// icon goes with a kind, so that colour never speaks alone.
func (k Kind) icon() string {
	switch k {
	case Good:
		return "check"
	case Warning:
		return "warning"
	case Failure:
		return "error"
	}
	return "info"
}

// Badge is a word or a number on a small rounded ground.
type Badge struct {
	widget.BaseWidget
	text string
	kind Kind
}

// Pill is a word or a number on a small rounded ground.
func Pill(text string, kind Kind) *Badge {
	b := &Badge{text: text, kind: kind}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes word and kind.
func (b *Badge) Set(text string, kind Kind) {
	b.text, b.kind = text, kind
	b.Refresh()
}

// CreateRenderer draws ground and word, 20 units high.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	ground := newPanel(ColourNone, ColourNone, 10)
	words := newText("", SizeNote, ColourQuiet, fyne.TextStyle{Bold: true}, false)
	words.align = fyne.TextAlignCenter
	r := &renderer{objects: []fyne.CanvasObject{ground, words}}
	r.min = func() fyne.Size { return fyne.NewSize(max(20, words.MinSize().Width+2*Gap), 20) }
	r.layout = func(size fyne.Size) {
		y := float32(int((size.Height - 20) / 2))
		ground.Move(fyne.NewPos(0, y))
		ground.Resize(fyne.NewSize(size.Width, 20))
		words.Move(fyne.NewPos(4, y))
		words.Resize(fyne.NewSize(size.Width-8, 20))
	}
	r.refresh = func() {
		colour, fill := b.kind.colours()
		ground.set(fill, ColourNone, 0)
		words.text, words.colour = b.text, colour
		words.Refresh()
	}
	r.refresh()
	return r
}
