package design

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	// GRUB's gfxmode: a list of WIDTHxHEIGHT[xDEPTH] or auto.
	resolutionPattern = regexp.MustCompile(`^(auto|[1-9][0-9]{2,4}x[1-9][0-9]{2,4}(x(8|15|16|24|32))?)([,;](auto|[1-9][0-9]{2,4}x[1-9][0-9]{2,4}(x(8|15|16|24|32))?))*$`)
	classPattern      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.+-]*$`)
	// colourNames are GRUB's sixteen.
	colourNames = []string{"black", "blue", "green", "cyan", "red", "magenta", "brown", "light-gray",
		"dark-gray", "light-blue", "light-green", "light-cyan", "light-red", "light-magenta", "yellow", "white"}
	// hotkeyNames are the keys without a letter that GRUB's menuentry knows.
	hotkeyNames = []string{"backspace", "tab", "delete", "insert", "f1", "f2", "f3", "f4", "f5", "f6",
		"f7", "f8", "f9", "f10", "f11", "f12"}
	hotkeyLetter = regexp.MustCompile(`^[A-Za-z0-9]$`)
	entryKinds   = []string{"live", "submenu", "firmware", "disk", "reboot", "poweroff", "memtest", "iso"}
	webColour    = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
)

// ColourNames are GRUB's sixteen colours, as boot.colours may name them.
func ColourNames() []string { return slices.Clone(colourNames) }

// maxSubmenus is how deep submenus may nest.
const maxSubmenus = 4

func (c *checker) boot(d Design) {
	b := d.Boot
	c.bootLook(b)
	c.entries("boot.entries", b.Entries, d.Kernel.Parameters, 0)
	if len(b.Entries) > 0 && ownMenu(d) && !hasLive(b.Entries) {
		c.add("boot.entries", "no entry starts the system", `add one with kind = "live"`)
	}
	c.defaultEntry(d)
	if d.Distribution == "nixos" && d.NixOS != nil && (d.NixOS.Menu.Memtest == nil || !*d.NixOS.Menu.Memtest) && hasKind(b.Entries, "memtest") {
		c.add("boot.entries", "an entry starts Memtest86+, which is not on the medium", "set nixos.menu.memtest = true")
	}
}

// hasKind says whether an entry or one in a submenu has a kind.
func hasKind(entries []BootEntry, kind string) bool {
	return slices.ContainsFunc(entries, func(e BootEntry) bool { return e.Kind == kind || hasKind(e.Entries, kind) })
}

// bootLook checks everything of the menu but its entries.
func (c *checker) bootLook(b Boot) {
	c.line("boot.title", b.Title, 100)
	if b.Timeout != nil && (*b.Timeout < -1 || *b.Timeout > 3600) {
		c.add("boot.timeout", fmt.Sprintf("%d is not a time in seconds", *b.Timeout), "0 to 3600, or -1 to wait for ever")
	}
	c.oneOf("boot.timeout_style", b.TimeoutStyle, "menu", "countdown", "hidden")
	c.matches("boot.resolution", b.Resolution, resolutionPattern, "a resolution", "write it like 1024x768, auto, or a list 1920x1080,1024x768,auto")
	c.colour("boot.colours.normal", b.Colours.Normal)
	c.colour("boot.colours.highlight", b.Colours.Highlight)
	c.colour("boot.colours.menu_normal", b.Colours.MenuNormal)
	c.colour("boot.colours.menu_highlight", b.Colours.MenuHighlight)
	if b.Background != "" {
		c.localPath("boot.background", b.Background)
	}
	c.bootTheme(b)
	c.bootFonts(b.Fonts)
	c.matches("boot.background_colour", b.BackgroundColour, webColour, "a colour", "write it like #204060")
	if b.FontSize != 0 && (b.FontSize < 8 || b.FontSize > 64) {
		c.add("boot.font_size", fmt.Sprintf("%d is no size of a font in pixels", b.FontSize), "8 to 64; GRUB's own has 16")
	}
	for i, v := range b.Variants {
		c.oneOf(element("boot.variants", i), v, VariantNames()...)
	}
	c.unique("boot.variants", b.Variants)
}

func (c *checker) colour(field, s string) {
	if s == "" {
		return
	}
	hint := "write foreground/background like white/black; the colours are " + strings.Join(colourNames, ", ")
	fore, back, ok := strings.Cut(s, "/")
	if !ok || strings.Contains(back, "/") {
		c.add(field, show(s)+" is not a pair of colours", hint)
		return
	}
	for _, name := range []string{fore, back} {
		if slices.Contains(colourNames, name) {
			continue
		}
		if similar := near(name, colourNames); similar != "" {
			hint = "did you mean " + similar + "?"
		}
		c.add(field, show(name)+" is not one of GRUB's colours", hint)
		return
	}
}

func hasLive(entries []BootEntry) bool {
	return slices.ContainsFunc(entries, func(e BootEntry) bool {
		return e.Kind == "" || e.Kind == "live" || hasLive(e.Entries)
	})
}

// entries checks one menu; depth counts the submenus around it.
func (c *checker) entries(at string, entries []BootEntry, parameters []string, depth int) {
	titles, hotkeys := map[string]bool{}, map[string]bool{}
	for i, e := range entries {
		field := element(at, i)
		if strings.TrimSpace(e.Title) == "" {
			c.add(field+".title", "the entry has no title", `give it one: title = "Rescue"`)
		} else if c.line(field+".title", e.Title, 200) && titles[e.Title] {
			c.add(field+".title", "the menu has two entries "+show(e.Title), "rename one of them")
		}
		titles[e.Title] = true
		c.hotkey(field+".hotkey", e.Hotkey)
		if e.Hotkey != "" && hotkeys[e.Hotkey] {
			c.add(field+".hotkey", "another entry of this menu has the same key", "choose another one")
		}
		hotkeys[e.Hotkey] = true
		c.matches(field+".class", e.Class, classPattern, "an icon's class", "letters, digits and _ - . +, like debian")
		c.entryKind(field, e, parameters)
		switch {
		case e.Kind != "submenu" && len(e.Entries) > 0:
			c.add(field+".entries", "only a submenu has entries", `set kind = "submenu"`)
		case e.Kind == "submenu" && len(e.Entries) == 0:
			c.add(field+".entries", "the submenu is empty", "add [["+withoutIndexes(field)+".entries]]")
		case e.Kind == "submenu" && depth == maxSubmenus:
			c.add(field, fmt.Sprintf("submenus are nested more than %d deep", maxSubmenus), "move the entries up")
		default:
			c.entries(field+".entries", e.Entries, parameters, depth+1)
		}
	}
}

var indexPattern = regexp.MustCompile(`\[[0-9]+\]`)

// withoutIndexes gives the name of a table that TOML headers use.
func withoutIndexes(field string) string {
	return indexPattern.ReplaceAllString(field, "")
}

func (c *checker) entryKind(field string, e BootEntry, parameters []string) {
	if !c.oneOf(field+".kind", e.Kind, entryKinds...) {
		return
	}
	switch {
	case e.Kind != "iso" && e.Image != "":
		c.add(field+".image", "only an entry of the kind iso starts an image", `set kind = "iso"`)
	case e.Kind == "iso" && e.Image == "":
		c.add(field+".image", "the entry names no image", `name one on the medium: image = "/images/other.iso"`)
	case e.Image != "":
		c.imagePath(field+".image", e.Image)
	}
	if e.Kind != "" && e.Kind != "live" {
		if len(e.Parameters) > 0 {
			c.add(field+".parameters", "an entry of the kind "+e.Kind+" starts no kernel", "remove the parameters")
		}
		if e.ToRAM {
			c.add(field+".to_ram", "an entry of the kind "+e.Kind+" starts no kernel", "remove to_ram")
		}
		return
	}
	c.parameters(field+".parameters", e.Parameters)
	all := len(strings.Join(parameters, " ")) + 1 + len(strings.Join(e.Parameters, " "))
	if len(e.Parameters) > 0 && all > maxCommandLine {
		c.add(field+".parameters", fmt.Sprintf("with kernel.parameters the command line has %d bytes, the kernel reads %d", all, maxCommandLine), "remove some")
	}
}

func (c *checker) hotkey(field, s string) {
	switch {
	case s == "" || slices.Contains(hotkeyNames, s):
	case s == "c" || s == "e" || s == "v":
		c.add(field, "GRUB's menu uses the key "+s+" itself", "choose another letter")
	case !hotkeyLetter.MatchString(s):
		c.add(field, show(s)+" is not a key of the menu", "one letter or digit, or one of "+strings.Join(hotkeyNames, ", "))
	}
}

func (c *checker) defaultEntry(d Design) {
	const field = "boot.default"
	want := d.Boot.Default
	if want == "" || !c.line(field, want, 1000) {
		return
	}
	entries := WithDefaults(d).Boot.Entries
	path, ok := EntryPath(entries, want)
	if !ok {
		titles := titlesOf(entries, "")
		hint := "the entries are " + strings.Join(titles, ", ")
		if similar := near(want, titles); similar != "" {
			hint = "did you mean " + show(similar) + "?"
		} else if len(titles) == 0 {
			hint = "nixpkgs's own menu starts its first entry; add [[boot.entries]] or remove the default"
		}
		c.add(field, "the menu has no entry "+show(want), clipHint(hint))
		return
	}
	e := BootEntry{Entries: entries}
	for _, i := range path {
		e = e.Entries[i]
	}
	if e.Kind == "submenu" {
		c.add(field, "the default is a submenu, which starts nothing by itself", "name an entry in it: "+show(want+">…"))
	}
}

// clipHint keeps a hint that lists names readable.
func clipHint(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

// titlesOf lists the entries as Boot.Default names them.
func titlesOf(entries []BootEntry, above string) []string {
	var titles []string
	for _, e := range entries {
		if e.Kind == "submenu" {
			titles = append(titles, titlesOf(e.Entries, above+e.Title+">")...)
		} else if e.Title != "" {
			titles = append(titles, above+e.Title)
		}
	}
	return titles
}

// EntryPath finds an entry by its title, or by "submenu>entry", and returns the
// index at each level. Titles may contain ">" themselves; the first entry in
// the menu's order that fits is taken.
func EntryPath(entries []BootEntry, title string) ([]int, bool) {
	for i, e := range entries {
		if e.Title == title {
			return []int{i}, true
		}
		if rest, ok := strings.CutPrefix(title, e.Title+">"); ok {
			if path, ok := EntryPath(e.Entries, rest); ok {
				return append([]int{i}, path...), true
			}
		}
	}
	return nil, false
}
