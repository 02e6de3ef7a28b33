package theme

import (
	"fmt"
	"strings"
)

// fewRows is how many entries a menu should show at least before it scrolls.
const fewRows = 3

// menu looks at the list and at what the entries show in it.
func (l *linter) menu(c *component, m *bootMenu) {
	if m.hidden {
		return
	}
	size := c.bounds.Size()
	rows := m.rows(size.Y)
	if all := len(l.scene.Entries); rows < fewRows && rows < all {
		l.warn(c.node.Line, fmt.Sprintf("at %dx%d the menu shows %d of %d entries", l.scene.Width, l.scene.Height, rows, all),
			"make it higher, or its items smaller")
	}
	if m.font.Ascent+m.font.Descent > m.height || m.chosenFont.Ascent+m.chosenFont.Descent > m.height {
		l.warn(c.node.Line, fmt.Sprintf("item_height is %d: the font is higher, and GRUB cuts it", m.height),
			fmt.Sprintf("use at least %d", max(m.font.Ascent+m.font.Descent, m.chosenFont.Ascent+m.chosenFont.Descent)))
	}
	if rows < len(l.scene.Entries) && m.bar.visible {
		l.scrollbar(c, m)
	}
	for i := range l.scene.Entries {
		l.entry(c, m, i)
	}
}

// scrollbar tells of one that is not seen where it would be needed.
func (l *linter) scrollbar(c *component, m *bootMenu) {
	switch {
	case m.bar.frame == (box{}) && m.bar.thumb == (box{}):
		return // none is wanted
	case !m.bar.fits():
		l.warn(c.node.Line, fmt.Sprintf("scrollbar_width is %d: the pictures of the scrollbar are wider, and GRUB draws none", m.bar.width),
			fmt.Sprintf("use at least %d", m.bar.frame.across()+m.bar.thumb.across()))
	case m.bar.slice == "west" && m.frame.left == 0, m.bar.slice != "west" && m.bar.slice != "center" && m.frame.right == 0:
		l.warn(c.node.Line, "the scrollbar is not seen: it lies in the frame of the menu, which is not there", "set scrollbar_slice = \"center\"")
	}
}

// entry looks at the picture, the characters and the width of one title.
func (l *linter) entry(c *component, m *bootMenu, i int) {
	e := l.scene.Entries[i]
	place := fmt.Sprintf("%q", e.Title)
	if len(e.Classes) > 0 && m.icon.X > 0 && m.icon.Y > 0 && l.icon(e.Classes) == "" {
		l.warn(c.node.Line, fmt.Sprintf("%s has no icon: there is none of %s", place, strings.Join(e.Classes, ", ")),
			"put icons/"+e.Classes[0]+".png beside theme.txt")
	}
	font := m.font
	if l.fonts.Width(m.chosenFont, e.Title) > l.fonts.Width(font, e.Title) {
		font = m.chosenFont
	}
	l.glyphs(c.node.Line, font, e.Title)
	rows := m.rows(c.bounds.Dy())
	_, _, rest := m.bar.area(c.bounds.Size(), m.frame, m.content(c.bounds.Size()), m.bar.visible && rows < len(l.scene.Entries) && m.bar.fits())
	room := rest.Dx() - 2*m.padding - m.most().across() - m.icon.X - m.gap
	if width := l.fonts.Width(font, e.Title); width > room {
		l.warn(c.node.Line, fmt.Sprintf("at %dx%d the title %s is cut: it needs %d pixels and has %d",
			l.scene.Width, l.scene.Height, place, width, room), "make the title shorter, the menu wider or the font smaller")
	}
}
