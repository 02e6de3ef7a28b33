package view

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	shots  = flag.String("shots", "", "draw the pictures of the documentation into this folder")
	look   = flag.String("look", "", "draw every screen into this folder, to be looked at")
	// Those below draw what no golden file is kept of, so they compare nothing.
	lookSize     = flag.String("look-size", "", "with -look: at this size alone, as 1920x1080")
	lookScale    = flag.Float64("look-scale", 1, "with -look: for a display with this many pixels for each of the window's")
	lookLanguage = flag.String("look-language", "", "with -look: in this language, as de")
)

// lateness is how long a screen that is not as expected is waited for.
const lateness = 5 * time.Second

// screen is one state of one page. All of them are drawn light and dark, at two
// sizes; see TestScreens.
type screen struct {
	// name is "PAGE-STATE", as "build-running".
	name string
	// begin brings the window into that state.
	begin func(t *testing.T, w *testWindow)
	// env changes what the session sees of the world; nil: nothing.
	env func(*model.Env)
	// golden keeps a picture beside the markup, shot is the name of a picture
	// of the documentation.
	golden bool
	shot   string
}

// screens are all of them; each page's file of tests has its own list.
func screens() []screen {
	return slices.Concat(frameScreens(), buildScreens(), systemScreens(), usersScreens(), startupScreens(), filesScreens(), startScreens(), overviewScreens(), baseScreens(), packagesScreens(), bootMenuScreens(), driversScreens(), tryScreens(), historyScreens(), flashScreens())
}

// onlyLooked tells that the screens are drawn in a way that no golden file has.
func onlyLooked() bool {
	return *look != "" && (*lookSize != "" || *lookScale != 1 || *lookLanguage != "")
}

// sizesOf are the sizes to draw now: those of every screen, or the one to look at.
func sizesOf(t *testing.T) []fyne.Size {
	if !watched {
		return sizes()[:1]
	}
	if *look == "" || *lookSize == "" {
		return sizes()
	}
	var width, height float32
	if _, err := fmt.Sscanf(*lookSize, "%fx%f", &width, &height); err != nil {
		t.Fatalf("-look-size %s: %v", *lookSize, err)
	}
	return []fyne.Size{fyne.NewSize(width, height)}
}

// modes are those that every screen is drawn in; under the race detector one
// drawing of each has to do.
func modes() []widgets.Mode {
	if !watched {
		return []widgets.Mode{widgets.Light}
	}
	return []widgets.Mode{widgets.Light, widgets.Dark}
}

// sizes are those that every screen is drawn at.
func sizes() []fyne.Size {
	return []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(1024, 700)}
}

// TestScreens draws every state of every page and compares its markup with the
// golden one: the light one at the first size is kept as text, of the others a
// checksum, in testdata/screens. Nothing may stick out of the window.
func TestScreens(t *testing.T) {
	if *shots != "" {
		takeShots(t, *shots)
		return
	}
	sums := readSums(t)
	seen := map[string]bool{}
	for _, s := range screens() {
		if seen[s.name] {
			t.Errorf("two screens are called %s", s.name)
		}
		seen[s.name] = true
	}
	// All light ones first: another look makes the toolkit measure all texts anew.
	for _, mode := range modes() {
		for _, s := range screens() {
			t.Run(s.name, func(t *testing.T) {
				for _, size := range sizesOf(t) {
					s.draw(t, mode, size, sums)
				}
			})
		}
	}
	writeSums(t, sums, seen)
}

// draw draws one screen once.
func (s screen) draw(t *testing.T, mode widgets.Mode, size fyne.Size, sums map[string]string) {
	w := s.window(t, mode, size)
	name := fmt.Sprintf("%s-%s-%.0fx%.0f", s.name, modeName(mode), size.Width, size.Height)
	if onlyLooked() {
		name += fmt.Sprintf("-%g%s", *lookScale, *lookLanguage)
	} else {
		s.compare(t, w, name, mode == widgets.Light && size == sizes()[0], sums)
	}
	if *look != "" {
		savePicture(t, filepath.Join(*look, name+".png"), w.window.Canvas().Capture())
	}
	for _, fault := range stickingOut(w.window) {
		t.Errorf("%s: %s", name, fault)
	}
}

// window is a window in the screen's state.
func (s screen) window(t *testing.T, mode widgets.Mode, size fyne.Size) *testWindow {
	w := newTestWindow(t, mode, size, func(env *model.Env) {
		if *lookLanguage != "" {
			said, err := words.New(assets.Words(), *lookLanguage)
			if err != nil {
				t.Fatal(err)
			}
			env.Words = said
		}
		if s.env != nil {
			s.env(env)
		}
	})
	w.window.Canvas().(interface{ SetScale(float32) }).SetScale(float32(*lookScale))
	s.begin(t, w)
	w.settle()
	return w
}

// compare compares a screen with its golden files; first is whether it is the one
// that is kept as text.
func (s screen) compare(t *testing.T, w *testWindow, name string, first bool, sums map[string]string) {
	markup, sum := w.asMarkup()
	// What comes from the background may come late on a busy computer.
	for limit := time.Now().Add(lateness); !*update && sums[name] != sum && time.Now().Before(limit); {
		w.settle()
		markup, sum = w.asMarkup()
	}
	if first {
		compareText(t, filepath.Join("testdata", "screens", s.name+".xml"), markup)
		if s.golden {
			comparePicture(t, filepath.Join("testdata", "screens", s.name+".png"), w.window.Canvas().Capture())
		}
	}
	if *update {
		sums[name] = sum
	} else if sums[name] != sum {
		t.Errorf("%s is drawn differently (%s, it was %s); look at it (-look DIR), then write the golden files anew (make golden)", name, sum, sums[name])
	}
}

// asMarkup is the window as markup, and a checksum of that.
func (w *testWindow) asMarkup() (markup, sum string) {
	markup = test.RenderToMarkup(w.window.Canvas())
	return markup, fmt.Sprintf("%x", sha256.Sum256([]byte(markup)))[:16]
}

func modeName(m widgets.Mode) string {
	if m == widgets.Dark {
		return "dark"
	}
	return "light"
}

// stickingOut finds visible objects beyond the window's edges that no scroller
// holds.
func stickingOut(w fyne.Window) []string {
	var faults []string
	size := w.Canvas().Size()
	var walk func(o fyne.CanvasObject, at fyne.Position)
	walk = func(o fyne.CanvasObject, at fyne.Position) {
		if !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		if end := at.X + o.Size().Width; end > size.Width+0.5 || at.X < -0.5 {
			faults = append(faults, fmt.Sprintf("%T reaches from %.0f to %.0f", o, at.X, end))
			return
		}
		if end := at.Y + o.Size().Height; end > size.Height+0.5 {
			faults = append(faults, fmt.Sprintf("%T reaches down to %.0f", o, end))
			return
		}
		switch o := o.(type) {
		case *container.Scroll, *container.Clip:
		case *fyne.Container:
			for _, inner := range o.Objects {
				walk(inner, at)
			}
		case fyne.Widget:
			if scrolls(o) {
				return
			}
			for _, inner := range test.WidgetRenderer(o).Objects() {
				walk(inner, at)
			}
		}
	}
	walk(w.Canvas().Content(), fyne.NewPos(0, 0))
	return faults
}

// scrolls tells the widgets that clip what they hold.
func scrolls(o fyne.Widget) bool {
	name := fmt.Sprintf("%T", o)
	return strings.Contains(name, "Scroll") || strings.Contains(name, "List") || strings.Contains(name, "Entry") || strings.Contains(name, "Log")
}

func compareText(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		writeFile(t, path, []byte(got))
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v (make golden writes it)", err)
		return
	}
	if string(want) != got {
		failed := filepath.Join(t.ArtifactDir(), filepath.Base(path))
		writeFile(t, failed, []byte(got))
		t.Errorf("%s is not what is drawn; it is now: %s", path, failed)
	}
}

func comparePicture(t *testing.T, path string, got image.Image) {
	t.Helper()
	if *update {
		savePicture(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Errorf("%v (make golden writes it)", err)
		return
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if n := differing(want, got); n > 0 {
		failed := filepath.Join(t.ArtifactDir(), filepath.Base(path))
		savePicture(t, failed, got)
		t.Errorf("%d pixels differ from %s; it is now: %s", n, path, failed)
	}
}

// differing counts pixels that are not the same.
func differing(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	n := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			if ar>>8 != br>>8 || ag>>8 != bg>>8 || ab>>8 != bb>>8 {
				n++
			}
		}
	}
	return n
}

func savePicture(t *testing.T, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

const sumsFile = "testdata/screens/sums.txt"

// readSums reads the checksums: "NAME SUM", one a line.
func readSums(t *testing.T) map[string]string {
	sums := map[string]string{}
	data, err := os.ReadFile(sumsFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		name, sum, _ := strings.Cut(strings.TrimSpace(line), " ")
		sums[name] = sum
	}
	return sums
}

// writeSums writes them anew, without those of screens that are gone.
func writeSums(t *testing.T, sums map[string]string, seen map[string]bool) {
	if !*update {
		return
	}
	var lines []string
	for name, sum := range sums {
		parts := strings.Split(name, "-")
		if seen[strings.Join(parts[:max(0, len(parts)-2)], "-")] {
			lines = append(lines, name+" "+sum+"\n")
		}
	}
	slices.Sort(lines)
	writeFile(t, sumsFile, []byte(strings.Join(lines, "")))
}

// frameScreens are those of the frame itself.
func frameScreens() []screen {
	return []screen{
		{name: "problems-panel", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.frame.c.edit(model.Act("x"), breakEverything)
			w.frame.c.showProblems()
		}},
		{name: "shortcuts-panel", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.frame.c.showShortcuts()
		}},
	}
}
