package vesamenu

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"slices"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// maxScreen is the largest side of a screen in pixels.
const maxScreen = 8192

// Screen is what of a configuration is shown.
type Screen struct {
	Menu     int // index in Config.Menus
	Selected int // index in its entries
	Top      int // index of the entry in the first row
	// TimeoutLeft in seconds; -1: no countdown on the screen.
	TimeoutLeft int
	// Shown says that a key has called a hidden menu.
	Shown bool
}

// First is the screen as it is after the start.
func (c *Config) First() Screen {
	s := Screen{Menu: c.Start, Selected: c.Menus[c.Start].Default, TimeoutLeft: -1}
	if c.Timeout > 0 {
		s.TimeoutLeft = (c.Timeout + 9) / 10
	}
	m := &c.Menus[s.Menu]
	s.Top = max(0, s.Selected-m.rows(newGrid(m.Width, m.Height))+1)
	return s
}

// Open is the screen of another menu, the first time it is opened.
func (c *Config) Open(menu int) Screen {
	other := *c
	other.Start, other.Timeout = menu, 0
	s := other.First()
	s.Shown = true
	return s
}

// Choose moves to another entry, as the arrow keys do: a screenful is turned
// where the entry is not on the screen. Any key ends the countdown.
func (c *Config) Choose(s Screen, entry int) Screen {
	m := &c.Menus[s.Menu]
	rows := m.rows(newGrid(m.Width, m.Height))
	s.Selected, s.TimeoutLeft, s.Shown = min(max(entry, 0), max(len(m.Entries)-1, 0)), -1, true
	switch {
	case s.Selected >= s.Top+rows:
		s.Top = max(min(s.Selected, len(m.Entries)-rows), 0)
	case s.Selected < s.Top:
		s.Top = max(s.Selected-rows+1, 0)
	}
	return s
}

// Render draws a screen of a configuration that lay in the folder dir of files.
// When the background cannot be shown, the picture is what the machine shows
// then, and the error says why; without a picture the screen is impossible.
func Render(c *Config, files fs.FS, dir string, s Screen) (*image.RGBA, error) {
	if s.Menu < 0 || s.Menu >= len(c.Menus) {
		return nil, fmt.Errorf("draw the boot menu: there is no menu %d", s.Menu)
	}
	m := &c.Menus[s.Menu]
	if m.Width < 16 || m.Height < 16 || m.Width > maxScreen || m.Height > maxScreen {
		return nil, fmt.Errorf("draw the boot menu: a screen of %dx%d pixels is out of bounds", m.Width, m.Height)
	}
	if s.Selected < 0 || s.Top < 0 || s.Selected >= max(len(m.Entries), 1) || s.Top >= max(len(m.Entries), 1) {
		return nil, errors.New("draw the boot menu: no such entry")
	}
	l := newLight()
	dst, err := m.background(files, dir, l)
	g := newGrid(m.Width, m.Height)
	newFrame(m, g).draw(s)
	g.paint(dst, m, l)
	return dst, err
}

// paint draws the cells over a background. The colour of the screen reaches two
// columns and one row of pixels beyond the grid, to the right and below; to the
// left and above there is its shadow alone.
func (g *grid) paint(dst *image.RGBA, m *Menu, l *light) {
	const left, top, more = 8, 8, 2
	width, height := 8*g.cols+more, 16*g.rows+1
	edge := m.Styles[screen].Shadow >= raiseAll
	above := slices.Repeat([]bool{edge}, width+1) // which pixels of the row above are raised
	here := slices.Clone(above)
	for y := range height {
		for x := range width {
			c := cell{' ', screen}
			if x < 8*g.cols && y < 16*g.rows {
				c = g.cells[y/16*g.cols+x/8]
			}
			on := gfx.VGAGlyph(c.char)[y%16]>>(7-x%8)&1 == 1
			style := &m.Styles[c.as]
			over := style.Back
			if on {
				over = style.Fore
			}
			raised := style.Shadow == raiseAll || on && style.Shadow == raiseFore || !on && style.Shadow == raiseBack
			under := image.Pt(left+x, top+y)
			if raised { // below and to the right nothing is painted yet
				under = under.Add(image.Pt(1, 1))
			}
			colour := l.blend(over, dst.RGBAAt(under.X, under.Y))
			if !raised && above[x] {
				colour = color.RGBA{colour.R >> 2, colour.G >> 2, colour.B >> 2, 255}
			}
			here[x+1] = raised
			if image.Pt(left+x, top+y).In(dst.Rect) {
				dst.SetRGBA(left+x, top+y, colour)
			}
		}
		above, here = here, above
	}
}
