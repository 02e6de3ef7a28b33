package script

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/grub/scene"
)

const look = `
loadfont unicode
terminal_output gfxterm
set theme=/boot/grub/theme.txt
set menu_color_normal=red/black
export menu_color_normal
background_image /boot/bg.png
set timeout=9
set default="More>b"
menuentry 'First' --class debian --class gnu --hotkey=f --id one { linux /vmlinuz quiet
	initrd /initrd }
submenu More { menuentry a { true; }
 menuentry b { halt; }
}
menuentry "It's $grub_platform" arg2 {
	echo $1 $2
}
`

func medium(config string) map[string]string {
	return map[string]string{"boot/grub/grub.cfg": config, "boot/grub/fonts/unicode.pf2": "f", "boot/bg.png": "p",
		"boot/grub/other.cfg": "menuentry other { true; }\n", "boot/grub/grubenv": "# GRUB Environment Block\nsaved_entry=x y\nb=1\n####"}
}

func TestMenu(t *testing.T) {
	m := run(t, medium(look), Options{Platform: scene.UEFI})
	s := m.Scene()
	if !s.Graphics || s.Background != "boot/bg.png" || s.Stretch != "stretch" || s.Timeout != 9 || s.TimeoutLeft != 9 ||
		s.Selected != 1 || s.State != scene.Menu || s.Nested || !slices.Equal(s.Fonts, []string{"boot/grub/fonts/unicode.pf2"}) {
		t.Errorf("scene %+v", s)
	}
	if len(s.Entries) != 3 || s.Entries[2].Title != "It's efi" || s.Entries[0].ID != "one" || s.Entries[0].Hotkey != "f" ||
		!slices.Equal(s.Entries[0].Classes, []string{"debian", "gnu"}) || !s.Entries[1].Submenu || s.Entries[2].Line != 15 {
		t.Errorf("entries %+v", s.Entries)
	}
	if _, rest := m.Default(); rest != "b" {
		t.Errorf("default in the submenu: %q", rest)
	}
	want := []string{`setparams 'It'\''s efi' 'arg2'`, "", "\techo $1 $2", ""}
	if got := m.Source(2); !slices.Equal(got, want) {
		t.Errorf("source %q", got)
	}
	if out, err := m.Enter(0); out != Boots || err != nil {
		t.Errorf("entry 0: %v %v", out, err)
	}
	if out, err := m.Enter(2); out != Returns || err != nil || strings.Join(m.printed, "|") != "It's efi arg2|" {
		t.Errorf("entry 2: %v %v %q", out, err, m.printed)
	}
	if w := m.Warnings(); len(w) != 0 {
		t.Errorf("warnings %v", w)
	}
}

// TestSubmenuSeesExports: what a submenu knows was looked at in GRUB 2.06.
func TestSubmenuSeesExports(t *testing.T) {
	m := run(t, medium(look), Options{})
	if out, err := m.Enter(1); out != Opened || err != nil {
		t.Fatalf("%v %v", out, err)
	}
	s := m.Scene()
	if s.Vars["theme"] != "" || s.Vars["timeout"] != "" || s.Vars["default"] != "" || s.Vars["config_file"] != "" {
		t.Errorf("the submenu sees %v", s.Vars)
	}
	if s.Vars["menu_color_normal"] != "red/black" || s.Vars["root"] == "" || s.Vars["prefix"] == "" || s.Vars["chosen"] != "More" {
		t.Errorf("the submenu sees %v", s.Vars)
	}
	if !s.Nested || s.Background == "" || !s.Graphics || s.TimeoutLeft != -1 || s.Selected != 0 {
		t.Errorf("scene %+v", s)
	}
	if !m.Back() || m.Back() || m.Scene().Vars["theme"] == "" {
		t.Error("Esc does not lead back once")
	}
}

func TestDefaults(t *testing.T) {
	const entries = "menuentry a --id x { true; }\nmenuentry 'b>c' { true; }\nmenuentry 2 { true; }\nsubmenu s { menuentry t { true; }; }\n"
	for want, at := range map[string]int{"": 0, "1": 1, "x": 0, "a": 0, "b>>c": 1, "b>c": 0, "2": 2, "9": 0, "-1": 0, "s>t": 3, "3>0": 3, "nope": 0} {
		m := run(t, medium("set default='"+want+"'\n"+entries), Options{})
		if got := m.Scene().Selected; got != at {
			t.Errorf("default %q chooses %d, not %d", want, got, at)
		}
	}
	m := run(t, medium("set fallback='1 7 0'\n"+entries), Options{})
	if got := m.Fallback(); !slices.Equal(got, []int{1, 0}) {
		t.Errorf("fallback %v", got)
	}
}

func TestTimeouts(t *testing.T) {
	for config, want := range map[string]struct {
		left  int
		state scene.State
	}{
		"":                                       {-1, scene.Menu},
		"set timeout=5":                          {5, scene.Menu},
		"set timeout=-1":                         {-1, scene.Menu},
		"set timeout=0":                          {-1, scene.Menu},
		"set timeout=x":                          {-1, scene.Menu},
		"set timeout=5;set timeout_style=hidden": {5, scene.Black},
		"set timeout=5\ntimeout_style=countdown": {5, scene.Black},
		"set timeout=-1\ntimeout_style=countdown": {-1, scene.Menu},
	} {
		s := run(t, medium(config+"\nmenuentry a { true; }\n"), Options{}).Scene()
		if s.TimeoutLeft != want.left || s.State != want.state {
			t.Errorf("%q: %d seconds, state %d", config, s.TimeoutLeft, s.State)
		}
	}
}

func TestNoEntriesIsTheCommandLine(t *testing.T) {
	if s := run(t, medium("echo hello\n"), Options{}).Scene(); s.State != scene.Console || s.Printed[0] != "hello" {
		t.Errorf("%+v", s)
	}
}

func TestConfigfile(t *testing.T) {
	m := run(t, medium("set theme=x\nconfigfile /boot/grub/other.cfg\nmenuentry never { true; }\n"), Options{})
	s := m.Scene()
	if !s.Nested || len(s.Entries) != 1 || s.Entries[0].Title != "other" || s.Vars["theme"] != "" {
		t.Errorf("%+v", s)
	}
	m = run(t, medium("load_env\nfor f in /boot/grub/*.cfg /no*; do echo $f; done\nsearch --no-floppy --set=root --file /nope\n"+
		"search --file --set=medium /boot/bg.png\nif [ -f $prefix/other.cfg ]; then source $prefix/other.cfg; fi\n"), Options{})
	s = m.Scene()
	if s.Nested || s.Vars["saved_entry"] != "x y" || s.Vars["b"] != "1" || s.Vars["medium"] != "cd0" ||
		strings.Join(s.Printed, "|") != "/boot/grub/grub.cfg|/boot/grub/other.cfg|/no*|error: no such device: /nope.|" {
		t.Errorf("%+v", s)
	}
}

// TestWarnings: each names the line and a way out.
func TestWarnings(t *testing.T) {
	for config, want := range map[string]string{
		"\n\nnosuch x":                        ":3: \"nosuch\" is not a command",
		"hiddenentry x { true; }":             ":1: hiddenentry is not a command",
		"true && false":                       ":1: syntax error: GRUB has no &&",
		"true\ntrue || false":                 ":2: syntax error: GRUB has no ||",
		"loadfont nope":                       ":1: file",
		"background_image /boot/bg.png":       ":1: background_image works on the graphic",
		"# c\n\nmenuentry x":                  ":3: the menu entry",
		"set a = b":                           ":1: not an assignment",
		"if true; then\necho\n":               "the text ends",
		"source /nope":                        ":1: file",
		"export a=b":                          ":1: export takes a name alone",
		"menuentry a {\n true\n}}\n":          ":3: syntax error: } cannot",
		"loadfont unicode\nterminal_output x": ":2: there is no terminal",
		"set a=b c":                           ":1: set takes one word",
	} {
		m := run(t, medium(config), Options{})
		if len(m.warnings) == 0 || !strings.Contains(m.warnings[0].String(), want) || m.warnings[0].Hint == "" {
			t.Errorf("%q: %v", config, m.warnings)
		}
	}
}

// endless are scripts that would take for ever, or all memory.
var endless = []string{
	"while true; do true; done", "until false; do x=a; done", "function f { f; }; f", "source /boot/grub/grub.cfg",
	"configfile /boot/grub/grub.cfg", "x=aaaaaaaa\nwhile true; do set x=$x$x; done", "eval 'eval \"eval x\"'; function g { eval g; }; g",
	"x='a a a a a a a a'\nwhile true; do for i in $x $x $x; do x=\"$x $x\"; done; done",
	"while true; do menuentry x { true; }; done", "while true; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done",
	"while true; do loadfont unicode; done", "while true; do nosuch; done", "while true; do for i in /*/*/*; do true; done; done",
	"i=a; while true; do i=${i}a; eval set $i=1; done", strings.Repeat("if true; then ", 500), strings.Repeat("x { ", 5000),
	"while true; do regexp '(a*)*b' aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", "! ! ! true", strings.Repeat("|\n", 200_000),
	"while true; do background_image /boot/bg.png; done", "submenu s { while true; do true; done; }",
}

func TestEveryScriptEnds(t *testing.T) {
	for _, config := range endless {
		everything(t, config)
	}
	if _, err := Run(Options{Files: fstest.MapFS{"g": {Data: []byte("while true; do true; done")}}, Config: "g"}); err == nil ||
		!strings.Contains(err.Error(), "does not end") {
		t.Errorf("an endless loop: %v", err)
	}
}

// everything runs a script and each entry of its menus.
func everything(t *testing.T, config string) {
	files := fstest.MapFS{}
	for name, text := range medium(config) {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	m, err := Run(Options{Files: files, Config: "/boot/grub/grub.cfg", Platform: scene.BIOS})
	if err != nil {
		return
	}
	for i := range min(len(m.Scene().Entries), 20) {
		m.Source(i)
		if out, _ := m.Enter(i); out == Opened {
			m.Scene()
			if !m.Back() {
				t.Fatal("no way back")
			}
		}
	}
	if len(m.Warnings()) > maxWarnings || len(m.Scene().Printed) > maxPrinted || m.Depth() > maxMenus {
		t.Fatal("a bound does not hold")
	}
}

func FuzzScript(f *testing.F) {
	for _, config := range append(endless, look) {
		if len(config) < 1000 {
			f.Add(config)
		}
	}
	f.Add("function f { return 1; }; if f; then x; else [ -e / ]; fi; for i in $@ \"$*\" '*'; do continue 2; done")
	f.Fuzz(everything)
}
