package assemble

import (
	"slices"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/look"
	"github.com/isowright/isowright/builder/tree"
)

// TestThemeIsOnTheMedium: the theme's files lie there, its fonts are loaded.
func TestThemeIsOnTheMedium(t *testing.T) {
	d := design.Design{Name: "X", Distribution: "nixos", Boot: design.Boot{Theme: "isowright:line-light"}}
	theme, err := look.Of(d)
	if err != nil {
		t.Fatal(err)
	}
	a := &assembly{Options: Options{Design: d}, files: map[string]tree.Entry{}}
	if err := a.look(); err != nil {
		t.Fatal(err)
	}
	for _, name := range theme.Names() {
		if e, ok := a.files[clean(look.Folder+"/"+name)]; !ok || e.Size != int64(len(theme.Files[name])) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if fonts := a.image.Menu.ThemeFonts; len(fonts) == 0 || !slices.Equal(fonts, theme.Fonts()) {
		t.Errorf("fonts %q, want %q", fonts, theme.Fonts())
	}
}
