package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Page is a header with title, note and actions above a body that takes what is
// left. The body brings its own margins, mostly by PageBody. note may be "".
func Page(title, note string, actions []fyne.CanvasObject, body fyne.CanvasObject) *fyne.Container {
	var words fyne.CanvasObject
	if note != "" {
		words = Body(note).Coloured(ColourQuiet)
	}
	header := InsetEach(MarginWide, MarginWide, Margin, MarginWide, Heading(Title(title), words, actions...))
	// The header is drawn last, on a ground of its own: Fyne draws a field that has a
	// scroller of its own beyond the edge of the scroller around it.
	return container.New(topped{}, body, container.NewStack(newPanel(ColourGround, ColourNone, 0), header))
}

// topped gives the second object, which is above the first, the height it needs at
// the full width, and the first the rest.
type topped struct{}

func (topped) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	top := heightAt(objects[1], size.Width)
	objects[1].Move(fyne.Position{})
	objects[1].Resize(fyne.NewSize(size.Width, top))
	objects[0].Move(fyne.NewPos(0, top))
	objects[0].Resize(fyne.NewSize(size.Width, max(0, size.Height-top)))
}

func (topped) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height)
}

// PageBody is a body that scrolls, with the page's margins around it.
func PageBody(content fyne.CanvasObject) fyne.CanvasObject {
	return Scroll(InsetEach(0, MarginWide, MarginWide, MarginWide, content))
}

// Empty stands where there is nothing yet: an icon, one sentence, one button that
// changes that. buttonText may be "".
func Empty(icon, sentence, buttonText string, tapped func()) *fyne.Container {
	if buttonText == "" {
		return EmptyWith(icon, sentence)
	}
	return EmptyWith(icon, sentence, Primary(buttonText, "", tapped))
}

// EmptyWith is Empty with several ways on, below each other.
func EmptyWith(icon, sentence string, buttons ...fyne.CanvasObject) *fyne.Container {
	words := Body(sentence).Coloured(ColourQuiet).Aligned(fyne.TextAlignCenter)
	parts := []fyne.CanvasObject{
		container.NewCenter(newGlyph(icon, ColourQuiet, 40)),
		words,
	}
	for _, b := range buttons {
		parts = append(parts, container.NewCenter(b))
	}
	return container.New(middle{width: 400}, Column(Margin, parts...))
}

// middle puts an object of a width into the middle, a little above it, where the eye
// looks for it.
type middle struct{ width float32 }

func (m middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(m.width, size.Width-2*Margin)
	height := heightAt(objects[0], width)
	objects[0].Resize(fyne.NewSize(width, height))
	objects[0].Move(fyne.NewPos(float32(int((size.Width-width)/2)), float32(int(max(0, (size.Height-height)*0.42)))))
}

func (m middle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(2*Margin, 0)
}
