package widgets

import (
	"image"

	"fyne.io/fyne/v2"
)

// Room is how large a picture fits into the monitor now, in pixels of the screen. A
// picture that was made no larger costs nothing to show; OnRoom hears when that
// changes.
func (m *Monitor) Room() (width, height int) { return m.room.X, m.room.Y }

// offer notes how much room there is for the picture, in Fyne's units.
func (m *Monitor) offer(room fyne.Size) {
	d := m.density()
	size := image.Pt(int(room.Width*d), int(room.Height*d))
	if size == m.room {
		return
	}
	m.room = size
	if m.OnRoom != nil {
		m.OnRoom(size.X, size.Y)
	}
}
