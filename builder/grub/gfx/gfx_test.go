package gfx

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestParseColour(t *testing.T) {
	for text, want := range map[string]color.NRGBA{
		"black": {0, 0, 0, 255}, "SteelBlue": {70, 130, 180, 255}, "#fff": {255, 255, 255, 255},
		"#123456": {0x12, 0x34, 0x56, 255}, "#12345678": {0x12, 0x34, 0x56, 0x78}, "1, 2,3": {1, 2, 3, 255},
	} {
		if have, err := ParseColour(text); err != nil || have != want {
			t.Errorf("%q: %v %v, want %v", text, have, err, want)
		}
	}
	for _, text := range []string{"", "blau", "#12", "#12345", "#ggg", "1,2", "1,2,256", "1,2,-3", "#"} {
		if have, err := ParseColour(text); err == nil {
			t.Errorf("%q is a colour: %v", text, have)
		}
	}
}

func TestTextColours(t *testing.T) {
	for name, want := range map[string]color.RGBA{
		"black": {0, 0, 0, 255}, "brown": {0xa8, 0x54, 0, 255}, "light-gray": {0xa8, 0xa8, 0xa8, 255},
		"light-blue": {0x54, 0x54, 0xfe, 255}, "white": {0xfe, 0xfe, 0xfe, 255},
	} {
		if i, ok := TextColour(name); !ok || Palette(i) != want {
			t.Errorf("%s: %d %v %v", name, i, ok, Palette(i))
		}
	}
	if _, ok := TextColour("orange"); ok {
		t.Error("GRUB knows no orange")
	}
}

func TestBitsStayWithinTheClip(t *testing.T) {
	dst := New(8, 8)
	red := color.RGBA{255, 0, 0, 255}
	// 3x3, a cross: 010 111 010
	Bits(dst, image.Rect(2, 2, 8, 8), image.Pt(1, 1), 3, 3, []byte{0b01011101, 0}, red)
	for y := range 8 {
		for x := range 8 {
			want := color.RGBA{0, 0, 0, 255}
			if p := image.Pt(x, y); p == image.Pt(2, 2) || p == image.Pt(3, 2) || p == image.Pt(2, 3) {
				want = red
			}
			if have := dst.RGBAAt(x, y); have != want {
				t.Errorf("%d,%d: %v, want %v", x, y, have, want)
			}
		}
	}
	Bits(dst, dst.Rect, image.Pt(0, 0), 8, 8, []byte{0xff}, red) // bits are missing: no panic
	Fill(dst, image.Rect(-5, -5, 99, 99), color.RGBA{1, 2, 3, 0})
	if have := dst.RGBAAt(7, 7); have != (color.RGBA{1, 2, 3, 255}) {
		t.Errorf("filled with %v", have)
	}
}

// TestFit has the sums of GRUB's screen for a background of 97 x 61 pixels on
// 640x480 and one of 61 x 97, by every method.
func TestFit(t *testing.T) {
	for name, want := range fitted {
		var w, h int
		var method Method
		var a Align
		if n, err := fmt.Sscanf(name, "%d %d %d %d", &w, &h, &method, &a); n != 4 {
			t.Fatal(err)
		}
		have := Fit(noise(w, h), 640, 480, method, a, a)
		if have.Rect != image.Rect(0, 0, 640, 480) {
			t.Errorf("%s: %v", name, have.Rect)
		}
		sum := sha256.New()
		for i := 0; i < len(have.Pix); i += 4 {
			sum.Write(have.Pix[i : i+3])
		}
		if got := fmt.Sprintf("%x", sum.Sum(nil)[:8]); got != want {
			t.Errorf("%s: %s, GRUB's screen has %s", name, got, want)
		}
	}
	if p := Fit(noise(3, 3), 0, 5, Crop, Centre, Centre); !p.Rect.Empty() {
		t.Errorf("a picture in no room: %v", p.Rect)
	}
	for _, m := range []Method{Stretch, Crop, Padding, FitWidth, FitHeight} {
		if p := Fit(noise(1000, 1), 2, 90, m, End, End); p.Rect.Dx() != 2 || p.Rect.Dy() != 90 {
			t.Errorf("method %d: %v", m, p.Rect)
		}
	}
}

// countingFS counts how often a file is opened.
type countingFS struct {
	fs.FS
	opened *int
}

func (c countingFS) Open(name string) (fs.File, error) {
	*c.opened++
	return c.FS.Open(name)
}

func TestCacheReadsOnceAndForgets(t *testing.T) {
	var data bytes.Buffer
	if err := png.Encode(&data, noise(100, 100)); err != nil {
		t.Fatal(err)
	}
	opened := 0
	files := countingFS{fstest.MapFS{"a.png": {Data: data.Bytes()}, "b.png": {Data: data.Bytes()}, "bad.png": {}}, &opened}
	c := NewCache(150 * 100 * 4)
	first, err := c.Fit(files, "a.png", 50, 50, Stretch, Start, Start)
	again, _ := c.Fit(files, "a.png", 50, 50, Stretch, Start, Start)
	if err != nil || first != again || first.Rect.Dx() != 50 || opened != 1 {
		t.Errorf("%v, opened %d times", err, opened)
	}
	if other, _ := c.Fit(files, "a.png", 50, 50, Padding, Start, End); other == first || opened != 1 {
		t.Errorf("another method gives the same picture, or opened %d times", opened)
	}
	for range 2 {
		var e *PictureError
		if _, err := c.Read(files, "bad.png"); !errors.As(err, &e) {
			t.Errorf("a bad file: %v", err)
		}
		if _, err := c.Read(files, "missing.png"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a missing file: %v", err)
		}
	}
	if opened != 3 {
		t.Errorf("faults are not kept: opened %d times", opened)
	}
	for range 5 {
		_, _ = c.Read(files, "b.png")
	}
	if c.size > c.limit || c.order.Len() != len(c.byKey) || opened != 4 {
		t.Errorf("%d bytes of %d, %d of %d, opened %d times", c.size, c.limit, c.order.Len(), len(c.byKey), opened)
	}
	if _, err := c.Read(files, "a.png"); err != nil || opened != 5 {
		t.Errorf("a forgotten picture: %v, opened %d times", err, opened)
	}
}

func BenchmarkReadPNG(b *testing.B)  { benchmarkRead(b, ".png") }
func BenchmarkReadJPEG(b *testing.B) { benchmarkRead(b, ".jpg") }

func benchmarkRead(b *testing.B, ext string) {
	var data bytes.Buffer
	smooth := Scale(noise(60, 40), 1920, 1080)
	err := png.Encode(&data, smooth)
	if ext == ".jpg" {
		data.Reset()
		err = jpeg.Encode(&data, smooth, nil)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read("a"+ext, data.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScaleTo1080p(b *testing.B) {
	src := noise(1280, 800)
	for b.Loop() {
		Scale(src, 1920, 1080)
	}
}

func BenchmarkBlend1080p(b *testing.B) {
	dst, src := New(1920, 1080), noise(1920, 1080)
	for i := 3; i < len(src.Pix); i += 4 {
		src.Pix[i] = 128
	}
	for b.Loop() {
		Blend(dst, dst.Rect, src, image.Point{})
	}
}
