package term

// edit shows an entry's commands.
func (p *painter) edit() {
	g, s := p.grid, p.scene
	g.as = p.normal
	g.clear(g.as)
	l := arrange(g.columns, g.rows, g.paragraphRows(helpLeft, helpRight, p.texts.Edit))
	p.header(l)
	p.frame(l)
	g.paragraph(l.help, 1, helpLeft, helpRight, p.texts.Edit)
	rows, row, column := p.editRows(l.w)
	top := firstSeen(row, l.h, s.Top)
	for i := range l.h {
		x := l.x
		if top+i < len(rows) {
			x = g.write(x, l.y+i, rows[top+i].text)
			if rows[top+i].goesOn {
				g.blanks(x, l.y+i, l.x+l.w-x)
				g.rune(l.x+l.w, l.y+i, '\\')
				x = l.x + l.w + 1
			}
		}
		g.blanks(x, l.y+i, l.x+l.w+1-x)
	}
	p.arrows(l, top > 0, top+l.h < len(rows))
	g.cursor(l.x+column, l.y+row-top, p.normal)
}

// editRow is one row of the edit screen; a long line takes several.
type editRow struct {
	text   []Cluster
	goesOn bool
}

// editRows cuts the lines into rows of width cells, and finds the cursor.
func (p *painter) editRows(width int) (rows []editRow, cursorRow, cursorColumn int) {
	for i, line := range p.scene.Text {
		text := []rune(line)
		column := 0
		start := 0
		clusters := logical(line)
		at := 0 // rune of the cluster
		found := false
		for k, c := range clusters {
			w := p.editWidth(c)
			if column+w > width {
				rows = append(rows, editRow{p.spread(clusters[start:k]), true})
				start, column = k, 0
			}
			if i == p.scene.CursorRow && !found && at+c.runes() > p.scene.CursorColumn {
				found, cursorRow, cursorColumn = true, len(rows), column
			}
			column += w
			at += c.runes()
		}
		if i == p.scene.CursorRow && !found {
			cursorRow, cursorColumn = len(rows), column
			if column == width && len(text) > 0 {
				cursorRow, cursorColumn = len(rows)+1, 0
			}
		}
		rows = append(rows, editRow{p.spread(clusters[start:]), false})
	}
	return rows, cursorRow, cursorColumn
}

func (p *painter) editWidth(c Cluster) int {
	if c.Base == '\t' {
		return tab
	}
	return p.grid.width(c)
}

// spread makes blanks of tabs and puts the text into the order of the eye.
func (p *painter) spread(text []Cluster) []Cluster {
	var out []Cluster
	for _, c := range text {
		if c.Base != '\t' {
			out = append(out, c)
			continue
		}
		for range tab {
			out = append(out, Cluster{Base: ' '})
		}
	}
	return p.visual(out)
}

// shell shows the command line: the introduction, then what was typed and
// printed; what is too much has scrolled away.
func (p *painter) shell() {
	g := p.grid
	g.as = p.normal
	g.clear(g.as)
	intro := g.wrap(p.texts.shell(p.scene.Version, len(p.scene.Entries) > 0), g.columns-shellLeft-shellRight-1)
	lines := make([]outLine, 0, len(intro)+8)
	header := g.visual(logical(p.texts.header(p.scene.Version)))
	lines = append(lines, outLine{}, outLine{(g.columns - g.length(header)) / 2, header}, outLine{})
	for _, line := range intro {
		lines = append(lines, outLine{shellLeft, line})
	}
	lines = append(lines, outLine{}, outLine{})
	p.printed(lines, p.scene.Text)
}

// outLine is a row of printed text.
type outLine struct {
	column int
	text   []Cluster
}

// printed prints lines below others, cut at the right border of the terminal.
// The cursor stands behind the last one.
func (p *painter) printed(rows []outLine, lines []string) {
	g := p.grid
	column := 0
	for _, line := range lines {
		start := 0
		column = 0
		clusters := g.visual(logical(withoutTabs(line)))
		for i, c := range clusters {
			w := g.width(c)
			if column+w > g.columns {
				rows = append(rows, outLine{0, clusters[start:i]})
				start, column = i, 0
			}
			column += w
		}
		rows = append(rows, outLine{0, clusters[start:]})
		if column >= g.columns {
			rows, column = append(rows, outLine{}), 0
		}
	}
	if len(lines) == 0 {
		rows = append(rows, outLine{})
	}
	scrolled := max(0, len(rows)-g.rows)
	for i, line := range rows[scrolled:] {
		g.write(line.column, i, line.text)
	}
	g.cursor(column, len(rows)-scrolled-1, p.normal)
}

// counting is the screen without a menu: what was printed and, where a
// countdown is asked for, its seconds.
func (p *painter) counting() {
	p.grid.as = p.normal
	p.grid.clear(p.normal)
	if p.scene.Vars["timeout_style"] == "hidden" && len(p.scene.Printed) == 0 {
		return
	}
	lines := append([]string(nil), p.scene.Printed...)
	last := ""
	if p.scene.TimeoutLeft >= 0 {
		last = seconds("%d    ", p.scene.TimeoutLeft)
	}
	p.printed(nil, append(lines, last))
}
