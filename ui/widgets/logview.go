package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// logMost is how many lines a LogView keeps: beyond it the oldest tenth goes.
const logMost = 200_000

// logTab is how far apart the stops of the tabulator are, in characters.
const logTab = 8

// LogView shows lines of text as they come, in the mono face. Only the part in
// sight is drawn. The end stays in sight until a person scrolls away from it,
// and again when they come back. Up, Down, Page Up, Page Down, Home and End
// scroll; Ctrl+C copies everything.
type LogView struct {
	widget.BaseWidget

	// Level is the colour of a line, "" for that of text.
	Level func(line string) fyne.ThemeColorName

	lines   []string
	longest int // characters
	away    bool
	focused bool

	query string // in lower case
	hits  []int  // lines with the query, in order
	hit   int    // the one in hits that is shown, -1 for none

	scroll *container.Scroll
	body   *logBody
	box    *canvas.Rectangle
}

// NewLogView is an empty log.
func NewLogView() *LogView {
	l := &LogView{hit: -1, box: canvas.NewRectangle(color.Transparent)}
	l.box.CornerRadius = radiusSmall
	l.body = newLogBody(l)
	l.scroll = container.NewScroll(l.body)
	l.scroll.OnScrolled = func(fyne.Position) {
		l.away = l.scroll.Offset.Y < l.last()-1
		l.body.draw()
	}
	l.ExtendBaseWidget(l)
	return l
}

// Append adds lines; many at once cost little more than one.
func (l *LogView) Append(lines ...string) {
	for _, line := range lines {
		line = cleanLine(line)
		l.longest = max(l.longest, len([]rune(line)))
		if l.query != "" && strings.Contains(strings.ToLower(line), l.query) {
			l.hits = append(l.hits, len(l.lines))
		}
		l.lines = append(l.lines, line)
	}
	l.trim()
	l.grown()
}

// SetLines replaces everything.
func (l *LogView) SetLines(lines []string) {
	l.lines, l.longest, l.hits, l.hit, l.away = nil, 0, nil, -1, false
	l.Append(lines...)
}

// trim drops the oldest lines when there are too many.
func (l *LogView) trim() {
	if len(l.lines) <= logMost {
		return
	}
	drop := len(l.lines) - logMost + logMost/10
	l.lines = append([]string(nil), l.lines[drop:]...)
	l.find()
	if l.away {
		l.scroll.Offset.Y = max(0, l.scroll.Offset.Y-float32(drop)*l.body.line().Height)
	}
}

// grown fits the scroller to the lines and follows the end.
func (l *LogView) grown() {
	if l.Size().IsZero() {
		return
	}
	l.body.Resize(l.body.MinSize().Max(l.scroll.Size()))
	if !l.away {
		l.scroll.Offset.Y = l.last()
	}
	l.scroll.Refresh()
	l.body.draw()
}

// last is the offset of the scroller at which the end is in sight.
func (l *LogView) last() float32 {
	return max(0, l.body.MinSize().Height-l.scroll.Size().Height)
}

// Len is the number of lines.
func (l *LogView) Len() int { return len(l.lines) }

// Text is all lines.
func (l *LogView) Text() string { return strings.Join(l.lines, "\n") }

// Following tells whether the end stays in sight.
func (l *LogView) Following() bool { return !l.away }

// Follow goes to the end and stays there.
func (l *LogView) Follow() {
	l.away = false
	l.grown()
}

// Copy puts all lines into the clipboard.
func (l *LogView) Copy() { fyne.CurrentApp().Clipboard().SetContent(l.Text()) }

// Search marks the lines that hold text, in any case, goes to the first one in
// sight or below, and returns how many there are.
func (l *LogView) Search(text string) int {
	l.query = strings.ToLower(text)
	l.find()
	top := l.body.top()
	for i, line := range l.hits {
		if line >= top {
			l.hit = i
			break
		}
	}
	if l.hit < 0 && len(l.hits) > 0 {
		l.hit = 0
	}
	l.reveal()
	return len(l.hits)
}

func (l *LogView) find() {
	l.hits, l.hit = nil, -1
	if l.query == "" {
		return
	}
	for i, line := range l.lines {
		if strings.Contains(strings.ToLower(line), l.query) {
			l.hits = append(l.hits, i)
		}
	}
}

// Next goes to the next line found, from the last to the first; Prev the other
// way. They return which one of Found it is, from 1, or 0 when there is none.
func (l *LogView) Next() int { return l.turn(1) }

// Prev goes to the line found before.
func (l *LogView) Prev() int { return l.turn(-1) }

// Found is the number of lines that hold what is searched for.
func (l *LogView) Found() int { return len(l.hits) }

func (l *LogView) turn(by int) int {
	n := len(l.hits)
	if n == 0 {
		return 0
	}
	if l.hit < 0 {
		l.hit = max(0, -by) - max(0, by)
	}
	l.hit = (l.hit + by + n) % n
	l.reveal()
	return l.hit + 1
}

// reveal brings the found line to the middle.
func (l *LogView) reveal() {
	if l.hit >= 0 {
		h := l.body.line().Height
		y := float32(l.hits[l.hit])*h - (l.scroll.Size().Height-h)/2
		l.to(y)
	}
	l.body.draw()
}

func (l *LogView) to(y float32) {
	y = max(0, min(y, l.last()))
	l.away = y < l.last()-1
	l.scroll.ScrollToOffset(fyne.NewPos(l.scroll.Offset.X, y))
	l.body.draw()
}

// FocusGained shows the focus.
func (l *LogView) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost hides it.
func (l *LogView) FocusLost() { l.focused = false; l.Refresh() }

// Tapped takes the focus.
func (l *LogView) Tapped(*fyne.PointEvent) { takeFocus(l) }

// TypedRune is for Fyne.
func (l *LogView) TypedRune(rune) {}

// TypedKey scrolls.
func (l *LogView) TypedKey(key *fyne.KeyEvent) {
	line := l.body.line().Height
	page := max(line, l.scroll.Size().Height-line)
	y := l.scroll.Offset.Y
	switch key.Name {
	case fyne.KeyUp:
		l.to(y - line)
	case fyne.KeyDown:
		l.to(y + line)
	case fyne.KeyPageUp:
		l.to(y - page)
	case fyne.KeyPageDown:
		l.to(y + page)
	case fyne.KeyHome:
		l.to(0)
	case fyne.KeyEnd:
		l.to(l.last())
	case fyne.KeyLeft:
		l.sideways(-4)
	case fyne.KeyRight:
		l.sideways(4)
	default:
		passKey(l, key)
	}
}

func (l *LogView) sideways(characters float32) {
	most := max(0, l.body.MinSize().Width-l.scroll.Size().Width)
	x := l.scroll.Offset.X + characters*l.body.line().Width
	l.scroll.ScrollToOffset(fyne.NewPos(max(0, min(x, most)), l.scroll.Offset.Y))
	l.body.draw()
}

// TypedShortcut copies.
func (l *LogView) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		l.Copy()
		return
	}
	passShortcut(l, s)
}

// CreateRenderer is for Fyne.
func (l *LogView) CreateRenderer() fyne.WidgetRenderer {
	r := &logRenderer{l}
	r.paint()
	return r
}

type logRenderer struct{ l *LogView }

func (r *logRenderer) Destroy()           {}
func (r *logRenderer) MinSize() fyne.Size { return fyne.NewSize(240, 120) }
func (r *logRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.box, r.l.scroll}
}

func (r *logRenderer) Layout(size fyne.Size) {
	r.l.box.Resize(size)
	r.l.scroll.Move(fyne.NewPos(4, 4))
	r.l.scroll.Resize(size.SubtractWidthHeight(8, 8))
	r.l.grown()
}

func (r *logRenderer) Refresh() {
	r.paint()
	r.l.grown()
}

func (r *logRenderer) paint() {
	box := r.l.box
	box.FillColor = colourFor(ColourSurface, r.l)
	box.StrokeColor, box.StrokeWidth = colourFor(ColourLine, r.l), 1
	if r.l.focused {
		box.StrokeColor, box.StrokeWidth = colourFor(ColourAccent, r.l), 2
	}
	box.Refresh()
}

// logBody is the whole log; it holds texts only for the lines in sight.
type logBody struct {
	widget.BaseWidget
	l     *LogView
	texts []*canvas.Text
	backs []*canvas.Rectangle
	each  fyne.Size // of a character; measured once
	size  float32   // of the text when it was measured
}

func newLogBody(l *LogView) *logBody {
	b := &logBody{l: l}
	b.ExtendBaseWidget(b)
	return b
}

// line is the width of a character and the height of a line.
func (b *logBody) line() fyne.Size {
	size := b.l.Theme().Size(theme.SizeNameCaptionText) + 1
	if b.size != size {
		m := fyne.MeasureText(strings.Repeat("M", 100), size, fyne.TextStyle{Monospace: true})
		b.size, b.each = size, fyne.NewSize(m.Width/100, m.Height)
	}
	return b.each
}

func (b *logBody) top() int { return int(b.l.scroll.Offset.Y / b.line().Height) }

func (b *logBody) MinSize() fyne.Size {
	each := b.line()
	size := fyne.NewSize(each.Width*float32(b.l.longest+1), each.Height*float32(len(b.l.lines)))
	if size.Width > b.l.scroll.Size().Width {
		size.Height += b.l.Theme().Size(theme.SizeNameScrollBar) // room for the bar, below the last line
	}
	return size
}

// draw fills the texts with what is in sight, also across: the texture of a
// line of ten thousand characters would be too wide for a graphics card.
func (b *logBody) draw() {
	each, view := b.line(), b.l.scroll.Size()
	top, left := b.top(), int(b.l.scroll.Offset.X/each.Width)
	count := min(int(view.Height/each.Height)+2, len(b.l.lines)-top)
	columns := int(view.Width/each.Width) + 2
	for len(b.texts) < count {
		t := canvas.NewText("", color.Black)
		t.TextStyle.Monospace = true
		b.texts = append(b.texts, t)
		b.backs = append(b.backs, canvas.NewRectangle(color.Transparent))
	}
	for i, t := range b.texts {
		reveal(t, i < count)
		reveal(b.backs[i], i < count)
		if i < count {
			b.drawLine(i, top+i, left, columns)
		}
	}
	canvas.Refresh(b)
}

func (b *logBody) drawLine(i, line, left, columns int) {
	t, back, text := b.texts[i], b.backs[i], b.l.lines[line]
	name := ColourText
	if b.l.Level != nil {
		if n := b.l.Level(text); n != "" {
			name = n
		}
	}
	text = cut(text, left, columns)
	fore, behind := colourFor(name, b.l), color.Color(color.Transparent)
	if b.l.query != "" && strings.Contains(strings.ToLower(b.l.lines[line]), b.l.query) {
		behind = colourFor(ColourWarningTint, b.l)
		if b.l.hit >= 0 && b.l.hits[b.l.hit] == line {
			behind = colourFor(theme.ColorNameSelection, b.l)
		}
	}
	y := float32(line) * b.each.Height
	place(t, float32(left)*b.each.Width, y, float32(columns)*b.each.Width, b.each.Height)
	place(back, b.l.scroll.Offset.X, y, b.l.scroll.Size().Width, b.each.Height)
	if t.Text != text || t.Color != fore || t.TextSize != b.size {
		t.Text, t.Color, t.TextSize = text, fore, b.size
		t.Refresh()
	}
	if back.FillColor != behind {
		back.FillColor = behind
		back.Refresh()
	}
}

// cut is columns characters of text from left on.
func cut(text string, left, columns int) string {
	if left == 0 && len(text) <= columns {
		return text
	}
	runes := []rune(text)
	if left >= len(runes) {
		return ""
	}
	return string(runes[left:min(len(runes), left+columns)])
}

// cleanLine takes out what moves the cursor or colours on a terminal, and sets
// tabs. Of a line that a program wrote over with carriage returns the last
// state remains.
func cleanLine(line string) string {
	line = strings.TrimRight(line, "\r\n")
	if i := strings.LastIndexByte(line, '\r'); i >= 0 {
		line = line[i+1:]
	}
	if !strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7F }) {
		return line
	}
	var b strings.Builder
	column, runes := 0, []rune(line)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '\t':
			n := logTab - column%logTab
			b.WriteString(strings.Repeat(" ", n))
			column += n
		case r == 0x1B && i+1 < len(runes) && runes[i+1] == '[':
			for i += 2; i < len(runes) && (runes[i] < 0x40 || runes[i] > 0x7E); i++ {
			}
		case r < ' ' || r == 0x7F:
		default:
			b.WriteRune(r)
			column++
		}
	}
	return b.String()
}

func (b *logBody) CreateRenderer() fyne.WidgetRenderer { return &logBodyRenderer{b} }

type logBodyRenderer struct{ b *logBody }

func (r *logBodyRenderer) Destroy()           {}
func (r *logBodyRenderer) MinSize() fyne.Size { return r.b.MinSize() }
func (r *logBodyRenderer) Layout(fyne.Size)   {}
func (r *logBodyRenderer) Refresh()           { r.b.draw() }
func (r *logBodyRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, 2*len(r.b.texts))
	for _, back := range r.b.backs {
		objects = append(objects, back)
	}
	for _, t := range r.b.texts {
		objects = append(objects, t)
	}
	return objects
}
