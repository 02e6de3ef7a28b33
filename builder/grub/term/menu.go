package term

import (
	"strings"

	"github.com/isowright/isowright/builder/grub/scene"
)

// Margins in cells, as GRUB has them.
const (
	helpLeft, helpRight   = 6, 6
	countLeft, countRight = 3, 1
	shellLeft, shellRight = 3, 6
	tab                   = 8 // blanks of a tab in a title
)

// layout says where the parts of a menu or of the edit screen are, in cells.
type layout struct {
	x, y, w, h int  // the entries; the mark of the chosen one stands at x, its title behind
	frame      bool // around the entries
	arrows     int  // column of the arrows
	header     int  // row of GRUB's version, -1: none
	help       int  // first row of the sentences below
	count      int  // first row of the countdown
	countRows  int
}

const fewEntries = 3 // GRUB makes room for as many

// arrange lays out a screen whose sentences take helpRows rows. Where less than
// three entries would be seen, GRUB gives up one thing after another: blank
// rows, the frame, the second row of the countdown, its version.
func arrange(columns, rows, helpRows int) layout {
	l := layout{x: 2, y: 4, w: columns - 5, frame: true, header: 1, countRows: 2}
	l.h = rows - 9 - helpRows
	l.help = l.y + l.h + 2
	if l.h < fewEntries {
		l.x, l.y, l.w, l.header = 1, 2, columns-4, 0
		l.h = rows - 5 - helpRows
		l.help = l.y + l.h + 1
	}
	l.arrows = l.x + l.w + 2
	if l.h < fewEntries {
		l.x, l.y, l.w, l.frame = 0, 1, columns-2, false
		l.h = rows - 3 - helpRows
		l.arrows = l.x + l.w + 1
		if l.h < fewEntries {
			l.h++
			l.countRows = 1
		}
		if l.h < fewEntries {
			l.h++
			l.y, l.header = 0, -1
		}
		l.help = l.y + l.h
	}
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
	for i, sentence := range help {
		row = g.paragraph(row, max(0, 1-i), helpLeft, helpRight, sentence)
	}
	p.countdown(l)
	if s.TimeoutLeft < 0 && !l.frame {
		l.h++ // GRUB forgets its sentences here: an entry hides their first row
	}
	p.entries(l)
}

// header is centred.
func (p *painter) header(l layout) {
	if l.header < 0 {
		return
	}
	text := p.visual(logical(p.texts.header(p.scene.Version)))
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

// countdown is written over blanks, which are there without it too.
func (p *painter) countdown(l layout) {
	g := p.grid
	for i := range l.countRows {
		g.blanks(0, l.count+i, g.columns-1)
	}
	if p.scene.TimeoutLeft < 0 {
		return
	}
	text := seconds(p.texts.Counting, p.scene.TimeoutLeft)
	if g.paragraphRows(countLeft, countRight, text) > l.countRows {
		text = seconds(p.texts.ShortCount, p.scene.TimeoutLeft)
	}
	g.paragraph(l.count, countLeft, countLeft, countRight, text)
}

// entries are the lines that are seen, with arrows where there are more.
func (p *painter) entries(l layout) {
	s := p.scene
	first := firstSeen(s.Selected, l.h, s.Top)
	for i := range min(l.h, len(s.Entries)-first) {
		p.entry(l, l.y+i, s.Entries[first+i], first+i == s.Selected)
	}
	p.grid.as = p.menuNormal
	for i := len(s.Entries) - first; i < l.h; i++ {
		p.grid.blanks(l.x, l.y+i, l.w+1)
	}
	p.arrows(l, first > 0, first+l.h < len(s.Entries))
}

// arrows show that there is more above or below.
func (p *painter) arrows(l layout, above, below bool) {
	g, x := p.grid, l.arrows
	g.as = p.normal
	if l.h == 1 && above && below {
		g.rune(x, l.y, arrowUpDown)
		return
	}
	mark := func(row int, arrow rune, there bool) {
		if !there {
			arrow = ' '
		}
		g.rune(x, row, arrow)
	}
	mark(l.y, arrowUp, above)
	mark(l.y+l.h-1, arrowDown, below)
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
	text := g.visual(logical(strings.ReplaceAll(withoutTabs(e.Title), "\n", " ")))
	x, room := l.x+1, l.w-1
	if g.length(text) > room {
		text = append(g.cut(text, room), Cluster{Base: arrowRight})
	}
	x = g.write(x, row, text)
	g.blanks(x, row, l.x+1+l.w-x)
}
