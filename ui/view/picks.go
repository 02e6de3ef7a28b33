package view

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/ui/widgets"
)

// pickOption is a choice that needs a sentence. refused says why it cannot be
// chosen now; "": it can.
type pickOption struct{ value, title, text, refused string }

// picks is a choice between few cards.
type picks struct {
	content *fyne.Container
	tiles   []*widgets.Tile
	options []pickOption
	pick    func(string)
}

// newPicks are cards in as many columns as have room for least
// device-independent pixels.
func newPicks(least float32, pick func(value string)) *picks {
	return &picks{content: widgets.Cards(least, 12), pick: pick}
}

// set shows options with one of them chosen. The cards stay as long as the
// options do, and with them the focus.
func (p *picks) set(options []pickOption, value string) {
	if !sameOptions(p.options, options) {
		p.options, p.tiles = options, nil
		p.content.Objects = nil
		for _, o := range options {
			text := o.text
			if o.refused != "" {
				text += " " + o.refused
			}
			tile := widgets.TapCard(nil, o.title, text, func() { p.pick(o.value) })
			p.tiles = append(p.tiles, tile)
			p.content.Objects = append(p.content.Objects, tile)
		}
		p.content.Refresh()
	}
	for i, o := range p.options {
		p.tiles[i].SetChosen(o.value == value)
		if o.refused != "" && o.value != value {
			p.tiles[i].Disable()
		} else {
			p.tiles[i].Enable()
		}
	}
}

func sameOptions(a, b []pickOption) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// target is what the focus begins with: the chosen card, or the first.
func (p *picks) target() fyne.Focusable {
	for _, t := range p.tiles {
		if t.Chosen() {
			return t
		}
	}
	if len(p.tiles) > 0 {
		return p.tiles[0]
	}
	return nil
}
