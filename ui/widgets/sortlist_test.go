package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// rows are written as one word each, with a dot for each step of depth; words in
// capitals are groups.
func rowsOf(words string) []SortRow {
	var rows []SortRow
	for _, w := range strings.Fields(words) {
		title := strings.TrimLeft(w, ".")
		rows = append(rows, SortRow{ID: title, Title: title, Depth: len(w) - len(title), Group: strings.ToUpper(title) == title})
	}
	return rows
}

func wordsOf(rows []SortRow) string {
	var words []string
	for _, r := range rows {
		words = append(words, strings.Repeat(".", r.Depth)+r.Title)
	}
	return strings.Join(words, " ")
}

// sorted is a list that does what its person wants.
func sorted(words string) *SortList {
	l := NewSortList()
	l.SetRows(rowsOf(words))
	l.OnMove = func(from, to, depth int) { l.SetRows(Moved(l.Rows(), from, to, depth)) }
	return l
}

func TestSortListMovesWithKeys(t *testing.T) {
	for _, c := range []struct {
		rows   string
		chosen int
		key    fyne.KeyName
		want   string
	}{
		{"a b c", 1, fyne.KeyUp, "b a c"},
		{"a b c", 1, fyne.KeyDown, "a c b"},
		{"a b c", 0, fyne.KeyUp, "a b c"},
		{"a b c", 2, fyne.KeyDown, "a b c"},
		{"G .x y", 2, fyne.KeyUp, "G .y .x"}, // at depth 0 it would take x from its group
		{"G .x y", 0, fyne.KeyDown, "y G .x"},
		{"y G .x", 1, fyne.KeyUp, "G .x y"},
		{"G .x .y z", 2, fyne.KeyDown, "G .x z y"},
		{"G .x y", 2, fyne.KeyRight, "G .x .y"},
		{"G .x .y", 2, fyne.KeyLeft, "G .x y"},
		{"G .x .y", 1, fyne.KeyLeft, "G .x .y"}, // y would lose its group
		{"a b", 1, fyne.KeyRight, "a b"},        // a is no group
		{"G", 0, fyne.KeyRight, "G"},
		{"G H .x", 1, fyne.KeyRight, "G .H ..x"},
	} {
		l := sorted(c.rows)
		shown(t, l, 400, 300)
		l.Choose(c.chosen)
		id := l.Rows()[c.chosen].ID
		l.TypedShortcut(shortcut(c.key, fyne.KeyModifierAlt))
		if got := wordsOf(l.Rows()); got != c.want {
			t.Errorf("%s, Alt+%s on %s: %s, want %s", c.rows, c.key, id, got, c.want)
		}
		if l.Rows()[l.Chosen()].ID != id {
			t.Errorf("%s, Alt+%s: the moved row is not selected any more", c.rows, c.key)
		}
	}
}

func TestSortListMovesByDragging(t *testing.T) {
	for _, c := range []struct {
		rows string
		from int
		to   float32 // rows down
		side float32
		want string
	}{
		{"a b c d", 0, 2, 0, "b c a d"},
		{"a b c d", 3, -3, 0, "d a b c"},
		{"a b c d", 1, 0.4, 0, "a b c d"},
		{"a G .x b", 0, 2.4, 30, "G .x .a b"},
		{"a G .x b", 0, 2.4, 0, "G .x a b"},
		{"G .x .y b", 0, 3.6, 0, "b G .x .y"},
		{"G .x .y b", 0, 1.2, 0, "G .x .y b"}, // into itself
	} {
		l := sorted(c.rows)
		shown(t, l, 400, 300)
		grip := l.items[c.from].grip
		for i := range 4 {
			part := float32(i+1) / 4
			grip.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{
				Position: fyne.NewPos(14+c.side*part, 20+c.to*sortRowHeight*part)}})
			if i == 0 && !l.line.Visible() {
				t.Errorf("%s: no line shows where the row would go", c.rows)
			}
			if i == 0 { // the pointer starts where the grip is
				l.drag.startX = 4 + 14
			}
		}
		grip.DragEnd()
		if got := wordsOf(l.Rows()); got != c.want {
			t.Errorf("%s, row %d by %g rows: %s, want %s", c.rows, c.from, c.to, got, c.want)
		}
		if l.line.Visible() {
			t.Errorf("%s: the line stays", c.rows)
		}
	}
}

func TestSortListDragsByTheGrip(t *testing.T) {
	l := sorted("a b c")
	w := shown(t, l, 400, 300)
	test.Drag(w.Canvas(), fyne.NewPos(18, sortRowHeight+20), 0, 70)
	if l.Chosen() != 1 || w.Canvas().Focused() != l {
		t.Error("the grip of the second row is not where it is drawn")
	}
}

func TestSortListEscapeEndsADrag(t *testing.T) {
	l := sorted("a b c")
	shown(t, l, 400, 300)
	l.dragged(0, fyne.NewPos(10, 110))
	key(l, fyne.KeyEscape)
	l.dropped()
	if got := wordsOf(l.Rows()); got != "a b c" {
		t.Errorf("%s after Escape", got)
	}
}

func TestSortListKeys(t *testing.T) {
	var c calls
	l := NewSortList()
	l.SetRows(rowsOf("a b c"))
	l.OnSelect = func(i int) { c.say(fmt.Sprint("select ", i)) }
	l.OnOpen = func(i int) { c.say(fmt.Sprint("open ", i)) }
	l.OnRemove = func(i int) { c.say(fmt.Sprint("remove ", i)) }
	w := shown(t, l, 400, 300)
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { c.say("window " + string(k.Name)) })
	w.Canvas().Focus(l)
	c.want(t, "focus", "select 0")
	key(l, fyne.KeyDown, fyne.KeyEnd, fyne.KeyDown, fyne.KeyUp, fyne.KeyHome, fyne.KeyUp)
	c.want(t, "arrows", "select 1", "select 2", "select 1", "select 0")
	key(l, fyne.KeyReturn, fyne.KeyDelete, fyne.KeyF5)
	c.want(t, "the rest", "open 0", "remove 0", "window F5")
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, 2*sortRowHeight+20))
	// A row that takes double clicks hears of a single one late, so ask it directly.
	l.items[2].Tapped(&fyne.PointEvent{})
	if l.Chosen() != 2 {
		t.Errorf("row %d after a click on the last", l.Chosen())
	}
	l.SetRows(rowsOf("c a"))
	if l.Chosen() != 0 {
		t.Errorf("row %d, want the selected one found again", l.Chosen())
	}
	l.SetRows(rowsOf("a"))
	if l.Chosen() != -1 {
		t.Errorf("row %d, want none: the selected one is gone", l.Chosen())
	}
}

func TestSortListScrollsToTheSelected(t *testing.T) {
	l := sorted(strings.Repeat("a ", 100))
	shown(t, l, 400, 200)
	l.Choose(80)
	if y := float32(80*sortRowHeight) - l.scroll.Offset.Y; y < 0 || y > 200-sortRowHeight {
		t.Errorf("row 80 is at %g in a list 200 high", y)
	}
	if h := l.MinSize().Height; h != 12*sortRowHeight {
		t.Errorf("100 rows want a height of %g", h)
	}
}

// FuzzMoved holds that no move loses a row or takes one from its group.
func FuzzMoved(f *testing.F) {
	f.Add("G .x .y b", 0, 1, 0)
	f.Add("a G .H ..x .y", 3, 0, 4)
	f.Fuzz(func(t *testing.T, words string, from, to, depth int) {
		rows := rowsOf(words)
		if len(rows) == 0 || len(rows) > 100 {
			t.Skip()
		}
		for i := range rows { // a tree: no row deeper than one step inside the row above
			most := 0
			if i > 0 {
				_, most = depthsAt(rows[:i], i)
			}
			rows[i].Depth = min(rows[i].Depth, most)
		}
		from = (from%len(rows) + len(rows)) % len(rows)
		rest := append(append([]SortRow{}, rows[:from]...), rows[blockEnd(rows, from):]...)
		to = (to%(len(rest)+1) + len(rest) + 1) % (len(rest) + 1)
		least, most := depthsAt(rest, to)
		got := Moved(rows, from, to, max(least, min(depth, most)))
		if len(got) != len(rows) || got[to].ID != rows[from].ID {
			t.Fatalf("%s: %d to %d gives %s", wordsOf(rows), from, to, wordsOf(got))
		}
		for i, r := range got {
			if i == 0 && r.Depth != 0 || i > 0 && r.Depth > got[i-1].Depth && !(got[i-1].Group && r.Depth == got[i-1].Depth+1) {
				t.Fatalf("%s: %d to %d gives %s, where row %d hangs in the air", wordsOf(rows), from, to, wordsOf(got), i)
			}
		}
		if n := slices.IndexFunc(got, func(r SortRow) bool { return r.Depth < 0 }); n >= 0 {
			t.Fatalf("row %d has a negative depth", n)
		}
	})
}
