package grub

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/internal/need"
)

// bootMenu boots the harness around a menu's grub.cfg.
func bootMenu(t *testing.T, m Menu, before, after, end string) string {
	t.Helper()
	need.Tools(t, "qemu-system-x86_64", "grub-mkimage", "xorriso", modulesDir+"/normal.mod", "/usr/share/grub/unicode.pf2")
	config, err := Config(m)
	if err != nil {
		t.Fatal(err)
	}
	font, err := os.ReadFile("/usr/share/grub/unicode.pf2")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		configPath: []byte(before + string(config) + after), fontPath: font,
		m.Search: []byte("here"), "/good.png": goodPicture(t), "/boot/theme.txt": []byte("title-text: \"\"\n"),
	}
	return bootBIOS(t, coreWithout(t, "linux", "linux16", "chain"), files, end)
}

// commands are the lines within entries that begin with a command.
func commands(config []byte, names ...string) string {
	var lines strings.Builder
	for line := range strings.Lines(string(config)) {
		word, _, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
		if slices.Contains(names, word) {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

// TestHostileMenuInGRUB lets real GRUB read hostile texts in a menu and in a
// submenu: the linux and initrd commands must get exactly the words of the
// model, and the menu must show the titles.
func TestHostileMenuInGRUB(t *testing.T) {
	words := hostileWords()
	var entries []Entry
	for i, title := range hostile {
		entries = append(entries, Entry{Title: title, Kind: Linux, Class: title,
			Kernel: fmt.Sprintf("/a b$c;{%d", i), Initrd: `/i '"\ $x` + fmt.Sprint(i),
			Parameters: []string{words[i%len(words)], strings.Repeat(words[i%len(words)]+" ", 1+i%8)}})
	}
	m := Menu{Search: "/live/x y$z ;{}'\"/vmlinuz", Serial: true, Resolution: "640x480", Timeout: 1, Entries: entries}
	config, err := Config(m)
	if err != nil {
		t.Fatal(err)
	}
	last := Entry{Title: "last", Kind: Linux, Kernel: "/last", Parameters: words}
	m.Entries = append(entries, Entry{Title: "'{", Kind: Submenu, Entries: append(slices.Clone(entries), last)})
	m.Default = []int{len(entries), len(entries)}
	mark := strings.Replace(harness, "</linux>'", "</linux>'\n  if [ \"$1\" = /last ]; then echo '<'end'>'; fi", 1)
	out := bootMenu(t, m, mark, commands(config, "linux", "initrd"), "<end>")
	rest := out
	for i, e := range entries {
		var got []string
		got, rest = bracketed(t, rest, "<linux>", "</linux>")
		if want := append([]string{e.Kernel}, e.Parameters...); !slices.Equal(got, want) {
			t.Errorf("entry %d: linux got %q\nwant %q", i, got, want)
		}
		got, rest = bracketed(t, rest, "<initrd>", "</initrd>")
		if want := []string{e.Initrd}; !slices.Equal(got, want) {
			t.Errorf("entry %d: initrd got %q, want %q", i, got, want)
		}
	}
	menu, rest, _ := strings.Cut(rest, "<linux>")
	got, _ := bracketed(t, "<linux>"+rest, "<linux>", "</linux>")
	if want := append([]string{last.Kernel}, last.Parameters...); !slices.Equal(got, want) {
		t.Errorf("the submenu's entry: linux got %q\nwant %q", got, want)
	}
	for _, e := range entries {
		if !strings.Contains(menu, " "+e.Title+" ") {
			t.Errorf("the menu does not show %q", e.Title)
		}
	}
	if strings.Contains(out, "error") {
		t.Errorf("GRUB prints an error:\n%s", out)
	}
}

// TestScopeInGRUB starts the default within a submenu: its ID path must lead
// there although BIOS hides the first entry, and the submenu must see what the
// main menu has set. The disk entry must not lose the medium for the entries
// after it.
func TestScopeInGRUB(t *testing.T) {
	m := liveMenu()
	m.Background, m.Timeout, m.TimeoutStyle = "/good.png", 1, "menu"
	m.Theme, m.Fonts = "/boot/theme.txt", nil
	probe := `
function linux {
  echo "<$1 $root $theme $color_normal $color_highlight $menu_color_normal $menu_color_highlight>"
}
function initrd {
  echo '<'end'>'
}
`
	config, err := Config(Menu{Search: m.Search, Entries: []Entry{{Title: "Disk", Kind: Disk}}})
	if err != nil {
		t.Fatal(err)
	}
	_, disk, _ := strings.Cut(string(config), "{\n")
	disk = disk[:strings.LastIndex(disk, "}")]
	after := "echo '<disk>'\n" + disk + "set root=hd0,gpt1\n" + disk + "echo \"<root $root>\"\n" +
		"set root=cd\n"
	out := bootMenu(t, m, harness+probe, after, "<end>")
	for _, want := range []string{
		"<chain hd0 +1>", "<chain hd1 +1>", "<root hd0,gpt1>",
		"<" + m.Entries[2].Kernel + " cd (cd)/boot/theme.txt light-gray/black white/blue light-gray/black yellow/black>",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("GRUB does not print %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "error") {
		t.Errorf("GRUB prints an error:\n%s", out)
	}
}

// TestTitleColumnsInGRUB measures where GRUB cuts a title.
func TestTitleColumnsInGRUB(t *testing.T) {
	const width = 77 // of the text terminal at 640x480
	m := plainMenu()
	m.Serial = true
	m.Entries[0].Title = "<" + strings.Repeat("x", titleColumns-2) + ">"
	m.Entries = append(m.Entries, Entry{Title: "<" + strings.Repeat("y", titleColumns-1) + ">", Kind: Reboot})
	before := fmt.Sprintf("serial --unit=0\nterminfo -u -g %dx30 serial vt100\nterminal_output serial\n", width)
	out := bootMenu(t, m, before+"function linux {\n  echo '<'end'>'\n}\n", "set timeout=1\n", "<end>")
	if !strings.Contains(out, m.Entries[0].Title) {
		t.Errorf("a title of %d columns is cut: %s", titleColumns, out)
	}
	if strings.Contains(out, m.Entries[1].Title) {
		t.Errorf("a title of %d columns is not cut", titleColumns+1)
	}
}

// goodPicture is a picture made for GRUB.
func goodPicture(t *testing.T) []byte {
	t.Helper()
	picture, err := Background(pictures(t)["gray"])
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// TestBackgroundInGRUB lets real GRUB read what Background makes of every
// kind of picture, and refuse a grey one as it was.
func TestBackgroundInGRUB(t *testing.T) {
	need.Tools(t, "qemu-system-x86_64", "grub-mkimage", "xorriso", modulesDir+"/normal.mod", "/usr/share/grub/unicode.pf2")
	font, err := os.ReadFile("/usr/share/grub/unicode.pf2")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{fontPath: font}
	cfg := harness + "loadfont unicode\nterminal_output gfxterm serial\n"
	for name, src := range pictures(t) {
		picture, err := Background(src)
		if err != nil {
			t.Fatal(err)
		}
		files["/new/"+name+".png"] = picture
		cfg += fmt.Sprintf("if background_image /new/%s.png; then echo '<new %s>'; fi\n", name, name)
	}
	// GRUB goes by the ending of the name.
	files["/old.png"] = pictures(t)["gray"]
	cfg += "if background_image /old.png; then echo '<old gray>'; fi\necho '<'end'>'\n"
	files[configPath] = []byte(cfg)
	out := bootBIOS(t, coreWithout(t), files, "<end>")
	for name := range pictures(t) {
		if !strings.Contains(out, "<new "+name+">") {
			t.Errorf("GRUB does not read the picture made of %s:\n%s", name, out)
		}
	}
	if strings.Contains(out, "<old gray>") {
		t.Error("GRUB reads grey pictures: the re-encoding proves nothing")
	}
}
