package widgets

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestMonitorTellsOfItsRoom(t *testing.T) {
	m := NewMonitor("")
	var told []image.Point
	m.OnRoom = func(w, h int) { told = append(told, image.Pt(w, h)) }
	w := test.NewWindow(m)
	defer w.Close()
	w.SetPadded(false)
	w.Resize(frameSize.Add(fyne.NewSize(400, 300)))
	if got, h := m.Room(); got != 400 || h != 300 || told[len(told)-1] != image.Pt(400, 300) {
		t.Errorf("there is room for %d by %d; told %v", got, h, told)
	}
	before := len(told)
	m.SetImage(image.NewRGBA(image.Rect(0, 0, 400, 300)))
	if len(told) != before {
		t.Error("told again of the same room")
	}
	if got := m.picture.Size(); got != fyne.NewSize(400, 300) {
		t.Errorf("a picture of that size is shown %v large", got)
	}
}

// BenchmarkMonitorFitted is a picture that was made to fit.
func BenchmarkMonitorFitted(b *testing.B) {
	m := NewMonitor("")
	w := test.NewWindow(m)
	defer w.Close()
	w.SetPadded(false)
	w.Resize(frameSize.Add(fyne.NewSize(760, 430)))
	pictures := []*image.RGBA{image.NewRGBA(image.Rect(0, 0, 760, 427)), image.NewRGBA(image.Rect(0, 0, 760, 427))}
	for i := 0; b.Loop(); i++ {
		m.SetImage(pictures[i%2])
	}
}
