package grub

import (
	"strings"
	"testing"
)

func TestConfigRefuses(t *testing.T) {
	linux := func(change func(*Entry)) func(*Menu) {
		return func(m *Menu) { change(&m.Entries[0]) }
	}
	deep := func(m *Menu) {
		e := m.Entries[0]
		for range maxDepth {
			e = Entry{Title: "deeper", Kind: Submenu, Entries: []Entry{e}}
		}
		m.Entries = []Entry{e}
	}
	for name, c := range map[string]struct {
		change func(*Menu)
		want   string // in the error
	}{
		"no search":        {func(m *Menu) { m.Search = "" }, "search is empty"},
		"relative search":  {func(m *Menu) { m.Search = "a" }, "search is not an absolute path"},
		"timeout":          {func(m *Menu) { m.Timeout = -2 }, "timeout is -2"},
		"style":            {func(m *Menu) { m.TimeoutStyle = "x" }, "one of menu, countdown, hidden"},
		"resolution":       {func(m *Menu) { m.Resolution = "1024x768;reboot" }, "write auto or WIDTHxHEIGHT"},
		"colour":           {func(m *Menu) { m.Colours.MenuNormal = "pink/black" }, "colours.menu_normal"},
		"background":       {func(m *Menu) { m.Background = "/a\nb" }, "background holds the control character U+000A"},
		"theme":            {func(m *Menu) { m.Theme = "theme" }, "theme is not an absolute path"},
		"font":             {func(m *Menu) { m.Fonts = []string{"/a", "b"} }, "fonts[1] is not"},
		"no entries":       {func(m *Menu) { m.Entries = nil }, "entries are none"},
		"empty submenu":    {linux(func(e *Entry) { e.Kind = Submenu }), "entries[0].entries are none"},
		"too deep":         {deep, "submenus deep"},
		"kind":             {linux(func(e *Entry) { e.Kind = "x" }), `unknown kind "x"`},
		"no title":         {linux(func(e *Entry) { e.Title = "" }), "entries[0] title is empty"},
		"line break":       {linux(func(e *Entry) { e.Title = "a\nb" }), "U+000A"},
		"carriage return":  {linux(func(e *Entry) { e.Title = "a\rb" }), "U+000D"},
		"NUL":              {linux(func(e *Entry) { e.Title = "a\x00" }), "U+0000"},
		"escape":           {linux(func(e *Entry) { e.Title = "\x1b[2J" }), "U+001B"},
		"C1 control":       {linux(func(e *Entry) { e.Title = "\u009b" }), "U+009B"},
		"not UTF-8":        {linux(func(e *Entry) { e.Title = "\xff" }), "not valid UTF-8"},
		"class":            {linux(func(e *Entry) { e.Class = "a\tb" }), "entries[0] class"},
		"hotkey":           {linux(func(e *Entry) { e.Hotkey = "f13" }), "entries[0] hotkey"},
		"no kernel":        {linux(func(e *Entry) { e.Kernel = "" }), "kernel is empty"},
		"kernel quote":     {linux(func(e *Entry) { e.Kernel = `/a"b` }), "entries[0] kernel"},
		"initrd":           {linux(func(e *Entry) { e.Initrd = "x" }), "entries[0] initrd"},
		"empty word":       {linux(func(e *Entry) { e.Parameters = []string{""} }), "parameters[0] is empty"},
		"word backslash":   {linux(func(e *Entry) { e.Parameters = []string{"a", `\`} }), "parameters[1]"},
		"word quote":       {linux(func(e *Entry) { e.Parameters = []string{"a'b"} }), "parameters[0]"},
		"word double":      {linux(func(e *Entry) { e.Parameters = []string{`a"b`} }), "parameters[0]"},
		"word line":        {linux(func(e *Entry) { e.Parameters = []string{"a\nb"} }), "U+000A"},
		"long line":        {linux(func(e *Entry) { e.Parameters = []string{strings.Repeat("x", 2028)} }), "2048 bytes"},
		"default":          {func(m *Menu) { m.Default = []int{1} }, "no entry 1 at level 1"},
		"default in leaf":  {func(m *Menu) { m.Default = []int{0, 0} }, "no entry 0 at level 2"},
		"default negative": {func(m *Menu) { m.Default = []int{-1} }, "no entry -1"},
	} {
		m := plainMenu()
		c.change(&m)
		for _, make := range []func(Menu) ([]byte, error){Config, Loopback, Redirect} {
			text, err := make(m)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %q, %v", name, text, err)
			}
		}
	}
}

func TestConfigNamesAllFaults(t *testing.T) {
	_, err := Config(Menu{Timeout: -5, Entries: []Entry{{Kind: Linux}}})
	for _, want := range []string{"search", "timeout", "entries[0] title", "entries[0] kernel"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestConfigTakesLimits(t *testing.T) {
	m := plainMenu()
	m.Entries[0].Parameters = []string{strings.Repeat("x", 2027)}
	m.Entries[0].Title = strings.Repeat("é", 2048)
	m.Resolution = "1920x1080x32,auto"
	m.Timeout = -1
	text, err := Config(m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "gfxmode=1920x1080x32,auto\n") {
		t.Errorf("odd gfxmode in\n%s", text)
	}
}
