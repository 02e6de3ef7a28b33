package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// ticks is a list of n rows whose ticks are kept in a set.
func ticks(n int, c *calls) (*TickList, map[int]bool) {
	ticked := map[int]bool{}
	l := NewTickList(func() int { return n }, func(i int) TickRow {
		return TickRow{ID: fmt.Sprint(i), Title: fmt.Sprintf("package-%d", i), Extra: "1.2-3",
			Right: fmt.Sprintf("%d kB", i), Summary: "what it is for", Ticked: ticked[i]}
	})
	l.OnTick = func(i int, on bool) {
		ticked[i] = on
		c.say(fmt.Sprint("tick ", i, on))
	}
	l.OnSelect = func(i int) { c.say(fmt.Sprint("select ", i)) }
	l.OnOpen = func(i int) { c.say(fmt.Sprint("open ", i)) }
	return l, ticked
}

func TestTickListKeys(t *testing.T) {
	var c calls
	l, _ := ticks(68_000, &c)
	w := shown(t, l, 500, 480)
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { c.say("window " + string(k.Name)) })
	w.Canvas().Focus(l)
	c.want(t, "focus", "select 0")
	key(l, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp, fyne.KeyEnd, fyne.KeyDown, fyne.KeyHome)
	c.want(t, "moving", "select 1", "select 2", "select 1", "select 10", "select 1", "select 67999", "select 0")
	key(l, fyne.KeySpace, fyne.KeySpace, fyne.KeyReturn, fyne.KeyF5)
	c.want(t, "acting", "tick 0 true", "tick 0 false", "open 0", "window F5")
	l.Choose(30_000)
	c.want(t, "choosing from outside")
	if y := 30_000*48 - l.GetScrollOffset(); y < 0 || y > 480-tickRowHeight {
		t.Errorf("row 30000 is at %g in a list 480 high", y)
	}
}

func TestTickListClicks(t *testing.T) {
	var c calls
	l, _ := ticks(100, &c)
	w := shown(t, l, 500, 480)
	test.TapCanvas(w.Canvas(), fyne.NewPos(22, 2*48+20)) // on the tick
	c.want(t, "click on a tick", "select 0", "tick 2 true")
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, 3*48+20))
	c.want(t, "click on a row", "select 3")
	if w.Canvas().Focused() != l {
		t.Error("a click does not give the focus")
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, 3*48+20))
	c.want(t, "a second click on a row")
	if l.Chosen() != 3 {
		t.Errorf("row %d is selected", l.Chosen())
	}
}

func TestTickListOnPartial(t *testing.T) {
	var c calls
	l := NewTickList(func() int { return 1 }, func(int) TickRow { return TickRow{Title: "group", Ticked: true, Partial: true} })
	l.OnTick = func(_ int, on bool) { c.say(fmt.Sprint(on)) }
	shown(t, l, 300, 100)
	l.Choose(0)
	key(l, fyne.KeySpace)
	c.want(t, "Space on a half tick", "true")
}

func TestTickListOfNone(t *testing.T) {
	var c calls
	l, _ := ticks(0, &c)
	w := shown(t, l, 300, 100)
	w.Canvas().Focus(l)
	key(l, fyne.KeyDown, fyne.KeyEnd, fyne.KeySpace, fyne.KeyReturn)
	c.want(t, "keys in an empty list")
	if l.Chosen() != -1 {
		t.Errorf("row %d is selected of none", l.Chosen())
	}
}

// rowsInSight are the drawn rows.
func rowsInSight(l *TickList) []*tickItem {
	var items []*tickItem
	for _, o := range test.LaidOutObjects(l) {
		if it, ok := o.(*tickItem); ok {
			items = append(items, it)
		}
	}
	return items
}

func TestTickListDrawsOnlyWhatIsInSight(t *testing.T) {
	n := 68_000
	l := NewTickList(func() int { return n }, galleryRowFor)
	shown(t, l, 400, 480)
	if got := len(rowsInSight(l)); got < 10 || got > 12 {
		t.Errorf("%d rows drawn in a list with room for 10", got)
	}
	n = 3
	l.Refresh()
	if got := len(rowsInSight(l)); got != 3 {
		t.Errorf("%d rows drawn of 3", got)
	}
}

// galleryRowFor has texts too long for a narrow list.
func galleryRowFor(i int) TickRow {
	return TickRow{ID: fmt.Sprint(i), Title: fmt.Sprintf("libreoffice-writer-with-a-long-name-%d", i), Extra: "4:25.2.3-2+deb13u1",
		Pill: "non-free", Right: "120 MB", Summary: "an office suite with a description that goes on and on and on", Ticked: i%2 == 0}
}

func TestTickListShortensTexts(t *testing.T) {
	l := NewTickList(func() int { return 5 }, galleryRowFor)
	for _, width := range []float32{120, 200, 320, 500, 900} {
		shown(t, l, width, 200)
		for _, it := range rowsInSight(l) {
			right := it.Size().Width
			if it.right.Text != "" {
				right = it.right.Position().X
			}
			for _, o := range []fyne.CanvasObject{it.title, it.extra, it.pill} {
				if end := o.Position().X + o.MinSize().Width; o.Visible() && o.MinSize().Width > 1 && end > right+1 {
					t.Errorf("width %g: %T ends at %g, beyond %g", width, o, end, right)
				}
			}
			if end := it.summary.Position().X + it.summary.MinSize().Width; end > it.Size().Width {
				t.Errorf("width %g: the summary ends at %g", width, end)
			}
		}
	}
}

// BenchmarkTickListQuery is what a key in a search field costs: all rows in
// sight get other contents. BenchmarkTickListSame refreshes without a change.
func BenchmarkTickListQuery(b *testing.B) { benchTicks(b, true) }

func BenchmarkTickListSame(b *testing.B) { benchTicks(b, false) }

func benchTicks(b *testing.B, changing bool) {
	first := 0
	l := NewTickList(func() int { return 68_000 }, func(i int) TickRow { return galleryRowFor(first + i) })
	w := test.NewWindow(l)
	defer w.Close()
	w.Resize(fyne.NewSize(700, 760))
	b.ReportAllocs()
	for b.Loop() {
		if changing {
			first += 1000
		}
		l.Refresh()
	}
}
