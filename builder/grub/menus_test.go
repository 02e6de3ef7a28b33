package grub

import (
	"fmt"
	"strings"
)

// hostile are texts that mean something to a shell, to GRUB's script engine or
// to its menu.
var hostile = []string{
	`'"$(){};|&<>\`, `'; reboot; '`, `"; reboot; "`, `' { halt`, `}`, `{`, `} halt {`,
	`$root`, `${root}`, `$(reboot)`, "`reboot`", `$"text"`, `$?`, `$1`, `$@`, `\$root`, `\\`, `\`, `\'`, `'\''`, `''`,
	`#comment`, `a # b`, `a;b`, `a&&b`, `a||b`, `a|b`, `a>b`, `<a`, `!`, `~`, `!a`,
	`*`, `?`, `/boot/*`, `/boot/grub/?rub.cfg`, `[a-z]`, `[`, `]`, `a*b\*c`, `(hd0)`, `()`,
	`-`, `--`, `-e`, `--help`, `--class`, `--id=x`, `a=b`, `=`, `a="b c"`,
	`if`, `fi`, `then`, `for`, `done`, `function`, `menuentry`, `time`, `[[`, `in`,
	` `, ` leading`, `trailing `, `two  blanks`, `0`, `1>0`, `entry0`, `%s%d%n`, `@KEYMAP_SHORT@`,
	`Übersicht – größer`, `загрузка`, `起動する`, `ελληνικά`, `e` + "\u0301", `😀`, "\u202ertl",
}

// words are the hostile texts that may stand on a kernel line.
func hostileWords() []string {
	var words []string
	for _, text := range hostile {
		if checkWord(text) == nil {
			words = append(words, text)
		}
	}
	return words
}

// liveMenu is a menu as a rescue image has it.
func liveMenu() Menu {
	const dir = "/live/0123456789abcdef/"
	live := Entry{Title: "Rescue system", Kind: Linux, Class: "debian", Hotkey: "r",
		Kernel: dir + "vmlinuz", Initrd: dir + "initrd.img",
		Parameters: []string{"boot=live", "components", "live-media-path=" + dir, "quiet", "console=ttyS0,115200"}}
	toRAM := live
	toRAM.Title, toRAM.Hotkey = "Rescue system (copy to memory)", "f2"
	toRAM.Parameters = append(toRAM.Parameters[:4:4], "toram")
	return Menu{
		Title: "Rescue", Search: dir + "vmlinuz", Timeout: 5, TimeoutStyle: "countdown",
		Default: []int{1, 0}, Resolution: "1024x768", Serial: true,
		Colours: Colours{Normal: "light-gray/black", Highlight: "white/blue",
			MenuNormal: "light-gray/black", MenuHighlight: "yellow/black"},
		Background: "/boot/grub/background.png", Theme: "/boot/grub/theme/theme.txt",
		Fonts: []string{"/boot/grub/fonts/a b.pf2", "/boot/grub/fonts/second.pf2"},
		Entries: []Entry{
			{Title: "Firmware settings", Kind: Firmware},
			{Title: "More", Kind: Submenu, Entries: []Entry{toRAM, {Title: "Firmware", Kind: Firmware}}},
			live,
			{Title: "First hard disk", Kind: Disk},
			{Title: "Restart", Kind: Reboot},
			{Title: "Switch off", Kind: PowerOff},
		},
	}
}

// hostileMenu has the hostile texts wherever they may stand.
func hostileMenu() Menu {
	m := Menu{Search: "/live/x y$z/'q' \"\\/vmlinuz", Timeout: -1, Background: `/b$(x) '"\.png`,
		Theme: `/t$(x) '"\/theme.txt`, Fonts: []string{`/f$(x) '"\.pf2`}, Serial: true}
	for i, text := range append(hostile, strings.Repeat("long 'title' ", 316)) {
		m.Entries = append(m.Entries, Entry{Title: text, Kind: Linux, Class: text, Kernel: "/a b$c;{/vmlinuz",
			Initrd: `/a 'b'"\$c`, Parameters: hostileWords()},
			Entry{Title: fmt.Sprintf("%s %d", text, i), Kind: Submenu, Entries: []Entry{{Title: text, Kind: Disk}}})
	}
	return m
}

// plainMenu is the smallest.
func plainMenu() Menu {
	return Menu{Search: "/x", Entries: []Entry{{Title: "Linux", Kind: Linux, Kernel: "/vmlinuz"}}}
}
