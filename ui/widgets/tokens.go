package widgets

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Tokens edits a list of words as chips with a cross each, and a field to add
// more: Enter, a comma or the loss of the focus adds what was typed, and pasted
// lines add one each. A word that is there already is not added again. Backspace
// in the empty field removes the last chip, Left goes to it; on a chip Delete,
// Backspace and the cross remove it.
type Tokens struct {
	widget.BaseWidget

	OnChange func(tokens []string)
	Suggest  func(prefix string) []string // offered below the field, nil for none
	Check    func(token string) error     // what is wrong with a token is shown; nil for nothing

	tokens []string
	chips  []*chip
	entry  *Entry
	fault  *canvas.Text
}

// NewTokens is an empty list; hint is shown in the field.
func NewTokens(hint string) *Tokens {
	t := &Tokens{entry: NewEntry(), fault: canvas.NewText("", color.Black)}
	t.fault.TextSize = 12
	t.entry.SetPlaceHolder(hint)
	t.entry.OnEdit = t.typed
	t.entry.OnCommit = func(text string) { t.add(text) }
	t.entry.OnArrow = t.key
	t.entry.Shortcuts = t.paste
	t.ExtendBaseWidget(t)
	return t
}

// Value is the tokens.
func (t *Tokens) Value() []string { return slices.Clone(t.tokens) }

// SetValue shows tokens without calling OnChange. What is being typed stays.
func (t *Tokens) SetValue(tokens []string) {
	if slices.Equal(t.tokens, tokens) && len(t.chips) == len(tokens) {
		return
	}
	t.tokens = slices.Clone(tokens)
	t.Refresh()
}

// SetUndo makes undo and redo in the field those of the document.
func (t *Tokens) SetUndo(undo, redo func()) { t.entry.OnUndo, t.entry.OnRedo = undo, redo }

// Field is the field that adds, to give it the focus.
func (t *Tokens) Field() fyne.Focusable { return t.entry }

// splitTokens separates at commas and line ends.
func splitTokens(text string) []string {
	var tokens []string
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if s = strings.TrimSpace(s); s != "" {
			tokens = append(tokens, s)
		}
	}
	return tokens
}

// add takes what is in text and empties the field.
func (t *Tokens) add(text string) {
	before := len(t.tokens)
	for _, s := range splitTokens(text) {
		if !slices.Contains(t.tokens, s) {
			t.tokens = append(t.tokens, s)
		}
	}
	t.entry.SetValue("")
	if len(t.tokens) != before {
		t.changed()
	}
}

func (t *Tokens) changed() {
	t.Refresh()
	if t.OnChange != nil {
		t.OnChange(t.Value())
	}
}

func (t *Tokens) remove(i int) {
	if i < 0 || i >= len(t.tokens) {
		return
	}
	t.tokens = slices.Delete(slices.Clone(t.tokens), i, i+1)
	t.changed()
}

// typed takes a finished token at a comma, and offers suggestions.
func (t *Tokens) typed(text string) {
	if strings.ContainsAny(text, ",\n") {
		t.add(text)
		return
	}
	if t.Suggest != nil && text != "" && len(t.Suggest(text)) > 0 {
		t.offer(text)
	}
}

// offer opens the suggestions over the field, which go on from what was typed.
func (t *Tokens) offer(text string) {
	p := &picker{find: t.Suggest}
	back := func(text string) {
		t.entry.SetValue("")
		takeFocus(t.entry)
		t.entry.put(text)
		t.entry.CursorColumn = len([]rune(text))
		t.entry.Refresh()
	}
	p.closed = back
	p.picked = func(option string) { back(""); t.add(option) }
	p.plain = func(text string) { back(""); t.add(text) }
	t.entry.SetValue("") // the focus leaves the field: nothing is to be added yet
	p.open(t.entry, text)
	t.entry.put(text)
	if p.entry == nil {
		return
	}
	filter := p.entry.OnEdit
	p.entry.OnEdit = func(text string) {
		t.entry.put(text) // for when a click elsewhere closes the list
		filter(text)
		switch {
		case strings.ContainsAny(text, ",\n"):
			p.popup.Hide()
			p.plain(text)
		case text == "" || len(p.options) == 0:
			p.popup.Hide()
			back(text)
		}
	}
}

func (t *Tokens) key(name fyne.KeyName) bool {
	switch {
	case name == fyne.KeyBackspace && t.entry.Text == "" && len(t.tokens) > 0:
		t.remove(len(t.tokens) - 1)
	case name == fyne.KeyDown && t.Suggest != nil && len(t.Suggest(t.entry.Text)) > 0:
		t.offer(t.entry.Text)
	case name == fyne.KeyLeft && t.entry.CursorColumn == 0 && len(t.tokens) > 0:
		t.focusChip(len(t.tokens) - 1)
	default:
		return false
	}
	return true
}

func (t *Tokens) paste(s fyne.Shortcut) bool {
	p, ok := s.(*fyne.ShortcutPaste)
	if !ok || !strings.ContainsAny(p.Clipboard.Content(), ",\n") {
		return false
	}
	t.add(t.entry.Text + p.Clipboard.Content())
	return true
}

// CreateRenderer is for Fyne.
func (t *Tokens) CreateRenderer() fyne.WidgetRenderer {
	r := &tokensRenderer{t: t, width: 320}
	r.build()
	return r
}

type tokensRenderer struct {
	t     *Tokens
	width float32
}

const chipHeight, chipGap, tokenField = 28, 6, 150

func (r *tokensRenderer) Destroy() {}

func (r *tokensRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(r.t.chips)+2)
	for _, c := range r.t.chips {
		objects = append(objects, c)
	}
	return append(objects, r.t.entry, r.t.fault)
}

// build makes the chips and shows what is wrong with the first faulty token.
func (r *tokensRenderer) build() {
	t := r.t
	for len(t.chips) < len(t.tokens) {
		t.chips = append(t.chips, newChip(t, len(t.chips)))
	}
	t.chips = t.chips[:len(t.tokens)]
	fault := ""
	for i, c := range t.chips {
		var err error
		if t.Check != nil {
			err = t.Check(t.tokens[i])
		}
		if err != nil && fault == "" {
			fault = err.Error()
		}
		c.set(t.tokens[i], err != nil)
	}
	t.fault.Text, t.fault.Color = fault, colourFor(ColourDanger, t)
	reveal(t.fault, fault != "")
}

// flow places chips, field and fault in lines, and returns the height.
func (r *tokensRenderer) flow(width float32, visit func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	t := r.t
	line := max(chipHeight, t.entry.MinSize().Height)
	var x, y float32
	for _, c := range t.chips {
		w := min(c.MinSize().Width, width)
		if x > 0 && x+w > width {
			x, y = 0, y+line+chipGap
		}
		visit(c, x, y+(line-chipHeight)/2, w, chipHeight)
		x += w + chipGap
	}
	if x > 0 && x+tokenField > width {
		x, y = 0, y+line+chipGap
	}
	visit(t.entry, x, y, width-x, line)
	y += line
	if t.fault.Visible() {
		visit(t.fault, 2, y+4, width-4, 16)
		y += 22
	}
	return y
}

func (r *tokensRenderer) MinSize() fyne.Size {
	return fyne.NewSize(tokenField+40, r.flow(r.width, func(fyne.CanvasObject, float32, float32, float32, float32) {}))
}

func (r *tokensRenderer) Layout(size fyne.Size) {
	if r.width != size.Width {
		r.width = size.Width
		defer canvas.Refresh(r.t) // the least height follows the width
	}
	r.flow(size.Width, place)
}

func (r *tokensRenderer) Refresh() {
	r.build()
	r.Layout(r.t.Size())
	r.t.fault.Refresh()
	canvas.Refresh(r.t)
}

// chip is one token.
type chip struct {
	widget.BaseWidget
	t                        *Tokens
	index                    int
	text                     string
	faulty, focused, hovered bool

	box           *canvas.Rectangle
	label         *canvas.Text
	first, second *canvas.Line // of the cross
	bang          *canvas.Text // the sign of a fault, beside its colour
}

func newChip(t *Tokens, i int) *chip {
	c := &chip{t: t, index: i, box: canvas.NewRectangle(color.Transparent),
		label: canvas.NewText("", color.Black), bang: canvas.NewText("!", color.Black),
		first: canvas.NewLine(color.Black), second: canvas.NewLine(color.Black)}
	c.box.CornerRadius = chipHeight / 2
	c.label.TextSize, c.bang.TextSize, c.bang.TextStyle.Bold = 13, 13, true
	c.first.StrokeWidth, c.second.StrokeWidth = 1.5, 1.5
	c.ExtendBaseWidget(c)
	return c
}

func (c *chip) set(text string, faulty bool) {
	c.text, c.faulty = text, faulty
	c.update()
}

func (c *chip) MinSize() fyne.Size {
	w := fyne.MeasureText(c.text, 13, fyne.TextStyle{}).Width + 12 + 28
	if c.faulty {
		w += 12
	}
	return fyne.NewSize(w, chipHeight)
}

func (c *chip) Resize(size fyne.Size) {
	c.BaseWidget.Resize(size)
	c.update()
}

func (c *chip) update() {
	name, fill, stroke := ColourText, colourFor(ColourHover, c.t), color.Color(color.Transparent)
	if c.hovered {
		stroke = colourFor(ColourEdge, c.t)
	}
	if c.faulty {
		name = ColourDanger
		stroke = colourFor(name, c.t)
	}
	if c.focused {
		stroke = colourFor(ColourAccent, c.t)
	}
	c.box.FillColor, c.box.StrokeColor, c.box.StrokeWidth = fill, stroke, 1
	if c.focused {
		c.box.StrokeWidth = 2
	}
	size := c.Size()
	c.box.Resize(size)
	x := float32(12)
	reveal(c.bang, c.faulty)
	if c.faulty {
		c.bang.Color = colourFor(name, c.t)
		place(c.bang, x, 5, 8, 18)
		x += 10
	}
	put(c.label, c.text, colourFor(name, c.t), size.Width-x-26, exactly)
	c.label.Move(fyne.NewPos(x, 5))
	cross := colourFor(ColourQuiet, c.t)
	mx, my := size.Width-15, float32(chipHeight)/2
	c.first.StrokeColor, c.second.StrokeColor = cross, cross
	c.first.Position1, c.first.Position2 = fyne.NewPos(mx-4, my-4), fyne.NewPos(mx+4, my+4)
	c.second.Position1, c.second.Position2 = fyne.NewPos(mx-4, my+4), fyne.NewPos(mx+4, my-4)
	for _, o := range []fyne.CanvasObject{c.box, c.bang, c.first, c.second} {
		o.Refresh()
	}
}

func (c *chip) Tapped(e *fyne.PointEvent) {
	if e.Position.X >= c.Size().Width-26 {
		c.t.remove(c.index)
		return
	}
	takeFocus(c)
}

func (c *chip) MouseIn(*desktop.MouseEvent)    { c.hovered = true; c.update() }
func (c *chip) MouseMoved(*desktop.MouseEvent) {}
func (c *chip) MouseOut()                      { c.hovered = false; c.update() }
func (c *chip) FocusGained()                   { c.focused = true; c.update(); intoSight(c) }
func (c *chip) FocusLost()                     { c.focused = false; c.update() }
func (c *chip) TypedRune(rune)                 {}

func (c *chip) TypedKey(key *fyne.KeyEvent) {
	t := c.t
	switch key.Name {
	case fyne.KeyDelete, fyne.KeyBackspace:
		t.remove(c.index)
		t.focusChip(c.index)
	case fyne.KeyLeft:
		t.focusChip(max(0, c.index-1))
	case fyne.KeyRight:
		t.focusChip(c.index + 1)
	default:
		passKey(c, key)
	}
}

// focusChip gives a chip the focus, behind the last one the field.
func (t *Tokens) focusChip(i int) {
	if i < len(t.chips) {
		takeFocus(t.chips[i])
		return
	}
	takeFocus(t.entry)
}

func (c *chip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{Objects: []fyne.CanvasObject{
		c.box, c.bang, c.label, c.first, c.second}})
}
