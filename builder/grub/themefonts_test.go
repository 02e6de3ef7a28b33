package grub

import (
	"strings"
	"testing"
)

// TestThemeFonts: a theme's fonts are loaded before GRUB's own, which stays the
// terminal's, not under lockdown, and with their names escaped.
func TestThemeFonts(t *testing.T) {
	m := Menu{Search: "/live/x", Theme: "/boot/grub/theme/theme.txt", ThemeFonts: []string{"/boot/grub/theme/a b.pf2", "/boot/grub/theme/$it's.pf2"},
		Entries: []Entry{{Title: "x", Kind: Linux, Kernel: "/live/x"}}, Default: []int{0}}
	config, err := Config(m)
	if err != nil {
		t.Fatal(err)
	}
	want := "if [ \"$lockdown\" != y ]; then\n  loadfont " + quote(m.ThemeFonts[0]) + "\n  loadfont " + quote(m.ThemeFonts[1]) + "\nfi\n"
	at, own := strings.Index(string(config), want), strings.Index(string(config), "loadfont unicode")
	if at < 0 || own < at || !strings.Contains(string(config), "export theme\n") {
		t.Errorf("no fonts of the theme before GRUB's own in\n%s", config)
	}
	m.ThemeFonts = []string{"/boot/grub/theme/a\nb.pf2"}
	if _, err := Config(m); err == nil || !strings.Contains(err.Error(), "theme_fonts[0]") {
		t.Errorf("a name of two lines: %v", err)
	}
}
