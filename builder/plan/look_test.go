package plan

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font/gofont/goregular"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/look"
)

// TestThemeIsPlanned: the plan lists what is made for the theme, the menu loads
// its fonts, and every tick gives another image.
func TestThemeIsPlanned(t *testing.T) {
	d := small(t)
	d.Boot.Theme = "isowright:panel-light"
	p := make1(t, d)
	theme, err := look.Of(d)
	if err != nil {
		t.Fatal(err)
	}
	var names, fonts []string
	for _, f := range p.Files {
		name, ok := strings.CutPrefix(f.Target, look.Folder+"/")
		if !ok || !f.Theme || !f.OnMedium || f.Source != "" || f.Size != int64(len(theme.Files[name])) {
			t.Errorf("file %+v", f)
		}
		names = append(names, name)
		if filepath.Ext(name) == ".pf2" {
			fonts = append(fonts, f.Target)
		}
	}
	if !slices.Equal(names, theme.Names()) {
		t.Errorf("planned %q, the theme has %q", names, theme.Names())
	}
	if len(fonts) == 0 || !slices.Equal(p.Menu.ThemeFonts, fonts) || p.Menu.Theme != look.Folder+"/theme.txt" {
		t.Errorf("menu with the theme %s and fonts %q, want %q", p.Menu.Theme, p.Menu.ThemeFonts, fonts)
	}
	if p.Menu.Entries[1].Class != "ram" {
		t.Errorf("entry without its icon's class: %+v", p.Menu.Entries[1])
	}
	if make1(t, d).ID != p.ID {
		t.Error("made twice, the plan has two IDs")
	}
	d.Boot.Look.Accent = "#c02050"
	if make1(t, d).ID == p.ID {
		t.Error("with another accent the ID stayed")
	}
}

func TestLookThatCannotBe(t *testing.T) {
	d := small(t)
	write(t, filepath.Join(d.Dir, "cut.ttf"), string(goregular.TTF[:2000]))
	write(t, filepath.Join(d.Dir, "theme.zip"), "PK\x03\x04")
	write(t, filepath.Join(d.Dir, "good.ttf"), string(goregular.TTF))
	d.Boot.Theme, d.Boot.Fonts = "theme.zip", []string{"good.ttf", "cut.ttf"}
	_, err := Make(t.Context(), d, base, archive{}, time.Time{})
	var problems design.Problems
	if !errors.As(err, &problems) || len(problems) != 2 || problems[0].Field != "boot.theme" || problems[1].Field != "boot.fonts[1]" {
		t.Fatalf("error %v", err)
	}
}
