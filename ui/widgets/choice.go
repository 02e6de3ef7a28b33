package widgets

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Option is one of the values that a control offers, with the text for it.
type Option struct {
	Value string
	Label string // the value itself when empty
}

func (o Option) label() string {
	if o.Label == "" {
		return o.Value
	}
	return o.Label
}

// Options are options whose labels are their values.
func Options(values ...string) []Option {
	options := make([]Option, len(values))
	for i, v := range values {
		options[i].Value = v
	}
	return options
}

// indexOf is the place of value in options, -1 if it is not there.
func indexOf(options []Option, value string) int {
	for i, o := range options {
		if o.Value == value {
			return i
		}
	}
	return -1
}

// Check is a box to tick with a text.
type Check struct {
	widget.Check

	OnPick func(ticked bool)
	quiet  bool
}

// NewCheck is a box that is not ticked.
func NewCheck(text string, onPick func(ticked bool)) *Check {
	c := &Check{OnPick: onPick}
	c.ExtendBaseWidget(c)
	c.Text = text
	c.OnChanged = func(ticked bool) {
		if !c.quiet && c.OnPick != nil {
			c.OnPick(ticked)
		}
	}
	return c
}

// SetValue ticks without calling OnPick.
func (c *Check) SetValue(ticked bool) {
	c.quiet = true
	c.SetChecked(ticked)
	c.quiet = false
}

// FocusGained shows the focus.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	intoSight(c)
}

// TypedKey ticks at Space, as at the Space that Fyne's box takes as a character.
func (c *Check) TypedKey(key *fyne.KeyEvent) {
	if key.Name != fyne.KeySpace {
		passKey(c, key)
	}
}

// Choice is a field that shows one of many options and opens a list with a
// filter: words in any order, any case, found in labels and values. NewSelect
// makes one for few options, with a plain menu instead of the list.
type Choice struct {
	widget.DisableableWidget

	OnPick      func(value string)
	PlaceHolder string // without a value
	Hint        string // in the filter
	Nothing     string // said when no option fits the filter

	options          []Option
	plain            bool
	value            string
	focused, hovered bool
}

// NewChoice offers options.
func NewChoice(options []Option, onPick func(value string)) *Choice {
	c := &Choice{options: options, OnPick: onPick}
	c.ExtendBaseWidget(c)
	return c
}

// Select is a Choice of few options that NewSelect makes.
type Select = Choice

// NewSelect offers a few options in a menu. Up and Down go through them also
// while it is closed.
func NewSelect(options []Option, onPick func(value string)) *Select {
	s := NewChoice(options, onPick)
	s.plain = true
	return s
}

// SetChoices changes what is offered.
func (c *Choice) SetChoices(options []Option) {
	c.options = options
	c.Refresh()
}

// Value is the chosen value, "" for none.
func (c *Choice) Value() string { return c.value }

// SetValue shows a value without calling OnPick.
func (c *Choice) SetValue(value string) {
	if c.value != value {
		c.value = value
		c.Refresh()
	}
}

// filter is the labels of the options that hold all words of text: those that
// begin with it first.
func filter(options []Option, text string) []string {
	words := strings.Fields(strings.ToLower(text))
	whole := strings.Join(words, " ")
	var first, rest []string
	for _, o := range options {
		label := strings.ToLower(o.label())
		both := label + " " + strings.ToLower(o.Value)
		switch {
		case !holdsAll(both, words):
		case strings.HasPrefix(label, whole):
			first = append(first, o.label())
		default:
			rest = append(rest, o.label())
		}
	}
	return append(first, rest...)
}

func holdsAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// Open shows the list.
func (c *Choice) Open() {
	if c.Disabled() {
		return
	}
	if c.plain {
		c.menu()
		return
	}
	p := &picker{always: true, none: c.Nothing}
	p.find = func(text string) []string { return filter(c.options, text) }
	p.closed = func(string) { takeFocus(c) }
	p.picked = func(label string) {
		takeFocus(c)
		for _, o := range c.options {
			if o.label() == label {
				c.pick(o.Value)
				return
			}
		}
	}
	p.open(c, "")
	if p.entry == nil {
		return
	}
	p.entry.SetPlaceHolder(c.Hint)
	if i := indexOf(c.options, c.value); i >= 0 {
		p.mark(i)
	}
}

// menu shows the options of a Select below it.
func (c *Choice) menu() {
	cv := canvasOf(c)
	if cv == nil {
		return
	}
	menu := fyne.NewMenu("")
	for _, o := range c.options {
		item := fyne.NewMenuItem(o.label(), func() { c.pick(o.Value) })
		item.Checked = o.Value == c.value
		menu.Items = append(menu.Items, item)
	}
	p := widget.NewPopUpMenu(menu, cv)
	p.ShowAtPosition(fyne.CurrentApp().Driver().AbsolutePositionForObject(c).AddXY(0, c.Size().Height+2))
	p.Resize(fyne.NewSize(max(c.Size().Width, p.MinSize().Width), p.MinSize().Height))
	cv.Focus(p)
}

// step goes to the option next to the shown one.
func (c *Choice) step(by int) {
	if n := len(c.options); n > 0 && !c.Disabled() {
		c.pick(c.options[max(0, min(indexOf(c.options, c.value)+by, n-1))].Value)
	}
}

func (c *Choice) pick(value string) {
	if value == c.value {
		return
	}
	c.SetValue(value)
	if c.OnPick != nil {
		c.OnPick(value)
	}
}

// Tapped opens the list.
func (c *Choice) Tapped(*fyne.PointEvent) {
	if !c.Disabled() {
		takeFocus(c)
		c.Open()
	}
}

// FocusGained shows the focus.
func (c *Choice) FocusGained() { c.focused = true; c.Refresh(); intoSight(c) }

// FocusLost hides it.
func (c *Choice) FocusLost() { c.focused = false; c.Refresh() }

// MouseIn shows that the field can be clicked.
func (c *Choice) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.Refresh() }

// MouseMoved is for Fyne.
func (c *Choice) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (c *Choice) MouseOut() { c.hovered = false; c.Refresh() }

// TypedRune is for Fyne: the list opens by TypedKey.
func (c *Choice) TypedRune(rune) {}

// TypedKey opens the list.
func (c *Choice) TypedKey(key *fyne.KeyEvent) {
	switch {
	case c.plain && key.Name == fyne.KeyUp:
		c.step(-1)
	case c.plain && key.Name == fyne.KeyDown:
		c.step(1)
	case slices.Contains([]fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown, fyne.KeyUp}, key.Name):
		c.Open()
	default:
		passKey(c, key)
	}
}

// CreateRenderer is for Fyne.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{c: c, box: canvas.NewRectangle(color.Transparent),
		text: canvas.NewText("", color.Black), icon: widget.NewIcon(theme.MenuDropDownIcon())}
	r.paint()
	return r
}

type choiceRenderer struct {
	c    *Choice
	box  *canvas.Rectangle
	text *canvas.Text
	icon *widget.Icon
}

func (r *choiceRenderer) Destroy() {}
func (r *choiceRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.text, r.icon}
}

func (r *choiceRenderer) MinSize() fyne.Size {
	th := r.c.Theme()
	pad := th.Size(theme.SizeNameInnerPadding)
	text := fyne.MeasureText("M", th.Size(theme.SizeNameText), fyne.TextStyle{})
	return fyne.NewSize(140, text.Height+2*pad)
}

func (r *choiceRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	r.paint()
	r.text.Move(fyne.NewPos(r.c.Theme().Size(theme.SizeNameInnerPadding), (size.Height-r.text.MinSize().Height)/2))
	place(r.icon, size.Width-28, (size.Height-20)/2, 20, 20)
}

func (r *choiceRenderer) paint() {
	c, th := r.c, r.c.Theme()
	r.box.CornerRadius = th.Size(theme.SizeNameInputRadius)
	r.box.FillColor = colourFor(theme.ColorNameInputBackground, c)
	r.box.StrokeWidth = th.Size(theme.SizeNameInputBorder)
	r.box.StrokeColor = colourFor(ColourEdge, c)
	if c.focused {
		r.box.StrokeColor, r.box.StrokeWidth = colourFor(ColourAccent, c), 2
	}
	text, name := c.value, ColourText
	if i := indexOf(c.options, c.value); i >= 0 {
		text = c.options[i].label()
	}
	if text == "" {
		text, name = c.PlaceHolder, ColourQuiet
	}
	if c.Disabled() {
		name = ColourDisabled
	}
	icon := theme.MenuDropDownIcon()
	if c.Disabled() {
		icon = theme.NewDisabledResource(icon)
	}
	r.icon.SetResource(icon)
	r.text.TextSize = th.Size(theme.SizeNameText)
	put(r.text, text, colourFor(name, c), c.Size().Width-44, exactly)
}

func (r *choiceRenderer) Refresh() {
	r.Layout(r.c.Size())
	r.box.Refresh()
	r.icon.Refresh()
	canvas.Refresh(r.c)
}
