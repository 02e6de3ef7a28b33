package assemble

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/look"
	"github.com/isowright/isowright/builder/plan"
)

// fontFolder is the place of the menu's fonts on the medium.
const fontFolder = "/boot/grub/fonts/"

// toRAM is the word at which NixOS copies the medium into memory.
const toRAM = "copytoram"

// menus makes the image's menu and takes the files of its look from the
// person's folders.
func (a *assembly) menus(context.Context) error {
	var err error
	if a.image.Menu, err = Menu(a.Design, a.manifest); err != nil {
		return err
	}
	for _, s := range a.manifest.Boot.Menu {
		for _, p := range []string{s.Kernel, s.Initrd} {
			if _, ok := a.files[clean(p)]; !ok {
				return fmt.Errorf("the manifest starts %s from %s, but puts no such file on the medium", cmp.Or(s.Name, "the system"), p)
			}
		}
	}
	a.memtest()
	return a.look()
}

// Menu is a design's boot menu for the systems of a manifest. Its live entries
// start the main system; each further system has an entry behind the last of
// them. A design without entries gets one for each system.
func Menu(d design.Design, m Manifest) (grub.Menu, error) {
	main, others, err := systems(m)
	if err != nil {
		return grub.Menu{}, err
	}
	b := d.Boot
	menu := grub.Menu{
		Title: b.Title, Search: "/" + clean(main.Initrd),
		TimeoutStyle: b.TimeoutStyle, Resolution: b.Resolution, Serial: b.Serial,
		Colours: grub.Colours(b.Colours), Default: []int{0},
	}
	switch {
	case b.Timeout != nil:
		menu.Timeout = *b.Timeout
	case m.Boot.Timeout != nil:
		menu.Timeout = *m.Boot.Timeout
	default:
		menu.Timeout = -1
	}
	if b.Background != "" {
		menu.Background = plan.Background
	}
	menu.BackgroundColour = b.BackgroundColour
	if b.Theme != "" {
		menu.Theme = look.Folder + "/theme.txt"
	}
	for _, f := range b.Fonts {
		menu.Fonts = append(menu.Fonts, fontFolder+grub.FontName(filepath.ToSlash(f)))
	}
	if len(b.Entries) == 0 {
		menu.Entries = evaluated(m)
		return menu, nil
	}
	menu.Entries = entries(b.Entries, main)
	if at, ok := design.EntryPath(b.Entries, b.Default); ok {
		menu.Default = at
	}
	addOthers(&menu, d, others)
	return menu, nil
}

// systems parts the main system from its specialisations. Where the main one
// has no entry the first specialisation takes its place.
func systems(m Manifest) (main SystemBoot, others []SystemBoot, err error) {
	if len(m.Boot.Menu) == 0 {
		return main, nil, errors.New("the manifest has no system to start")
	}
	at := max(0, slices.IndexFunc(m.Boot.Menu, func(s SystemBoot) bool { return s.Name == "" }))
	return m.Boot.Menu[at], slices.Delete(slices.Clone(m.Boot.Menu), at, at+1), nil
}

// linux is an entry that starts a system.
func linux(title string, s SystemBoot, more ...string) grub.Entry {
	return grub.Entry{
		Title: title, Kind: grub.Linux, Kernel: "/" + clean(s.Kernel), Initrd: "/" + clean(s.Initrd),
		Parameters: append(slices.Clone(s.Params), more...),
	}
}

func entries(from []design.BootEntry, main SystemBoot) []grub.Entry {
	kinds := map[string]grub.Kind{
		"submenu": grub.Submenu, "firmware": grub.Firmware, "disk": grub.Disk, "reboot": grub.Reboot, "poweroff": grub.PowerOff,
		"memtest": grub.Memtest, "iso": grub.ISO,
	}
	var all []grub.Entry
	for _, e := range from {
		g := grub.Entry{Kind: kinds[e.Kind]}
		switch g.Kind {
		case "":
			var more []string
			if e.ToRAM {
				more = append(more, toRAM)
			}
			g = linux("", main, append(more, e.Parameters...)...)
		case grub.Submenu:
			g.Entries = entries(e.Entries, main)
		case grub.Memtest:
			g.Kernel = memtestPath
		case grub.ISO:
			g.Image = e.Image
		}
		g.Title, g.Hotkey, g.Class = e.Title, e.Hotkey, e.Class
		all = append(all, g)
	}
	return all
}

// addOthers gives every specialisation an entry behind the last one that starts
// the main system, and keeps the default where it was.
func addOthers(menu *grub.Menu, d design.Design, others []SystemBoot) {
	at := 0
	for i, e := range menu.Entries {
		if e.Kind == grub.Linux {
			at = i + 1
		}
	}
	var more []grub.Entry
	for _, s := range others {
		e := linux(otherTitle(d, s), s)
		if at > 0 {
			e.Class = menu.Entries[at-1].Class
		}
		more = append(more, e)
	}
	menu.Entries = slices.Insert(menu.Entries, at, more...)
	if menu.Default[0] >= at {
		menu.Default = slices.Clone(menu.Default)
		menu.Default[0] += len(more)
	}
}

// otherTitle is the design's name with the specialisation's title; one that the
// design does not name is called as NixOS calls it.
func otherTitle(d design.Design, s SystemBoot) string {
	if d.NixOS != nil {
		for _, x := range d.NixOS.Specialisations {
			if x.Name == s.Name {
				return d.Name + " " + cmp.Or(x.Title, "("+x.Name+")")
			}
		}
	}
	return cmp.Or(strings.TrimSpace(s.Label), s.Name)
}

// evaluated is the menu of a design that has none: every system, as it is and
// copied to memory.
func evaluated(m Manifest) []grub.Entry {
	var all, memory []grub.Entry
	for _, s := range m.Boot.Menu {
		title := cmp.Or(strings.TrimSpace(s.Label), s.Name, "NixOS")
		all = append(all, linux(title, s))
		memory = append(memory, linux(title+" (copy to RAM)", s, toRAM))
	}
	return append(all,
		grub.Entry{Title: "Options", Kind: grub.Submenu, Entries: memory},
		grub.Entry{Title: "UEFI firmware settings", Kind: grub.Firmware},
		grub.Entry{Title: "Shutdown", Kind: grub.PowerOff})
}
