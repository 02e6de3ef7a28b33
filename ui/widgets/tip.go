package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// tipDelay is how long the mouse rests on something before its tip is shown.
const tipDelay = 500 * time.Millisecond

// Tips lays a window's content below the place where tips are shown. What it returns
// must be the window's content itself: buttons find it there.
func Tips(content fyne.CanvasObject) fyne.CanvasObject {
	words := Note("")
	words.wraps = false
	words.colour = ColourText
	box := container.NewStack(newPanel(ColourRaised, ColourEdge, radiusSmall), Inset(4, 8, words))
	box.Hide()
	// Fyne clears windows with a colour that is brighter by 1 %: it divides by
	// 255² where the scale ends at 65535.
	ground := newPanel(ColourGround, ColourNone, 0)
	return container.New(&tipLayer{box: box, words: words}, container.NewStack(ground, content), box)
}

// tipLayer is the layout of Tips: the content everywhere, the tip where it belongs.
type tipLayer struct {
	box   *fyne.Container
	words *Text
	owner fyne.CanvasObject
	wait  *fyne.Animation
}

func (l *tipLayer) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
	l.box.Resize(l.box.MinSize())
}

func (l *tipLayer) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// layerOf finds the layer in the window that an object is shown in; nil where there
// is none.
func layerOf(o fyne.CanvasObject) (*tipLayer, fyne.Size) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return nil, fyne.Size{}
	}
	content, ok := c.Content().(*fyne.Container)
	if !ok {
		return nil, fyne.Size{}
	}
	l, _ := content.Layout.(*tipLayer)
	return l, content.Size()
}

// showTip says text below an object, after a moment.
func showTip(o fyne.CanvasObject, text string) {
	l, size := layerOf(o)
	if l == nil {
		return
	}
	l.stop()
	l.owner = o
	l.wait = fyne.NewAnimation(tipDelay, func(done float32) {
		if done < 1 || l.owner != o {
			return
		}
		l.words.SetText(text)
		box := l.box.MinSize()
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		x := max(Step, min(at.X+(o.Size().Width-box.Width)/2, size.Width-box.Width-Step))
		y := at.Y + o.Size().Height + Step
		if y+box.Height > size.Height {
			y = at.Y - box.Height - Step
		}
		l.box.Resize(box)
		l.box.Move(fyne.NewPos(x, y))
		l.box.Show()
	})
	l.wait.Curve = fyne.AnimationLinear
	l.wait.Start()
}

// hideTip takes away what showTip said about an object.
func hideTip(o fyne.CanvasObject) {
	l, _ := layerOf(o)
	if l == nil || l.owner != o {
		return
	}
	l.stop()
	l.owner = nil
	l.box.Hide()
}

func (l *tipLayer) stop() {
	if l.wait != nil {
		l.wait.Stop()
		l.wait = nil
	}
}
