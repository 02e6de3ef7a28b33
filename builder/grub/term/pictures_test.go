package term

import (
	"fmt"
	"strings"

	"github.com/isowright/isowright/builder/grub/scene"
)

func editing(lines ...string) func(*scene.Scene) {
	return func(s *scene.Scene) { s.State, s.Text = scene.Edit, lines }
}

func shell(lines ...string) func(*scene.Scene) {
	return func(s *scene.Scene) { s.State, s.Text = scene.Console, lines }
}

func set(pairs ...string) func(*scene.Scene) {
	return func(s *scene.Scene) {
		for i := 0; i < len(pairs); i += 2 {
			s.Vars[pairs[i]] = pairs[i+1]
		}
	}
}

func entries(titles ...string) func(*scene.Scene) {
	return func(s *scene.Scene) { s.Entries = titled(titles...) }
}

func fonts(names ...string) func(*scene.Scene) {
	return func(s *scene.Scene) { s.Fonts = names }
}

func cursor(row, column int) func(*scene.Scene) {
	return func(s *scene.Scene) { s.CursorRow, s.CursorColumn = row, column }
}

func selected(n int) func(*scene.Scene) {
	return func(s *scene.Scene) { s.Selected = n }
}

func left(n int) func(*scene.Scene) { return func(s *scene.Scene) { s.TimeoutLeft = n } }

func picture(name, stretch string) func(*scene.Scene) {
	return func(s *scene.Scene) { s.Background, s.Stretch = name, stretch }
}

func setparams() func(*scene.Scene) {
	return editing("setparams 'Debian GNU/Linux'", "", " linux /vmlinuz root=/dev/sda1 ro quiet", " initrd /initrd.img")
}

// pictures are the scenes that real GRUB was photographed in.
func pictures() map[string]scene.Scene {
	all := map[string]scene.Scene{}
	plain(all)
	looks(all)
	long(all)
	small(all)
	consoles(all)
	scripts(all)
	embedded(all)
	return all
}

func plain(all map[string]scene.Scene) {
	for _, size := range [][2]int{{640, 480}, {800, 600}, {1024, 768}, {1280, 800}, {1920, 1080}} {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		all[name] = screen(size[0], size[1])
		all[name+"-edit"] = screen(size[0], size[1], setparams())
		all[name+"-shell"] = screen(size[0], size[1], shell("grub> "))
	}
	all["shell-printed"] = screen(640, 480, shell("grub> echo hello", "hello", "grub> foo", "error: can't find command `foo'.", "grub> "))
	all["timeout"] = screen(640, 480, left(100))
	all["countdown"] = screen(640, 480, left(99), func(s *scene.Scene) { s.State = scene.Black })
	all["hidden"] = screen(640, 480, func(s *scene.Scene) { s.State, s.Printed = scene.Black, []string{"some text"} })
	all["nofont"] = screen(640, 480, fonts(), left(99), entries(append(lines("entry number %d", 1, 9), "Debian GNU/Linux", "Advanced options", "Sub menu")...))
}

func looks(all map[string]scene.Scene) {
	colours := set("color_normal", "light-cyan/blue", "color_highlight", "yellow/red",
		"menu_color_normal", "white/green", "menu_color_highlight", "black/brown")
	all["colours"] = screen(800, 600, colours)
	all["colours-edit"] = screen(800, 600, colours, setparams())
	all["colours-shell"] = screen(800, 600, colours, shell("grub> "))
	stretched := set("color_normal", "light-cyan/black", "color_highlight", "yellow/red")
	all["stretched"] = screen(800, 600, stretched, picture("bg.png", "stretch"))
	all["stretched-edit"] = screen(800, 600, stretched, picture("bg.png", "stretch"), setparams())
	all["stretched-shell"] = screen(800, 600, stretched, picture("bg.png", "stretch"), shell("grub> "))
	corner := set("color_normal", "light-cyan/black", "menu_color_normal", "yellow/red", "menu_color_highlight", "black/black")
	all["corner"] = screen(800, 600, corner, picture("bg.png", "normal"))
	all["background-colour"] = screen(800, 600, func(s *scene.Scene) { s.BackgroundColour = &[3]uint8{0x20, 0x40, 0x60} })
	all["sans24"] = screen(1024, 768, fonts("/usr/share/grub/unicode.pf2", "testdata/sans24.pf2"),
		entries("Debian GNU/Linux", "Advanced options", "Sub menu", "日本語 Привет wide AWMW"))
}

func long(all map[string]scene.Scene) {
	many := entries(lines("entry %d", 1, 60)...)
	all["many"] = screen(640, 480, many)
	all["many-30"] = screen(640, 480, many, selected(30))
	all["many-end"] = screen(640, 480, many, selected(59))
	all["many-up"] = screen(640, 480, many, selected(58), func(s *scene.Scene) { s.Top = 44 })
	titles := []string{repeated("x", 200), "tab\there\tx"}
	for n := 70; n <= 74; n++ {
		titles = append(titles, repeated("=", n-2)+fmt.Sprint(n))
	}
	for n := 70; n <= 73; n++ {
		titles = append(titles, repeated("=", n-2)+"日", repeated("=", n-3)+"日本")
	}
	all["long"] = screen(640, 480, entries(append(titles, repeated("日", 50), "")...))
	text := append([]string{"setparams 'long'", "", "  linux /vmlinuz " + strings.Join(lines("%d", 1, 60), " ") + " end"}, lines("  line %d", 1, 20)...)
	text = append(text, "\ttabbed\tline 日本語 שלום (abc) x\ty")
	all["edit-long"] = screen(640, 480, editing(text...))
	all["edit-long-end"] = screen(640, 480, editing(text...), cursor(0, 16))
	all["edit-long-20"] = screen(640, 480, editing(text...), cursor(18, 0))
	all["edit-long-20-end"] = screen(640, 480, editing(text...), cursor(18, 9))
	all["edit-long-last"] = screen(640, 480, editing(text...), cursor(22, 9))
}

// small are windows of few cells, where parts of the menu are given up.
func small(all map[string]scene.Scene) {
	few := entries(append(lines("entry number %d", 1, 9), "Debian GNU/Linux", "Advanced options", "Sub menu")...)
	inner := func(s *scene.Scene) { s.Nested, s.Entries = true, titled("inner one", "inner two") }
	edited := editing("setparams 'entry number 1'", " true;")
	for name, countdown := range map[string]int{"mono18": 99, "mono20": 99, "mono22": 99, "mono24": 99, "mono25": 99, "mono25-12rows": 99} {
		font := fonts("testdata/" + name + ".pf2")
		all[name] = screen(640, 400, font, few, left(countdown))
		all[name+"-edit"] = screen(640, 400, font, edited)
		all[name+"-shell"] = screen(640, 400, font, shell("grub> "))
		all[name+"-nested"] = screen(640, 400, font, inner)
	}
	mono25 := fonts("testdata/mono25.pf2")
	all["mono25-one"] = screen(640, 400, mono25, entries("s"))
	all["mono25-four-nested"] = screen(640, 400, mono25, entries("e 1", "e 2", "e 3", "e 4"), func(s *scene.Scene) { s.Nested = true })
}

// consoles are the firmware's own.
func consoles(all map[string]scene.Scene) {
	text := entries("Debian GNU/Linux", "Über Привет \ufeff日本 → é", "Sub menu")
	inner := func(s *scene.Scene) { s.Nested, s.Entries = true, titled("inner one", "inner two") }
	chars := entries("← ↑ → ↓ ↔ ↕ x", "─│┌┐└┘├┤┬┴┼━┃┏┓┗┛═║", "█▀▄░▒▓ ▲►▼◄ ■●○",
		"é à ü ñ ÷ ° ± £ ¢ ¥ ß µ Ω π α « »", "Привет 日本語 x", "שלום abc", "éà combining", "سلام abc",
		"😀 emoji", "tab\tx", "~}|{`^\\ !\"#%&'()*+,-./:;<=>?@[]_")
	vivid := set("color_normal", "yellow/blue", "color_highlight", "white/red", "menu_color_normal", "light-green/black")
	for _, p := range []struct {
		name     string
		platform scene.Platform
		w, h     int
	}{{"vga", scene.BIOS, 720, 400}, {"gop", scene.UEFI, 1280, 800}} {
		console := func(s *scene.Scene) { s.Graphics, s.Platform, s.Fonts = false, p.platform, nil }
		all[p.name] = screen(p.w, p.h, console, text)
		all[p.name+"-edit"] = screen(p.w, p.h, console, setparams())
		all[p.name+"-nested"] = screen(p.w, p.h, console, inner)
		all[p.name+"-chars"] = screen(p.w, p.h, console, chars, vivid, selected(1))
	}
	all["gop-shell"] = screen(1280, 800, func(s *scene.Scene) { s.Graphics, s.Platform = false, scene.UEFI }, shell("grub> "))
	all["vga-printed"] = screen(720, 400, func(s *scene.Scene) { s.Graphics = false }, shell("grub> echo hello", "hello", "grub> "))
	all["gop-printed"] = screen(1280, 800, func(s *scene.Scene) { s.Graphics, s.Platform = false, scene.UEFI }, shell("grub> echo hi", "hi", "grub> "))
}

// scripts are titles of right-to-left scripts and with marks.
func scripts(all map[string]scene.Scene) {
	all["hebrew"] = screen(1024, 768, entries(
		"שלום עולם",
		"Debian שלום",
		"שלום Debian",
		"שלום 123",
		"שלום 123 abc",
		"abc (שלום) def",
		"(שלום) abc",
		"שלום (abc) [x]",
		"abc שלום, עולם! def",
		"שָׁלוֹם עֲלֵיכֶם",
		"abc שלום 12-34 עולם x",
		"שלום...",
		"!שלום",
		"א 1.5 ב",
		"x\u200fא y",
		"x\u202eabc\u202c def",
		"\u202bxyz אב\u202c q",
		"אב\tגד",
		"a שלום ← b",
		"שלום (recovery mode)",
		"aא",
		"אa",
		"10% א 5$",
		"א,ב;ג",
		"<א>",
		"\u2067abc\u2069 \u2066אבג\u2069 x",
	))
	all["arabic"] = screen(1024, 768, entries(
		"مرحبا بالعالم",
		"لا إله",
		"دبيان 12",
		"Debian دبيان (recovery)",
		"مَرْحَبًا",
		"ببب ب بب",
		"ا ا اا",
		"سلام",
		"لا لآ لأ لإ",
		"بلا",
		"ال\u200cسلام",
		"ب\u200d ب \u200dب",
		"١٢٣ عربي 456",
		"abc ١٢٣ def",
		"فارسی پچژگ",
		"اردو ٹڈڑ ےہ",
		"ܐܒܓ ܫܠܡܐ",
		"ـبـ",
		"ء ؤ ئ",
		"abc بب, ببب def",
		"كتاب كَتَبَ",
		"ﻻ ﺏ",
		"ޝޮ",
		"ߒߞߏ",
		"الله محمد",
	))
	all["combining"] = screen(1024, 768, entries(
		"e\u0301a\u0308o\u0323x",
		"x\u0301y x\u0300\u0301z",
		"i\u0307 I\u0307 l\u0301",
		"กำ น้ำ ที่",
		"a⃝b a⃣",
		"हिन्दी क्षत्रिय",
		"n\u0303 A\u030a o\u0302\u0303",
		"a\u0327c\u0327 c\u0328",
		"a\u0338b =\u0338",
		"a\u0361b a\u035cb",
		"\u0301abc",
		"a \u0301b",
		"e\u0301\u0301\u0301",
		"a\u0323\u0323",
		"A\u0301\u0323",
		"g\u0323 p\u0331",
		"한글 한",
		"a\u200db a\u200cb a\u00adb",
		"\u200babc",
		"日\u0301本",
		"日本e\u0301語",
		"க்ஷ தமிழ்",
		"ພາສາລາວ",
		"བོད་ཡིག",
		"မြန်မာ",
		"ខ្មែរ",
		"ü ñ é",
		"a\u0345 a\u0358 a\u031b",
		"a\u0334b a\u0335b",
		"a️b",
		"😀x",
		"a\u0300",
		"àb",
	))
}

// embedded are texts with explicit directions, numbers and points.
func embedded(all map[string]scene.Scene) {
	all["embedded"] = screen(1024, 768, entries(
		"x",
		"\u202bxyz אב\u202c q",
		"a \u202bxyz אב q\u202c b",
		"א \u202axyz אב q\u202c ב",
		"a \u202bאב xyz גד\u202c b",
		"אב xyz גד",
		"\u202bאב (xyz) [1] גד\u202c b",
		"abc א 1(2 ב x",
		"abc \u202eabc (x)\u202c d",
		"א \u202dאב ג\u202c ד",
		"\u202exyz אב 12\u202c",
		"ޝި ޗޯ x",
		"ב\u05b4\u05bc ש\u05bc\u05c1",
		"ab \u202b12 34\u202c c",
		"abc א (x) ב",
	))
	all["marks"] = screen(1024, 768, entries(marked()...))
	all["marks-sans24"] = screen(1024, 768, fonts("/usr/share/grub/unicode.pf2", "testdata/sans24.pf2"),
		entries("x", "a\u0301 A\u0301 g\u0308 e\u0300 o\u0323 g\u0323 c\u0327 x\u0334"))
}

// marked are the block Combining Diacritical Marks on characters of several
// heights.
func marked() []string {
	var rows []string
	for first := rune(0x300); first < 0x370; first += 4 {
		var row []string
		for mark := first; mark < first+4; mark++ {
			for _, base := range "aAg " {
				row = append(row, string([]rune{base, mark}))
			}
		}
		rows = append(rows, strings.Join(row, " "))
	}
	return rows
}
