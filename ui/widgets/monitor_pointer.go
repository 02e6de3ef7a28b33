package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// MouseIn follows the pointer.
func (m *Monitor) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved tells where the pointer is on the picture.
func (m *Monitor) MouseMoved(e *desktop.MouseEvent) {
	if x, y, ok := m.share(e.Position); ok && m.OnPoint != nil {
		m.OnPoint(x, y)
	}
}

// MouseOut is for Fyne.
func (m *Monitor) MouseOut() {}

// MouseDown presses a button on the picture.
func (m *Monitor) MouseDown(e *desktop.MouseEvent) { m.button(e, true) }

// MouseUp releases it, wherever the pointer is then.
func (m *Monitor) MouseUp(e *desktop.MouseEvent) { m.button(e, false) }

func (m *Monitor) button(e *desktop.MouseEvent, down bool) {
	x, y, ok := m.share(e.Position)
	if !ok && down {
		return
	}
	if ok && m.OnPoint != nil {
		m.OnPoint(x, y)
	}
	if m.OnButton != nil {
		m.OnButton(e.Button, down)
	}
}

// share is where on the picture a point of the monitor is, from 0 to 1; ok says
// whether it is on it.
func (m *Monitor) share(at fyne.Position) (x, y float64, ok bool) {
	size := m.picture.Size()
	if m.source == nil || size.Width <= 0 || size.Height <= 0 {
		return 0, 0, false
	}
	at = at.Subtract(m.picture.Position())
	x, y = float64(at.X/size.Width), float64(at.Y/size.Height)
	return x, y, x >= 0 && y >= 0 && x <= 1 && y <= 1
}
