package source

// menu sets the boot menu that nixpkgs makes.
func (g *generator) menu() {
	m := g.module("menu.nix", "The boot menu.")
	if g.netboot() || g.sd() && g.said.Boot.Timeout == nil {
		return
	}
	if t := *g.d.Boot.Timeout; t < 0 {
		m.replace("boot.timeout", "boot.loader.timeout", code("null"))
	} else {
		m.replace("boot.timeout", "boot.loader.timeout", integer(t))
	}
	if g.sd() {
		return
	}
	menu := g.n.Menu
	if menu.DistributionName != "" {
		m.set("nixos.menu.distribution_name", "system.nixos.distroName", text(menu.DistributionName))
	}
	if menu.Prepend != "" {
		m.set("nixos.menu.prepend", "isoImage.prependToMenuLabel", text(menu.Prepend))
	}
	if menu.Append != nil {
		m.set("nixos.menu.append", "isoImage.appendToMenuLabel", text(*menu.Append))
	}
	if menu.Configuration != "" {
		m.replace("nixos.menu.configuration", "isoImage.configurationName", text(menu.Configuration))
	}
	if menu.Main != nil {
		m.replace("nixos.menu.main", "isoImage.showConfiguration", boolean(*menu.Main))
	}
	if menu.Memtest != nil {
		m.replace("nixos.menu.memtest", "boot.loader.grub.memtest86.enable", boolean(*menu.Memtest))
	}
	if menu.TextMode {
		m.set("nixos.menu.text_mode", "isoImage.forceTextMode", boolean(true))
	}
	for _, s := range []struct {
		field, option string
		value         *bool
	}{
		{"nixos.menu.bios", "isoImage.makeBiosBootable", menu.BIOS},
		{"nixos.menu.efi", "isoImage.makeEfiBootable", menu.EFI},
		{"nixos.menu.usb", "isoImage.makeUsbBootable", menu.USB},
	} {
		if s.value != nil {
			m.replace(s.field, s.option, boolean(*s.value))
		}
	}
	g.look(m)
	g.ownMenu()
}
