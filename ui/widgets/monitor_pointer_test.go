package widgets

import (
	"fmt"
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func TestMonitorFollowsThePointer(t *testing.T) {
	m := NewMonitor("")
	var told []string
	m.OnPoint = func(x, y float64) { told = append(told, fmt.Sprintf("%.2f %.2f", x, y)) }
	m.OnButton = func(b desktop.MouseButton, down bool) {
		told = append(told, fmt.Sprint(b == desktop.MouseButtonPrimary, down))
	}
	w := test.NewWindow(m)
	defer w.Close()
	w.SetPadded(false)
	w.Resize(frameSize.Add(fyne.NewSize(400, 300)))
	event := func(x, y float32) *desktop.MouseEvent {
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
		e.Position = m.picture.Position().AddXY(x, y)
		return e
	}
	m.MouseMoved(event(10, 10)) // there is no picture yet
	m.SetImage(image.NewRGBA(image.Rect(0, 0, 400, 300)))
	m.MouseIn(event(100, 150))
	m.MouseMoved(event(-5, 10)) // on the frame
	m.MouseDown(event(-5, 10))
	m.MouseDown(event(400, 300))
	m.MouseUp(event(-5, 10))
	if want := []string{"0.25 0.50", "1.00 1.00", "true true", "true false"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestMonitorTellsThatTheFocusHasLeft(t *testing.T) {
	m := NewMonitor("")
	left := 0
	m.OnLeave = func() { left++ }
	m.FocusGained()
	m.FocusLost()
	if left != 1 {
		t.Errorf("told %d times", left)
	}
}

func TestHigh(t *testing.T) {
	o := High(120, NewMonitor(""))
	if got := o.MinSize().Height; got != 120 {
		t.Errorf("it wants %v", got)
	}
	o.Resize(fyne.NewSize(300, 500))
	if got := o.Objects[0].Size(); got != fyne.NewSize(300, 120) {
		t.Errorf("its content is %v large", got)
	}
}
