package source

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/look"
)

// TestOwnThemeIsInTheSource: a theme of ours lies beside the source, complete,
// and the image's menu is told of it.
func TestOwnThemeIsInTheSource(t *testing.T) {
	d := minimal()
	d.Dir = person(t)
	d.Boot.Theme = "isowright:calm-dark"
	theme, err := look.Of(d)
	if err != nil {
		t.Fatal(err)
	}
	s := generate(t, d)
	for _, name := range theme.Names() {
		if !slices.ContainsFunc(s.Files, func(f File) bool {
			return f.Path == "assets/theme/"+name && bytes.Equal(f.Text, theme.Files[name])
		}) {
			t.Errorf("assets/theme/%s is missing or another", name)
		}
	}
	if all := everyText(s); !strings.Contains(all, "isoImage.grubTheme") || !strings.Contains(all, "assets/theme;") {
		t.Error("the option does not name the folder")
	}
}
