package widgets

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	scaler "golang.org/x/image/draw"
)

// MonitorMode is how large a Monitor shows its picture.
type MonitorMode int

// A picture as large as there is room, or one or two pixels of the screen for
// each of its own.
const (
	MonitorFit MonitorMode = iota
	MonitorActual
	MonitorDouble
)

// Monitor shows the picture of a screen in the frame of a monitor, every pixel
// as it is where there is room, and takes keys for the machine behind it.
//
// OnKey hears keys that type nothing and all keys with Ctrl, Alt or Super; what
// types a character goes to OnRune. Tab moves the focus on unless CaptureTab is
// set. Shortcuts go to the window unless CaptureShortcuts is set. Pressing and
// releasing Ctrl+Alt, with no key in between, gives the focus back and calls
// OnRelease.
type Monitor struct {
	widget.BaseWidget

	OnKey     func(fyne.KeyName, fyne.KeyModifier)
	OnRune    func(rune)
	OnRelease func()
	OnLeave   func()                  // the focus is elsewhere now
	OnRoom    func(width, height int) // see Room
	// OnPoint hears where the pointer is on the picture, in shares of it from 0 to
	// 1, OnButton of the pointer's buttons there.
	OnPoint          func(x, y float64)
	OnButton         func(button desktop.MouseButton, down bool)
	CaptureTab       bool
	CaptureShortcuts bool

	mode    MonitorMode
	source  image.Image
	text    string
	focused bool
	mods    fyne.KeyModifier
	room    image.Point
	armed   bool // Ctrl and Alt are down, and nothing else was pressed since

	picture *canvas.Image
	scaled  *image.RGBA // reused for pictures that are shown smaller than they are
	half    *image.RGBA
	// painted is the size in pixels that the source was last painted in, the
	// zero point after it has changed.
	painted image.Point
}

// NewMonitor is a monitor that says text as long as it has no picture.
func NewMonitor(text string) *Monitor {
	m := &Monitor{text: text, picture: &canvas.Image{FillMode: canvas.ImageFillStretch}}
	m.picture.Hide()
	m.ExtendBaseWidget(m)
	return m
}

// SetImage shows a picture, nil shows the text instead. *image.RGBA is drawn
// without being converted. The same picture with other pixels may come again.
func (m *Monitor) SetImage(img image.Image) {
	old := m.source
	m.source, m.painted = img, image.Point{}
	if img == nil || old == nil || img.Bounds().Size() != old.Bounds().Size() {
		m.Refresh()
		return
	}
	m.paint(m.picture.Size())
}

// Picture is the picture that is shown, nil for none.
func (m *Monitor) Picture() image.Image { return m.source }

// SetText changes what is said without a picture.
func (m *Monitor) SetText(text string) {
	m.text = text
	m.Refresh()
}

// SetMode changes how large the picture is.
func (m *Monitor) SetMode(mode MonitorMode) {
	m.mode = mode
	m.Refresh()
}

// Mode is how large the picture is.
func (m *Monitor) Mode() MonitorMode { return m.mode }

// density is how many pixels of the screen are one unit of Fyne's.
func (m *Monitor) density() float32 {
	if c := canvasOf(m); c != nil && c.Scale() > 0 {
		return c.Scale()
	}
	return 1
}

// zoom is how many pixels of the screen one pixel of the picture takes when the
// picture has room: whole ones from 1 on.
func (m *Monitor) zoom(room fyne.Size) float32 {
	switch m.mode {
	case MonitorActual:
		return 1
	case MonitorDouble:
		return 2
	}
	if m.source == nil {
		return 1
	}
	b, d := m.source.Bounds(), m.density()
	z := min(room.Width*d/float32(b.Dx()), room.Height*d/float32(b.Dy()))
	if z >= 1 {
		z = float32(math.Floor(float64(z)))
	}
	return max(z, 0.01)
}

// pictureSize is the size of the picture in Fyne's units.
func (m *Monitor) pictureSize(zoom float32) fyne.Size {
	b, d := m.source.Bounds(), m.density()
	w := float32(math.Round(float64(float32(b.Dx()) * zoom)))
	h := float32(math.Round(float64(float32(b.Dy()) * zoom)))
	return fyne.NewSize(w/d, h/d)
}

// paint gives the picture to Fyne. Fyne would scale it down on the processor at
// every drawing, with a slow filter; here it is done once, with a quick one.
func (m *Monitor) paint(size fyne.Size) {
	d := m.density()
	b := m.source.Bounds()
	w, h := int(math.Round(float64(size.Width*d))), int(math.Round(float64(size.Height*d)))
	if w < 1 || h < 1 || m.painted == image.Pt(w, h) {
		return
	}
	m.painted = image.Pt(w, h)
	m.picture.Image, m.picture.ScaleMode = m.source, canvas.ImageScalePixels
	if w < b.Dx() {
		m.picture.Image = m.shrink(w, h)
	}
	m.picture.Refresh()
}

// shrink scales the picture down to w by h pixels: below half its size pixels
// are first averaged in squares of four, so that thin lines do not vanish.
func (m *Monitor) shrink(w, h int) image.Image {
	src := m.source
	if b := src.Bounds(); w*2 <= b.Dx() {
		m.half = reuse(m.half, b.Dx()/2, b.Dy()/2)
		if rgba, ok := src.(*image.RGBA); ok {
			halve(m.half, rgba)
		} else {
			scaler.ApproxBiLinear.Scale(m.half, m.half.Rect, src, b, scaler.Src, nil)
		}
		src = m.half
	}
	m.scaled = reuse(m.scaled, w, h)
	scaler.ApproxBiLinear.Scale(m.scaled, m.scaled.Rect, src, src.Bounds(), scaler.Src, nil)
	return m.scaled
}

func reuse(img *image.RGBA, w, h int) *image.RGBA {
	if img != nil && img.Rect.Dx() == w && img.Rect.Dy() == h {
		return img
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

// halve averages squares of four pixels of src into one of dst: two pixels of a
// row at once, every second byte of them, so that the sums have room.
func halve(dst, src *image.RGBA) {
	const every = 0x00ff00ff00ff00ff
	for y := range dst.Rect.Dy() {
		a := src.Pix[2*y*src.Stride:]
		b := src.Pix[(2*y+1)*src.Stride:]
		out := dst.Pix[y*dst.Stride : y*dst.Stride+4*dst.Rect.Dx()]
		for ; len(out) >= 4; a, b, out = a[8:], b[8:], out[4:] {
			p, q := binary.LittleEndian.Uint64(a), binary.LittleEndian.Uint64(b)
			even, odd := p&every+q&every, p>>8&every+q>>8&every
			e := uint32(even) + uint32(even>>32) + 0x00020002
			o := uint32(odd) + uint32(odd>>32) + 0x00020002
			binary.LittleEndian.PutUint32(out, e>>2&0x00ff00ff|o>>2&0x00ff00ff<<8)
		}
	}
}

// Tapped takes the focus.
func (m *Monitor) Tapped(*fyne.PointEvent) { takeFocus(m) }

// Cursor is the plain arrow.
func (m *Monitor) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// AcceptsTab tells Fyne who gets Tab.
func (m *Monitor) AcceptsTab() bool { return m.CaptureTab }

// FocusGained shows the focus.
func (m *Monitor) FocusGained() {
	m.focused, m.mods, m.armed = true, 0, false
	m.Refresh()
}

// FocusLost forgets held keys.
func (m *Monitor) FocusLost() {
	m.focused, m.mods, m.armed = false, 0, false
	m.Refresh()
	if m.OnLeave != nil {
		m.OnLeave()
	}
}

// TypedRune passes characters on.
func (m *Monitor) TypedRune(r rune) {
	if m.OnRune != nil {
		m.OnRune(r)
	}
}

// TypedKey passes on the keys that type nothing.
func (m *Monitor) TypedKey(key *fyne.KeyEvent) {
	if typesRune(key.Name) {
		return
	}
	if m.OnKey == nil {
		passKey(m, key)
		return
	}
	m.OnKey(key.Name, m.mods)
}

// typesRune tells whether the key alone or with Shift types a character: Fyne
// names those by one character, and the space bar.
func typesRune(name fyne.KeyName) bool { return len(name) == 1 || name == fyne.KeySpace }

// TypedShortcut passes on keys with modifiers.
func (m *Monitor) TypedShortcut(s fyne.Shortcut) {
	m.armed = false
	k, ok := s.(fyne.KeyboardShortcut)
	if !m.CaptureShortcuts || !ok || m.OnKey == nil {
		passShortcut(m, s)
		return
	}
	m.OnKey(k.Key(), k.Mod())
}

// KeyDown follows the modifiers.
func (m *Monitor) KeyDown(key *fyne.KeyEvent) {
	mod := modifierOf(key.Name)
	m.mods |= mod
	m.armed = mod != 0 && m.mods == fyne.KeyModifierControl|fyne.KeyModifierAlt
}

// KeyUp follows the modifiers and releases the focus after Ctrl+Alt.
func (m *Monitor) KeyUp(key *fyne.KeyEvent) {
	mod := modifierOf(key.Name)
	m.mods &^= mod
	if mod == 0 || !m.armed {
		return
	}
	m.armed = false
	if c := canvasOf(m); c != nil {
		c.Unfocus()
	}
	if m.OnRelease != nil {
		m.OnRelease()
	}
}

func modifierOf(name fyne.KeyName) fyne.KeyModifier {
	switch name {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		return fyne.KeyModifierShift
	case desktop.KeyControlLeft, desktop.KeyControlRight:
		return fyne.KeyModifierControl
	case desktop.KeyAltLeft, desktop.KeyAltRight:
		return fyne.KeyModifierAlt
	case desktop.KeySuperLeft, desktop.KeySuperRight:
		return fyne.KeyModifierSuper
	}
	return 0
}

// Measures of the frame, in Fyne's units: the bezel at three sides and below,
// the ring of the focus around it, the neck and the foot of the stand.
const (
	bezelSide, bezelBelow = 10, 16
	focusRing             = 3
	neckWidth, neckHeight = 64, 12
	footWidth, footHeight = 136, 5
)

// frameSize is what the frame adds to the picture.
var frameSize = fyne.NewSize(2*bezelSide+2*focusRing, bezelSide+bezelBelow+2*focusRing+neckHeight+footHeight)

// CreateRenderer is for Fyne.
func (m *Monitor) CreateRenderer() fyne.WidgetRenderer {
	m.ExtendBaseWidget(m)
	r := &monitorRenderer{
		m:      m,
		bezel:  canvas.NewRectangle(color.Black),
		ring:   canvas.NewRectangle(color.Transparent),
		screen: canvas.NewRectangle(color.Black),
		neck:   canvas.NewRectangle(color.Black),
		foot:   canvas.NewRectangle(color.Black),
		label:  widget.NewLabel(m.text),
	}
	r.text = container.NewThemeOverride(r.label, NewTheme(Dark)) // a screen is dark in any look
	r.label.Alignment, r.label.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	r.bezel.CornerRadius, r.foot.CornerRadius = 8, footHeight/2
	r.ring.CornerRadius, r.ring.StrokeWidth = 8+focusRing, 2
	r.paint()
	return r
}

type monitorRenderer struct {
	m                               *Monitor
	bezel, ring, screen, neck, foot *canvas.Rectangle
	label                           *widget.Label
	text                            *container.ThemeOverride
}

func (r *monitorRenderer) Destroy() {}

func (r *monitorRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.neck, r.foot, r.ring, r.bezel, r.screen, r.m.picture, r.text}
}

func (r *monitorRenderer) MinSize() fyne.Size {
	if r.m.source == nil || r.m.mode == MonitorFit {
		return fyne.NewSize(240, 150).Add(frameSize)
	}
	return r.m.pictureSize(r.m.zoom(fyne.Size{})).Add(frameSize)
}

func (r *monitorRenderer) Layout(size fyne.Size) {
	room := size.Subtract(frameSize)
	r.m.offer(room)
	screen := fyne.NewSize(min(room.Width, room.Height*4/3), 0)
	screen.Height = screen.Width * 3 / 4
	if r.m.source != nil {
		screen = r.m.pictureSize(r.m.zoom(room))
	}
	d := r.m.density()
	at := func(v float32) float32 { return float32(math.Round(float64(v*d))) / d }
	x := at((size.Width - screen.Width) / 2)
	y := at((size.Height-screen.Height-frameSize.Height)/2 + bezelSide + focusRing)
	place(r.screen, x, y, screen.Width, screen.Height)
	place(r.m.picture, x, y, screen.Width, screen.Height)
	w, h := screen.Width+2*bezelSide, screen.Height+bezelSide+bezelBelow
	place(r.bezel, x-bezelSide, y-bezelSide, w, h)
	place(r.ring, x-bezelSide-focusRing, y-bezelSide-focusRing, w+2*focusRing, h+2*focusRing)
	bottom := y + screen.Height + bezelBelow
	middle := x + screen.Width/2
	place(r.neck, middle-neckWidth/2, bottom, neckWidth, neckHeight+1)
	place(r.foot, middle-footWidth/2, bottom+neckHeight, footWidth, footHeight)
	text := r.label.MinSize().Height
	r.label.Resize(fyne.NewSize(screen.Width, text))
	text = max(text, r.label.MinSize().Height)
	place(r.text, x, y+(screen.Height-text)/2, screen.Width, text)
	if r.m.source != nil {
		r.m.paint(screen)
	}
}

func (r *monitorRenderer) paint() {
	m := r.m
	r.bezel.FillColor = color.NRGBA{0x23, 0x28, 0x2E, 0xFF}
	r.bezel.StrokeColor, r.bezel.StrokeWidth = color.NRGBA{0x3A, 0x41, 0x4A, 0xFF}, 1
	r.neck.FillColor = color.NRGBA{0x2E, 0x34, 0x3B, 0xFF}
	r.foot.FillColor = color.NRGBA{0x3A, 0x41, 0x4A, 0xFF}
	r.screen.FillColor = color.Black
	r.ring.StrokeColor = color.Transparent
	if m.focused {
		r.ring.StrokeColor = colourFor(ColourAccent, m)
	}
	if m.source == nil {
		r.screen.FillColor = color.NRGBA{0x0F, 0x12, 0x15, 0xFF}
	}
	r.label.SetText(m.text)
	reveal(r.text, m.source == nil && m.text != "")
	reveal(m.picture, m.source != nil)
}

func (r *monitorRenderer) Refresh() {
	r.paint()
	r.Layout(r.m.Size())
	for _, o := range []*canvas.Rectangle{r.bezel, r.ring, r.screen, r.neck, r.foot} {
		o.Refresh()
	}
	canvas.Refresh(r.m)
}
