package theme

import (
	"image"
	"image/color"

	"github.com/isowright/isowright/builder/grub/pf2"
)

// bootMenu is the list of entries.
type bootMenu struct {
	r                             *renderer
	font, chosenFont              *pf2.Font
	colour, chosenColour          color.RGBA
	icon                          image.Point // size in pixels
	height, padding, spacing, gap int         // of items, in pixels
	frame, item, chosen           box
	bar                           scrollbar
	hidden                        bool
}

func newBootMenu(r *renderer, n *Node) *bootMenu {
	m := &bootMenu{r: r, font: r.font(""), colour: black, icon: image.Pt(32, 32),
		height: 42, padding: 14, gap: 4, spacing: 16, bar: scrollbar{r: r, visible: true, width: 16, leftPad: 2, slice: "east"}}
	numbers := map[string]*int{"icon_width": &m.icon.X, "icon_height": &m.icon.Y, "item_height": &m.height,
		"item_padding": &m.padding, "item_icon_space": &m.gap, "item_spacing": &m.spacing}
	var chosenColour, chosenStyle string
	for _, p := range n.Properties {
		if to := numbers[p.Name]; to != nil {
			*to, _ = integer(p.Value)
		}
		switch p.Name {
		case "item_font":
			m.font = r.font(p.Value)
		case "selected_item_font":
			m.chosenFont = nil
			if p.Value != "inherit" {
				m.chosenFont = r.font(p.Value)
			}
		case "item_color":
			m.colour = colourOr(p.Value, m.colour)
		case "selected_item_color":
			chosenColour = p.Value
		case "menu_pixmap_style":
			m.frame = r.newBox(p.Value)
		case "item_pixmap_style":
			m.item = r.newBox(p.Value)
		case "selected_item_pixmap_style":
			chosenStyle = p.Value
		case "visible":
			m.hidden = p.Value == "false"
		}
		m.bar.set(p)
	}
	m.chosenColour = colourOr(chosenColour, m.colour)
	if m.chosenFont == nil {
		m.chosenFont = m.font
	}
	m.chosen = m.item
	if chosenStyle != "" && chosenStyle != "inherit" {
		m.chosen = r.newBox(chosenStyle)
	}
	return m
}

// leastTitle is a text that has room in the smallest menu, and leastRows how
// many titles it has, however few entries there are.
const (
	leastTitle = "Typical OS"
	leastRows  = 3
)

func (m *bootMenu) least(*component) image.Point {
	_, _, rest := m.bar.area(image.Point{}, box{}, image.Rectangle{}, false)
	around := m.icon.X + m.gap + 2*m.padding + m.most().across() + m.frame.across() - rest.Max.X + rest.Min.X
	return image.Pt(m.r.fonts.Width(m.font, leastTitle)+around,
		leastRows*(m.height+m.spacing)-m.spacing+2*m.padding+m.most().down()+m.frame.down())
}

// most are the larger pads of the two boxes around items.
func (m *bootMenu) most() box {
	return box{left: max(m.item.left, m.chosen.left), right: max(m.item.right, m.chosen.right),
		top: max(m.item.top, m.chosen.top), bottom: max(m.item.bottom, m.chosen.bottom)}
}

// rows is how many entries fit into a height in pixels.
func (m *bootMenu) rows(height int) int {
	step := m.height + m.spacing
	if step <= 0 {
		return 1
	}
	rows := max((height+m.spacing-2*m.padding-m.most().down()-m.frame.down())/step, 1)
	return rows
}

// content is the menu without its frame.
func (m *bootMenu) content(size image.Point) image.Rectangle {
	return image.Rect(m.frame.left, m.frame.top, size.X-m.frame.right, size.Y-m.frame.bottom)
}

// paintFrame draws what does not change with the chosen line.
func (m *bootMenu) paintFrame(s surface, c *component) {
	if !m.hidden {
		size := m.content(c.bounds.Size()).Size()
		m.r.drawBox(s, m.frame, 0, 0, size.X, size.Y)
	}
}

func (m *bootMenu) paint(s surface, c *component) {
	if m.hidden {
		return
	}
	size := c.bounds.Size()
	content := m.content(size)
	rows, all := m.rows(size.Y), len(m.r.scene.Entries)
	first := firstShown(m.r.scene.Selected, m.r.scene.Top, rows)
	drawn := m.bar.visible && rows < all && m.bar.fits()
	slice, area, content := m.bar.area(size, m.frame, content, drawn)
	if drawn {
		m.bar.paint(s.within(slice), area, first, rows, all)
	}
	content.Min = content.Min.Add(image.Pt(m.padding, m.padding))
	content.Max.Y -= m.padding
	inner := s.within(content)
	for i := first; i < min(first+rows, all); i++ {
		m.paintItem(inner, content.Dx()+m.padding, i-first, i)
	}
}

// firstShown is the entry at the top of the list, which scrolls no further from
// top than the chosen one needs.
func firstShown(selected, top, rows int) int {
	return max(min(top, selected), selected-rows+1, 0)
}

// paintItem draws an entry. A box whose frame is thinner than the other one's
// begins lower by the difference, but what is in it begins higher.
func (m *bootMenu) paintItem(s surface, width, row, i int) {
	most := m.most()
	frame, font, colour := m.item, m.font, m.colour
	if i == m.r.scene.Selected {
		frame, font, colour = m.chosen, m.chosenFont, m.chosenColour
	}
	y := row * (m.height + m.spacing)
	w := width - 2*m.padding
	m.r.drawBox(s, frame, 0, y+most.top-frame.top, w-frame.across(), m.height)
	y += frame.top
	if icon := m.r.icon(m.r.scene.Entries[i].Classes); icon != "" && m.icon.X > 0 && m.icon.Y > 0 {
		s.blend(m.r.scaled(icon, m.icon.X, m.icon.Y), most.left, y+(m.height-m.icon.Y)/2)
	}
	x := most.left + m.icon.X + m.gap
	line := s.within(image.Rect(x, y, w-frame.right, y+m.height))
	baseline := (m.height-font.Ascent-font.Descent)/2 + font.Ascent
	line.text(m.r.fonts, font, m.r.scene.Entries[i].Title, colour, 0, baseline)
}
