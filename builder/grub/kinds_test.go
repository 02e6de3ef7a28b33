package grub

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestKinds: what the entries for Memtest86+ and other images are written as.
func TestKinds(t *testing.T) {
	m := plainMenu()
	m.BackgroundColour = "#204060"
	m.Entries = append(m.Entries,
		Entry{Title: "Memory", Kind: Memtest, Kernel: MemtestBIOS, UEFI: MemtestUEFI},
		Entry{Title: "One file", Kind: Memtest, Kernel: "/memtest.bin"},
		Entry{Title: "Other", Kind: ISO, Image: "/images/it's $x.iso"})
	text, err := Config(m)
	if err != nil {
		t.Fatal(err)
	}
	scriptCheck(t, text)
	for _, want := range []string{
		"background_color '#204060'\n", "    linux /boot/memtest86+x64.efi\n  else\n    linux /boot/memtest86+x64.bin\n",
		"  linux /memtest.bin\n", `  set iso_path='/images/it'\''s $x.iso'` + "\n  export iso_path\n",
		"  if loopback loop \"$iso_path\"; then\n    set root=loop\n", "      configfile /boot/grub/loopback.cfg\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for name, e := range map[string]Entry{
		"kernel": {Title: "x", Kind: Memtest}, "uefi": {Title: "x", Kind: Memtest, Kernel: "/x", UEFI: "y"},
		"image": {Title: "x", Kind: ISO, Image: "x.iso"},
	} {
		m := plainMenu()
		m.Entries = append(m.Entries, e)
		if _, err := Config(m); err == nil || !strings.Contains(err.Error(), "entries[1] "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m.BackgroundColour = "red"
	if _, err := Config(m); err == nil || !strings.Contains(err.Error(), "background_colour") {
		t.Error("a colour that is none:", err)
	}
}

// TestMemtestFiles: the medium gets the files of an entry in a submenu, too,
// and names the package where they are missing.
func TestMemtestFiles(t *testing.T) {
	target := fstest.MapFS{"usr/share/grub/unicode.pf2": {Data: []byte("font")}}
	m := plainMenu()
	m.Entries = append(m.Entries, Entry{Title: "More", Kind: Submenu,
		Entries: []Entry{{Title: "Memory", Kind: Memtest, Kernel: MemtestBIOS, UEFI: MemtestUEFI}}})
	c := &collector{target: target}
	if err := c.menu(m, "info"); err != nil {
		t.Fatal(err)
	}
	if c.err == nil || !strings.Contains(c.err.Error(), "memtest86+") {
		t.Errorf("missing package: %v", c.err)
	}
	target["boot/memtest86+x64.bin"] = &fstest.MapFile{Data: []byte("bios")}
	target["boot/memtest86+x64.efi"] = &fstest.MapFile{Data: []byte("efi")}
	c = &collector{target: target}
	if err := c.menu(m, "info"); err != nil || c.err != nil {
		t.Fatal(err, c.err)
	}
	found := map[string]string{}
	for _, f := range c.medium.Files {
		found[f.Path] = string(f.Data)
	}
	if found[MemtestBIOS] != "bios" || found[MemtestUEFI] != "efi" {
		t.Errorf("files %v", found)
	}
}
