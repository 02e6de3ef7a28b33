package view

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/ui/widgets"
)

// manual is where the window is described.
const manual = "../../docs/manual.md"

// TestManualListsTheKeys holds the manual's table of keys against the list that
// the window itself shows.
func TestManualListsTheKeys(t *testing.T) {
	_, section, found := strings.Cut(readText(t, manual), "\n## Keys\n")
	if !found {
		t.Fatal("the manual has no section Keys")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var listed []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.*) \| (.*) \|$`).FindAllStringSubmatch(section, -1)[1:] {
		listed = append(listed, row[1]+": "+row[2])
	}
	w := newTestWindow(t, widgets.Light, sizes()[0])
	w.frame.c.showShortcuts()
	var shown []string
	for pair := range slices.Chunk(textsIn(w.window.Canvas().Overlays().Top(), w.frame.c.say("Keyboard shortcuts")), 2) {
		shown = append(shown, strings.Join(pair, ": "))
	}
	if !slices.Equal(listed, shown) {
		t.Errorf("the manual lists\n%q, the window\n%q", listed, shown)
	}
}

// textsIn are the texts in something, in the order of drawing, without its title and
// what is on buttons.
func textsIn(o fyne.CanvasObject, title string) []string {
	var texts []string
	switch o := o.(type) {
	case *widgets.Button:
	case *widgets.Text:
		if o.Text() != title {
			return []string{o.Text()}
		}
	case *fyne.Container:
		for _, inner := range o.Objects {
			texts = append(texts, textsIn(inner, title)...)
		}
	case fyne.Widget:
		for _, inner := range test.WidgetRenderer(o).Objects() {
			texts = append(texts, textsIn(inner, title)...)
		}
	}
	return texts
}

// TestManualHasItsPictures finds every picture that is named where the window is
// described, and the window's pages in the manual's headings, in their order.
func TestManualHasItsPictures(t *testing.T) {
	const site = "https://raw.githubusercontent.com/isowright/isowright/main"
	for _, place := range []struct {
		file, root string
		picture    *regexp.Regexp
	}{
		{"../../README.md", "../..", regexp.MustCompile(`[("](docs/img/[^)"]+)[)"]`)},
		{manual, filepath.Dir(manual), regexp.MustCompile(`!\[[^\]]+\]\(([^)]+)\)`)},
		{"../../assets/desktop/io.github.isowright.Isowright.metainfo.xml", "../..", regexp.MustCompile(`<image>` + site + `/([^<]+)</image>`)},
	} {
		named := place.picture.FindAllStringSubmatch(readText(t, place.file), -1)
		if len(named) == 0 {
			t.Errorf("%s names no picture", place.file)
		}
		for _, n := range named {
			if _, err := os.Stat(filepath.Join(place.root, n[1])); err != nil {
				t.Errorf("%s names a picture that is not there: %v", place.file, err)
			}
		}
	}
	want := []string{"## Start\n\n![img/start.png]"}
	for _, e := range entries() {
		want = append(want, "## "+e.title+"\n\n![img/"+string(e.section)+".png]")
	}
	var pages []string
	for _, n := range regexp.MustCompile(`(## .+\n\n!)\[[^\]]+\]\(([^)]+)\)`).FindAllStringSubmatch(readText(t, manual), -1) {
		pages = append(pages, n[1]+"["+n[2]+"]")
	}
	if !slices.Equal(pages, want) {
		t.Errorf("the manual has the pages\n%q, the window\n%q", pages, want)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
