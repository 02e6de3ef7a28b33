package plan

import (
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/look"
)

// The places on the medium that every image has.
const (
	// Background is the menu's picture. The file that goes there is encoded
	// anew, because GRUB reads few kinds of pictures.
	Background = "/boot/grub/background.png"
	fontFolder = "/boot/grub/fonts/"
)

// IsFont says whether a file is one of the menu's fonts.
func IsFont(f File) bool { return f.OnMedium && strings.HasPrefix(f.Target, fontFolder) }

// LiveFolder is the folder of the image's own files on the medium.
func (p Plan) LiveFolder() string { return "/live/" + p.LiveID }

// kernelLine are the words that the kernel gets for an entry.
func kernelLine(p Plan, base catalog.Base, e design.BootEntry) []string {
	words := slices.Clone(base.Parameters)
	if e.ToRAM {
		words = append(words, base.ToRAM...)
	}
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "{id}", p.LiveID)
	}
	words = append(words, p.Design.Kernel.Parameters...)
	return append(words, e.Parameters...)
}

// Menu is a design's boot menu as a plan will have it, but for the folder of
// the image's own files, which carries the plan's ID, and the theme's fonts,
// which look.Of tells.
func Menu(d design.Design, base catalog.Base) grub.Menu {
	return menu(Plan{Design: design.WithDefaults(d), LiveID: "0000000000000000"}, base)
}

// menu makes the design's boot menu complete.
func menu(p Plan, base catalog.Base) grub.Menu {
	b := p.Design.Boot
	m := grub.Menu{
		Title: b.Title, Search: p.LiveFolder() + "/vmlinuz",
		Timeout: *b.Timeout, TimeoutStyle: b.TimeoutStyle, Resolution: b.Resolution, Serial: b.Serial,
		Colours: grub.Colours(b.Colours),
		Entries: entries(p, base, b.Entries),
	}
	var ok bool
	if m.Default, ok = design.EntryPath(b.Entries, b.Default); !ok {
		m.Default = []int{0}
	}
	if b.Background != "" {
		m.Background = Background
	}
	if b.Theme != "" {
		m.Theme = look.Folder + "/theme.txt"
	}
	for _, f := range p.Files {
		if f.Theme && look.IsFont(f.Target) {
			m.ThemeFonts = append(m.ThemeFonts, f.Target)
		}
	}
	m.BackgroundColour = b.BackgroundColour
	for _, f := range b.Fonts {
		m.Fonts = append(m.Fonts, fontFolder+grub.FontName(f))
	}
	return m
}

func entries(p Plan, base catalog.Base, from []design.BootEntry) []grub.Entry {
	var all []grub.Entry
	for _, e := range from {
		g := grub.Entry{Title: e.Title, Hotkey: e.Hotkey, Class: e.Class}
		switch e.Kind {
		case "submenu":
			g.Kind, g.Entries = grub.Submenu, entries(p, base, e.Entries)
		case "firmware":
			g.Kind = grub.Firmware
		case "disk":
			g.Kind = grub.Disk
		case "reboot":
			g.Kind = grub.Reboot
		case "poweroff":
			g.Kind = grub.PowerOff
		case "memtest":
			g.Kind, g.Kernel, g.UEFI = grub.Memtest, grub.MemtestBIOS, grub.MemtestUEFI
		case "iso":
			g.Kind, g.Image = grub.ISO, e.Image
		default:
			g.Kind = grub.Linux
			g.Kernel, g.Initrd = p.LiveFolder()+"/vmlinuz", p.LiveFolder()+"/initrd.img"
			g.Parameters = kernelLine(p, base, e)
		}
		all = append(all, g)
	}
	return all
}
