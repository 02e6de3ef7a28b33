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

const (
	efiFolder  = "EFI/BOOT"
	efiConfig  = "/EFI/BOOT/grub.cfg"
	efiFont    = "EFI/BOOT/unicode.pf2"
	maxModules = 12 << 20 // bytes
)

// platforms are the names of GRUB's modules by boot loader.
var platforms = map[string]string{"BOOTX64.EFI": "x86_64-efi", "BOOTAA64.EFI": "arm64-efi", "BOOTIA32.EFI": "i386-efi"}

// uefi fills the EFI system partition. Firmware starts nixpkgs' GRUB from it,
// which looks for its configuration, its modules and its font beside itself;
// everything else is found on the ISO.
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
	a.put(efiConfig, config)
	a.esp(efiConfig, config)
	if err := a.noClash(); err != nil {
		return err
	}
	loaders := 0
	for _, e := range a.under(efiFolder) {
		name := path.Base(e.Path)
		if platforms[strings.ToUpper(name)] == "" {
			continue
		}
		data, err := readAll(e)
		if err != nil {
			return err
		}
		loaders++
		a.esp("/"+efiFolder+"/"+strings.ToUpper(name), data)
		if err := a.modules(platforms[strings.ToUpper(name)]); err != nil {
			return err
		}
	}
	if loaders == 0 {
		return fmt.Errorf("the manifest's /%s holds no boot loader for UEFI", efiFolder)
	}
	if font, ok := a.files[efiFont]; ok {
		data, err := readAll(font)
		if err != nil {
			return err
		}
		a.esp("/"+efiFolder+"/fonts/unicode.pf2", data)
	}
	return nil
}

func (a *assembly) esp(at string, data []byte) {
	a.image.ESP = append(a.image.ESP, grub.MediumFile{Path: at, Data: data})
}

// modules puts GRUB's modules on the partition: nixpkgs builds fewer into its
// image than a menu of one's own may use.
func (a *assembly) modules(platform string) error {
	if a.manifest.Boot.EFI.GRUB == "" {
		return nil
	}
	host, _, err := a.store.resolve(a.manifest.Boot.EFI.GRUB + "/" + platform)
	if err != nil {
		return fmt.Errorf("GRUB's modules: %w", err)
	}
	files, err := os.ReadDir(host)
	if err != nil {
		return fmt.Errorf("GRUB's modules: %w", err)
	}
	total := 0
	for _, f := range files {
		if ext := filepath.Ext(f.Name()); ext != ".mod" && ext != ".lst" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(host, f.Name()))
		if err != nil {
			return fmt.Errorf("GRUB's modules: %w", err)
		}
		if total += len(data); total > maxModules {
			return fmt.Errorf("GRUB's modules in %s have more than %d MiB", host, maxModules>>20)
		}
		a.esp("/"+efiFolder+"/"+platform+"/"+f.Name(), data)
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
