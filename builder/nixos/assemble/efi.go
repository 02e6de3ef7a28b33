package assemble

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
)

// Places on the medium.
const (
	efiFolder  = "/EFI/BOOT/"
	grubFolder = "/boot/grub/"
	fontName   = "unicode.pf2"
	configName = "grub.cfg"
)

// maxModules bounds what is copied of GRUB's modules, in bytes.
const maxModules = 12 << 20

// platforms are the names of GRUB's modules by boot loader.
var platforms = map[string]string{"BOOTX64.EFI": "x86_64-efi", "BOOTAA64.EFI": "arm64-efi", "BOOTIA32.EFI": "i386-efi"}

// uefi fills the EFI system partition, from which firmware starts nixpkgs' GRUB.
// That reads grub.cfg beside itself on the partition, or, started from a CD, at
// the same place on the ISO. Either leads to the menu, GRUB's modules and its
// font, which lie on the ISO.
func (a *assembly) uefi(context.Context) error {
	if a.manifest.Boot.EFI.Image == "" {
		return nil
	}
	config, err := grub.Config(a.image.Menu)
	if err != nil {
		return err
	}
	if n := a.Design.NixOS; n != nil {
		config = append(config, grubEntries(n.Menu.GRUB)...)
	}
	a.put(grubFolder+configName, config)
	redirect, err := grub.Redirect(a.image.Menu)
	if err != nil {
		return err
	}
	a.put(efiFolder+configName, redirect)
	a.esp(efiFolder+configName, redirect)
	if font, ok := a.files[clean(efiFolder+fontName)]; ok {
		font.Path = clean(fontFolder + fontName)
		if _, own := a.files[font.Path]; !own {
			a.files[font.Path] = font
		}
	}
	if err := a.loaders(); err != nil {
		return err
	}
	return a.noClash()
}

// loaders copies the boot loaders to the partition and their modules to the ISO.
func (a *assembly) loaders() error {
	if len(a.under(clean(efiFolder))) == 0 {
		return fmt.Errorf("the manifest puts no %s on the medium", efiFolder)
	}
	found := false
	for _, e := range a.under(clean(efiFolder)) {
		name := strings.ToUpper(path.Base(e.Path))
		platform := platforms[name]
		if platform == "" {
			continue
		}
		data, err := readAll(e)
		if err != nil {
			return err
		}
		found = true
		a.esp(efiFolder+name, data)
		if err := a.modules(platform); err != nil {
			return fmt.Errorf("GRUB's modules: %w", err)
		}
	}
	if !found {
		return fmt.Errorf("the manifest's %s holds no boot loader for UEFI", efiFolder)
	}
	return nil
}

func (a *assembly) esp(at string, data []byte) {
	a.image.ESP = append(a.image.ESP, grub.MediumFile{Path: at, Data: data})
}

// modules puts GRUB's modules on the medium: nixpkgs builds fewer into its image
// than a menu of one's own may use.
func (a *assembly) modules(platform string) error {
	if a.manifest.Boot.EFI.GRUB == "" {
		return nil
	}
	host, _, err := a.store.resolve(a.manifest.Boot.EFI.GRUB + "/" + platform)
	if err != nil {
		return err
	}
	files, err := os.ReadDir(host)
	if err != nil {
		return err
	}
	var total int64
	for _, f := range files {
		if ext := filepath.Ext(f.Name()); ext != ".mod" && ext != ".lst" {
			continue
		}
		info, err := os.Stat(filepath.Join(host, f.Name()))
		if err != nil {
			return err
		}
		if total += info.Size(); total > maxModules {
			return fmt.Errorf("%s has more than %d MiB", host, maxModules>>20)
		}
		at := clean(grubFolder + platform + "/" + f.Name())
		a.files[at] = fileEntry(at, filepath.Join(host, f.Name()), info.Size(), 0o444)
	}
	return nil
}

// grubEntries are the person's own entries, in GRUB's language.
func grubEntries(list []design.GRUBEntry) []byte {
	var b strings.Builder
	for _, e := range list {
		b.WriteString("\nmenuentry ")
		if e.Class != "" {
			b.WriteString("--class=" + grubQuote(e.Class) + " ")
		}
		fmt.Fprintf(&b, "-- %s {\n%s\n}\n", grubQuote(e.Title), strings.TrimRight(e.Commands, "\n"))
	}
	return []byte(b.String())
}

// grubQuote makes one word of a text: nothing has a meaning between single
// quotes but the quote itself. (GNU GRUB manual, "Quoting")
func grubQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
