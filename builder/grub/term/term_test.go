package term

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

const debianVersion = "2.06-13+deb12u2"

// titled are entries of these titles.
func titled(titles ...string) []scene.Entry {
	var all []scene.Entry
	for _, t := range titles {
		all = append(all, scene.Entry{Title: t})
	}
	return all
}

// screen is the menu of most pictures on a screen of w x h pixels, changed.
func screen(w, h int, change ...func(*scene.Scene)) scene.Scene {
	s := scene.Scene{
		Platform: scene.BIOS, Width: w, Height: h, Version: debianVersion, Graphics: true,
		Files: os.DirFS("testdata"), Fonts: []string{"/usr/share/grub/unicode.pf2"},
		Vars: map[string]string{}, TimeoutLeft: -1,
		Entries: titled("Debian GNU/Linux", "Advanced options", "Sub menu"),
	}
	for _, c := range change {
		c(&s)
	}
	return s
}

func loadFonts(t testing.TB, names []string) *pf2.Set {
	t.Helper()
	fonts := &pf2.Set{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatalf("%v (install grub-common)", err)
		}
		f, err := pf2.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		fonts.Load(f)
	}
	return fonts
}

// known are the numbers of pixels that differ although they should not.
var known = map[string]int{
	// Without any font, letters reach into the row above; which of two rows
	// wins there is not known.
	"nofont": 2,
	// The cursor blinks, and was off in the moment of the picture.
	"vga-edit": 18, "vga-printed": 18,
	// The point within a Hebrew letter that has another point too (dagesh with
	// hiriq, with a shin dot): one or two rows lower in GRUB.
	"embedded": 6,
}

// TestPictures compares with pictures of real GRUB.
func TestPictures(t *testing.T) {
	for name, s := range pictures() {
		t.Run(name, func(t *testing.T) {
			want := readPicture(t, filepath.Join("testdata", name+".png"))
			got := gfx.New(s.Width, s.Height)
			if err := Render(got, s, loadFonts(t, s.Fonts), gfx.NewCache(64<<20)); err != nil {
				t.Fatal(err)
			}
			if n, where := differing(got, want); n != known[name] {
				t.Errorf("%d pixels differ, in %v", n, where)
				keep(t, name, got)
			}
		})
	}
}

func readPicture(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// differing counts the pixels that differ and says where they are.
func differing(got, want image.Image) (n int, where image.Rectangle) {
	if got.Bounds() != want.Bounds() {
		return -1, want.Bounds()
	}
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			r, g, b, _ := got.At(x, y).RGBA()
			r2, g2, b2, _ := want.At(x, y).RGBA()
			if r != r2 || g != g2 || b != b2 {
				n++
				where = where.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return n, where
}

// keep writes a picture that differs to the folder ISOWRIGHT_KEEP.
func keep(t *testing.T, name string, picture image.Image) {
	t.Helper()
	dir := os.Getenv("ISOWRIGHT_KEEP")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}

func lines(format string, from, to int) []string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf(format, i))
	}
	return all
}

func repeated(text string, n int) string { return strings.Repeat(text, n) }
