package view

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// TestBegin opens what a file manager and the desktop's menu ask for.
func TestBegin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.isowright")
	if err := os.WriteFile(file, []byte(assets.Templates()[0].Text), 0o644); err != nil {
		t.Fatal(err)
	}
	for page, want := range map[model.Section]model.Section{"": model.Overview, model.Start: model.Start, model.Flash: model.Flash} {
		w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
		w.frame.Begin(page, []string{file})
		if doc := w.session.Current(); doc == nil || doc.Path() != file {
			t.Fatalf("page %q: the design is not open", page)
		}
		if w.frame.front != want {
			t.Errorf("page %q: %q is in front, want %q", page, w.frame.front, want)
		}
	}
}
