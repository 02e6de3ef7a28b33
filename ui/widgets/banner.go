package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Banner says something that concerns the whole page, with an action that helps.
// actionText may be "".
func Banner(kind Kind, text, actionText string, tapped func()) *fyne.Container {
	if actionText == "" {
		return Notice(kind, text)
	}
	return Notice(kind, text, Plain(actionText, "", tapped))
}

// Notice says something that concerns the whole page, with what can be done about
// it at the right.
func Notice(kind Kind, text string, actions ...fyne.CanvasObject) *fyne.Container {
	colour, ground := kind.colours()
	icon := newGlyph(kind.icon(), colour, 18)
	parts := append([]fyne.CanvasObject{icon, Fill(Body(text))}, actions...)
	return container.NewStack(newPanel(ground, ColourNone, radius), Inset(Gap, 12, Row(12, parts...)))
}
