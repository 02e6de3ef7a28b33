package widgets

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
)

// BenchmarkOutline measures what an icon for Fyne's own widgets costs once.
func BenchmarkOutline(b *testing.B) {
	size := 0
	for b.Loop() {
		svg, err := outline(iconSource("history"), iconScale)
		if err != nil {
			b.Fatal(err)
		}
		size = len(svg)
	}
	b.ReportMetric(float64(size), "bytes")
}

// BenchmarkPaint measures what an icon costs once in a widget.
func BenchmarkPaint(b *testing.B) {
	for b.Loop() {
		paint("history", color.Black, 36, 36)
	}
}

// BenchmarkButtonRefresh measures what the mouse over a button costs.
func BenchmarkButtonRefresh(b *testing.B) {
	button := Plain("Build", "history", nothing)
	button.Resize(fyne.NewSize(120, ControlHeight))
	for b.Loop() {
		button.MouseIn(nil)
		button.MouseOut()
	}
}

// BenchmarkSidebarSelect measures what going to another section costs.
func BenchmarkSidebarSelect(b *testing.B) {
	s := NewSidebar()
	s.SetItems(sidebarItems())
	s.Resize(fyne.NewSize(SidebarWidth, 700))
	for b.Loop() {
		s.Select("base")
		s.Select("flash")
	}
}

// BenchmarkPicture measures what the picture of a template costs once.
func BenchmarkPicture(b *testing.B) {
	p := PictureResource("template-rescue").(*picture)
	for b.Loop() {
		paintColours(p.themed(), 240, 120)
	}
}
