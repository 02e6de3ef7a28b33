package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// press is what everything that can be pressed has in common: by mouse, and by Enter
// or Space while it has the focus. The widget around it draws hovered and focused.
type press struct {
	widget.DisableableWidget
	hovered, focused bool
	tapped           func()
	// hover, if set, is told when the mouse comes and goes.
	hover func(in bool)
	// escape, if set, is what Escape does.
	escape func()
}

// onEscape sets what Escape does, where nothing else wants it.
func (p *press) onEscape(do func()) {
	if p.escape == nil {
		p.escape = do
	}
}

func (p *press) act() {
	if !p.Disabled() && p.tapped != nil {
		p.tapped()
	}
}

func (p *press) Tapped(*fyne.PointEvent) { p.act() }

func (p *press) TypedRune(rune) {}

func (p *press) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.act()
	case fyne.KeyEscape:
		if p.escape != nil {
			p.escape()
		}
	}
}

func (p *press) FocusGained() {
	p.focused = true
	p.Refresh()
}

func (p *press) FocusLost() {
	p.focused = false
	p.Refresh()
}

func (p *press) MouseMoved(*desktop.MouseEvent) {}

func (p *press) MouseIn(*desktop.MouseEvent) {
	p.hovered = true
	p.Refresh()
	if p.hover != nil {
		p.hover(true)
	}
}

func (p *press) MouseOut() {
	p.hovered = false
	p.Refresh()
	if p.hover != nil {
		p.hover(false)
	}
}

func (p *press) Cursor() desktop.Cursor {
	if p.Disabled() || p.tapped == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// ringGap is how far the outline of the focus lies outside of what has it: beside a
// ground in the same colour it must be seen too.
const ringGap = 3

// newRing is the outline of what has the focus; showRing makes it visible, and
// placeRing lays it around a widget of a size.
func newRing(radius float32) *panel { return newPanel(ColourNone, ColourNone, radius) }

func showRing(ring *panel, on bool) {
	if on {
		ring.set(ColourNone, ColourAccent, 2)
		return
	}
	ring.set(ColourNone, ColourNone, 0)
}

func placeRing(ring *panel, size fyne.Size) {
	ring.Move(fyne.NewPos(-ringGap, -ringGap))
	ring.Resize(size.AddWidthHeight(2*ringGap, 2*ringGap))
}
