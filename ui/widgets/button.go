package widgets

import (
	"fyne.io/fyne/v2"
)

// buttonKind says how much weight a button has.
type buttonKind int

const (
	plain buttonKind = iota
	primary
	danger
	// bare has no ground until the mouse is over it.
	bare
)

// Button is pressed by mouse, Enter and Space.
type Button struct {
	press
	kind       buttonKind
	text, icon string
	tip        string
}

func newButton(kind buttonKind, text, icon string, tapped func()) *Button {
	b := &Button{kind: kind, text: text, icon: icon}
	b.tapped = tapped
	b.hover = b.showTip
	b.ExtendBaseWidget(b)
	return b
}

// Primary is the one button of a page that leads on. icon may be "".
func Primary(text, icon string, tapped func()) *Button {
	return newButton(primary, text, icon, tapped)
}

// Plain is an ordinary button. icon may be "".
func Plain(text, icon string, tapped func()) *Button {
	return newButton(plain, text, icon, tapped)
}

// Danger is a button that destroys something. icon may be "".
func Danger(text, icon string, tapped func()) *Button {
	return newButton(danger, text, icon, tapped)
}

// IconButton is an icon alone; what it does is said while the mouse rests on it or it
// has the focus (see Tips).
func IconButton(icon, tooltip string, tapped func()) *Button {
	b := newButton(bare, "", icon, tapped)
	b.tip = tooltip
	return b
}

// Link is a button without an edge, for what is at hand beside other things.
func Link(text, icon string, tapped func()) *Button {
	return newButton(bare, text, icon, tapped)
}

// SetText changes the words.
func (b *Button) SetText(text string) {
	if b.text != text {
		b.text = text
		b.Refresh()
	}
}

// Text is what stands on the button.
func (b *Button) Text() string { return b.text }

// SetIcon changes the icon; "" takes it away.
func (b *Button) SetIcon(icon string) {
	if b.icon != icon {
		b.icon = icon
		b.Refresh()
	}
}

// SetTip changes what is said while the mouse rests on the button.
func (b *Button) SetTip(tip string) { b.tip = tip }

// Tip is what is said while the mouse rests on the button.
func (b *Button) Tip() string { return b.tip }

// SetTapped changes what a press does.
func (b *Button) SetTapped(tapped func()) { b.tapped = tapped }

// Press does what a tap does.
func (b *Button) Press() { b.act() }

func (b *Button) showTip(in bool) {
	if in && b.tip != "" {
		showTip(b, b.tip)
		return
	}
	hideTip(b)
}

// FocusGained shows the focus, and what the button does.
func (b *Button) FocusGained() {
	b.press.FocusGained()
	intoSight(b)
	b.showTip(true)
}

// FocusLost hides what FocusGained showed.
func (b *Button) FocusLost() {
	b.press.FocusLost()
	b.showTip(false)
}

// colours are the button's ground, outline and words.
func (b *Button) colours() (ground, line, words fyne.ThemeColorName) {
	switch {
	case b.Disabled() && b.kind == bare:
		return ColourNone, ColourNone, ColourDisabled
	case b.Disabled():
		return colourDisabledButton, ColourNone, ColourDisabled
	case b.kind == primary:
		return ColourAccent, ColourNone, ColourOnAccent
	case b.kind == danger:
		return ColourDanger, ColourNone, ColourOnDanger
	case b.kind == bare:
		return ColourNone, ColourNone, ColourText
	}
	return ColourRaised, ColourEdge, ColourText
}

// CreateRenderer draws ground, hover, words and focus above each other.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	ground := newPanel(ColourNone, ColourNone, radiusSmall)
	veil := newPanel(ColourNone, ColourNone, radiusSmall)
	focus := newRing(radiusSmall + ringGap)
	icon := newGlyph("", ColourText, 18)
	words := newText("", SizeBody, ColourText, fyne.TextStyle{Bold: true}, false)
	objects := []fyne.CanvasObject{ground, veil, icon, words, focus}
	r := &renderer{objects: objects}
	r.min = func() fyne.Size {
		width := float32(0)
		if b.icon != "" {
			width += 18
		}
		if b.text != "" {
			width += words.MinSize().Width
		}
		if b.icon != "" && b.text != "" {
			width += Gap
		}
		if b.text == "" {
			return fyne.NewSize(ControlHeight, ControlHeight)
		}
		return fyne.NewSize(ceil(width)+2*14, ControlHeight)
	}
	r.layout = func(size fyne.Size) {
		ground.Resize(size)
		veil.Resize(size)
		placeRing(focus, size)
		b.layoutWords(icon, words, size)
	}
	r.refresh = func() {
		fill, line, colour := b.colours()
		ground.set(fill, line, 1)
		veil.set(b.veil(), ColourNone, 0)
		showRing(focus, b.focused)
		icon.colour = colour
		icon.SetIcon(b.icon)
		icon.Hidden = b.icon == ""
		words.colour = colour
		words.Hidden = b.text == ""
		words.text = b.text
		words.Refresh()
		b.layoutWords(icon, words, b.Size())
	}
	r.refresh()
	return r
}

func (b *Button) veil() fyne.ThemeColorName {
	if b.hovered && !b.Disabled() {
		return ColourHover
	}
	return ColourNone
}

// layoutWords puts icon and words into the middle, together.
func (b *Button) layoutWords(icon *Glyph, words *Text, size fyne.Size) {
	room := size.Width - 2*Gap
	width := float32(0)
	if b.icon != "" {
		width = 18
		if b.text != "" {
			width += Gap
		}
	}
	text := float32(0)
	if b.text != "" {
		text = max(0, min(words.MinSize().Width, room-width))
	}
	x := float32(int((size.Width - width - text) / 2))
	icon.Move(fyne.NewPos(x, 0))
	icon.Resize(fyne.NewSize(18, size.Height))
	words.Move(fyne.NewPos(x+width, 0))
	words.Resize(fyne.NewSize(text, size.Height))
}
