package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Card is a surface with a thin line around it, for what belongs together. title and
// note may be "".
func Card(title, note string, content fyne.CanvasObject) *fyne.Container {
	var parts []fyne.CanvasObject
	var head []fyne.CanvasObject
	if title != "" {
		head = append(head, Section(title))
	}
	if note != "" {
		head = append(head, Note(note))
	}
	if len(head) > 0 {
		parts = append(parts, Column(2, head...))
	}
	if content != nil {
		parts = append(parts, content)
	}
	return container.NewStack(newPanel(ColourSurface, ColourLine, radius), Inset(Margin, Margin, Column(12, parts...)))
}

// Tile is a card that is chosen as a whole.
type Tile struct {
	press
	chosen  bool
	title   *Text
	text    *Text
	content fyne.CanvasObject
}

// pictureHeight is that of the drawings at the head of tiles.
const pictureHeight = 120

// TapCard is a card with a picture, a title and a sentence, that is pressed as a
// whole. picture may be nil.
func TapCard(picture fyne.Resource, title, text string, tapped func()) *Tile {
	t := &Tile{
		title: newText(title, SizeBody, ColourText, fyne.TextStyle{Bold: true}, true),
		text:  Note(text),
	}
	t.tapped = tapped
	words := []fyne.CanvasObject{t.title}
	if text != "" {
		words = append(words, t.text)
	}
	var parts []fyne.CanvasObject
	if picture != nil {
		ground := newPanel(ColourTint, ColourNone, radiusSmall)
		parts = append(parts, container.New(high{pictureHeight}, ground, newPicture(picture)))
	}
	t.content = Inset(12, 12, Column(12, append(parts, Column(Step, words...))...))
	t.ExtendBaseWidget(t)
	return t
}

// ContentCard is a card with content of any kind, that is pressed as a whole.
func ContentCard(content fyne.CanvasObject, tapped func()) *Tile {
	t := &Tile{content: Inset(12, 12, content)}
	t.tapped = tapped
	t.ExtendBaseWidget(t)
	return t
}

// SetChosen marks the card as the one of several that counts.
func (t *Tile) SetChosen(on bool) {
	if t.chosen != on {
		t.chosen = on
		t.Refresh()
	}
}

// Chosen tells whether the card is marked.
func (t *Tile) Chosen() bool { return t.chosen }

// FocusGained shows the focus.
func (t *Tile) FocusGained() {
	t.press.FocusGained()
	intoSight(t)
}

// Press does what a tap does.
func (t *Tile) Press() { t.act() }

// CreateRenderer draws surface, hover, content and focus above each other.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	ground := newPanel(ColourSurface, ColourLine, radius)
	veil := newPanel(ColourNone, ColourNone, radius)
	focus := newRing(radius + ringGap)
	draw := func() {
		switch {
		case t.chosen:
			ground.set(ColourTint, ColourAccent, 1)
		case t.hovered && !t.Disabled():
			ground.set(ColourSurface, ColourEdge, 1)
		default:
			ground.set(ColourSurface, ColourLine, 1)
		}
		if t.title != nil {
			words, quiet := ColourText, ColourQuiet
			if t.Disabled() {
				words, quiet = ColourQuiet, ColourQuiet
			}
			t.title.Coloured(words)
			t.text.Coloured(quiet)
		}
		veil.set(ColourNone, ColourNone, 0)
		if t.hovered && !t.Disabled() {
			veil.set(ColourHover, ColourNone, 0)
		}
		showRing(focus, t.focused)
	}
	r := over(nil, ground, veil, t.content, focus)
	all := r.layout
	r.layout = func(size fyne.Size) {
		all(size)
		placeRing(focus, size)
	}
	r.min = t.content.MinSize
	r.refresh = draw
	draw()
	return r
}
