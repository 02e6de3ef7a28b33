package theme

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// TestLost holds what was tried with GRUB 2.06: a line of a theme, and whether
// it lost the theme.
func TestLost(t *testing.T) {
	for _, c := range []struct {
		line string
		lost bool
	}{
		{`no-such: "x"`, true},
		{`TITLE-TEXT: "case"`, true},
		{`title-text: unquoted words here`, true},
		{`title-text = "equals"`, true},
		{"title-text:\n", true},
		{`title-text: "a" title-color: "white"`, false},
		{`title-color: "nonsense"`, true},
		{`message-color: "nonsense"`, true},
		{`message-font: "x"`, false},
		{`desktop-image: "missing.png"`, true},
		{`desktop-color: #a02030`, true},
		{`desktop-image-scale-method: "zoom"`, true},
		{`desktop-image-scale-method: "stretch" junk`, true},
		{`desktop-image-h-align: "middle"`, true},
		{`terminal-left: "abc"`, true},
		{`terminal-border: "abc"`, true},
		{`terminal-box: "nothing_*.png"`, false},
		{`; + label { text = "passed over"`, false},
		{`+ slider { }`, true},
		{`+ label { nothing = 3 }`, false},
		{`+ label { preferred_size = abc }`, false},
		{`+ label { top = 20 } ; garbage`, false},
		{`+label{top=20 text="a"color="white"}`, false},
		{`+ label { text = (a b c) } # comment`, false},
		{`+ label { text : "colon" }`, true},
		{`+ label { text "no equals" }`, true},
		{`+ label { text = "unclosed" `, true},
		{`+ label { left = 400}`, true},
		{`+ label { left = 40px }`, true},
		{`+ label { left = 1.75 }`, true},
		{`+ label { left = 12.5% }`, true},
		{`+ label { left = "10 + 20" }`, true},
		{`+ label { left = "50%-33%" }`, false},
		{`+ label { left = 50%20 }`, false},
		{`+ label { left = +-20 }`, false},
		{`+ label { left = 0x10 }`, false},
		{`+ label { left = 010 }`, false},
		{`+ label { color = "nonsense" }`, true},
		{`+ label { color = "#zzz" }`, true},
		{`+ label { color = "10,200,10,30" }`, false},
		{`+ label { align = "middle" }`, false},
		{`+ label { text = "%d 100%% %s" }`, true},
		{`+ label { text = "%d %d" }`, true},
		{`+ label { text = "%" }`, true},
		{`+ label { text = "%d 100%%" }`, false},
		{`+ canvas { width = abc }`, true},
		{`+ image { file = "missing.png" }`, true},
		{`+ image { file = "theme.txt" }`, true},
		{`+ progress_bar { fg_color = "nonsense" }`, true},
		{`+ progress_bar { text = "%s" }`, true},
		{`+ progress_bar { bar_style = "nothing_*.png" }`, false},
		{`+ circular_progress { start_angle = "nonsense" }`, true},
		{`+ circular_progress { start_angle = "5 rad" }`, false},
		{`+ circular_progress { num_ticks = abc }`, true},
		{`+ circular_progress { center_bitmap = "missing.png" }`, false},
		{`+ boot_menu { item_color = "nonsense" }`, true},
		{`+ boot_menu { selected_item_color = "nonsense" }`, true},
		{`+ boot_menu { item_height = abc }`, true},
		{`+ boot_menu { item_height = 20px }`, false},
		{`+ boot_menu { item_spacing = -3 }`, false},
		{`+ boot_menu { scrollbar_width = wide }`, true},
		{`+ boot_menu { scrollbar = maybe scrollbar_slice = "middle" }`, false},
		{`+ boot_menu { menu_pixmap_style = "plain.png" }`, false},
		{`+ boot_menu { max_items_shown = -1 }`, false},
	} {
		files := fstest.MapFS{"t/theme.txt": {Data: []byte("title-text: \"T\"\n" + c.line + "\n+ label { text = \"after\" }\n")}}
		_, _, err := Load(files, "/t/theme.txt")
		if (err != nil) != c.lost {
			t.Errorf("%s: lost is %v, want %v: %v", c.line, err != nil, c.lost, err)
		}
		var p *Problem
		if err != nil && (!errors.As(err, &p) || !p.Lost || p.Line < 2 || p.Fix == "" || !strings.HasPrefix(err.Error(), "t/theme.txt:")) {
			t.Errorf("%s: not a problem with a place and a fix: %v", c.line, err)
		}
	}
}
