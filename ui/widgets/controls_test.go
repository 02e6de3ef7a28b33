package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// inWindow puts an object into a window of a size, with a place for tips.
func inWindow(t *testing.T, o fyne.CanvasObject, width, height float32) fyne.Canvas {
	t.Helper()
	w := test.NewWindow(Tips(o))
	w.SetPadded(false)
	t.Cleanup(w.Close)
	w.Resize(fyne.NewSize(width, height))
	return w.Canvas()
}

func typeKeys(o fyne.Focusable, keys ...fyne.KeyName) {
	for _, k := range keys {
		o.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestButtonsByMouseAndKeys(t *testing.T) {
	for _, make := range []func(string, string, func()) *Button{Primary, Plain, Danger, Link} {
		taps := 0
		b := make("Build", "build", func() { taps++ })
		c := inWindow(t, container.NewCenter(b), 300, 100)
		test.Tap(b)
		c.Focus(b)
		typeKeys(b, fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyA)
		b.Press()
		if taps != 5 {
			t.Errorf("%d taps, wanted 5: tap, Return, Enter, Space, Press", taps)
		}
		b.Disable()
		test.Tap(b)
		typeKeys(b, fyne.KeyReturn)
		if taps != 5 {
			t.Error("a disabled button acts")
		}
	}
}

// colourAt is the colour of the first rectangle that a panel of a widget draws.
func ringOf(t *testing.T, w fyne.Widget) *canvas.Rectangle {
	t.Helper()
	objects := test.WidgetRenderer(w).Objects()
	ring, ok := objects[len(objects)-1].(*panel)
	if !ok {
		t.Fatalf("%T ends in %T, wanted the outline of the focus", w, objects[len(objects)-1])
	}
	return test.WidgetRenderer(ring).Objects()[0].(*canvas.Rectangle)
}

func TestFocusCanBeSeen(t *testing.T) {
	for name, w := range map[string]interface {
		fyne.Widget
		fyne.Focusable
	}{
		"button":      Plain("Build", "", nothing),
		"icon button": IconButton("undo", "Undo", nothing),
		"card":        TapCard(nil, "Title", "Text", nothing),
	} {
		c := inWindow(t, container.NewCenter(w), 400, 200)
		if got := ringOf(t, w).StrokeWidth; got != 0 {
			t.Errorf("%s without focus has an outline of %v", name, got)
		}
		c.Focus(w)
		r := ringOf(t, w)
		if r.StrokeWidth != 2 || r.StrokeColor != theme.Color(ColourAccent) {
			t.Errorf("%s with focus has an outline of %v in %v", name, r.StrokeWidth, r.StrokeColor)
		}
		c.Unfocus()
		if got := ringOf(t, w).StrokeWidth; got != 0 {
			t.Errorf("%s that lost the focus keeps an outline", name)
		}
	}
}

func TestButtonSizes(t *testing.T) {
	for _, c := range []struct {
		b    *Button
		want float32
	}{{Plain("", "menu", nil), 36}, {IconButton("menu", "Menu", nil), 36}} {
		if got := c.b.MinSize(); got != fyne.NewSize(c.want, ControlHeight) {
			t.Errorf("%v, wanted %v wide", got, c.want)
		}
	}
	b := Plain("Build", "", nil)
	short := b.MinSize().Width
	b.SetText("Build the image again")
	if b.MinSize().Width <= short {
		t.Error("a longer word makes the button no wider")
	}
	b.SetIcon("build")
	b.Resize(fyne.NewSize(80, ControlHeight))
	words := test.WidgetRenderer(b).Objects()[3].(*Text)
	if got := words.texts()[0]; !strings.HasSuffix(got, "…") {
		t.Errorf("%q does not fit, wanted an ellipsis", got)
	}
	if right := words.Position().X + words.Size().Width; right > 80 {
		t.Errorf("the words end at %v of 80", right)
	}
}

func TestEntriesAreAsHighAsButtons(t *testing.T) {
	if got := widget.NewEntry().MinSize().Height; got < ControlHeight-1.5 || got > ControlHeight+0.5 {
		t.Errorf("an entry is %v high, a button %v", got, ControlHeight)
	}
}

func TestTip(t *testing.T) {
	b := IconButton("undo", "Undo tick git", nothing)
	c := inWindow(t, container.NewCenter(b), 300, 100)
	layer, _ := layerOf(b)
	if layer == nil {
		t.Fatal("no layer")
	}
	if layer.box.Visible() {
		t.Error("a tip before anyone asked")
	}
	b.MouseIn(nil)
	if !layer.box.Visible() || layer.words.Text() != "Undo tick git" {
		t.Errorf("visible %v, %q", layer.box.Visible(), layer.words.Text())
	}
	if at, size := layer.box.Position(), layer.box.Size(); at.X < 0 || at.X+size.Width > 300 || at.Y+size.Height > 100 {
		t.Errorf("the tip is outside of the window: %v, %v", at, size)
	}
	b.MouseOut()
	if layer.box.Visible() {
		t.Error("the tip stays")
	}
	c.Focus(b)
	if !layer.box.Visible() {
		t.Error("no tip with the focus")
	}
	c.Unfocus()
	// Without the layer there is no tip, and no harm.
	w := test.NewWindow(IconButton("redo", "Redo", nothing))
	defer w.Close()
	w.Content().(*Button).MouseIn(nil)
	w.Content().(*Button).MouseOut()
}

func TestTile(t *testing.T) {
	taps := 0
	tile := TapCard(PictureResource("template-rescue"), "Rescue stick", strings.Repeat("words ", 30), func() { taps++ })
	inWindow(t, Cards(220, 16, tile), 260, 500)
	test.Tap(tile)
	typeKeys(tile, fyne.KeySpace)
	tile.Press()
	if taps != 3 {
		t.Errorf("%d taps, wanted 3", taps)
	}
	if bottom := tile.text.Position().Y + tile.text.MinSize().Height; bottom > tile.Size().Height {
		t.Errorf("the text ends at %v of %v", bottom, tile.Size().Height)
	}
	tile.SetChosen(true)
	if !tile.Chosen() {
		t.Error("not chosen")
	}
	ground := test.WidgetRenderer(tile).Objects()[0].(*panel)
	if ground.fill != ColourTint || ground.line != ColourAccent {
		t.Errorf("a chosen card is %s with a line of %s", ground.fill, ground.line)
	}
	tile.Disable()
	test.Tap(tile)
	if taps != 3 {
		t.Error("a disabled card acts")
	}
}

func TestSidebarKeys(t *testing.T) {
	s := NewSidebar()
	var went []string
	s.OnSelect = func(id string) { went = append(went, id) }
	s.SetItems(sidebarItems())
	s.Select("overview")
	c := inWindow(t, container.NewHBox(s), 400, 700)
	c.Focus(s)
	typeKeys(s, fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyEnd, fyne.KeyDown, fyne.KeyHome)
	if want := []string{"base", "packages", "base", "history", "overview"}; !slices.Equal(went, want) {
		t.Errorf("went to %v, wanted %v", went, want)
	}
	if s.Selected() != "overview" {
		t.Errorf("at %s", s.Selected())
	}
}

func TestSidebarRows(t *testing.T) {
	s := NewSidebar()
	went := ""
	s.OnSelect = func(id string) { went = id }
	s.SetItems(sidebarItems())
	inWindow(t, container.NewHBox(s), 400, 700)
	if got := s.MinSize().Width; got != SidebarWidth {
		t.Errorf("%v wide, wanted %v", got, SidebarWidth)
	}
	rows := func() []*sectionRow { return test.WidgetRenderer(s).(*sidebarRenderer).rows }
	test.Tap(rows()[2])
	if went != "packages" || s.Selected() != "packages" {
		t.Errorf("a tap on Packages led to %q", went)
	}
	last := rows()[len(rows())-1]
	if bottom := last.Position().Y + last.Size().Height; bottom > s.MinSize().Height {
		t.Errorf("the last row ends at %v of %v", bottom, s.MinSize().Height)
	}
	if s.MinSize().Height > 700-60 {
		t.Errorf("%v high: too high for a window of 700 with a strip of 56", s.MinSize().Height)
	}
	s.SetFolded(true)
	if got := s.MinSize().Width; got != SidebarWidthFolded || !s.Folded() {
		t.Errorf("folded it is %v wide, wanted %v", got, SidebarWidthFolded)
	}
	rows()[1].MouseIn(nil)
	if layer, _ := layerOf(rows()[1]); layer.words.Text() != "Base" {
		t.Errorf("folded, the tip is %q", layer.words.Text())
	}
	rows()[1].MouseOut()
	s.SetItems(sidebarItems()[:3])
	if got := len(rows()); got != 3 {
		t.Errorf("%d rows, wanted 3", got)
	}
}

func TestStrip(t *testing.T) {
	taps := 0
	s := NewStrip(Plain("Build", "build", nothing))
	cells := []StripCell{
		{Label: "Base", Value: strings.Repeat("a very long base ", 5)},
		{Label: "Problems", Value: "3 problems", Kind: Failure, Tapped: func() { taps++ }},
	}
	s.SetCells(cells)
	c := inWindow(t, container.NewBorder(nil, s, nil, nil), 1024, 700)
	test.Tap(s.cells[1])
	typeKeys(s.cells[1], fyne.KeyReturn)
	if taps != 2 {
		t.Errorf("%d taps, wanted 2", taps)
	}
	if w := s.MinSize().Width; w > 1024 {
		t.Errorf("%v wide: a long value pushes the buttons out", w)
	}
	c.FocusNext()
	if c.Focused() != fyne.Focusable(s.cells[1]) {
		t.Errorf("the focus went to %T, wanted the cell that can be pressed", c.Focused())
	}
	before := s.cells[0]
	cells[0].Value = "Debian 13"
	s.SetCells(cells)
	if s.cells[0] != before || before.value.Text() != "Debian 13" {
		t.Errorf("shows %q", before.value.Text())
	}
	height := s.MinSize().Height
	cells[1].Kind, cells[1].Value = Neutral, "none"
	s.SetCells(cells)
	if s.MinSize().Height != height {
		t.Errorf("the strip moved from %v to %v", height, s.MinSize().Height)
	}
}

func TestField(t *testing.T) {
	f := Field("Name", "", widget.NewEntry(), Width(200), Beside(Link("Help", "", nothing)))
	inWindow(t, Form(f), 1200, 400)
	if got := f.Size().Width; got != FormWidth {
		t.Errorf("%v wide, wanted %v", got, FormWidth)
	}
	plain := f.MinSize().Height
	f.SetProblem(strings.Repeat("not a name ", 40))
	if got := f.MinSize().Height; got < plain+2*16 {
		t.Errorf("with a problem of several lines %v high, without %v", got, plain)
	}
	if f.Problem() == "" || !f.fault.Visible() {
		t.Error("the problem is not shown")
	}
	f.SetProblem("")
	if got := f.MinSize().Height; got != plain || f.fault.Visible() {
		t.Errorf("without a problem %v high again, before %v", got, plain)
	}
	f.SetNote("a note")
	if got := f.MinSize().Height; got != plain+Step+16 {
		t.Errorf("with a note %v high, wanted %v", got, plain+Step+16)
	}
}

func TestProgress(t *testing.T) {
	p := ProgressBar()
	p.Resize(fyne.NewSize(200, barHeight))
	filled := func() (from, to float32) {
		o := test.WidgetRenderer(p).Objects()[1]
		return o.Position().X, o.Position().X + o.Size().Width
	}
	for _, c := range []struct {
		value float64
		to    float32
	}{{0, 0}, {0.5, 100}, {2, 200}, {-1, 0}} {
		p.SetValue(c.value)
		if from, to := filled(); from != 0 || to != c.to {
			t.Errorf("at %v filled from %v to %v, wanted 0 to %v", c.value, from, to, c.to)
		}
	}
	p.SetUnknown()
	for _, at := range []float32{0, 0.3, 0.9, 1} {
		p.shown = at
		if from, to := p.span(200); from < 0 || to > 200 || to-from > 51 {
			t.Errorf("unknown at %v: from %v to %v", at, from, to)
		}
	}
	p.Stop()
	p.SetValue(0.25)
	p.SetKind(Good)
	if from, to := filled(); from != 0 || to != 50 || p.Value() != 0.25 {
		t.Errorf("after unknown: from %v to %v", from, to)
	}
	if got := test.WidgetRenderer(p).Objects()[1].(*panel).fill; got != ColourGood {
		t.Errorf("a good end is %s", got)
	}
}

func TestSizeBar(t *testing.T) {
	b := SizeBar([]SizePart{{0.5, "System", Accent}, {0.9, "Too much", Warning}})
	b.Resize(fyne.NewSize(100, 30))
	bars := test.WidgetRenderer(b).(*capacityRenderer).bars
	if got := bars[1].Position().X + bars[1].Size().Width; got > 100 {
		t.Errorf("the parts end at %v of 100", got)
	}
	high := b.MinSize().Height
	b.SetParts([]SizePart{{0.5, "", Accent}})
	if got := b.MinSize().Height; got != barHeight || high <= got {
		t.Errorf("%v high without a legend, %v with one", got, high)
	}
}

func TestSteps(t *testing.T) {
	s := Steps("Image", "Device", "Write")
	text := func() string {
		var all []string
		for _, o := range test.LaidOutObjects(s) {
			if l, ok := o.(*canvas.Text); ok {
				all = append(all, l.Text)
			}
		}
		return strings.Join(all, " ")
	}
	if got := text(); got != "1 Image 2 Device 3 Write" {
		t.Errorf("%q", got)
	}
	s.SetCurrent(1)
	if got := text(); got != "Image 2 Device 3 Write" || s.Current() != 1 {
		t.Errorf("at the second: %q, wanted a tick in place of 1", got)
	}
	s.SetCurrent(3)
	if got := text(); got != "Image Device Write" {
		t.Errorf("at the end: %q", got)
	}
}

func TestPill(t *testing.T) {
	p := Pill("3", Neutral)
	if got := p.MinSize(); got.Height != 20 || got.Width < 20 {
		t.Errorf("%v", got)
	}
	p.Set("12345", Failure)
	if got := test.WidgetRenderer(p).Objects()[1].(*Text); got.Text() != "12345" || got.colour != ColourDanger {
		t.Errorf("%q in %s", got.Text(), got.colour)
	}
}

func TestEmptyAndBannerAct(t *testing.T) {
	taps := 0
	tap := func() { taps++ }
	for i, o := range []fyne.CanvasObject{Empty("history", "Nothing.", "Build", tap), Banner(Failure, "Failed.", "Go there", tap)} {
		inWindow(t, o, 500, 300)
		for _, part := range test.LaidOutObjects(o) {
			if b, ok := part.(*Button); ok {
				test.Tap(b)
			}
		}
		if taps != i+1 {
			t.Errorf("%d taps after the button of object %d", taps, i)
		}
	}
	if len(test.LaidOutObjects(Banner(Good, "Done.", "", nil))) == 0 {
		t.Error("a banner without an action is empty")
	}
}

// TestColourNeverSpeaksAlone wants an icon of its own for every signal.
func TestColourNeverSpeaksAlone(t *testing.T) {
	seen := map[string]Kind{}
	for _, k := range []Kind{Neutral, Good, Warning, Failure} {
		if other, ok := seen[k.icon()]; ok {
			t.Errorf("kinds %d and %d have one icon", k, other)
		}
		seen[k.icon()] = k
	}
}

// TestTextsOfAnyLength draws every widget narrow and with long texts: nothing may be
// drawn outside of its window.
func TestTextsOfAnyLength(t *testing.T) {
	long := strings.Repeat("Donaudampfschifffahrtsgesellschaft ", 6)
	for name, o := range map[string]fyne.CanvasObject{
		"page":   Page(long, long, []fyne.CanvasObject{Plain("Add", "plus", nothing)}, PageBody(Form(Field(long, long, widget.NewEntry())))),
		"card":   Card(long, long, Row(Gap, Fill(Line(long)), IconButton("trash", "Remove", nothing))),
		"banner": Banner(Warning, long, "Go there", nothing),
		"tile":   TapCard(nil, long, long, nothing),
		"empty":  Empty("search", long, "Clear", nothing),
	} {
		for _, width := range []float32{320, 804} {
			t.Run(fmt.Sprintf("%s-%v", name, width), func(t *testing.T) {
				inWindow(t, container.New(column{}, o), width, 700)
				lines := 0
				walk(o, fyne.Position{}, func(part fyne.CanvasObject, at fyne.Position) {
					line, ok := part.(*canvas.Text)
					if !ok {
						return
					}
					lines++
					end := at.X + fyne.MeasureText(line.Text, line.TextSize, line.TextStyle).Width
					if line.Alignment == fyne.TextAlignCenter {
						end = at.X + line.Size().Width
					}
					if at.X < 0 || end > width+1 {
						t.Errorf("%q is drawn from %v to %v in a width of %v", line.Text, at.X, end, width)
					}
				})
				if lines < 2 {
					t.Errorf("%d lines of text", lines)
				}
			})
		}
	}
}

// walk visits what is drawn of an object, with its place in the window.
func walk(o fyne.CanvasObject, at fyne.Position, visit func(fyne.CanvasObject, fyne.Position)) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	visit(o, at)
	switch o := o.(type) {
	case *fyne.Container:
		for _, part := range o.Objects {
			walk(part, at, visit)
		}
	case fyne.Widget:
		for _, part := range test.WidgetRenderer(o).Objects() {
			walk(part, at, visit)
		}
	}
}

func TestAsk(t *testing.T) {
	for _, c := range []struct {
		name  string
		last  *Button
		focus int // the answer with the focus
	}{
		{"leads on", Primary("Save", "", nil), 1},
		{"destroys", Danger("Erase and write", "", nil), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			window := inWindow(t, Body("page"), 800, 600)
			cancelled := 0
			answers := []*Button{Plain("Cancel", "", func() { cancelled++ }), c.last}
			Ask(window, "Title", strings.Repeat("words ", 60), nil, answers...)
			top := window.Overlays().Top()
			if top == nil || !top.Visible() {
				t.Fatal("nothing is asked")
			}
			if window.Focused() != fyne.Focusable(answers[c.focus]) {
				t.Errorf("the focus is on %v", window.Focused())
			}
			typeKeys(answers[0], fyne.KeyReturn)
			if window.Overlays().Top() != nil || cancelled != 1 {
				t.Errorf("after the answer: %v, %d answers", window.Overlays().Top(), cancelled)
			}
		})
	}
	window := inWindow(t, Body("page"), 800, 600)
	dismiss := Ask(window, "Title", "Text", NewEntry(), Plain("Cancel", "", nil))
	dismiss()
	if window.Overlays().Top() != nil {
		t.Error("dismissed, it stays")
	}
}
