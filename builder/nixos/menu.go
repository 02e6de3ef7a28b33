package nixos

import (
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/nixos/assemble"
)

// Menu is the boot menu that a design's image will have, as far as it is known
// without an evaluation: the paths and the command lines are not, and the
// title of the system's own entry may differ.
func Menu(d design.Design) (grub.Menu, error) {
	d = design.WithDefaults(d)
	var m assemble.Manifest
	m.Boot.Timeout = d.Boot.Timeout
	kernel := func(name, label string, words ...string) {
		m.Boot.Menu = append(m.Boot.Menu, assemble.SystemBoot{
			Name: name, Label: label, Params: append([]string{"init=/nix/store/…/init"}, words...),
			Kernel: "boot/bzImage", Initrd: "boot/initrd",
		})
	}
	label := "NixOS " + d.Release + " Installer"
	if d.NixOS.Menu.Main == nil || *d.NixOS.Menu.Main {
		kernel("", label, d.Kernel.Parameters...)
	}
	for _, s := range d.NixOS.Specialisations {
		title := s.Title
		if title == "" {
			title = "(" + s.Name + ")"
		}
		kernel(s.Name, label+" "+title, s.Parameters...)
	}
	menu, err := assemble.Menu(d, m)
	if err != nil {
		return menu, err
	}
	return assemble.WithMemtest(menu, d), nil
}

// IsolinuxConfig is what isolinux, which starts the image under BIOS, reads for
// a menu of Menu.
func IsolinuxConfig(d design.Design, m grub.Menu) ([]byte, error) {
	return assemble.IsolinuxOf(design.WithDefaults(d), m)
}
