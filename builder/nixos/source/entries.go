package source

import (
	"strconv"
	"strings"
)

// ownMenu adds entries of one's own to nixpkgs's two boot menus, and what those
// have no option for. The texts stand in files of their own, in the menus'
// languages; boot-menu.nix puts them where they belong when the image is built.
func (g *generator) ownMenu() {
	look, entries := g.grubLook(), g.grubEntries()
	isolinux := g.isolinuxEntries()
	edits := g.isolinuxEdits()
	resolution := ""
	if r := g.said.Boot.Resolution; r != "" && r != "auto" && g.nixMenu() {
		resolution = r
	}
	if len(look)+len(entries)+len(isolinux)+len(edits) == 0 && resolution == "" {
		return
	}
	g.addLines("menu/look.grub", look)
	g.addLines("menu/entries.grub", entries)
	g.addLines("menu/entries.isolinux", isolinux)
	g.addLines("menu/edits.sed", append(edits, gfxmode(resolution)...))
	g.addStatic("boot-menu.nix")
	g.names = append(g.names, "boot-menu.nix")
}

// nixMenu says whether nixpkgs's own menu is the image's.
func (g *generator) nixMenu() bool { return g.n.Assembler == "nix" }

// gfxmode replaces the list of resolutions, which stands in each submenu too.
func gfxmode(resolution string) []line {
	if resolution == "" {
		return nil
	}
	return []line{{`s/^\([[:space:]]*set gfxmode=\).*/\1` + sedText(resolution) + `/`, "boot.resolution"}}
}

// sedText is a replacement in sed's language. (POSIX, sed, "Editing Commands")
func sedText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `&`, `\&`, `/`, `\/`, "\n", `\n`).Replace(s)
}

// grubLook are lines for each of GRUB's menus, after nixpkgs's own settings.
func (g *generator) grubLook() []line {
	if !g.nixMenu() {
		return nil
	}
	b := g.said.Boot
	var out []line
	if b.TimeoutStyle != "" && b.TimeoutStyle != "menu" {
		out = append(out, line{"set timeout_style=" + b.TimeoutStyle, "boot.timeout_style"})
	}
	for _, c := range []struct{ name, value, field string }{
		{"color_normal", b.Colours.Normal, "normal"},
		{"color_highlight", b.Colours.Highlight, "highlight"},
		{"menu_color_normal", b.Colours.MenuNormal, "menu_normal"},
		{"menu_color_highlight", b.Colours.MenuHighlight, "menu_highlight"},
	} {
		if c.value != "" {
			out = append(out, line{"set " + c.name + "=" + c.value, "boot.colours." + c.field})
		}
	}
	if b.Serial {
		for _, l := range []string{
			"serial --unit=0 --speed=115200", "terminal_input --append serial", "terminal_output --append serial",
		} {
			out = append(out, line{l, "boot.serial"})
		}
	}
	return out
}

// grubEntries are the person's entries in GRUB's language.
func (g *generator) grubEntries() []line {
	var out []line
	for i, e := range g.n.Menu.GRUB {
		field := element("nixos.menu.grub", i)
		head := "menuentry " + grubWord(e.Title)
		if e.Class != "" {
			head += " --class " + e.Class
		}
		out = append(out, line{head + " {", field + ".title"})
		for l := range strings.SplitSeq(strings.TrimRight(e.Commands, "\n"), "\n") {
			out = append(out, line{"  " + l, field + ".commands"})
		}
		out = append(out, line{"}", field})
	}
	return out
}

// isolinuxEntries are the person's entries in isolinux's language.
func (g *generator) isolinuxEntries() []line {
	var out []line
	for i, e := range g.n.Menu.Isolinux {
		field := element("nixos.menu.isolinux", i)
		if e.Label == "boot" || e.Label == "memtest" || strings.HasPrefix(e.Label, "boot-") {
			g.fault(field+".label", strconv.Quote(e.Label)+" is the label of an entry that nixpkgs makes", "choose another one")
		}
		out = append(out, line{"LABEL " + e.Label, field + ".label"},
			line{"MENU LABEL " + isolinuxTitle(e.Title), field + ".title"})
		for l := range strings.SplitSeq(strings.TrimRight(e.Commands, "\n"), "\n") {
			out = append(out, line{l, field + ".commands"})
		}
	}
	return out
}

// isolinuxEdits are sed commands for what isolinux's menu has no option for.
func (g *generator) isolinuxEdits() []line {
	if !g.nixMenu() {
		return nil
	}
	var out []line
	if *g.d.Boot.Timeout == 0 {
		// To isolinux 0 means for ever.
		out = append(out, line{"s/^TIMEOUT 0$/TIMEOUT 1/", "boot.timeout"})
	}
	if t := g.said.Boot.Title; t != "" && g.n.Menu.Syslinux == "" {
		out = append(out, line{"s/^\\([[:space:]]*MENU TITLE \\).*/\\1" + sedText(t) + "/", "boot.title"})
	}
	return out
}
