package preview_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
)

// versions are what GRUB said of itself when the kept pictures were taken.
var versions = map[string]string{"2.06": "2.06-13+deb12u2", "2.12": "2.12-9+deb13u4"}

// TestPictures compares each kept picture of real GRUB with ours. With
// ISOWRIGHT_PICTURES=DIR what differs is written there.
func TestPictures(t *testing.T) {
	all := pictures(t)
	if len(all) < 80 {
		t.Errorf("the suite has only %d pictures", len(all))
	}
	kept, err := filepath.Glob(truthDir + "/*.png")
	if err != nil || len(kept) != len(all) {
		t.Errorf("%d pictures are kept for %d of the suite: %v", len(kept), len(all), err)
	}
	for _, p := range all {
		t.Run(p.name(), func(t *testing.T) {
			t.Parallel()
			want, err := readPicture(goldenPath(p))
			if err != nil {
				t.Fatalf("take the picture with `make grub-pictures`: %v", err)
			}
			comparePicture(t, p, versions[p.grub], want)
		})
	}
}

// comparePicture fails where ours has more pixels that differ than are known,
// or, so that the list of those stays true, none at all.
func comparePicture(t *testing.T, p picture, version string, want *image.RGBA) {
	t.Helper()
	got, err := p.draw(version)
	if err != nil {
		t.Fatal(err)
	}
	n, where := differing(got, want)
	switch {
	case n > p.differs:
		t.Errorf("%d pixels differ, within %v; known: %d", n, where, p.differs)
		saveDifference(t, p, got, want)
	case n < p.differs && n == 0:
		t.Errorf("no pixel differs: take the field differs away")
	}
}

// draw is our picture.
func (p picture) draw(version string) (*image.RGBA, error) {
	platform := scene.BIOS
	if p.firmware == "uefi" {
		platform = scene.UEFI
	}
	o := preview.Options{Platform: platform, Width: p.width, Height: p.height, Version: version}
	if p.width == 720 { // the BIOS's text mode, in which GRUB stayed
		o.Width, o.Height = 0, 0
	}
	s, err := preview.Open(p.files, "boot/grub/grub.cfg", o)
	if err != nil {
		return nil, err
	}
	for _, key := range p.keys {
		if p.text != nil && s.Scene().State != scene.Menu {
			break // what is typed there is given as text
		}
		if _, err := s.Key(ourKey(key)); err != nil {
			return nil, fmt.Errorf("key %s: %w", key, err)
		}
	}
	if p.left >= 0 {
		s.SetTimeout(p.left)
	}
	sc := s.Scene()
	if p.text != nil {
		sc.Text, sc.CursorRow, sc.CursorColumn = p.text, p.row, p.column
	}
	return preview.Render(sc), nil
}

// ourKey is the preview's name of a key of QEMU's.
func ourKey(name string) preview.Key {
	switch name {
	case "spc":
		return " "
	case "ret":
		return preview.KeyEnter
	case "esc":
		return preview.KeyEscape
	case "pgup":
		return preview.KeyPageUp
	case "pgdn":
		return preview.KeyPageDown
	}
	return preview.Key(name)
}

func readPicture(path string) (*image.RGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	decoded, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := image.NewRGBA(decoded.Bounds())
	draw.Draw(out, out.Rect, decoded, out.Rect.Min, draw.Src)
	return out, nil
}

// differing counts the pixels of which any channel is not the same. Pictures of
// two sizes differ everywhere.
func differing(a, b *image.RGBA) (n int, where image.Rectangle) {
	if a.Rect != b.Rect {
		return max(a.Rect.Dx()*a.Rect.Dy(), b.Rect.Dx()*b.Rect.Dy()), b.Rect
	}
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			p, q := a.RGBAAt(x, y), b.RGBAAt(x, y)
			if p.R != q.R || p.G != q.G || p.B != q.B {
				n++
				where = where.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return n, where
}

// saveDifference writes GRUB's picture, ours, and one with what differs in red.
func saveDifference(t *testing.T, p picture, got, want *image.RGBA) {
	dir := os.Getenv("ISOWRIGHT_PICTURES")
	if dir == "" {
		return
	}
	marked := image.NewRGBA(want.Rect)
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			c, o := want.RGBAAt(x, y), got.RGBAAt(x, y)
			if c.R != o.R || c.G != o.G || c.B != o.B {
				marked.SetRGBA(x, y, color.RGBA{R: 255, A: 255})
			} else {
				marked.SetRGBA(x, y, color.RGBA{c.R / 3, c.G / 3, c.B / 3, 255})
			}
		}
	}
	for what, picture := range map[string]*image.RGBA{"grub": want, "ours": got, "differs": marked} {
		path := filepath.Join(dir, strings.Join([]string{p.name(), what, "png"}, "."))
		if err := writePicture(path, picture); err != nil {
			t.Error(err)
		}
	}
}
