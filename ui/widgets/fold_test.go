package widgets

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestFoldShowsItsContentWhileItIsOpen(t *testing.T) {
	f := NewFold("More", Line("inside"))
	w := test.NewTempWindow(t, f.Column)
	w.Resize(fyne.NewSize(300, 200))
	low := f.Column.MinSize().Height
	if f.IsOpen() {
		t.Fatal("it is open at first")
	}
	f.Head.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !f.IsOpen() || f.Column.MinSize().Height <= low {
		t.Errorf("open %v, %v high, it was %v", f.IsOpen(), f.Column.MinSize().Height, low)
	}
	f.Open(true)
	f.Open(false)
	if f.IsOpen() || f.Column.MinSize().Height != low {
		t.Errorf("open %v, %v high", f.IsOpen(), f.Column.MinSize().Height)
	}
}

func TestThumbnailKeepsItsSize(t *testing.T) {
	for _, picture := range []image.Image{nil, image.NewGray(image.Rect(0, 0, 500, 10))} {
		if size := Thumbnail(picture, "bootmenu", 96, 64).MinSize(); size != fyne.NewSize(96, 64) {
			t.Errorf("of %v it is %v", picture != nil, size)
		}
	}
}
