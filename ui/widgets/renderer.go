package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// renderer draws a widget by three functions, so that a widget is one file and not
// two types.
type renderer struct {
	objects []fyne.CanvasObject
	min     func() fyne.Size
	layout  func(fyne.Size)
	refresh func()
}

func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) MinSize() fyne.Size           { return r.min() }
func (r *renderer) Layout(size fyne.Size)        { r.layout(size) }
func (r *renderer) Destroy()                     {}

func (r *renderer) Refresh() {
	if r.refresh != nil {
		r.refresh()
	}
}

// over draws objects above each other, each as large as the widget.
func over(refresh func(), objects ...fyne.CanvasObject) *renderer {
	r := &renderer{objects: objects}
	r.min = func() fyne.Size {
		var size fyne.Size
		for _, o := range objects {
			size = size.Max(o.MinSize())
		}
		return size
	}
	r.layout = func(size fyne.Size) {
		for _, o := range objects {
			o.Move(fyne.Position{})
			o.Resize(size)
		}
	}
	r.refresh = func() {
		if refresh != nil {
			refresh()
		}
		for _, o := range objects {
			o.Refresh()
		}
	}
	return r
}

// panel is a rectangle in colours of the theme: what cards, pills and buttons lie on.
type panel struct {
	widget.BaseWidget
	fill, line fyne.ThemeColorName
	radius     float32
	width      float32
}

func newPanel(fill, line fyne.ThemeColorName, radius float32) *panel {
	p := &panel{fill: fill, line: line, radius: radius, width: 1}
	p.ExtendBaseWidget(p)
	return p
}

func (p *panel) set(fill, line fyne.ThemeColorName, width float32) {
	if p.fill == fill && p.line == line && p.width == width {
		return
	}
	p.fill, p.line, p.width = fill, line, width
	p.Refresh()
}

func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	rect := canvas.NewRectangle(nil)
	r := over(func() {
		rect.FillColor = theme.ColorForWidget(p.fill, p)
		rect.StrokeColor = theme.ColorForWidget(p.line, p)
		rect.StrokeWidth = p.width
		if p.line == ColourNone {
			rect.StrokeWidth = 0
		}
		rect.CornerRadius = p.radius
	}, rect)
	r.refresh()
	return r
}
