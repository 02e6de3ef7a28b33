package widgets

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Text is a text without a margin, in one size, style and colour of the theme. It
// either wraps at its width, or is one line that ends in an ellipsis where it is too
// long. Fyne's own label keeps a margin around itself, which leaves no grid whole.
type Text struct {
	widget.BaseWidget
	text   string
	size   fyne.ThemeSizeName
	colour fyne.ThemeColorName
	style  fyne.TextStyle
	align  fyne.TextAlign
	wraps  bool
	// room is the width that a one-line text asks for at most; 0 is all of it.
	room float32
}

func newText(text string, size fyne.ThemeSizeName, colour fyne.ThemeColorName, style fyne.TextStyle, wraps bool) *Text {
	t := &Text{text: text, size: size, colour: colour, style: style, wraps: wraps}
	t.ExtendBaseWidget(t)
	return t
}

// headRoom is what titles ask for at most, so that a long one does not keep a window
// from becoming small; in a column or by Fill they get all there is.
const headRoom = 240

// Title is a page's name.
func Title(text string) *Text {
	return newText(text, SizeTitle, ColourText, fyne.TextStyle{Bold: true}, false).Room(headRoom)
}

// Section is the name of a part of a page.
func Section(text string) *Text {
	return newText(text, SizeSection, ColourText, fyne.TextStyle{Bold: true}, false).Room(headRoom)
}

// Body is running text; it wraps.
func Body(text string) *Text {
	return newText(text, SizeBody, ColourText, fyne.TextStyle{}, true)
}

// Note is small quiet text that wraps.
func Note(text string) *Text {
	return newText(text, SizeNote, ColourQuiet, fyne.TextStyle{}, true)
}

// Mono is one line of code, a key or a hash.
func Mono(text string) *Text {
	return newText(text, SizeBody, ColourText, fyne.TextStyle{Monospace: true}, false)
}

// Line is running text of one line.
func Line(text string) *Text {
	return newText(text, SizeBody, ColourText, fyne.TextStyle{}, false)
}

// Number is one line that stands at the right, such as a size with its unit.
func Number(text string) *Text {
	t := Line(text)
	t.align = fyne.TextAlignTrailing
	return t
}

// SetText shows another text.
func (t *Text) SetText(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

// Text gives the whole text, also where not all of it can be seen.
func (t *Text) Text() string { return t.text }

// Coloured gives the text another colour of the theme.
func (t *Text) Coloured(colour fyne.ThemeColorName) *Text {
	if t.colour != colour {
		t.colour = colour
		t.Refresh()
	}
	return t
}

// Bold makes the text stronger.
func (t *Text) Bold() *Text {
	t.style.Bold = true
	t.Refresh()
	return t
}

// Sized gives the text another size of the theme.
func (t *Text) Sized(size fyne.ThemeSizeName) *Text {
	t.size = size
	t.Refresh()
	return t
}

// Aligned moves the text's lines within its width.
func (t *Text) Aligned(align fyne.TextAlign) *Text {
	t.align = align
	t.Refresh()
	return t
}

// Wrapped makes the text go on in a next line where it is too long.
func (t *Text) Wrapped() *Text {
	t.wraps = true
	t.Refresh()
	return t
}

// Room makes a one-line text content with a width, in device-independent pixels: the
// rest becomes an ellipsis.
func (t *Text) Room(width float32) *Text {
	t.room = width
	t.Refresh()
	return t
}

// narrowest is the width that a wrapping text can live with.
const narrowest = 48

// CreateRenderer makes one canvas.Text a line.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t, width: -1}
	r.Refresh()
	return r
}

type textRenderer struct {
	t     *Text
	lines []*canvas.Text
	// width, text, size, style and wraps are what lines were made for.
	width, size float32
	text        string
	style       fyne.TextStyle
	wraps       bool
}

func (r *textRenderer) Destroy() {}

func (r *textRenderer) Objects() []fyne.CanvasObject {
	all := make([]fyne.CanvasObject, len(r.lines))
	for i, l := range r.lines {
		all[i] = l
	}
	return all
}

func (r *textRenderer) textSize() float32 { return theme.SizeForWidget(r.t.size, r.t) }

// lineHeight is on the grid: 28 for titles, 24 for sections, 20 for body, 16 for
// notes.
func lineHeight(size float32) float32 {
	return float32(int(size*1.25/Step+0.99)) * Step
}

func (r *textRenderer) measure(s string) float32 {
	return fyne.MeasureText(s, r.textSize(), r.t.style).Width
}

func (r *textRenderer) MinSize() fyne.Size {
	height := lineHeight(r.textSize())
	if r.t.wraps {
		r.fill(r.t.Size().Width)
		return fyne.NewSize(narrowest, height*float32(max(1, len(r.lines))))
	}
	width := r.measure(r.t.text)
	if r.t.room > 0 {
		width = min(width, r.t.room)
	}
	return fyne.NewSize(ceil(width), height)
}

func (r *textRenderer) Layout(size fyne.Size) {
	r.fill(size.Width)
	height := lineHeight(r.textSize())
	y := float32(0)
	if !r.t.wraps {
		y = max(0, (size.Height-height)/2)
	}
	for _, l := range r.lines {
		l.Move(fyne.NewPos(0, y))
		l.Resize(fyne.NewSize(size.Width, height))
		y += height
	}
}

func (r *textRenderer) Refresh() {
	r.Layout(r.t.Size())
	colour := theme.ColorForWidget(r.t.colour, r.t)
	for _, l := range r.lines {
		l.Color, l.Alignment = colour, r.t.align
		l.Refresh()
	}
	canvas.Refresh(r.t)
}

// fill makes the lines for a width, unless they are there.
func (r *textRenderer) fill(width float32) {
	size := r.textSize()
	if r.width == width && r.size == size && r.text == r.t.text && r.style == r.t.style && r.wraps == r.t.wraps {
		return
	}
	r.width, r.size, r.text, r.style, r.wraps = width, size, r.t.text, r.t.style, r.t.wraps
	var texts []string
	switch {
	case !r.t.wraps:
		texts = []string{shorten(strings.ReplaceAll(r.t.text, "\n", " "), width, r.measure)}
	case width <= 0:
		texts = strings.Split(r.t.text, "\n")
	default:
		texts = wrap(r.t.text, width, r.measure)
	}
	colour := theme.ColorForWidget(r.t.colour, r.t)
	for len(r.lines) < len(texts) {
		r.lines = append(r.lines, &canvas.Text{})
	}
	r.lines = r.lines[:len(texts)]
	for i, s := range texts {
		l := r.lines[i]
		l.Text, l.Color, l.TextSize, l.TextStyle, l.Alignment = s, colour, size, r.t.style, r.t.align
	}
}

func ceil(v float32) float32 {
	if n := float32(int(v)); n < v {
		return n + 1
	}
	return v
}

// shorten cuts a text and ends it in an ellipsis where it is wider than width.
func shorten(text string, width float32, m ruler) string {
	if width <= 0 || m.fits(text, width+0.5) {
		return text
	}
	runes := []rune(text)
	n := m.search(len(runes), width, func(n int) string { return string(runes[:n+1]) + "…" })
	return strings.TrimRight(string(runes[:n]), " ") + "…"
}

// wrap breaks a text into lines no wider than width, at spaces where that is
// possible. Several spaces count as one.
func wrap(text string, width float32, m ruler) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line, long := "", about{known: true}
		for _, word := range strings.Fields(paragraph) {
			joined, both := word, m.sum(word)
			if line != "" {
				joined, both = line+" "+word, long.plus(m.sum(" ")).plus(both)
			}
			if m.fitsAbout(joined, both, width) {
				line, long = joined, both
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			for line = word; utf8.RuneCountInString(line) > 1 && !m.fits(line, width); {
				head := fitting(line, width, m)
				lines = append(lines, line[:head])
				line = line[head:]
			}
			long = m.sum(line)
		}
		lines = append(lines, line)
	}
	return lines
}

// fitting is the number of bytes of a word's longest beginning that fits; at least
// one character.
func fitting(word string, width float32, m ruler) int {
	var ends []int
	for i := range word {
		if i > 0 {
			ends = append(ends, i)
		}
	}
	ends = append(ends, len(word))
	n := m.search(len(ends), width, func(i int) string { return word[:ends[i]] })
	return ends[max(0, n-1)]
}
