package assemble

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
)

var update = flag.Bool("update", false, "write the golden files anew")

// menuDesign has every kind of entry.
func menuDesign() design.Design {
	seconds := 9
	return design.Design{
		Name: "Rescue",
		Boot: design.Boot{
			Title: "Rescue é ^ €", Timeout: &seconds, TimeoutStyle: "hidden", Resolution: "1024x768", Serial: true, Default: "Reboot",
			Colours: design.BootColour{Normal: "light-gray/black", Highlight: "white/blue"}, Background: "b.png",
			Entries: []design.BootEntry{
				{Title: "Rescue", Hotkey: "s", Class: "nixos", Kind: "live", Parameters: []string{"a=b c", "quiet"}},
				{Title: "More > here", Kind: "submenu", Entries: []design.BootEntry{
					{Title: "In memory", Kind: "live", ToRAM: true}, {Title: "Settings", Kind: "firmware"}, {Title: "Disk", Kind: "disk"},
				}},
				{Title: "Settings", Kind: "firmware"}, {Title: "Reboot", Kind: "reboot"}, {Title: "Off", Kind: "poweroff"},
			},
		},
		NixOS: &design.NixOS{
			Specialisations: []design.Specialisation{{Name: "other", Title: "with another kernel"}},
			Menu:            design.NixMenu{Isolinux: []design.IsolinuxEntry{{Label: "mine", Title: "Mine", Commands: "COM32 hdt.c32\n"}}},
		},
	}
}

func menuManifest() Manifest {
	var m Manifest
	m.Boot.Menu = []SystemBoot{
		{Name: "", Label: "NixOS", Params: []string{"init=/nix/store/x/init"}, Kernel: "/boot//nix/store/k/bzImage", Initrd: "/boot//nix/store/i/initrd"},
		{Name: "latest_kernel", Label: "NixOS (Linux 7.1)", Params: []string{"init=/nix/store/l/init"}, Kernel: "/boot//nix/store/k2/bzImage", Initrd: "/boot//nix/store/i2/initrd"},
		{Name: "other", Label: "NixOS other", Params: []string{"init=/nix/store/y/init"}, Kernel: "/boot//nix/store/k/bzImage", Initrd: "/boot//nix/store/i/initrd"},
	}
	return m
}

func TestMenu(t *testing.T) {
	m, err := Menu(menuDesign(), menuManifest())
	check(t, err)
	var titles []string
	for _, e := range m.Entries {
		titles = append(titles, e.Title)
	}
	want := []string{"Rescue", "NixOS (Linux 7.1)", "Rescue with another kernel", "More > here", "Settings", "Reboot", "Off"}
	if !slices.Equal(titles, want) {
		t.Errorf("entries %q, want %q", titles, want)
	}
	if !slices.Equal(m.Default, []int{5}) || m.Search != "/boot/nix/store/i/initrd" || m.Timeout != 9 {
		t.Errorf("%+v", m)
	}
	first, memory := m.Entries[0], m.Entries[3].Entries[0]
	if !slices.Equal(first.Parameters, []string{"init=/nix/store/x/init", "a=b c", "quiet"}) || first.Kernel != "/boot/nix/store/k/bzImage" {
		t.Errorf("%+v", first)
	}
	if !slices.Equal(memory.Parameters, []string{"init=/nix/store/x/init", "copytoram"}) {
		t.Errorf("%+v", memory)
	}
	if _, err := grub.Config(m); err != nil {
		t.Error(err)
	}
	// Without a main entry a specialisation is what live entries start.
	only := menuManifest()
	only.Boot.Menu = only.Boot.Menu[1:]
	if m, err = Menu(menuDesign(), only); err != nil || m.Entries[0].Kernel != "/boot/nix/store/k2/bzImage" || len(m.Entries) != 6 {
		t.Errorf("%+v, %v", m, err)
	}
	// Without entries in the design those of the manifest.
	if m, err = Menu(design.Design{}, menuManifest()); err != nil || len(m.Entries) != 6 || m.Timeout != -1 || m.Entries[3].Entries[2].Title != "NixOS other (copy to RAM)" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestIsolinux(t *testing.T) {
	d := menuDesign()
	m, err := Menu(d, menuManifest())
	check(t, err)
	got, err := Isolinux(m, IsolinuxLook{Lines: "MENU ROWS 12\n"}, d.NixOS.Menu.Isolinux)
	check(t, err)
	const golden = "testdata/isolinux.cfg"
	if *update {
		check(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestIsolinuxRefuses(t *testing.T) {
	linux := func(e grub.Entry) grub.Menu {
		e.Kind = grub.Linux
		return grub.Menu{Entries: []grub.Entry{e}}
	}
	for name, m := range map[string]grub.Menu{
		"line break": linux(grub.Entry{Kernel: "/k", Parameters: []string{"a\nKERNEL evil"}}),
		"blank":      linux(grub.Entry{Kernel: "/k x"}),
		"too long":   linux(grub.Entry{Kernel: "/k", Parameters: []string{strings.Repeat("x", 2048)}}),
		"colour":     {Colours: grub.Colours{Normal: "pink/black"}},
		"kind":       {Entries: []grub.Entry{{Kind: "tea"}}},
	} {
		if text, err := Isolinux(m, IsolinuxLook{}, nil); err == nil {
			t.Errorf("%s: taken as\n%s", name, text)
		}
	}
	for seconds, want := range map[int]string{-1: "TIMEOUT 0\n", 0: "TIMEOUT 1\n", 5: "TIMEOUT 50\n", 1 << 40: "TIMEOUT 35996\n"} {
		if text, err := Isolinux(grub.Menu{Timeout: seconds}, IsolinuxLook{}, nil); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%d s: %v in\n%s", seconds, err, text)
		}
	}
}

// FuzzIsolinux holds that no text of a design becomes a command.
func FuzzIsolinux(f *testing.F) {
	f.Add("Title\nKERNEL x", "s", "quiet")
	f.Fuzz(func(t *testing.T, title, hotkey, word string) {
		m := grub.Menu{Title: title, Entries: []grub.Entry{
			{Title: title, Hotkey: hotkey, Kind: grub.Linux, Kernel: "/k", Parameters: []string{word}},
			{Title: title, Kind: grub.Submenu, Entries: []grub.Entry{{Title: title, Kind: grub.Reboot}}},
		}}
		text, err := Isolinux(m, IsolinuxLook{}, nil)
		if err != nil {
			return
		}
		plain, err := Isolinux(grub.Menu{Title: "t", Entries: []grub.Entry{
			{Title: "t", Kind: grub.Linux, Kernel: "/k", Parameters: []string{"w"}},
			{Title: "t", Kind: grub.Submenu, Entries: []grub.Entry{{Title: "t", Kind: grub.Reboot}}},
		}}, IsolinuxLook{}, nil)
		check(t, err)
		commands := func(b []byte) (all []string) {
			for line := range strings.Lines(string(b)) {
				words := strings.Fields(line)
				if len(words) > 1 && words[0] == "MENU" {
					words = words[1:]
				}
				if len(words) > 0 && words[0] != "TITLE" && words[0] != "APPEND" {
					all = append(all, words[0])
				}
			}
			return all
		}
		if got, want := commands(text), commands(plain); !slices.Equal(got, want) {
			t.Errorf("commands %q, want %q, in\n%s", got, want, text)
		}
	})
}
