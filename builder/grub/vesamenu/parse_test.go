package vesamenu

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestParse(t *testing.T) {
	files := fstest.MapFS{
		"isolinux/isolinux.cfg": {Data: []byte("UI vesamenu.c32\nINCLUDE look.cfg\nTIMEOUT 50\nDEFAULT b\n" +
			"LABEL a\n MENU LABEL A\n LINUX /k\n APPEND x=1\nMENU BEGIN more\n MENU TITLE More\n LABEL b\n MENU HIDE\n LABEL c\n" +
			"  TEXT HELP\none\n two\n  ENDTEXT\n  MENU GOTO .top\nMENU END\nFOO bar\nMENU COLOR nothing * * *\nINCLUDE none.cfg\n")},
		"isolinux/look.cfg": {Data: []byte("MENU TITLE Look\r\nMENU COLOR sel * #ff010203 * none\r\nBAD\r\n")},
	}
	c, err := Parse(files, "isolinux/isolinux.cfg")
	if err != nil {
		t.Fatal(err)
	}
	top, more := c.Menus[0], c.Menus[1]
	if top.Title != "Look" || top.Styles[sel].Fore != argb(0xff010203) || top.Styles[sel].Back != argb(0x20ff8000) {
		t.Errorf("the included look is %q %v", top.Title, top.Styles[sel])
	}
	if len(top.Entries) != 2 || top.Entries[0].Title != "A" || top.Entries[1].Title != "More" || top.Entries[1].Menu != 1 {
		t.Errorf("entries %+v", top.Entries)
	}
	if len(more.Entries) != 1 || strings.Join(more.Entries[0].Help, "|") != "one| two" || more.Entries[0].Kind != Goto {
		t.Errorf("entries of the submenu %+v", more.Entries)
	}
	var said []string
	for _, w := range c.Warnings {
		said = append(said, w.File+" "+w.Text)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{`look.cfg "BAD"`, `no element "nothing"`, "include none.cfg"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning %q in\n%s", want, all)
		}
	}
	if s := c.First(); s.TimeoutLeft != 5 || s.Menu != 0 {
		t.Errorf("first screen %+v", s)
	}
}

func TestLargePictureIsSaid(t *testing.T) {
	files := fstest.MapFS{"menu.cfg": {Data: []byte("MENU BACKGROUND none.png\n")}}
	c, err := Parse(files, "menu.cfg")
	if err != nil {
		t.Fatal(err)
	}
	img, err := Render(c, files, ".", c.First())
	if img == nil || err == nil || !strings.Contains(err.Error(), "none.png") {
		t.Errorf("a missing background: %v", err)
	}
}
