package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// SidebarItem is a section that the sidebar leads to.
type SidebarItem struct {
	ID    string
	Icon  string
	Text  string
	Group string
	// Badge is a count or a word at the right; Alarm says that it tells of problems.
	Badge string
	Alarm bool
}

// The sidebar's widths, in device-independent pixels.
const (
	SidebarWidth       = 232
	SidebarWidthFolded = 56
	sectionHeight      = 36
)

// Sidebar lists the sections of a window in groups. It has the focus as a whole: Up,
// Down, Home and End move within it.
type Sidebar struct {
	widget.BaseWidget
	// OnSelect is told the ID of a section that the person went to.
	OnSelect func(id string)

	items    []SidebarItem
	selected string
	folded   bool
	focused  bool
}

// NewSidebar is an empty sidebar.
func NewSidebar() *Sidebar {
	s := &Sidebar{}
	s.ExtendBaseWidget(s)
	return s
}

// SetItems shows other sections, or other badges.
func (s *Sidebar) SetItems(items []SidebarItem) {
	s.items = append([]SidebarItem(nil), items...)
	s.Refresh()
}

// Select marks a section, without telling OnSelect.
func (s *Sidebar) Select(id string) {
	if s.selected != id {
		s.selected = id
		s.Refresh()
	}
}

// Selected is the ID of the marked section.
func (s *Sidebar) Selected() string { return s.selected }

// SetFolded leaves only the icons.
func (s *Sidebar) SetFolded(on bool) {
	if s.folded != on {
		s.folded = on
		s.Refresh()
	}
}

// Folded tells whether there are only icons.
func (s *Sidebar) Folded() bool { return s.folded }

func (s *Sidebar) goTo(i int) {
	if i < 0 || i >= len(s.items) || s.items[i].ID == s.selected {
		return
	}
	s.Select(s.items[i].ID)
	if s.OnSelect != nil {
		s.OnSelect(s.selected)
	}
}

func (s *Sidebar) index() int {
	for i, item := range s.items {
		if item.ID == s.selected {
			return i
		}
	}
	return -1
}

// FocusGained shows the focus.
func (s *Sidebar) FocusGained() {
	s.focused = true
	s.Refresh()
}

// FocusLost hides the focus.
func (s *Sidebar) FocusLost() {
	s.focused = false
	s.Refresh()
}

// TypedRune is not used.
func (s *Sidebar) TypedRune(rune) {}

// TypedKey moves to another section.
func (s *Sidebar) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		s.goTo(s.index() - 1)
	case fyne.KeyDown:
		s.goTo(s.index() + 1)
	case fyne.KeyHome:
		s.goTo(0)
	case fyne.KeyEnd:
		s.goTo(len(s.items) - 1)
	}
}

// CreateRenderer makes a row an item and a heading a group.
func (s *Sidebar) CreateRenderer() fyne.WidgetRenderer {
	r := &sidebarRenderer{s: s, ground: newPanel(ColourSurface, ColourNone, 0), edge: newPanel(ColourLine, ColourNone, 0)}
	r.Refresh()
	return r
}

type sidebarRenderer struct {
	s            *Sidebar
	ground, edge *panel
	rows         []*sectionRow
	heads        []*Text
}

func (r *sidebarRenderer) Destroy() {}

func (r *sidebarRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.ground, r.edge}
	for _, h := range r.heads {
		all = append(all, h)
	}
	for _, row := range r.rows {
		all = append(all, row)
	}
	return all
}

func (r *sidebarRenderer) width() float32 {
	if r.s.folded {
		return SidebarWidthFolded
	}
	return SidebarWidth
}

func (r *sidebarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.width(), r.place(r.width()))
}

func (r *sidebarRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.edge.Move(fyne.NewPos(size.Width-1, 0))
	r.edge.Resize(fyne.NewSize(1, size.Height))
	r.place(size.Width)
}

// place puts headings and rows below each other and returns their height.
func (r *sidebarRenderer) place(width float32) float32 {
	y, group, heads := float32(12), "", 0
	for i, item := range r.s.items {
		if item.Group != group {
			group = item.Group
			if i > 0 {
				y += 12
			}
			h := r.heads[heads]
			heads++
			h.Hidden = r.s.folded
			if !r.s.folded {
				h.Move(fyne.NewPos(Margin, y))
				h.Resize(fyne.NewSize(width-2*Margin, 24))
				y += 28
			}
		}
		r.rows[i].Move(fyne.NewPos(Gap, y))
		r.rows[i].Resize(fyne.NewSize(width-2*Gap, sectionHeight))
		y += sectionHeight
	}
	return y + 12
}

func (r *sidebarRenderer) Refresh() {
	group, heads := "", 0
	for i, item := range r.s.items {
		if item.Group != group {
			group = item.Group
			if heads == len(r.heads) {
				r.heads = append(r.heads, newText("", SizeNote, ColourQuiet, fyne.TextStyle{Bold: true}, false))
			}
			r.heads[heads].SetText(group)
			heads++
		}
		if i == len(r.rows) {
			r.rows = append(r.rows, newSidebarRow(r.s, i))
		}
		r.rows[i].Refresh()
	}
	r.heads, r.rows = r.heads[:heads], r.rows[:len(r.s.items)]
	r.Layout(r.s.Size())
	r.ground.Refresh()
	r.edge.Refresh()
}

// sectionRow is one section.
type sectionRow struct {
	widget.BaseWidget
	s       *Sidebar
	at      int
	hovered bool
}

func newSidebarRow(s *Sidebar, at int) *sectionRow {
	r := &sectionRow{s: s, at: at}
	r.ExtendBaseWidget(r)
	return r
}

func (r *sectionRow) Tapped(*fyne.PointEvent) { r.s.goTo(r.at) }

func (r *sectionRow) MouseIn(*desktop.MouseEvent) {
	r.hovered = true
	r.Refresh()
	if item := r.s.items[r.at]; r.s.folded {
		showTip(r, item.Text)
	}
}

func (r *sectionRow) MouseMoved(*desktop.MouseEvent) {}

func (r *sectionRow) MouseOut() {
	r.hovered = false
	r.Refresh()
	hideTip(r)
}

func (r *sectionRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer draws ground, bar, icon, name, badge and focus.
func (r *sectionRow) CreateRenderer() fyne.WidgetRenderer {
	ground := newPanel(ColourNone, ColourNone, radiusSmall)
	bar := newPanel(ColourAccent, ColourNone, 1.5)
	icon := newGlyph("", ColourQuiet, 18)
	name := Line("")
	badge := Pill("", Neutral)
	dot := newPanel(ColourDanger, ColourNone, 4)
	focus := newRing(radiusSmall)
	out := &renderer{objects: []fyne.CanvasObject{ground, bar, icon, name, badge, dot, focus}}
	out.min = func() fyne.Size { return fyne.NewSize(40, sectionHeight) }
	out.layout = func(size fyne.Size) {
		ground.Resize(size)
		focus.Resize(size)
		bar.Move(fyne.NewPos(0, 8))
		bar.Resize(fyne.NewSize(3, size.Height-16))
		icon.Move(fyne.NewPos(11, 0))
		icon.Resize(fyne.NewSize(18, size.Height))
		dot.Move(fyne.NewPos(25, 7))
		dot.Resize(fyne.NewSquareSize(8))
		right := size.Width - Gap
		if badge.Visible() {
			m := badge.MinSize()
			badge.Move(fyne.NewPos(right-m.Width, 0))
			badge.Resize(fyne.NewSize(m.Width, size.Height))
			right -= m.Width + Gap
		}
		name.Move(fyne.NewPos(40, 0))
		name.Resize(fyne.NewSize(max(1, right-40), size.Height))
	}
	out.refresh = func() {
		item := r.s.items[r.at]
		active := item.ID == r.s.selected
		ground.set(r.ground(active), ColourNone, 0)
		bar.Hidden = !active
		showRing(focus, active && r.s.focused)
		icon.colour = ColourQuiet
		if active {
			icon.colour = ColourAccent
		}
		icon.SetIcon(item.Icon)
		name.style.Bold = active
		name.text = item.Text
		name.Hidden = r.s.folded
		name.Refresh()
		badge.Hidden = r.s.folded || item.Badge == ""
		badge.Set(item.Badge, badgeKind(item))
		dot.Hidden = !r.s.folded || !item.Alarm
		bar.Refresh()
		dot.Refresh()
		out.layout(r.Size())
	}
	out.refresh()
	return out
}

func badgeKind(item SidebarItem) Kind {
	if item.Alarm {
		return Failure
	}
	return Neutral
}

func (r *sectionRow) ground(active bool) fyne.ThemeColorName {
	switch {
	case active:
		return ColourTint
	case r.hovered:
		return ColourHover
	}
	return ColourNone
}
