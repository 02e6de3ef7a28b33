package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Progress is a thin bar. It moves to a new value evenly, within 120 milliseconds.
type Progress struct {
	widget.BaseWidget
	value   float32
	shown   float32
	unknown bool
	kind    Kind
	run     *fyne.Animation
}

// ProgressBar is a bar at nothing.
func ProgressBar() *Progress {
	p := &Progress{kind: Accent}
	p.ExtendBaseWidget(p)
	return p
}

// SetValue moves the bar to a share of 0 to 1.
func (p *Progress) SetValue(value float64) {
	to := float32(min(1, max(0, value)))
	if to == p.value && !p.unknown {
		return
	}
	p.stop()
	from := p.shown
	if p.unknown {
		from = to
	}
	p.value, p.unknown = to, false
	p.run = fyne.NewAnimation(120*time.Millisecond, func(done float32) {
		p.shown = from + (to-from)*done
		p.Refresh()
	})
	p.run.Start()
}

// Value is the share that the bar stands for.
func (p *Progress) Value() float64 { return float64(p.value) }

// SetUnknown says that nobody knows how long it takes: a part of the bar wanders
// evenly.
func (p *Progress) SetUnknown() {
	if p.unknown {
		return
	}
	p.stop()
	p.unknown = true
	p.run = fyne.NewAnimation(2*time.Second, func(done float32) {
		p.shown = done
		p.Refresh()
	})
	p.run.Curve = fyne.AnimationLinear
	p.run.RepeatCount = fyne.AnimationRepeatForever
	p.run.Start()
}

// SetKind colours the bar: Accent while it runs, Good, Warning or Failure at the end.
func (p *Progress) SetKind(kind Kind) {
	p.kind = kind
	p.Refresh()
}

// Stop ends all motion.
func (p *Progress) Stop() {
	p.stop()
	p.unknown = false
	p.shown = p.value
	p.Refresh()
}

func (p *Progress) stop() {
	if p.run != nil {
		p.run.Stop()
		p.run = nil
	}
}

// barHeight is that of thin bars.
const barHeight = 6

// span is the filled part of the bar at a width.
func (p *Progress) span(width float32) (from, to float32) {
	if !p.unknown {
		return 0, width * p.shown
	}
	const part = 0.25
	from = width * (p.shown*(1+part) - part)
	return max(0, from), min(width, from+part*width)
}

// CreateRenderer draws the groove and the filled part.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	groove := newPanel(colourGroove, ColourNone, barHeight/2)
	filled := newPanel(ColourAccent, ColourNone, barHeight/2)
	r := &renderer{objects: []fyne.CanvasObject{groove, filled}}
	r.min = func() fyne.Size { return fyne.NewSize(narrowest, barHeight) }
	r.layout = func(size fyne.Size) {
		y := float32(int((size.Height - barHeight) / 2))
		groove.Move(fyne.NewPos(0, y))
		groove.Resize(fyne.NewSize(size.Width, barHeight))
		from, to := p.span(size.Width)
		filled.Hidden = to-from < 1
		filled.Move(fyne.NewPos(from, y))
		filled.Resize(fyne.NewSize(max(0, to-from), barHeight))
	}
	r.refresh = func() {
		words, _ := p.kind.colours()
		filled.set(words, ColourNone, 0)
		groove.Refresh()
		r.layout(p.Size())
	}
	r.refresh()
	return r
}

// SizePart is a part of a capacity.
type SizePart struct {
	// Share is the part of the whole, 0 to 1.
	Share float64
	Text  string
	Kind  Kind
}

// Capacity shows how a capacity is shared out, with a legend below.
type Capacity struct {
	widget.BaseWidget
	parts []SizePart
}

// SizeBar shows how a capacity is shared out. What the parts leave is free. Parts
// without a text have no legend.
func SizeBar(parts []SizePart) *Capacity {
	c := &Capacity{parts: parts}
	c.ExtendBaseWidget(c)
	return c
}

// SetParts shows other parts.
func (c *Capacity) SetParts(parts []SizePart) {
	c.parts = parts
	c.Refresh()
}

// CreateRenderer draws the groove, the parts beside each other, and the legend.
func (c *Capacity) CreateRenderer() fyne.WidgetRenderer {
	r := &capacityRenderer{c: c, groove: newPanel(colourGroove, ColourNone, barHeight/2)}
	r.Refresh()
	return r
}

type capacityRenderer struct {
	c      *Capacity
	groove *panel
	bars   []*panel
	legend *fyne.Container
}

func (r *capacityRenderer) Destroy() {}

func (r *capacityRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.groove}
	for _, b := range r.bars {
		all = append(all, b)
	}
	return append(all, r.legend)
}

func (r *capacityRenderer) MinSize() fyne.Size {
	size := fyne.NewSize(narrowest, barHeight)
	if len(r.legend.Objects) > 0 {
		m := r.legend.MinSize()
		size = fyne.NewSize(max(size.Width, m.Width), barHeight+Step+m.Height)
	}
	return size
}

func (r *capacityRenderer) Layout(size fyne.Size) {
	r.groove.Move(fyne.Position{})
	r.groove.Resize(fyne.NewSize(size.Width, barHeight))
	x := float32(0)
	for i, b := range r.bars {
		width := min(size.Width-x, size.Width*float32(max(0, r.c.parts[i].Share)))
		b.Move(fyne.NewPos(x, 0))
		b.Resize(fyne.NewSize(max(0, width-1), barHeight))
		x += width
	}
	r.legend.Move(fyne.NewPos(0, barHeight+Step))
	r.legend.Resize(fyne.NewSize(size.Width, r.legend.MinSize().Height))
}

func (r *capacityRenderer) Refresh() {
	r.bars = r.bars[:0]
	var legend []fyne.CanvasObject
	for _, p := range r.c.parts {
		colour, _ := p.Kind.colours()
		r.bars = append(r.bars, newPanel(colour, ColourNone, barHeight/2))
		if p.Text != "" {
			legend = append(legend, legendItem(p.Text, colour))
		}
	}
	r.legend = Row(12, legend...)
	r.Layout(r.c.Size())
	r.groove.Refresh()
}

func legendItem(text string, colour fyne.ThemeColorName) fyne.CanvasObject {
	words := Note(text)
	words.wraps = false
	return Row(Step, sized(newPanel(colour, ColourNone, 2), 8, 8), words)
}
