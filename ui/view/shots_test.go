package view

import (
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// shotsFolder holds the pictures of the documentation.
const shotsFolder = "../../docs/img"

// dark is added to the name of the one picture that is dark.
const dark = "start-dark"

// takeShots draws the pictures of the documentation into a folder.
func takeShots(t *testing.T, dir string) {
	for _, s := range screens() {
		if s.shot == "" {
			continue
		}
		t.Run(s.shot, func(t *testing.T) {
			s.take(t, widgets.Light, filepath.Join(dir, s.shot+".png"))
			if s.shot == "start" {
				s.take(t, widgets.Dark, filepath.Join(dir, dark+".png"))
			}
		})
	}
}

// take draws a screen for the documentation.
func (s screen) take(t *testing.T, mode widgets.Mode, path string) {
	env := s.env
	if env == nil {
		env = func(*model.Env) {}
	}
	w := newTestWindow(t, mode, sizes()[0], env)
	s.begin(t, w)
	w.settle()
	saveSmall(t, path, w.window.Canvas().Capture())
}

// saveSmall saves a picture with at most 256 colours: a third of the bytes.
func saveSmall(t *testing.T, path string, img image.Image) {
	t.Helper()
	small := image.NewPaletted(img.Bounds(), paletteOf(img))
	draw.Draw(small, small.Bounds(), img, img.Bounds().Min, draw.Src)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, small); err != nil {
		t.Fatal(err)
	}
}

// paletteOf are the colours that most of a picture has, none of them like
// another one that is there already.
func paletteOf(img image.Image) color.Palette {
	counts := map[color.RGBA]int{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			counts[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
		}
	}
	often := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var chosen color.Palette
	for _, c := range often {
		if len(chosen) == 256 {
			break
		}
		if !slices.ContainsFunc(chosen, func(o color.Color) bool { return alike(c, o.(color.RGBA)) }) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// alike tells colours that nobody can tell apart.
func alike(a, b color.RGBA) bool {
	r, g, bl := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return r*r+g*g+bl*bl < 12
}

func TestShotsAreThoseOfTheDocumentation(t *testing.T) {
	want := []string{dark}
	sections := map[string]bool{"start": true}
	for _, e := range entries() {
		sections[string(e.section)] = true
	}
	for _, s := range screens() {
		if s.shot == "" {
			continue
		}
		if slices.Contains(want, s.shot) {
			t.Errorf("two screens have the picture %s", s.shot)
		}
		want = append(want, s.shot)
		delete(sections, s.shot)
	}
	for section := range sections {
		t.Errorf("no screen has the picture of the page %s", section)
	}
	// The picture of the boot themes is drawn elsewhere (make theme-sheet).
	want = append(want, "themes")
	slices.Sort(want)
	files, err := filepath.Glob(filepath.Join(shotsFolder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var size int64
	for _, f := range files {
		got = append(got, filepath.Base(f[:len(f)-len(filepath.Ext(f))]))
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("docs/img has %v, want %v (make shots draws them)", got, want)
	}
	if size > 1_500_000 {
		t.Errorf("the pictures take %d bytes, which is too much for a repository", size)
	}
}
