package grub

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/need"
)

// hybrid writes an ISO of a medium with other people's tools.
func hybrid(t *testing.T, medium Medium, search string) string {
	t.Helper()
	dir := t.TempDir()
	tree, esp, iso := filepath.Join(dir, "tree"), filepath.Join(dir, "esp.img"), filepath.Join(dir, "hybrid.iso")
	for _, f := range medium.Files {
		if f.Path == configPath {
			f.Data = append(f.Data, "echo \"<lockdown $lockdown>\"\n"...)
		}
		write(t, filepath.Join(tree, f.Path), f.Data)
	}
	write(t, filepath.Join(tree, search), []byte("here"))
	write(t, filepath.Join(tree, "own.png"), goodPicture(t))
	font, err := os.ReadFile("/usr/share/grub/ascii.pf2")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(tree, "own.pf2"), font)
	write(t, filepath.Join(dir, "mbr.img"), medium.MBRCode)
	if err := os.WriteFile(esp, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "mformat", "-i", esp, "-v", "ESP", "-h", "64", "-t", "8", "-s", "32", "::")
	for _, f := range medium.ESP {
		write(t, filepath.Join(dir, "esp", f.Path), f.Data)
	}
	folders, err := filepath.Glob(filepath.Join(dir, "esp", "*"))
	if err != nil {
		t.Fatal(err)
	}
	run(t, "mcopy", append([]string{"-s", "-i", esp}, append(folders, "::/")...)...)
	run(t, "xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", "TEST", "-o", iso, "-partition_offset", "16",
		"--grub2-mbr", filepath.Join(dir, "mbr.img"),
		"-append_partition", "2", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", esp, "-appended_part_as_gpt",
		"-iso_mbr_part_type", "a2a0d0ebe5b9334487c068b6b72699c7", "--mbr-force-bootable",
		"-c", "/boot/boot.cat", "-b", medium.ElToritoPath[1:], "-no-emul-boot", "-boot-load-size", "4",
		"-boot-info-table", "--grub2-boot-info",
		"-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot", tree)
	return iso
}

// titled is a menu that shows its title on the serial line.
func titled(title string) Menu {
	m := liveMenu()
	m.Search = "/live/" + title
	m.Background, m.Theme, m.Fonts = "/own.png", "", []string{"/own.pf2"}
	m.TimeoutStyle, m.Timeout, m.Default = "menu", -1, nil
	m.Entries = append([]Entry{{Title: "Medium " + title, Kind: Reboot}}, m.Entries...)
	return m
}

func usb(iso, id, index string) []string {
	return []string{"-drive", "if=none,format=raw,readonly=on,id=" + id + ",file=" + iso,
		"-device", "usb-storage,drive=" + id + index}
}

// TestMediumBoots brings the menu up by BIOS from CD and stick, and by UEFI
// with Secure Boot from a stick beside another one of ours: each stick must
// show its own menu.
func TestMediumBoots(t *testing.T) {
	const code, vars = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"
	need.Tools(t, "qemu-system-x86_64", "xorriso", "mformat", "mcopy", code, vars)
	one := hybrid(t, realMedium(t, titled("one")), "/live/one")
	two := hybrid(t, realMedium(t, titled("two")), "/live/two")
	data, err := os.ReadFile(vars)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "vars.fd")
	write(t, own, data)
	bios := []string{"-machine", "q35,accel=tcg", "-m", "256"}
	uefi := []string{"-machine", "q35,accel=tcg,smm=on", "-m", "512",
		"-global", "driver=cfi.pflash01,property=secure,value=on",
		"-drive", "if=pflash,format=raw,unit=0,readonly=on,file=" + code,
		"-drive", "if=pflash,format=raw,unit=1,file=" + own}
	xhci := []string{"-device", "qemu-xhci"}
	for _, c := range []struct {
		name, title string
		args        [][]string
	}{
		{"BIOS CD", "one", [][]string{bios, {"-cdrom", one}}},
		{"BIOS stick", "two", [][]string{bios, xhci, usb(one, "a", ""), usb(two, "b", ",bootindex=1")}},
		{"UEFI stick", "two", [][]string{uefi, xhci, usb(one, "a", ",bootindex=2"), usb(two, "b", ",bootindex=1")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := []string{"-display", "none", "-nodefaults", "-vga", "std", "-serial", "stdio", "-nic", "none", "-no-reboot"}
			for _, more := range c.args {
				args = append(args, more...)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			out := serial(t, exec.CommandContext(ctx, "qemu-system-x86_64", args...), "Switch off")
			if !strings.Contains(out, "Medium "+c.title) {
				t.Errorf("the menu is not that of the medium:\n%s", out)
			}
			if strings.Contains(out, "error") || strings.Contains(out, "policy") {
				t.Errorf("an error is shown:\n%s", out)
			}
			if efi := strings.HasPrefix(c.name, "UEFI"); efi != strings.Contains(out, "Firmware settings") {
				t.Errorf("the firmware entry is wrong:\n%s", out)
			} else if strings.Contains(out, "<lockdown y>") != efi {
				t.Errorf("Secure Boot is on: %v, want %v:\n%s", !efi, efi, out)
			}
		})
	}
}
