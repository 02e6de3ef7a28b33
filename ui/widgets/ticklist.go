package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TickRow is one row of a TickList: a title in bold with a quiet Extra behind
// it, a Pill (a short mark) after that, Right at the right end, and Summary in
// a second line. Partial shows the tick as half set, Alarm the row as one that
// something is wrong with.
type TickRow struct {
	ID             string
	Title, Extra   string
	Right, Summary string
	Pill           string
	Ticked         bool
	Partial        bool
	Alarm          bool
}

// tickRowHeight with Fyne's padding of 4 between rows makes a step of 48.
const tickRowHeight = 44

// TickList is a long list of rows of two lines with a tick at the left. Only
// the rows in sight exist; Row is asked for them whenever they are drawn, so it
// must be quick. Space or a click on the tick calls OnTick with what the tick is
// to become; a click elsewhere and the arrow keys, Home, End, Page Up and Page
// Down select; Enter calls OnOpen. OnKey sees every key first and returns true
// where it was used; OnRune hears what is typed, as for a field that searches.
type TickList struct {
	widget.List

	Len      func() int
	Row      func(i int) TickRow
	OnTick   func(i int, ticked bool)
	OnSelect func(i int)
	OnOpen   func(i int)
	OnKey    func(fyne.KeyName) bool
	OnRune   func(rune)

	chosen  int // -1 for none
	focused bool
	widths  advances
}

// NewTickList is a list of length() rows.
func NewTickList(length func() int, row func(i int) TickRow) *TickList {
	l := &TickList{Len: length, Row: row, chosen: -1, widths: advances{}}
	l.Length = func() int { return l.Len() }
	l.CreateItem = func() fyne.CanvasObject { return newTickItem(l) }
	l.UpdateItem = func(i int, o fyne.CanvasObject) { o.(*tickItem).show(i) }
	l.OnSelected = l.tapped
	l.ExtendBaseWidget(l)
	return l
}

// tapped is told of the row that was clicked. The list keeps the selection and
// draws it: Fyne's own would be in the colour of selected text.
func (l *TickList) tapped(i int) {
	l.UnselectAll()
	l.pick(i)
}

func (l *TickList) pick(i int) {
	if l.chosen == i {
		return
	}
	l.Choose(i)
	if l.OnSelect != nil {
		l.OnSelect(i)
	}
}

// Chosen is the selected row, -1 for none.
func (l *TickList) Chosen() int { return l.chosen }

// Choose selects row i and brings it in sight without calling OnSelect; -1
// selects none.
func (l *TickList) Choose(i int) {
	l.chosen = i
	if i < 0 || i >= l.Len() {
		l.chosen = -1
		l.Refresh()
		return
	}
	l.ScrollTo(i)
}

func (l *TickList) tick(i int) {
	if i < 0 || i >= l.Len() || l.OnTick == nil {
		return
	}
	row := l.Row(i)
	l.OnTick(i, row.Partial || !row.Ticked)
	l.RefreshItem(i)
}

// page is how many whole rows are in sight.
func (l *TickList) page() int {
	step := tickRowHeight + l.Theme().Size(theme.SizeNamePadding)
	return max(1, int(l.Size().Height/step)-1)
}

// TypedKey moves the selection and ticks.
func (l *TickList) TypedKey(key *fyne.KeyEvent) {
	if l.OnKey != nil && l.OnKey(key.Name) {
		return
	}
	n := l.Len()
	to := l.chosen
	switch key.Name {
	case fyne.KeyUp:
		to--
	case fyne.KeyDown:
		to++
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = n - 1
	case fyne.KeyPageUp:
		to -= l.page()
	case fyne.KeyPageDown:
		to += l.page()
	case fyne.KeySpace:
		l.tick(l.chosen)
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.chosen >= 0 && l.OnOpen != nil {
			l.OnOpen(l.chosen)
		}
		return
	default:
		passKey(l, key)
		return
	}
	if n > 0 {
		l.pick(max(0, min(to, n-1)))
	}
}

// TypedRune passes on what is typed. Space ticks.
func (l *TickList) TypedRune(r rune) {
	if l.OnRune != nil && r != ' ' {
		l.OnRune(r)
	}
}

// FocusGained shows the focus at the selected row.
func (l *TickList) FocusGained() {
	l.focused = true
	if l.chosen < 0 && l.Len() > 0 {
		l.pick(0)
	}
	l.Refresh()
}

// FocusLost shows the selection without the focus.
func (l *TickList) FocusLost() {
	l.focused = false
	l.Refresh()
}

// tickItem draws one row.
type tickItem struct {
	widget.BaseWidget
	list  *TickList
	index int
	row   TickRow

	box                                  *tickBox
	title, extra, right, summary, pillTx *canvas.Text
	back, pill, mark                     *canvas.Rectangle
	laid                                 tickState
}

// tickState is all that the drawing of a row depends on: a row that is shown
// again as it was costs nothing.
type tickState struct {
	row     TickRow
	size    fyne.Size
	colours [4]color.Color
	chosen  bool
	focused bool
}

// ink is the colour of the title, quiet that of the summary.
func (s tickState) ink(l *TickList) color.Color {
	if s.row.Alarm {
		return colourFor(ColourDanger, l)
	}
	return s.colours[0]
}

func (s tickState) quiet(l *TickList) color.Color {
	if s.row.Alarm {
		return colourFor(ColourDanger, l)
	}
	return s.colours[1]
}

func newTickItem(l *TickList) *tickItem {
	t := &tickItem{list: l, index: -1}
	t.box = newTickBox(l, func() {
		takeFocus(l)
		l.tick(t.index)
	})
	text := func(size float32, bold bool) *canvas.Text {
		o := canvas.NewText("", color.Black)
		o.TextSize, o.TextStyle.Bold = size, bold
		return o
	}
	t.title, t.extra, t.right = text(14, true), text(14, false), text(13, false)
	t.summary, t.pillTx = text(12, false), text(11, false)
	t.pill, t.mark = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	t.back = canvas.NewRectangle(color.Transparent)
	t.back.CornerRadius, t.pill.CornerRadius = radiusSmall, 8
	t.ExtendBaseWidget(t)
	return t
}

func (t *tickItem) show(i int) {
	t.index, t.row = i, t.list.Row(i)
	t.arrange()
}

func (t *tickItem) MinSize() fyne.Size { return fyne.NewSize(120, tickRowHeight) }

func (t *tickItem) Resize(size fyne.Size) {
	if size == t.Size() {
		return
	}
	t.BaseWidget.Resize(size)
	t.arrange()
}

func (t *tickItem) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Objects: []fyne.CanvasObject{
		t.back, t.mark, t.box, t.pill, t.pillTx, t.title, t.extra, t.right, t.summary}})
}

// arrange writes the texts, shortened to the room there is, and places them.
func (t *tickItem) arrange() {
	l := t.list
	chosen := t.index == l.chosen
	now := tickState{row: t.row, size: t.Size(), chosen: chosen, focused: chosen && l.focused, colours: [4]color.Color{
		colourFor(ColourText, l), colourFor(ColourQuiet, l), colourFor(ColourAccent, l), colourFor(colourPill, l)}}
	if now == t.laid || t.index < 0 || now.size.Width <= 0 {
		return
	}
	t.laid = now
	t.box.set(t.row.Ticked, t.row.Partial)
	place(t.box, 4, 0, 36, tickRowHeight)
	t.mark.FillColor, t.back.FillColor = color.Transparent, color.Transparent
	if now.chosen {
		t.back.FillColor = colourFor(ColourTint, l)
	}
	if now.focused {
		t.mark.FillColor = now.colours[2]
	}
	place(t.back, 0, 0, now.size.Width, tickRowHeight)
	place(t.mark, 0, 4, 3, tickRowHeight-8)
	t.back.Refresh()

	const left, gap, pad = 44, 8, 8
	m := l.widths.measure
	room := now.size.Width - left - pad
	w := put(t.right, t.row.Right, now.colours[1], room/2, m)

	t.right.Move(fyne.NewPos(left+room-w, 4))
	if w > 0 {
		room -= w + 2*gap
	}
	pill := float32(0)
	if t.row.Pill != "" {
		pill = put(t.pillTx, t.row.Pill, now.colours[1], room/2, m) + 12
		room -= pill + gap
	}
	x := float32(left)
	w = put(t.title, t.row.Title, now.ink(l), room, m)

	t.title.Move(fyne.NewPos(x, 3))
	x, room = x+w+gap, room-w-gap
	if w = put(t.extra, t.row.Extra, now.colours[1], room, m); w > 0 {
		t.extra.Move(fyne.NewPos(x, 3))
		x += w + gap
	}
	reveal(t.pill, pill > 0)
	reveal(t.pillTx, pill > 0)
	if pill > 0 {
		t.pill.FillColor = now.colours[3]
		place(t.pill, x, 5, pill, 16)
		t.pillTx.Move(fyne.NewPos(x+6, 6))
	}
	put(t.summary, t.row.Summary, now.quiet(l), now.size.Width-left-pad, m)

	t.summary.Move(fyne.NewPos(left, 23))
	t.pill.Refresh()
	t.mark.Refresh()
}

// tickBox is the tick of a row. It is not in the order of the focus: the list
// is, and Space ticks there.
type tickBox struct {
	widget.BaseWidget
	list            *TickList
	tapped          func()
	ticked, partial bool

	box         *canvas.Rectangle
	short, long *canvas.Line // the two strokes of the tick; long alone is the dash
}

func newTickBox(l *TickList, tapped func()) *tickBox {
	b := &tickBox{list: l, tapped: tapped, box: canvas.NewRectangle(color.Transparent),
		short: canvas.NewLine(color.Transparent), long: canvas.NewLine(color.Transparent)}
	b.box.CornerRadius = 4
	b.short.StrokeWidth, b.long.StrokeWidth = 2, 2
	b.ExtendBaseWidget(b)
	return b
}

func (b *tickBox) Tapped(*fyne.PointEvent) { b.tapped() }

// tickSide is the side of the box.
const tickSide = 18

func (b *tickBox) set(ticked, partial bool) {
	b.ticked, b.partial = ticked, partial
	set := ticked || partial
	b.box.FillColor, b.box.StrokeColor, b.box.StrokeWidth = color.Transparent, colourFor(ColourQuiet, b.list), 1.5
	if set {
		b.box.FillColor, b.box.StrokeWidth = colourFor(ColourAccent, b.list), 0
	}
	ink := colourFor(ColourOnAccent, b.list)
	b.short.StrokeColor, b.long.StrokeColor = ink, ink
	reveal(b.long, set)
	reveal(b.short, ticked && !partial)
	b.strokes()
	b.box.Refresh()
	b.long.Refresh()
	b.short.Refresh()
}

// strokes places the lines of the tick or the dash.
func (b *tickBox) strokes() {
	o := b.box.Position()
	at := func(x, y float32) fyne.Position { return o.AddXY(x, y) }
	if b.partial {
		b.long.Position1, b.long.Position2 = at(4.5, 9), at(13.5, 9)
		return
	}
	b.short.Position1, b.short.Position2 = at(4.2, 9.2), at(7.8, 12.8)
	b.long.Position1, b.long.Position2 = at(7.2, 12.8), at(14, 5.6)
}

func (b *tickBox) CreateRenderer() fyne.WidgetRenderer { return &tickBoxRenderer{b} }

type tickBoxRenderer struct{ b *tickBox }

func (r *tickBoxRenderer) Destroy()           {}
func (r *tickBoxRenderer) MinSize() fyne.Size { return fyne.NewSize(36, 36) }
func (r *tickBoxRenderer) Refresh()           { r.b.set(r.b.ticked, r.b.partial) }
func (r *tickBoxRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.b.box, r.b.short, r.b.long}
}
func (r *tickBoxRenderer) Layout(size fyne.Size) {
	place(r.b.box, (size.Width-tickSide)/2, (size.Height-tickSide)/2, tickSide, tickSide)
	r.b.strokes()
}
