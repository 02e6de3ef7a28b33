package gfx

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/pictures", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPicturesOnGRUBsScreen compares every pixel of a theme full of pictures
// with the screen of GRUB 2.06 (testdata/pictures/grub.cfg says how it is
// taken).
func TestPicturesOnGRUBsScreen(t *testing.T) {
	shot, err := png.Decode(bytes.NewReader(file(t, "grub.png")))
	if err != nil {
		t.Fatal(err)
	}
	screen := New(shot.Bounds().Dx(), shot.Bounds().Dy())
	Fill(screen, screen.Rect, color.RGBA{0xff, 0x00, 0xfe, 0xff})
	painted := 0
	for line := range strings.Lines(string(file(t, "theme.txt"))) {
		var x, y, w, h int
		var name string
		if n, _ := fmt.Sscanf(line, "+ image { left=%d top=%d width=%d height=%d file=%q }", &x, &y, &w, &h, &name); n != 5 {
			continue
		}
		picture, err := Read(name, file(t, name))
		if err != nil {
			t.Error(err)
			continue
		}
		Blend(screen, screen.Rect, Scale(picture, w, h), image.Pt(x, y))
		painted++
		if n, first := differing(screen, shot, image.Rect(x, y, x+w, y+h)); n > 0 {
			t.Errorf("%s at %dx%d: %d pixels differ, the first one %s", name, w, h, n, first)
		}
	}
	if n, first := differing(screen, shot, screen.Rect); n > 0 || painted != 35 {
		t.Errorf("%d pictures, %d pixels differ, the first one %s", painted, n, first)
	}
}

func differing(have, want image.Image, r image.Rectangle) (n int, first string) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			h, w := color.RGBAModel.Convert(have.At(x, y)), color.RGBAModel.Convert(want.At(x, y))
			if h == w {
				continue
			}
			if n == 0 {
				first = fmt.Sprintf("%d,%d: %v, GRUB has %v", x, y, h, w)
			}
			n++
		}
	}
	return n, first
}

// TestReadRefuses has what GRUB 2.06 itself refuses, or shows wrongly.
func TestReadRefuses(t *testing.T) {
	patch := func(data []byte, behind string, at int, b ...byte) []byte {
		data = bytes.Clone(data)
		copy(data[bytes.Index(data, []byte(behind))+at:], b)
		return data
	}
	grey := &bytes.Buffer{}
	if err := png.Encode(grey, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	rgb, jpg, tga := file(t, "rgb.png"), file(t, "420.jpg"), file(t, "bgr.tga")
	const sof, sos, dqt = "\xff\xc0", "\xff\xda", "\xff\xdb"
	for _, c := range []struct {
		name  string
		data  []byte
		fault Fault
		why   string
	}{
		{"a.png", grey.Bytes(), Refused, "grey"},
		{"a.png", patch(rgb, "IHDR", 12, 16), Noise, "16 bits"},
		{"a.png", patch(rgb, "IHDR", 12, 4), Refused, "4 bits"},
		{"a.png", patch(rgb, "IHDR", 16, 1), Refused, "interlaced"},
		{"a.png", patch(rgb, "IHDR", 4, 0, 0, 99), TooLarge, "16384"},
		{"a.png", patch(rgb, "IHDR", 4, 0, 0, 0x3f, 0xff, 0, 0, 0x0f, 0xff), Damaged, "too few"},
		{"a.png", patch(rgb, "IHDR", 4, 0, 0, 0, 0), Damaged, "no pixels"},
		{"a.png", patch(rgb, "IDAT", 5, 0xbb), Damaged, "dictionary"},
		{"a.png", rgb[:len(rgb)-12], Damaged, "cut off"},
		{"a.png", rgb[:len(rgb)/2], Damaged, "cut off"},
		{"a.png", jpg, Damaged, "no PNG"},
		{"a.jpg", rgb, Damaged, "no JPEG"},
		{"a.gif", rgb, Refused, "*.gif"},
		{"a.jpeg", patch(jpg, sof, 1, 0xc2), Refused, "progressive"},
		{"a.jpg", patch(jpg, sof, 1, 0xc1), Refused, "no baseline"},
		{"a.jpg", patch(jpg, sof, 4, 12), Refused, "12 bits"},
		{"a.jpg", patch(jpg, sof, 10, 0), Refused, "numbered"},
		{"a.jpg", patch(jpg, sof, 11, 0x41), Refused, "sampled"},
		{"a.jpg", patch(jpg, sof, 14, 0x22), Refused, "sampled"},
		{"a.jpg", patch(jpg, sof, 5, 0, 0), Damaged, "no pixels"},
		{"a.jpg", patch(jpg, dqt, 4, 2), Refused, "two quantisation"},
		{"a.jpg", patch(jpg, dqt, 4, 0x10), Refused, "16 bits"},
		{"a.jpg", patch(file(t, "restart.jpg"), "\xff\xdd", 4, 0, 3), Refused, "within a row"},
		{"a.jpg", jpg[:len(jpg)-2], Damaged, "end mark"},
		{"a.jpg", jpg[:bytes.Index(jpg, []byte(sos))+40], Damaged, "damaged at"},
		{"a.jpg", patch(jpg, "\xff\xc4", 1, 0xfe), Damaged, "damaged at 0,0"}, // no DC table
		{"a.tga", patch(tga, "", 2, 0), Refused, "kind 0"},
		{"a.tga", patch(tga, "", 16, 16), Refused, "16 bits"},
		{"a.tga", tga[:len(tga)-1], Damaged, "cut off in row 21"},
	} {
		var e *PictureError
		if _, err := Read(c.name, c.data); !errors.As(err, &e) {
			t.Errorf("%s: no error where one with %q should be", c.name, c.why)
		} else if e.Fault != c.fault || e.Name != c.name || !strings.Contains(e.Why, c.why) || e.Fix == "" {
			t.Errorf("%s: fault %d: %v, want fault %d with %q", c.name, e.Fault, e, c.fault, c.why)
		}
	}
}

// TestReadOtherPeoplesFiles reads what Go's encoders write.
func TestReadOtherPeoplesFiles(t *testing.T) {
	src := noise(317, 211)
	var p, j bytes.Buffer
	if err := errors.Join(png.Encode(&p, src), jpeg.Encode(&j, src, nil)); err != nil {
		t.Fatal(err)
	}
	have, err := Read("a.png", p.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if n, first := differing(have, src, src.Rect); n > 0 {
		t.Errorf("PNG: %d pixels differ, the first one %s", n, first)
	}
	have, err = Read("a.jpg", j.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want, err := jpeg.Decode(&j)
	if err != nil {
		t.Fatal(err)
	}
	// GRUB's arithmetic is coarse, but not wrong.
	for i := range 317 * 211 {
		h, w := have.NRGBAAt(i%317, i/317), color.NRGBAModel.Convert(want.At(i%317, i/317)).(color.NRGBA)
		for _, d := range []int{int(h.R) - int(w.R), int(h.G) - int(w.G), int(h.B) - int(w.B)} {
			if abs(d) > 6 {
				t.Fatalf("JPEG at %d,%d: %v, Go has %v", i%317, i/317, h, w)
			}
		}
	}
}

// noise is an opaque picture of any colours.
func noise(w, h int) *image.NRGBA {
	r := rand.NewChaCha8([32]byte{})
	picture := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range picture.Pix {
		picture.Pix[i] = byte(r.Uint64())
		if i%4 == 3 {
			picture.Pix[i] = 255
		}
	}
	return picture
}

func fuzzPicture(f *testing.F, ext string) {
	seeds, err := filepath.Glob("testdata/pictures/*" + ext)
	if err != nil || len(seeds) < 4 {
		f.Fatalf("%d seeds, %v", len(seeds), err)
	}
	for _, seed := range seeds {
		if data := file(f, filepath.Base(seed)); len(data) < 10000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		picture, err := Read("a"+ext, data)
		if err == nil && picture.Rect.Empty() {
			t.Error("a picture without pixels, and no error")
		}
		var e *PictureError
		if err != nil && (!errors.As(err, &e) || picture != nil) {
			t.Errorf("error of another kind, or with a picture: %v", err)
		}
	})
}

func FuzzPNG(f *testing.F)  { fuzzPicture(f, ".png") }
func FuzzJPEG(f *testing.F) { fuzzPicture(f, ".jpg") }
func FuzzTGA(f *testing.F)  { fuzzPicture(f, ".tga") }
