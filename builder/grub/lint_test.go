package grub

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestLint(t *testing.T) {
	pictures := pictures(t)
	linux := func(title string) Entry { return Entry{Title: title, Kind: Linux, Kernel: "/k"} }
	clean := Menu{Search: "/k", Timeout: 5, Entries: []Entry{linux("One")}}
	for name, c := range map[string]struct {
		change func(*Menu)
		want   string // place and text; none if empty
	}{
		"clean":            {func(m *Menu) {}, ""},
		"long title":       {func(m *Menu) { m.Entries[0].Title = strings.Repeat("x", 72) }, "entries[0] title: it takes 72"},
		"fitting title":    {func(m *Menu) { m.Entries[0].Title = strings.Repeat("é", 71) }, ""},
		"wide title":       {func(m *Menu) { m.Entries[0].Title = strings.Repeat("起", 36) }, "entries[0] title: it takes 72"},
		"default firmware": {func(m *Menu) { m.Entries[0].Kind, m.Default = Firmware, []int{0} }, "default: "},
		"default submenu": {func(m *Menu) {
			m.Default, m.Entries[0] = []int{0}, Entry{Title: "More", Kind: Submenu, Entries: []Entry{linux("x")}}
		}, "default: "},
		"no time":       {func(m *Menu) { m.Timeout = 0 }, "timeout: "},
		"hidden":        {func(m *Menu) { m.TimeoutStyle = "hidden" }, "timeout: "},
		"no background": {func(m *Menu) { m.Background = "/none.png" }, "background: /none.png is not"},
		"background":    {func(m *Menu) { m.Background = "/rgb.png" }, ""},
		"grey":          {func(m *Menu) { m.Background = "/gray.png" }, "background: GRUB does not show /gray.png: it is grey"},
		"16 bit":        {func(m *Menu) { m.Background = "/rgb16.png" }, "background: GRUB does not show /rgb16.png: it has 16"},
		"interlaced":    {func(m *Menu) { m.Background = "/interlaced.png" }, "background: GRUB does not show /interlaced.png: it is inter"},
		"no theme":      {func(m *Menu) { m.Theme = "/t/theme.txt" }, "theme: "},
		"font":          {func(m *Menu) { m.Fonts = []string{"/k"} }, "fonts: under Secure Boot"},
		"no kernel":     {func(m *Menu) { m.Entries[0].Kernel = "/other" }, "entries[0] kernel: "},
		"no initrd":     {func(m *Menu) { m.Entries[0].Initrd = "/other" }, "entries[0] initrd: "},
		"own key":       {func(m *Menu) { m.Entries[0].Hotkey = "e" }, `entries[0] hotkey: GRUB's menu uses "e"`},
		"key twice": {func(m *Menu) {
			m.Entries = []Entry{linux("a"), linux("b")}
			m.Entries[0].Hotkey, m.Entries[1].Hotkey = "x", "x"
		}, `entries[1] hotkey: "x" is the key of entries[0]`},
		"within submenu": {func(m *Menu) {
			m.Entries[0] = Entry{Title: "m", Kind: Submenu, Entries: []Entry{linux(strings.Repeat("x", 99))}}
		}, "entries[0].entries[0] title: "},
	} {
		m := clean
		m.Entries = []Entry{clean.Entries[0]}
		c.change(&m)
		interlaced := sized(pictures["rgb"], 5, 4)
		interlaced[28] = 1
		medium := fstest.MapFS{"k": {}, "rgb.png": {Data: pictures["rgb"]}, "gray.png": {Data: pictures["gray"]},
			"rgb16.png": {Data: pictures["rgb16"]}, "interlaced.png": {Data: sized(interlaced, 5, 4)}}
		var got []string
		for _, w := range Lint(m, medium) {
			got = append(got, w.Place+": "+w.Text)
			if w.Hint == "" {
				t.Errorf("%s: no hint", name)
			}
		}
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if got := Lint(clean, nil); len(got) != 0 {
		t.Errorf("without a medium: %v", got)
	}
}
