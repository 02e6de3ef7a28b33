package term

// colours are the numbers of a text colour and of what is behind it.
type colours struct{ front, behind int }

// device is one kind of terminal: how wide a character is there and how it is
// painted.
type device interface {
	// size in cells.
	size() (columns, rows int)
	// width of a character in cells.
	width(c Cluster) int
	put(column, row int, c Cluster, as colours)
	cursor(column, row int, as colours)
	// clear paints the whole terminal.
	clear(as colours)
	// counts how often a word's width enters the length of the line that it was
	// moved to.
	counts() int
	// mirrors tells whether right-to-left text is brought into the order of the
	// eye.
	mirrors() bool
}

// grid writes texts into a device's cells.
type grid struct {
	device
	columns, rows int
	as            colours
}

func newGrid(d device) *grid {
	columns, rows := d.size()
	return &grid{device: d, columns: columns, rows: rows}
}

// write writes clusters from a cell on and returns the column after them.
func (g *grid) write(column, row int, text []Cluster) int {
	if row < 0 || row >= g.rows {
		return column
	}
	for _, c := range text {
		w := g.width(c)
		if column >= g.columns {
			break
		}
		if w > 0 {
			g.put(column, row, c, g.as)
		}
		column += w
	}
	return column
}

// blanks fills cells with blanks.
func (g *grid) blanks(column, row, n int) {
	n = min(n, g.columns-column)
	if d, ok := g.device.(*gfxterm); ok && row >= 0 && row < g.rows && n > 0 && d.emptyBlank() {
		d.fill(d.box(column, row, n), g.as.behind) // many times as fast, and the same
		return
	}
	for ; n > 0; n, column = n-1, column+1 {
		g.write(column, row, []Cluster{{Base: ' '}})
	}
}

func (g *grid) rune(column, row int, r rune) {
	g.write(column, row, []Cluster{{Base: r}})
}

// width is a character's in cells; what is not seen has none.
func (g *grid) width(c Cluster) int {
	if c.hidden() && g.mirrors() {
		return 0
	}
	return g.device.width(c)
}

// length is the width of a text in cells.
func (g *grid) length(text []Cluster) int {
	n := 0
	for _, c := range text {
		n += g.width(c)
	}
	return n
}

// wrap breaks a text at its blanks into lines of at most width cells. A word
// that is longer is cut.
func (g *grid) wrap(text string, width int) [][]Cluster {
	clusters := logical(text)
	var lines [][]Cluster
	start, blank, length := 0, -1, 0
	for i, c := range clusters {
		if c.Base == '\n' {
			lines = append(lines, g.visual(clusters[start:i]))
			start, blank, length = i+1, -1, 0
			continue
		}
		w := g.width(c)
		if c.Base == ' ' {
			blank = i
		}
		if length+w > width && i > start {
			end := i
			next := i
			if blank > start {
				end, next = blank, blank+1
			}
			lines = append(lines, g.visual(clusters[start:end]))
			length = 0
			if next <= i {
				length = g.counts() * g.length(clusters[next:i])
			}
			start, blank = next, -1
			if next > i {
				continue
			}
		}
		length += w
	}
	return append(lines, g.visual(clusters[start:]))
}

// paragraph writes a text broken into lines from a row on, with margins of
// blanks, and returns the row after it. The blanks begin at column from in the
// first row; they are seen on consoles that forget their background's colour.
func (g *grid) paragraph(row, from, left, right int, text string) int {
	for _, line := range g.wrap(text, g.columns-left-right-1) {
		g.blanks(from, row, left-from)
		x := g.write(left, row, line)
		g.blanks(x, row, g.columns-right-x)
		row, from = row+1, 0
	}
	return row
}

// paragraphRows is how many rows paragraph takes.
func (g *grid) paragraphRows(left, right int, text string) int {
	return len(g.wrap(text, g.columns-left-right-1))
}

// cut is as much of the beginning of a text as fits into a width.
func (g *grid) cut(text []Cluster, width int) []Cluster {
	n := 0
	for i, c := range text {
		if n += g.width(c); n > width {
			return text[:i:i]
		}
	}
	return text
}
