package widgets

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// pattern is a picture in which every pixel differs from its neighbours.
func pattern(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 7), uint8(y * 5), uint8((x ^ y) << 3), 0xFF})
		}
	}
	return img
}

// wrongPixels counts the pixels of the window that differ from img enlarged by
// zoom at the place of the picture of a monitor that fills the window.
func wrongPixels(w fyne.Window, m *Monitor, img *image.RGBA, zoom int) int {
	shot := w.Canvas().Capture()
	d := w.Canvas().Scale()
	at := m.picture.Position()
	x0, y0 := int(at.X*d+0.5), int(at.Y*d+0.5)
	wrong := 0
	for y := range img.Rect.Dy() * zoom {
		for x := range img.Rect.Dx() * zoom {
			r, g, b, _ := shot.At(x0+x, y0+y).RGBA()
			want := img.RGBAAt(x/zoom, y/zoom)
			if uint8(r>>8) != want.R || uint8(g>>8) != want.G || uint8(b>>8) != want.B {
				wrong++
			}
		}
	}
	return wrong
}

func TestMonitorShowsEveryPixel(t *testing.T) {
	img := pattern(40, 30)
	for _, c := range []struct {
		mode  MonitorMode
		scale float32
		zoom  int
	}{{MonitorActual, 1, 1}, {MonitorDouble, 1, 2}, {MonitorActual, 1.5, 1}, {MonitorActual, 2, 1}, {MonitorFit, 1, 4}, {MonitorFit, 2, 9}} {
		m := NewMonitor("")
		m.SetMode(c.mode)
		w := shown(t, m, 220, 200)
		w.Canvas().(test.WindowlessCanvas).SetScale(c.scale)
		m.SetImage(img)
		m.Refresh()
		if n := wrongPixels(w, m, img, c.zoom); n > 0 {
			t.Errorf("mode %d, scale %g, zoom %d: %d wrong pixels", c.mode, c.scale, c.zoom, n)
		}
	}
}

func TestMonitorFitsLargePictures(t *testing.T) {
	m := NewMonitor("")
	w := shown(t, m, 500, 400)
	img := image.NewRGBA(image.Rect(0, 0, 1920, 1080))
	for i := range img.Pix {
		img.Pix[i] = 0xC0 | uint8(i%4/3*0x3F)
	}
	m.SetImage(img)
	got := m.picture.Size()
	if got.Width > 500-2*bezelSide || got.Width < 470-2*bezelSide || got.Height*16/9-got.Width > 2 {
		t.Errorf("picture is %v in a window of 500x400", got)
	}
	at := m.picture.Position()
	r, _, _, _ := w.Canvas().Capture().At(int(at.X)+50, int(at.Y)+50).RGBA()
	if r>>8 != 0xC0 {
		t.Errorf("an even picture was scaled to %#x, want 0xc0", r>>8)
	}
	if min := m.MinSize(); min.Width > 300 {
		t.Errorf("fit wants %v at least", min)
	}
	m.SetMode(MonitorActual)
	if min := m.MinSize(); min.Width < 1920 || min.Height < 1080 {
		t.Errorf("1:1 wants only %v for 1920x1080", min)
	}
}

func TestMonitorText(t *testing.T) {
	m := NewMonitor("Nothing yet")
	shown(t, m, 400, 300)
	r := test.WidgetRenderer(m).(*monitorRenderer)
	if !r.text.Visible() || m.picture.Visible() || r.label.Text != "Nothing yet" {
		t.Error("the text is not shown without a picture")
	}
	m.SetImage(pattern(8, 8))
	if r.text.Visible() || !m.picture.Visible() {
		t.Error("the picture does not take the text's place")
	}
	m.SetImage(nil)
	m.SetText("Off")
	if !r.text.Visible() || r.label.Text != "Off" {
		t.Error("the text does not come back")
	}
}

func TestMonitorKeys(t *testing.T) {
	var c calls
	m := NewMonitor("")
	m.OnKey = func(k fyne.KeyName, mods fyne.KeyModifier) {
		c.say(shortcut(k, mods).ShortcutName()[len("CustomDesktop:"):])
	}
	m.OnRune = func(r rune) { c.say("rune " + string(r)) }
	m.OnRelease = func() { c.say("release") }
	w := shown(t, m, 400, 300)
	w.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierControl},
		func(fyne.Shortcut) { c.say("window save") })
	test.Tap(m)
	if w.Canvas().Focused() != m {
		t.Fatal("a click does not give the focus")
	}
	key(m, fyne.KeyDown, fyne.KeyE, fyne.KeySpace, fyne.KeyReturn)
	m.TypedRune('e')
	c.want(t, "keys", "Down", "Return", "rune e")

	if m.AcceptsTab() {
		t.Error("Tab is taken without being asked for")
	}
	m.CaptureTab = true
	if !m.AcceptsTab() {
		t.Error("Tab is not taken")
	}
	m.TypedShortcut(shortcut(fyne.KeyS, fyne.KeyModifierControl))
	c.want(t, "shortcut of the window", "window save")
	m.CaptureShortcuts = true
	m.TypedShortcut(shortcut(fyne.KeyS, fyne.KeyModifierControl))
	m.TypedShortcut(&fyne.ShortcutCopy{})
	c.want(t, "shortcuts taken", "Control+S", "Control+C")
}

func TestMonitorReleasesWithCtrlAlt(t *testing.T) {
	var c calls
	m := NewMonitor("")
	m.CaptureShortcuts = true
	m.OnKey = func(k fyne.KeyName, _ fyne.KeyModifier) { c.say(string(k)) }
	m.OnRelease = func() { c.say("release") }
	w := shown(t, m, 400, 300)
	down := func(k fyne.KeyName) { m.KeyDown(&fyne.KeyEvent{Name: k}) }
	up := func(k fyne.KeyName) { m.KeyUp(&fyne.KeyEvent{Name: k}) }

	w.Canvas().Focus(m)
	down(desktop.KeyControlLeft)
	down(desktop.KeyAltLeft)
	down(fyne.KeyF2)
	m.TypedShortcut(shortcut(fyne.KeyF2, fyne.KeyModifierControl|fyne.KeyModifierAlt))
	up(fyne.KeyF2)
	up(desktop.KeyAltLeft)
	up(desktop.KeyControlLeft)
	c.want(t, "Ctrl+Alt+F2", "F2")
	if w.Canvas().Focused() != m {
		t.Error("Ctrl+Alt+F2 gave up the focus")
	}
	down(desktop.KeyControlLeft)
	up(desktop.KeyControlLeft)
	c.want(t, "Ctrl alone")
	down(desktop.KeyControlLeft)
	down(desktop.KeyAltLeft)
	up(desktop.KeyControlLeft)
	c.want(t, "Ctrl+Alt", "release")
	if w.Canvas().Focused() != nil {
		t.Error("Ctrl+Alt kept the focus")
	}
}

// BenchmarkMonitorFit is a moving picture of 1920x1080 shown smaller than it is;
// 1:1 costs nothing but the drawing.
func BenchmarkMonitorFit(b *testing.B) {
	m := NewMonitor("")
	win := test.NewWindow(m)
	defer win.Close()
	win.Resize(fyne.NewSize(1000, 700))
	img := pattern(1920, 1080)
	m.SetImage(img)
	b.ReportAllocs()
	for b.Loop() {
		m.SetImage(img)
	}
}

// TestHalve compares with the plain mean of four.
func TestHalve(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 14, 6))
	for i := range src.Pix {
		src.Pix[i] = uint8(i*i*37 + i)
	}
	dst := image.NewRGBA(image.Rect(0, 0, 7, 3))
	halve(dst, src)
	for y := range 3 {
		for x := range 7 {
			for c := range 4 {
				sum := 2
				for _, at := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
					sum += int(src.Pix[(2*y+at[1])*src.Stride+4*(2*x+at[0])+c])
				}
				if got := dst.Pix[y*dst.Stride+4*x+c]; int(got) != sum/4 {
					t.Fatalf("%d,%d byte %d: %d, want %d", x, y, c, got, sum/4)
				}
			}
		}
	}
}

// TestMonitorScalesOnce: what is laid out anew is not scaled anew; the same picture
// with other pixels is.
func TestMonitorScalesOnce(t *testing.T) {
	m := NewMonitor("")
	w := test.NewTempWindow(t, m)
	w.Resize(fyne.NewSize(300, 260))
	img := image.NewRGBA(image.Rect(0, 0, 800, 600))
	m.SetImage(img)
	m.scaled.Pix[0] = 7
	m.Refresh()
	if m.scaled.Pix[0] != 7 {
		t.Error("it was scaled again")
	}
	m.SetImage(img)
	if m.scaled.Pix[0] == 7 {
		t.Error("the new pixels are not shown")
	}
	w.Resize(fyne.NewSize(400, 320))
	if m.scaled.Rect.Dx() < 300 {
		t.Errorf("after growing it is %v", m.scaled.Rect)
	}
}
