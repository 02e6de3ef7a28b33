package theme

import (
	"os"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// TestLint has a theme for each complaint, and what must be said of which line.
func TestLint(t *testing.T) {
	const menu = "\n+ boot_menu { width = 600 height = 300 icon_width = 0 }"
	for _, c := range []struct {
		theme string
		want  string // "" for nothing
	}{
		{`title-text: "fine"` + menu, ""},
		{`title-text: "fine"`, "theme.txt: the theme has no boot_menu"},
		{`title-font: "Nothing 12"` + menu, `theme.txt:1: no font "Nothing 12" is loaded: GRUB takes "Unifont Regular 16"`},
		{`title-color: "#ffffff80"` + menu, "theme.txt:1: title-color is see-through"},
		{`terminal-box: "none_*.png"` + menu, `theme.txt:1: there is none of the pictures "none_*.png"`},
		{"\n+ boot_menu { width = 600 height = 300 icon_width = 0 selected_item_pixmap_style = \"none\" }", `theme.txt:2: selected_item_pixmap_style has no "*"`},
		{"+ boot_menu { width = 600 height = 300 }", "theme.txt:1: \"One\" has no icon: there is none of nothing, other"},
		{"+ boot_menu { width = 140 height = 300 icon_width = 0 }", "theme.txt:1: at 640x480 the title \"A title of some length\" is cut: it needs 176"},
		{"+ boot_menu { width = 600 height = 300 icon_width = 0 item_height = 10 }", "theme.txt:1: item_height is 10: the font is higher"},
		{"+ boot_menu { width = 600 height = 30 icon_width = 0 item_height = 90 item_spacing = 90 max_items_shown = 2 }", ""},
		{"+ label { left = 600 text = \"goes beyond\" }" + menu, `theme.txt:1: at 640x480 the text "goes beyond" is cut: it needs 88 pixels and has 40`},
		{"+ label { left = 110% text = \"a\" }" + menu, "theme.txt:1: at 640x480 the label lies beyond the edge"},
		{"+ label { text = \"@TIMEOUT_NOTIFICATION_LONG@\" }" + menu, `theme.txt:1: a label shows "@TIMEOUT_NOTIFICATION_LONG@" as it stands`},
		{"+ label { text = \"\U0010ee00\" }" + menu, "theme.txt:1: no loaded font has '\\U0010ee00'"},
		{"+ progress_bar { width = 200 }" + menu, "theme.txt:1: GRUB never shows a progress_bar without id"},
		{"+ circular_progress { id = \"__timeout__\" center_bitmap = \"centre.png\" }" + menu, "theme.txt:1: GRUB draws nothing of a circular_progress that lacks"},
		{"+ boot_menu { width = 600 height = 120 icon_width = 0 scrollbar_frame = \"frame_*.png\" scrollbar_thumb = \"thumb_*.png\" }", "theme.txt:1: the scrollbar is not seen"},
		{"+ boot_menu { width = 600 height = 120 icon_width = 0 scrollbar_width = 5 scrollbar_frame = \"frame_*.png\" scrollbar_thumb = \"thumb_*.png\" }", "theme.txt:1: scrollbar_width is 5: the pictures of the scrollbar are wider"},
	} {
		files := gcase{theme: []byte(c.theme)}.files(t)
		th, _, err := Load(files, "theme/theme.txt")
		if err != nil {
			t.Errorf("%s: %v", c.theme, err)
			continue
		}
		s := scene.Scene{Width: 640, Height: 480, TimeoutLeft: -1, Entries: []scene.Entry{
			{Title: "One", Classes: []string{"nothing", "other"}}, {Title: "A title of some length"}, {Title: "Three"}, {Title: "Four"}}}
		found := th.Lint(&s, unifont(t), gfx.NewCache(8<<20))
		var all strings.Builder
		for _, p := range found {
			all.WriteString(p.Error() + "\n")
			if p.Fix == "" || p.Lost {
				t.Errorf("%s: %+v has no fix", c.theme, p)
			}
		}
		if c.want == "" && len(found) > 0 || !strings.Contains(all.String(), strings.TrimPrefix(c.want, "theme.txt")) {
			t.Errorf("%s:\nfound\n%swant %s", c.theme, all.String(), c.want)
		}
	}
}

func unifont(t testing.TB) *pf2.Set {
	data, err := os.ReadFile(unicodeFont)
	if err != nil {
		t.Fatal(err)
	}
	f, err := pf2.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	fonts := &pf2.Set{}
	fonts.Load(f)
	return fonts
}
