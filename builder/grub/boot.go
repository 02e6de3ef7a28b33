package grub

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Arch is a computer architecture in Debian's name for it.
type Arch string

// The architectures that can be booted: AMD64 by BIOS and UEFI, ARM64 by UEFI.
const (
	AMD64 Arch = "amd64"
	ARM64 Arch = "arm64"
)

// Places on the medium.
const (
	configPath   = "/boot/grub/grub.cfg"
	loopbackPath = "/boot/grub/loopback.cfg"
	// fontPath is where "loadfont unicode" looks.
	fontPath = "/boot/grub/fonts/unicode.pf2"
	// infoPath must exist: Debian's signed GRUB finds the medium by it.
	infoPath     = "/.disk/info"
	eltoritoPath = "/boot/grub/i386-pc/eltorito.img"
	// MemtestBIOS and MemtestUEFI are Memtest86+ on the medium and, without
	// the slash, in the package memtest86+.
	MemtestBIOS = "/boot/memtest86+x64.bin"
	MemtestUEFI = "/boot/memtest86+x64.efi"
)

// BIOSModules are built into the BIOS core image: everything that Config uses
// and what it needs to read the medium, so that the menu comes up without one
// search for a module on a slow stick; and what helps at the command line.
func BIOSModules() []string {
	return strings.Fields(`
		biosdisk part_gpt part_msdos iso9660 fat ext2 loopback
		normal configfile test true echo sleep regexp minicmd help ls cat
		search search_label search_fs_uuid search_fs_file
		terminal serial terminfo font gettext
		all_video vbe video_bochs video_cirrus gfxterm gfxterm_background gfxmenu png jpeg
		linux linux16 chain boot reboot halt loadenv`)
}

// BIOSImage gives the arguments of grub-mkimage that make the El Torito image
// for BIOS, from the target's modules in dir (its /usr/lib/grub/i386-pc) to
// the file out.
func BIOSImage(dir, out string) []string {
	args := []string{"--directory", dir, "--format", "i386-pc-eltorito",
		"--prefix", "/boot/grub", "--output", out}
	return append(args, BIOSModules()...)
}

// MediumFile is a file of a boot medium.
type MediumFile struct {
	// Path is absolute on the ISO or the ESP.
	Path string
	Data []byte
}

// Medium is everything that makes an image boot, for the ISO writer.
type Medium struct {
	// Files lie on the ISO, ESP on the EFI system partition.
	Files []MediumFile
	ESP   []MediumFile
	// MBRCode is the boot code of a hybrid image (boot_hybrid.img, 512 bytes),
	// into which the ISO writer puts the place of the El Torito image and its
	// partition table. Empty without BIOS.
	MBRCode []byte
	// ElToritoPath is the BIOS boot image among Files; empty without BIOS.
	ElToritoPath string
}

// BootFiles collects what a medium boots from: the target's GRUB and shim as
// its packages hold them (target is rooted at "/", with usr/lib/grub/... in
// it), the BIOS image made with BIOSImage's arguments (AMD64 only), and the
// files written here for the menu. info is the text of /.disk/info. A file
// missing from target is an error that names its package.
func BootFiles(target fs.FS, arch Arch, eltorito []byte, m Menu, info string) (Medium, error) {
	if err := checkText(info); err != nil {
		return Medium{}, fmt.Errorf("text of %s %w", infoPath, err)
	}
	c := &collector{target: target}
	if err := c.menu(m, info); err != nil {
		return Medium{}, err
	}
	switch arch {
	case AMD64:
		if len(eltorito) == 0 {
			return Medium{}, fmt.Errorf("collect boot files: the BIOS boot image is empty: make it with grub-mkimage")
		}
		c.bios(eltorito)
		c.uefi("x64", "grub-efi-amd64-signed", "x86_64-efi-signed", "shim-helpers-amd64-signed")
	case ARM64:
		c.uefi("aa64", "grub-efi-arm64-signed", "arm64-efi-signed", "shim-helpers-arm64-signed")
	default:
		return Medium{}, fmt.Errorf("collect boot files: no boot files are known for architecture %q", arch)
	}
	if c.err != nil {
		return Medium{}, c.err
	}
	return c.medium, nil
}

// collector reads package files until the first error.
type collector struct {
	target   fs.FS
	medium   Medium
	redirect []byte
	err      error
}

func (c *collector) file(to string, data []byte) {
	c.medium.Files = append(c.medium.Files, MediumFile{to, data})
}

// read gets one file of a package.
func (c *collector) read(name, pkg string) []byte {
	if c.err != nil {
		return nil
	}
	data, err := fs.ReadFile(c.target, name)
	if err == nil && len(data) == 0 {
		err = fmt.Errorf("/%s is empty", name)
	}
	if err != nil {
		c.err = fmt.Errorf("collect boot files: the target's package %s is missing or incomplete: %w", pkg, err)
	}
	return data
}

// menu writes the files that every medium has.
func (c *collector) menu(m Menu, info string) error {
	config, err := Config(m)
	if err != nil {
		return err
	}
	loopback, err := Loopback(m)
	if err != nil {
		return err
	}
	if c.redirect, err = Redirect(m); err != nil {
		return err
	}
	c.file(infoPath, []byte(info+"\n"))
	c.file(configPath, config)
	c.file(loopbackPath, loopback)
	c.file(fontPath, c.read("usr/share/grub/unicode.pf2", "grub-common"))
	if Has(m.Entries, Memtest) {
		for _, path := range []string{MemtestBIOS, MemtestUEFI} {
			c.file(path, c.read(strings.TrimPrefix(path, "/"), "memtest86+"))
		}
	}
	return nil
}

// Has says whether a menu or a submenu has an entry of a kind.
func Has(entries []Entry, kind Kind) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool { return e.Kind == kind || Has(e.Entries, kind) })
}

// bios adds the El Torito image, the MBR and the modules, which are for the
// command line only: the menu's are in the image.
func (c *collector) bios(eltorito []byte) {
	const dir = "usr/lib/grub/i386-pc"
	c.medium.MBRCode = c.read(dir+"/boot_hybrid.img", "grub-pc-bin")
	if c.err == nil && len(c.medium.MBRCode) != 512 {
		c.err = fmt.Errorf("collect boot files: boot_hybrid.img of grub-pc-bin has %d bytes, not 512", len(c.medium.MBRCode))
	}
	c.medium.ElToritoPath = eltoritoPath
	c.file(eltoritoPath, eltorito)
	c.read(dir+"/normal.mod", "grub-pc-bin")
	if c.err != nil {
		return
	}
	entries, err := fs.ReadDir(c.target, dir)
	if err != nil {
		c.err = fmt.Errorf("collect boot files: read the target's modules: %w", err)
		return
	}
	for _, e := range entries {
		if ext := path.Ext(e.Name()); ext == ".mod" || ext == ".lst" {
			c.module(dir + "/" + e.Name())
		}
	}
}

// module adds one file of the module folder; some lists are empty by right.
func (c *collector) module(name string) {
	data, err := fs.ReadFile(c.target, name)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("collect boot files: %w", err)
	}
	c.file("/boot/grub/i386-pc/"+path.Base(name), data)
}

// uefi adds the Secure Boot chain, on the ESP for the firmware and on the ISO
// for those who copy its files to a FAT stick. The firmware starts shim, shim
// its neighbour grubx64.efi; mmx64.efi enrols a machine owner's keys.
//
// The signed image reads /boot/grub/grub.cfg on the device that it was started
// from and searches /.disk/info on all drives only where that folder is
// missing. So a redirection lies there on the ESP: a second stick in the
// computer is never taken for this one. The one beside grubx64.efi is what the
// image tries last.
func (c *collector) uefi(suffix, grubPkg, grubDir, helperPkg string) {
	chain := []MediumFile{
		{"/EFI/BOOT/BOOT" + strings.ToUpper(suffix) + ".EFI",
			c.read("usr/lib/shim/shim"+suffix+".efi.signed", "shim-signed")},
		{"/EFI/BOOT/grub" + suffix + ".efi",
			c.read("usr/lib/grub/"+grubDir+"/gcd"+suffix+".efi.signed", grubPkg)},
		{"/EFI/BOOT/mm" + suffix + ".efi",
			c.read("usr/lib/shim/mm"+suffix+".efi.signed", helperPkg)},
		{"/EFI/BOOT/grub.cfg", c.redirect},
	}
	c.medium.Files = append(c.medium.Files, chain...)
	c.medium.ESP = append(c.medium.ESP, chain...)
	c.medium.ESP = append(c.medium.ESP, MediumFile{configPath, c.redirect})
}
