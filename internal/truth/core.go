package truth

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/internal/run"
	"github.com/isowright/isowright/internal/vm"
)

// GRUB is one build of GRUB to take pictures of.
type GRUB struct {
	// Version as its menu shows it ("2.06-13+deb12u2").
	Version string
	// Modules is the folder with i386-pc and x86_64-efi in it; the host's
	// grub-mkimage makes images of other versions' modules too.
	Modules string
}

// modules are what the image holds; GRUB loads no other, so that the same is
// there on every medium. Those that a platform or version lacks are left out.
var modules = []string{
	"all_video", "biosdisk", "boot", "cat", "chain", "configfile", "cpuid", "date", "echo", "efifwsetup",
	"font", "gettext", "gfxmenu", "gfxterm", "gfxterm_background", "gfxterm_menu", "halt", "help", "iorw",
	"jpeg", "keystatus", "linux", "loadenv", "loopback", "ls", "memdisk", "minicmd", "normal", "part_gpt",
	"part_msdos", "play", "png", "probe", "read", "reboot", "regexp", "search", "search_fs_uuid",
	"search_label", "serial", "sleep", "smbios", "tar", "terminal", "terminfo", "test", "tga", "tr", "true",
	"video", "video_fb", "videoinfo",
}

// early is run by the image before GRUB has looked at any disk: it says "<r>"
// on the serial line (written to the port itself, so that GRUB's terminals stay
// as they are), waits for the return key, and starts the menu.
const early = `outb 0x3f8 60
outb 0x3f8 114
outb 0x3f8 62
read ready
set root=hd0
set prefix=(hd0)/boot/grub
normal (hd0)/start.cfg
`

// start is the configuration around the one that the picture is of. Once that
// is done, GRUB's menu goes to the serial line as well and tells that it is
// there; "<m>" tells that the menu comes, for those that are hidden.
const start = `source /boot/grub/grub.cfg
serial --unit=0 --speed=115200
terminal_output --append serial
outb 0x3f8 60
outb 0x3f8 109
outb 0x3f8 62
`

// medium writes the CD that the firmware starts GRUB from.
func (g GRUB) medium(ctx context.Context, f vm.Firmware, dir string) (string, error) {
	core, err := g.core(ctx, f, dir)
	if err != nil {
		return "", err
	}
	const place = "boot/eltorito.img"
	options := iso.Options{VolumeID: "GRUB", BIOS: &iso.BIOSBoot{ElTorito: place}}
	if f != vm.BIOS {
		options = iso.Options{VolumeID: "GRUB", UEFI: &iso.UEFIBoot{
			Files: []iso.ESPFile{{Path: "EFI/BOOT/BOOTX64.EFI", Data: core}},
		}}
	}
	file, err := os.Create(filepath.Join(dir, "medium.iso"))
	if err != nil {
		return "", err
	}
	defer file.Close()
	w, err := iso.NewWriter(file, options)
	if err != nil {
		return "", err
	}
	if f == vm.BIOS {
		if _, err := w.AddFile(ctx, place, 0, bytes.NewReader(core)); err != nil {
			return "", err
		}
	}
	if _, err := w.Close(ctx); err != nil {
		return "", err
	}
	return file.Name(), file.Close()
}

// core makes GRUB's image with its modules.
func (g GRUB) core(ctx context.Context, f vm.Firmware, dir string) ([]byte, error) {
	folder, format := filepath.Join(g.Modules, "i386-pc"), "i386-pc-eltorito"
	if f != vm.BIOS {
		folder, format = filepath.Join(g.Modules, "x86_64-efi"), "x86_64-efi"
	}
	config, image := filepath.Join(dir, "early.cfg"), filepath.Join(dir, "core")
	if err := os.WriteFile(config, []byte(early), 0o644); err != nil {
		return nil, err
	}
	args := []string{"-O", format, "-d", folder, "-p", "(hd0)/boot/grub", "-c", config, "-o", image}
	for _, name := range modules {
		if _, err := os.Stat(filepath.Join(folder, name+".mod")); err == nil {
			args = append(args, name)
		}
	}
	mkimage, err := exec.LookPath("grub-mkimage")
	if err != nil {
		return nil, err
	}
	if err := run.Run(ctx, run.Cmd{Path: mkimage, Args: args, Env: os.Environ()}); err != nil {
		return nil, fmt.Errorf("make GRUB's image: %w", err)
	}
	return os.ReadFile(image)
}
