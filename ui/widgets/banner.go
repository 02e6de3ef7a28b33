package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Banner says something that concerns the whole page, with an action that helps.
// actionText may be "".
func Banner(kind Kind, text, actionText string, tapped func()) *fyne.Container {
	colour, ground := kind.colours()
	icon := newGlyph(kind.icon(), colour, 18)
	parts := []fyne.CanvasObject{icon, Fill(Body(text))}
	if actionText != "" {
		parts = append(parts, Plain(actionText, "", tapped))
	}
	return container.NewStack(newPanel(ground, ColourNone, radius), Inset(Gap, 12, Row(12, parts...)))
}
