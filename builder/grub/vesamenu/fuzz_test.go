package vesamenu

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// FuzzParse reads and draws any configuration; it may include itself.
func FuzzParse(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.cfg")
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, name := range seeds {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("MENU BEGIN a\nINCLUDE menu.cfg b\nMENU END\nMENU END\nMENU HIDE\nLABEL\nMENU SEPARATOR\nMENU HIDE\n"))
	f.Add([]byte("MENU ROWS -9999\nMENU WIDTH 2\nMENU MARGIN 70\nLABEL x\nMENU LABEL ^\nMENU HIDE\nMENU BEGIN\nMENU RESOLUTION 16 16\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		files := fstest.MapFS{"menu.cfg": {Data: data}}
		c, err := Parse(files, "menu.cfg")
		if err != nil {
			return
		}
		for i := range min(len(c.Menus), 3) {
			m := &c.Menus[i]
			m.Width, m.Height = min(m.Width, 320), min(m.Height, 200)
			s := c.Open(i)
			if len(m.Entries) > 0 {
				s = c.Choose(s, len(m.Entries)-1)
			}
			_, _ = Render(c, files, ".", s)
		}
		_, _ = Render(c, files, ".", c.First())
	})
}
