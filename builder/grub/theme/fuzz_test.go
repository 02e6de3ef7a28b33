package theme

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/scene"
)

// FuzzTheme reads any text as a theme.txt, draws it and looks for mistakes.
func FuzzTheme(f *testing.F) {
	for _, c := range loadCases(f) {
		f.Add(c.theme)
	}
	f.Add([]byte("+ canvas { + canvas { + hbox { + vbox { width = 9999999999% height = -0x7fffffff } } } }"))
	f.Add([]byte("+ boot_menu { width = 100% height = 100% item_height = -5 item_spacing = 5 item_padding = 99999999 icon_width = 16777216 icon_height = 1 }"))
	f.Add([]byte("+ circular_progress { id = \"__timeout__\" num_ticks = 99999999 tick_bitmap = \"tick.png\" center_bitmap = \"tick.png\" }"))
	f.Add([]byte("terminal-width: \"-5%\" terminal-border: \"99999999\""))
	files := gcase{fonts: []string{"go-14"}}.files(f)
	fonts := gcase{fonts: []string{"go-14"}}.loadFonts(f, files)
	f.Fuzz(func(t *testing.T, text []byte) {
		medium := fstest.MapFS{}
		for name, file := range files {
			medium[name] = file
		}
		medium["theme/theme.txt"] = &fstest.MapFile{Data: text}
		th, _, err := Load(medium, "theme/theme.txt")
		if err != nil {
			if p := (*Problem)(nil); !errors.As(err, &p) || !p.Lost {
				t.Fatalf("not a problem that loses the theme: %v", err)
			}
			return
		}
		s := scene.Scene{Width: 160, Height: 120, Timeout: 9, TimeoutLeft: 5, Vars: map[string]string{},
			Entries: []scene.Entry{{Title: "One", Classes: []string{"debian"}}, {Title: "Two"}, {Title: "Three"}, {Title: "Four"}}}
		cache, dst := NewCache(gfx.NewCache(1<<20)), gfx.New(s.Width, s.Height)
		for _, state := range []scene.State{scene.Menu, scene.Console} {
			s.State, s.Selected, s.Text = state, s.Selected+3, []string{""}
			cache.Render(dst, th, &s, fonts)
		}
		th.Lint(&s, fonts, gfx.NewCache(1<<20))
	})
}
