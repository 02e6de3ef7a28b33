package term

import "github.com/isowright/isowright/builder/grub/scene"

// Margins in cells, as GRUB has them.
const (
	helpLeft, helpRight   = 6, 6
	countLeft, countRight = 3, 1
	shellLeft, shellRight = 3, 6
	countRows             = 2
	tab                   = 8 // blanks of a tab in a title
)

// layout says where the parts of a menu or of the edit screen are, in cells.
type layout struct {
	x, y, w, h int  // the entries; the mark of the chosen one is left of them in x
	frame      bool // around the entries
	header     int  // row of GRUB's version, -1: none
	help       int  // first row of the sentences below
	count      int  // first row of the countdown
	countRows  int
}

// arrange lays out a screen whose sentences take helpRows rows. Where less than
// three entries would be seen, GRUB gives up one thing after another.
func arrange(columns, rows, helpRows int) layout {
	l := layout{x: 2, y: 4, w: columns - 5, frame: true, header: 1, countRows: countRows}
	above, below := 1, 2 // blank rows beside the frame
	l.h = rows - 4 - 1 - 1 - 2 - 1 - helpRows
	_, _ = above, below
	l.help = l.y + l.h + 2
	l.count = l.help + helpRows
	return l
}

// entries shows a menu.
func (p *painter) menu() {
	g, s := p.grid, p.scene
	g.as = p.normal
	g.clear(g.as)
	help := p.texts.help(s.Nested)
	n := 0
	for _, sentence := range help {
		n += g.paragraphRows(helpLeft, helpRight, sentence)
	}
	l := arrange(g.columns, g.rows, n)
	p.header(l)
	p.frame(l)
	row := l.help
	for _, sentence := range help {
		row = g.paragraph(row, helpLeft, helpRight, sentence)
	}
	if s.TimeoutLeft >= 0 {
		p.countdown(l)
	}
	p.entries(l)
}

// header is centred.
func (p *painter) header(l layout) {
	if l.header < 0 {
		return
	}
	text := visual(logical(p.texts.header(p.scene.Version)))
	p.grid.write((p.grid.columns-p.grid.length(text))/2, l.header, text)
}

// frame is drawn in the colours of the menu.
func (p *painter) frame(l layout) {
	if !l.frame {
		return
	}
	g := p.grid
	g.as = p.menuNormal
	left, right, top, bottom := l.x-1, l.x+l.w+1, l.y-1, l.y+l.h
	g.rune(left, top, frameUpLeft)
	for x := left + 1; x < right; x++ {
		g.rune(x, top, frameAcross)
	}
	g.rune(right, top, frameUpRight)
	for y := top + 1; y < bottom; y++ {
		g.rune(left, y, frameDown)
		g.blanks(left+1, y, right-left-1)
		g.rune(right, y, frameDown)
	}
	g.rune(left, bottom, frameLoLeft)
	for x := left + 1; x < right; x++ {
		g.rune(x, bottom, frameAcross)
	}
	g.rune(right, bottom, frameLoRight)
	g.as = p.normal
}

func (p *painter) countdown(l layout) {
	g := p.grid
	text := seconds(p.texts.Counting, p.scene.TimeoutLeft)
	if g.paragraphRows(countLeft, countRight, text) > l.countRows {
		text = seconds(p.texts.ShortCount, p.scene.TimeoutLeft)
	}
	g.paragraph(l.count, countLeft, countRight, text)
}

// entries are the lines that are seen, with arrows where there are more.
func (p *painter) entries(l layout) {
	s := p.scene
	first := firstSeen(s.Selected, l.h, s.Top)
	for i := range min(l.h, len(s.Entries)-first) {
		p.entry(l, l.y+i, s.Entries[first+i], first+i == s.Selected)
	}
	p.arrows(l, first > 0, first+l.h < len(s.Entries))
}

// arrows show that there is more above or below.
func (p *painter) arrows(l layout, above, below bool) {
	g, x := p.grid, l.x+l.w+2
	g.as = p.normal
	if l.h == 1 && above && below {
		g.rune(x, l.y, arrowUpDown)
		return
	}
	if above {
		g.rune(x, l.y, arrowUp)
	}
	if below {
		g.rune(x, l.y+l.h-1, arrowDown)
	}
}

// firstSeen is what stands in the uppermost row when it was top before and
// chosen must be seen: GRUB scrolls no further than it must.
func firstSeen(chosen, rows, top int) int {
	if chosen < top {
		return chosen
	}
	return max(top, chosen-rows+1)
}

func (p *painter) entry(l layout, row int, e scene.Entry, chosen bool) {
	g := p.grid
	g.as = p.menuNormal
	mark := ' '
	if chosen {
		g.as = p.menuHighlight
		mark = '*'
	}
	g.rune(l.x, row, mark)
	text := visual(logical(withoutTabs(e.Title)))
	x, room := l.x+1, l.w-1
	if g.length(text) > room {
		text = append(g.cut(text, room), Cluster{Base: arrowRight})
	}
	x = g.write(x, row, text)
	g.blanks(x, row, l.x+1+l.w-x)
}
