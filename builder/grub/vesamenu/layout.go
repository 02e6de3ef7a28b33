package vesamenu

import (
	"strconv"
	"strings"
)

// Characters of code page 437.
const (
	topLeft, topRight, bottomLeft, bottomRight = 0xDA, 0xBF, 0xC0, 0xD9
	teeLeft, teeRight                          = 0xC3, 0xB4
	horizontal, vertical, shade                = 0xC4, 0xB3, 0xB1
)

type cell struct {
	char byte
	as   Element
}

// grid is the screen in cells.
type grid struct {
	cols, rows int
	cells      []cell
}

func newGrid(width, height int) *grid {
	g := &grid{cols: max((width-16)/8, 1), rows: max((height-16)/16, 1)}
	g.cells = make([]cell, g.cols*g.rows)
	for i := range g.cells {
		g.cells[i] = cell{' ', screen}
	}
	return g
}

// put writes a character; outside of the screen it is lost.
func (g *grid) put(x, y int, c byte, as Element) {
	if x >= 0 && x < g.cols && y >= 0 && y < g.rows {
		g.cells[y*g.cols+x] = cell{c, as}
	}
}

// text writes from x on and returns where it ended. A tab goes on to the next
// eighth column.
func (g *grid) text(x, y int, s string, as Element) int {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\t':
			for g.put(x, y, ' ', as); (x+1)%8 != 0; g.put(x, y, ' ', as) {
				x++
			}
			x++
		case c >= ' ' && c != 0x7F:
			g.put(x, y, c, as)
			x++
		}
	}
	return x
}

// frame is where a menu lies on a grid, in cells.
type frame struct {
	g                *grid
	m                *Menu
	left, top, width int // of the box; width without its borders
	rows             int
}

func newFrame(m *Menu, g *grid) frame {
	f := frame{g: g, m: m, left: m.Layout.HShift, top: m.Layout.VShift}
	f.width = f.span() - 2*m.Layout.Margin - 2
	f.left += m.Layout.Margin
	f.width = max(min(f.width, g.cols), 0)
	f.rows = m.rows(g)
	return f
}

// rows is how many entries are on the screen at once.
func (m *Menu) rows(g *grid) int {
	n := m.Layout.Rows
	if n < 0 {
		n = max(n+g.rows, 0)
	}
	return min(n, 1000)
}

// span is the width in which messages are centred.
func (f frame) span() int {
	if w := f.m.Layout.Width; w > 0 && w < f.g.cols {
		return w
	}
	return f.g.cols
}

// row is a line of the layout as a row of the grid.
func (f frame) row(n int) int {
	if n < 0 {
		n += f.g.rows
	}
	return n - 1 + f.m.Layout.VShift
}

// draw puts the whole menu on the grid.
func (f frame) draw(s Screen) {
	if f.m.Hidden && !s.Shown {
		f.timeout(s.TimeoutLeft, f.m.Layout.HiddenRow)
		return
	}
	f.box()
	top := s.Top
	first, size := f.bar(top)
	hot := f.hotkeys()
	for i := range f.rows {
		y, n := f.top+3+i, top+i
		edge := cell{vertical, border}
		if size > 0 && i >= first && i < first+size {
			edge = cell{shade, scrollbar}
		}
		f.g.put(f.left, y, vertical, border)
		end := f.entry(y, n, n == s.Selected, n < len(hot) && hot[n])
		f.g.put(end, y, edge.char, edge.as)
	}
	f.messages(s)
	f.timeout(s.TimeoutLeft, f.m.Layout.TimeoutRow)
}

func (f frame) line(y int, left, middle, right byte) {
	f.g.put(f.left, y, left, border)
	for x := range f.width {
		f.g.put(f.left+1+x, y, middle, border)
	}
	f.g.put(f.left+1+f.width, y, right, border)
}

func (f frame) box() {
	f.line(f.top, topLeft, horizontal, topRight)
	f.line(f.top+2, teeLeft, horizontal, teeRight)
	f.line(f.top+3+f.rows, bottomLeft, horizontal, bottomRight)
	f.g.put(f.left, f.top+1, vertical, border)
	text := cut(f.m.Title, f.width-2)
	for x := range f.width {
		f.g.put(f.left+1+x, f.top+1, ' ', title)
	}
	f.g.text(f.left+1+(f.width-len(text))/2, f.top+1, text, title)
	f.g.put(f.left+1+f.width, f.top+1, vertical, border)
}

func cut(s string, n int) string {
	return s[:min(len(s), max(n, 0))]
}

// bar is the place and length of the scroll bar in rows.
func (f frame) bar(top int) (first, size int) {
	n := len(f.m.Entries)
	if n <= f.rows || f.rows == 0 {
		return 0, 0
	}
	size = max(f.rows*f.rows/n, 1)
	return top * (f.rows - size + 1) / (n - f.rows + 1), size
}

// hotkeys says which entries own the key that they mark: the first one of each.
func (f frame) hotkeys() []bool {
	var seen [256]bool
	own := make([]bool, len(f.m.Entries))
	for i, e := range f.m.Entries {
		if e.Hotkey < 0 || e.Hotkey >= len(e.Title) || e.Disabled {
			continue
		}
		c := e.Title[e.Hotkey] | 0x20
		own[i], seen[c] = !seen[c], true
	}
	return own
}

// entry draws one line between the borders and returns where it ended.
func (f frame) entry(y, n int, chosen, hot bool) int {
	x, as, key := f.left+1, unsel, hotkey
	var e Entry
	if n < len(f.m.Entries) {
		e = f.m.Entries[n]
		switch {
		case e.Disabled:
			as = disabled
		case chosen:
			as, key = sel, hotsel
		}
	}
	mark := " "
	switch e.Kind {
	case Submenu, Goto:
		mark = ">"
	case Exit:
		mark = "<"
	}
	room := f.width - 2
	if mark != " " {
		room -= 2
	}
	text := cut(strings.Repeat(" ", min(e.Indent, f.width))+e.Title, room)
	x = f.g.text(x, y, " "+text, as)
	if at := e.Hotkey + e.Indent; hot && at < len(text) && !strings.Contains(text[:at], "\t") {
		f.g.put(f.left+2+at, y, text[at], key)
	}
	x = f.g.text(x, y, strings.Repeat(" ", max(room-len(text), 0)), as)
	if mark != " " {
		x = f.g.text(x, y, " "+mark, as)
	}
	return f.g.text(x, y, cut(" ", f.width-1), as)
}

// messages draws the line about the Tab key and the chosen entry's help.
func (f frame) messages(s Screen) {
	if s.Selected >= 0 && s.Selected < len(f.m.Entries) {
		f.help(f.m.Entries[s.Selected].Help)
	} else {
		f.help(nil)
	}
	message := f.m.TabMessage
	if f.m.NoOptions {
		message = f.m.NoTabMessage
	}
	f.centred(f.row(f.m.Layout.TabMessageRow), []piece{{message, tabmsg}})
}

// help clears the rows of the help and writes it there.
func (f frame) help(lines []string) {
	first, end := f.row(f.m.Layout.HelpRow), f.row(f.m.Layout.HelpEndRow)
	as := screen
	if len(lines) > 0 {
		as = help
	}
	for y := max(first, 0); y < min(end, f.g.rows); y++ {
		for x := range f.g.cols {
			f.g.put(x, y, ' ', as)
		}
		if i := y - first; i < len(lines) {
			f.g.text(0, y, lines[i], as)
		}
	}
}

type piece struct {
	text string
	as   Element
}

func (f frame) centred(y int, pieces []piece) {
	n := 0
	for _, p := range pieces {
		n += len(p.text)
	}
	x := max((f.span()-n)/2, 0) + f.m.Layout.HShift
	for _, p := range pieces {
		x = f.g.text(x, y, p.text, p.as)
	}
}

// timeout draws the seconds that are left, if they are counted.
func (f frame) timeout(seconds, row int) {
	if seconds < 0 {
		return
	}
	f.centred(f.row(row), autoBoot(f.m.AutoBoot, seconds))
}

// autoBoot puts the seconds in for "#" and chooses from "{one,two,more}", or
// from "{one,more}".
func autoBoot(message string, seconds int) []piece {
	var pieces []piece
	for message != "" {
		i := strings.IndexAny(message, "#{")
		if i < 0 {
			break
		}
		pieces = append(pieces, piece{message[:i], timeoutMsg})
		if message[i] == '#' {
			pieces = append(pieces, piece{strconv.Itoa(seconds), timeout})
			message = message[i+1:]
			continue
		}
		choice, rest, _ := strings.Cut(message[i+1:], "}")
		forms := strings.Split(choice, ",")
		at := len(forms) - 1
		if seconds >= 1 && seconds <= len(forms) {
			at = seconds - 1
		}
		pieces = append(pieces, piece{forms[at], timeoutMsg})
		message = rest
	}
	return append(pieces, piece{message, timeoutMsg})
}
