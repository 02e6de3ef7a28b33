package widgets

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// SortRow is one row of a SortList. Rows below a Group with a greater Depth are
// inside it.
type SortRow struct {
	ID          string
	Depth       int
	Group       bool // may have rows inside
	Title, Note string
	Icon        fyne.Resource // nil for none
}

// Moved is rows after a move as SortList.OnMove reports it: the row at from,
// with all that is inside it, is taken out and put in again at to with the
// given depth.
func Moved(rows []SortRow, from, to, depth int) []SortRow {
	end := blockEnd(rows, from)
	by := depth - rows[from].Depth
	rest := append(append([]SortRow{}, rows[:from]...), rows[end:]...)
	result := append([]SortRow{}, rest[:to]...)
	for _, r := range rows[from:end] {
		r.Depth += by
		result = append(result, r)
	}
	return append(result, rest[to:]...)
}

// blockEnd is the index behind the last row inside the row at i.
func blockEnd(rows []SortRow, i int) int {
	end := i + 1
	for end < len(rows) && rows[end].Depth > rows[i].Depth {
		end++
	}
	return end
}

// depthsAt is the range of depths that a row may have at index to of rows
// (which no longer hold it): at most inside the row above, at least such that
// the row below keeps the group it is in.
func depthsAt(rows []SortRow, to int) (least, most int) {
	if to < len(rows) {
		least = rows[to].Depth
	}
	if to > 0 {
		most = rows[to-1].Depth
		if rows[to-1].Group {
			most++
		}
	}
	return least, max(least, most)
}

const (
	sortRowHeight = 40
	sortIndent    = 22
)

// SortList is a list of at most some hundred rows that a person puts in order:
// by dragging the grip at the left, or with Alt+Up and Alt+Down; dragging
// sideways, or Alt+Left and Alt+Right, moves a row into and out of a group. Up,
// Down, Home and End select, Enter opens, Delete removes. The list moves nothing
// itself: it calls OnMove and waits for SetRows.
type SortList struct {
	widget.BaseWidget

	OnMove   func(from, to, depth int) // see Moved
	OnSelect func(i int)
	OnOpen   func(i int)
	OnRemove func(i int)
	MaxRows  int // rows in sight before the list scrolls, 12 when 0

	rows    []SortRow
	items   []*sortItem
	chosen  int
	focused bool
	drag    sortDrag

	body   *fyne.Container
	scroll *container.Scroll
	line   *canvas.Rectangle
}

// sortDrag is a row on its way.
type sortDrag struct {
	active          bool
	from, to, depth int
	startX          float32 // of the pointer
}

// NewSortList is an empty list.
func NewSortList() *SortList {
	l := &SortList{chosen: -1, line: canvas.NewRectangle(color.Transparent)}
	l.line.CornerRadius = 1.5
	l.line.Hide()
	l.body = container.New(&sortLayout{l})
	l.scroll = container.NewVScroll(l.body)
	l.ExtendBaseWidget(l)
	return l
}

// SetRows shows rows. The row with the ID of the selected one stays selected.
func (l *SortList) SetRows(rows []SortRow) {
	id := ""
	if l.chosen >= 0 {
		id = l.rows[l.chosen].ID
	}
	l.rows, l.chosen = append([]SortRow{}, rows...), -1
	for i, r := range rows {
		if id != "" && r.ID == id {
			l.chosen = i
		}
	}
	l.drag.active = false
	for len(l.items) < len(rows) {
		l.items = append(l.items, newSortItem(l, len(l.items)))
	}
	l.items = l.items[:len(rows)]
	l.body.Objects = l.body.Objects[:0]
	for _, it := range l.items {
		l.body.Objects = append(l.body.Objects, it)
	}
	l.body.Objects = append(l.body.Objects, l.line)
	l.Refresh()
}

// Rows are the rows as last set.
func (l *SortList) Rows() []SortRow { return l.rows }

// Chosen is the selected row, -1 for none.
func (l *SortList) Chosen() int { return l.chosen }

// Choose selects a row without calling OnSelect, -1 selects none.
func (l *SortList) Choose(i int) {
	if i < 0 || i >= len(l.rows) {
		i = -1
	}
	l.chosen = i
	l.reveal()
	l.Refresh()
}

func (l *SortList) pick(i int) {
	if i < 0 || i >= len(l.rows) || i == l.chosen {
		return
	}
	l.Choose(i)
	if l.OnSelect != nil {
		l.OnSelect(i)
	}
}

// reveal scrolls the selected row into sight.
func (l *SortList) reveal() {
	if l.chosen < 0 {
		return
	}
	y, h := float32(l.chosen*sortRowHeight), l.scroll.Size().Height
	switch {
	case y < l.scroll.Offset.Y:
		l.scroll.ScrollToOffset(fyne.NewPos(0, y))
	case y+sortRowHeight > l.scroll.Offset.Y+h && h > 0:
		l.scroll.ScrollToOffset(fyne.NewPos(0, y+sortRowHeight-h))
	}
}

// FocusGained shows the focus.
func (l *SortList) FocusGained() {
	l.focused = true
	if l.chosen < 0 {
		l.pick(0)
	}
	l.Refresh()
}

// FocusLost shows the selection without the focus.
func (l *SortList) FocusLost() {
	l.focused = false
	l.Refresh()
}

// TypedRune is for Fyne.
func (l *SortList) TypedRune(rune) {}

// TypedKey selects, opens and removes.
func (l *SortList) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyUp:
		l.pick(max(0, l.chosen-1))
	case fyne.KeyDown:
		l.pick(l.chosen + 1)
	case fyne.KeyHome:
		l.pick(0)
	case fyne.KeyEnd:
		l.pick(len(l.rows) - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		l.call(l.OnOpen)
	case fyne.KeyDelete:
		l.call(l.OnRemove)
	case fyne.KeyEscape:
		if l.drag.active {
			l.drag.active = false
			l.Refresh()
			return
		}
		passKey(l, key)
	default:
		passKey(l, key)
	}
}

func (l *SortList) call(f func(int)) {
	if f != nil && l.chosen >= 0 {
		f(l.chosen)
	}
}

// TypedShortcut moves the selected row with Alt and an arrow.
func (l *SortList) TypedShortcut(s fyne.Shortcut) {
	k, ok := s.(fyne.KeyboardShortcut)
	if !ok || k.Mod() != fyne.KeyModifierAlt || l.chosen < 0 {
		passShortcut(l, s)
		return
	}
	switch k.Key() {
	case fyne.KeyUp:
		l.step(-1)
	case fyne.KeyDown:
		l.step(1)
	case fyne.KeyLeft:
		l.nest(-1)
	case fyne.KeyRight:
		l.nest(1)
	default:
		passShortcut(l, s)
	}
}

// rest is the rows without the one at from and what is inside it.
func (l *SortList) rest(from int) []SortRow {
	return append(append([]SortRow{}, l.rows[:from]...), l.rows[blockEnd(l.rows, from):]...)
}

func (l *SortList) step(by int) {
	rest := l.rest(l.chosen)
	to := l.chosen + by
	if to < 0 || to > len(rest) {
		return
	}
	least, most := depthsAt(rest, to)
	l.move(l.chosen, to, max(least, min(l.rows[l.chosen].Depth, most)))
}

func (l *SortList) nest(by int) {
	rest := l.rest(l.chosen)
	least, most := depthsAt(rest, l.chosen)
	l.move(l.chosen, l.chosen, max(least, min(l.rows[l.chosen].Depth+by, most)))
}

func (l *SortList) move(from, to, depth int) {
	if (from != to || l.rows[from].Depth != depth) && l.OnMove != nil {
		l.OnMove(from, to, depth)
	}
}

// dragged follows the pointer: the row goes to the place of the one that it is
// held over, and how far it went sideways says how deep.
func (l *SortList) dragged(i int, at fyne.Position) {
	d := &l.drag
	if !d.active {
		*d = sortDrag{active: true, from: i, startX: at.X}
		l.pick(i)
		takeFocus(l)
	}
	over := max(0, min(int(at.Y/sortRowHeight), len(l.rows)-1))
	end := blockEnd(l.rows, d.from)
	switch {
	case over >= end:
		d.to = over + 1 - (end - d.from)
	case over > d.from:
		d.to = d.from
	default:
		d.to = over
	}
	least, most := depthsAt(l.rest(d.from), d.to)
	depth := l.rows[d.from].Depth + int(math.Round(float64((at.X-d.startX)/sortIndent)))
	d.depth = max(least, min(depth, most))
	l.Refresh()
}

func (l *SortList) dropped() {
	if !l.drag.active {
		return
	}
	l.drag.active = false
	l.move(l.drag.from, l.drag.to, l.drag.depth)
	l.Refresh()
}

// lineAt is where the line that shows the place of a drop is.
func (l *SortList) lineAt() (x, y float32) {
	d := l.drag
	gap := d.to
	if d.to > d.from {
		gap += blockEnd(l.rows, d.from) - d.from
	}
	return 34 + float32(d.depth*sortIndent), float32(gap * sortRowHeight)
}

// CreateRenderer is for Fyne.
func (l *SortList) CreateRenderer() fyne.WidgetRenderer { return &sortRenderer{l} }

type sortRenderer struct{ l *SortList }

func (r *sortRenderer) Destroy()                     {}
func (r *sortRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.l.scroll} }
func (r *sortRenderer) Layout(size fyne.Size)        { r.l.scroll.Resize(size) }
func (r *sortRenderer) MinSize() fyne.Size {
	most := r.l.MaxRows
	if most == 0 {
		most = 12
	}
	return fyne.NewSize(200, float32(max(1, min(most, len(r.l.rows)))*sortRowHeight))
}

func (r *sortRenderer) Refresh() {
	l := r.l
	for _, it := range l.items {
		it.update()
	}
	l.line.FillColor = colourFor(ColourAccent, l)
	reveal(l.line, l.drag.active)
	l.body.Layout.Layout(l.body.Objects, l.body.Size())
	l.scroll.Refresh()
	canvas.Refresh(l)
}

// sortLayout places the rows and the line.
type sortLayout struct{ l *SortList }

func (s *sortLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, float32(len(s.l.rows)*sortRowHeight))
}

func (s *sortLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	for i, it := range s.l.items {
		place(it, 0, float32(i*sortRowHeight), size.Width, sortRowHeight)
	}
	if s.l.drag.active {
		x, y := s.l.lineAt()
		place(s.l.line, x, max(0, y-1.5), max(0, size.Width-x-8), 3)
	}
}

// sortItem draws one row.
type sortItem struct {
	widget.BaseWidget
	l     *SortList
	index int

	back, mark  *canvas.Rectangle
	grip        *sortGrip
	icon        *widget.Icon
	title, note *canvas.Text
	hovered     bool
}

func newSortItem(l *SortList, i int) *sortItem {
	it := &sortItem{l: l, index: i, icon: widget.NewIcon(nil)}
	it.back, it.mark = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	it.back.CornerRadius = 6
	it.title, it.note = canvas.NewText("", color.Black), canvas.NewText("", color.Black)
	it.title.TextSize, it.note.TextSize = 14, 12
	it.grip = newSortGrip(it)
	it.ExtendBaseWidget(it)
	return it
}

func (it *sortItem) Tapped(*fyne.PointEvent) {
	takeFocus(it.l)
	it.l.pick(it.index)
}

func (it *sortItem) DoubleTapped(*fyne.PointEvent) {
	it.l.pick(it.index)
	it.l.call(it.l.OnOpen)
}

func (it *sortItem) MouseIn(*desktop.MouseEvent)    { it.hovered = true; it.update() }
func (it *sortItem) MouseMoved(*desktop.MouseEvent) {}
func (it *sortItem) MouseOut()                      { it.hovered = false; it.update() }

func (it *sortItem) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Objects: []fyne.CanvasObject{
		it.back, it.mark, it.grip, it.icon, it.title, it.note}})
}

func (it *sortItem) Resize(size fyne.Size) {
	if size == it.Size() {
		return
	}
	it.BaseWidget.Resize(size)
	it.update()
}

func (it *sortItem) update() {
	l := it.l
	if it.index >= len(l.rows) {
		return
	}
	row, size, chosen := l.rows[it.index], it.Size(), it.index == l.chosen
	it.back.FillColor, it.mark.FillColor = color.Transparent, color.Transparent
	if it.hovered {
		it.back.FillColor = colourFor(ColourHover, l)
	}
	if chosen {
		it.back.FillColor = colourFor(ColourTint, l)
	}
	if chosen && l.focused {
		it.mark.FillColor = colourFor(ColourAccent, l)
	}
	place(it.back, 0, 1, size.Width, sortRowHeight-2)
	place(it.mark, 0, 4, 3, sortRowHeight-8)
	place(it.grip, 4, 0, 28, sortRowHeight)
	x := float32(36 + row.Depth*sortIndent)
	reveal(it.icon, row.Icon != nil)
	if row.Icon != nil {
		if it.icon.Resource == nil || it.icon.Resource.Name() != row.Icon.Name() {
			it.icon.SetResource(row.Icon)
		}
		place(it.icon, x, (sortRowHeight-18)/2, 18, 18)
		x += 26
	}
	fore, quiet := colourFor(ColourText, l), colourFor(ColourQuiet, l)
	room := size.Width - x - 10
	// A short title leaves the note more room than its share.
	least := exactly(row.Title, it.title.TextSize, it.title.TextStyle) + 12
	w := put(it.note, row.Note, quiet, max(room*0.4, room-least), exactly)
	it.note.Move(fyne.NewPos(x+room-w, 12))
	if w > 0 {
		room -= w + 12
	}
	put(it.title, row.Title, fore, room, exactly)
	it.title.Move(fyne.NewPos(x, 10))
	it.back.Refresh()
	it.mark.Refresh()
}

// sortGrip is what a row is dragged by: six dots.
type sortGrip struct {
	widget.BaseWidget
	it *sortItem
}

func newSortGrip(it *sortItem) *sortGrip {
	g := &sortGrip{it: it}
	g.ExtendBaseWidget(g)
	return g
}

func (g *sortGrip) Cursor() desktop.Cursor { return desktop.VResizeCursor }

func (g *sortGrip) Tapped(e *fyne.PointEvent) { g.it.Tapped(e) }

func (g *sortGrip) Dragged(e *fyne.DragEvent) {
	at := e.Position.Add(g.Position()).Add(g.it.Position())
	g.it.l.dragged(g.it.index, at)
}

func (g *sortGrip) DragEnd() { g.it.l.dropped() }

func (g *sortGrip) CreateRenderer() fyne.WidgetRenderer {
	r := &gripRenderer{g: g}
	for range 6 {
		dot := canvas.NewCircle(color.Transparent)
		r.dots = append(r.dots, dot)
	}
	r.Refresh()
	return r
}

type gripRenderer struct {
	g    *sortGrip
	dots []fyne.CanvasObject
}

func (r *gripRenderer) Destroy()                     {}
func (r *gripRenderer) MinSize() fyne.Size           { return fyne.NewSize(28, 28) }
func (r *gripRenderer) Objects() []fyne.CanvasObject { return r.dots }
func (r *gripRenderer) Layout(size fyne.Size) {
	for i, dot := range r.dots {
		place(dot, size.Width/2-4+float32(i%2)*6, size.Height/2-7+float32(i/2)*6, 3, 3)
	}
}
func (r *gripRenderer) Refresh() {
	c := colourFor(ColourQuiet, r.g.it.l)
	for _, dot := range r.dots {
		dot.(*canvas.Circle).FillColor = c
		dot.Refresh()
	}
}
