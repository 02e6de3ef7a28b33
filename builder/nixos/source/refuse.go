package source

import "github.com/isowright/isowright/builder/design"

// refusal is something a design says that the chosen kind of image cannot hold.
type refusal struct {
	said       bool
	field      string
	text, hint string
}

// refusals reports all of them. A field that is neither generated nor refused
// would be a promise that nobody keeps.
func (g *generator) refusals() {
	all := g.desktopRefusals()
	all = append(all, g.menuRefusals()...)
	switch {
	case g.netboot():
		all = append(all, g.withoutMenu("a netboot bundle", "the server that hands it out has the menu")...)
	case g.sd():
		all = append(all, g.withoutMenu("a card image", "the board's own loader starts it")...)
		all = append(all, refusal{g.said.Compression != (design.Compression{}) || g.n.SquashfsCompression != "", "compression",
			"the file system of a card is written to and not compressed", "remove it; nixos.compress_image packs the finished image"})
	}
	all = append(all, refusal{!g.atLeast("25.05") && len(g.n.Broken) > 0, "nixos.broken",
		"consent to single packages that are marked broken came with NixOS 25.05", "choose a newer release"})
	if !g.atLeast("25.05") && g.iso() {
		all = append(all,
			refusal{len(g.n.Specialisations) > 0, "nixos.specialisations", "variants have been in the boot menu since NixOS 25.05", "choose a newer release"},
			refusal{g.n.Menu.Configuration != "", "nixos.menu.configuration", "this came with NixOS 25.05", "choose a newer release"},
			refusal{g.n.Menu.Main != nil, "nixos.menu.main", "this came with NixOS 25.05", "choose a newer release"})
	}
	for _, r := range all {
		if r.said {
			g.fault(r.field, r.text, r.hint)
		}
	}
}

func (g *generator) desktopRefusals() []refusal {
	d := g.d.Desktop
	return []refusal{
		{d == "combined" && g.n.Installer != nil && !*g.n.Installer, "nixos.installer",
			"nixpkgs's combined image is an installer", "choose one desktop, or leave the installer on"},
		{d == "combined" && !g.atLeast("25.05"), "desktop", "the combined image came with NixOS 25.05", "choose one desktop or a newer release"},
		{d == "cosmic" && !g.atLeast("25.05"), "desktop", "COSMIC came with NixOS 25.05", "choose another desktop or a newer release"},
	}
}

// menuRefusals are what nixpkgs's own menu cannot do.
func (g *generator) menuRefusals() []refusal {
	if !g.nixMenu() || !g.iso() {
		return nil
	}
	const hint = `set nixos.assembler = "isowright", which makes a menu of its own`
	b := g.said.Boot
	return []refusal{
		{len(b.Entries) > 0, "boot.entries", "nixpkgs makes the entries of its menu itself", hint + "; further entries are nixos.menu.grub, nixos.menu.isolinux and nixos.specialisations"},
		{len(b.Variants) > 0, "boot.variants", "nixpkgs makes the entries of its menu itself, and has such variants", hint},
		{b.BackgroundColour != "", "boot.background_colour", "nixpkgs's menu has a picture behind it", hint},
		{b.FontSize != 0, "boot.font_size", "nixpkgs's menu has the fonts of its theme only", hint},
		{len(b.Fonts) > 0, "boot.fonts", "nixpkgs's menu has the fonts of its theme only", "put them into the theme's folder, or " + hint},
		{g.n.Menu.BIOS != nil && *g.n.Menu.BIOS && g.d.Architecture == "arm64", "nixos.menu.bios", "arm64 machines have no BIOS", "remove it"},
	}
}

// withoutMenu refuses everything about menu and medium for an image that has
// neither.
func (g *generator) withoutMenu(what, why string) []refusal {
	b, m := g.said.Boot, g.n.Menu
	c := b.Colours
	no := func(said bool, field string) refusal {
		return refusal{said, field, what + " has no boot menu of this kind: " + why, "remove it"}
	}
	return []refusal{
		no(b.Title != "", "boot.title"), no(b.Timeout != nil && g.netboot(), "boot.timeout"), no(b.TimeoutStyle != "", "boot.timeout_style"),
		no(b.Resolution != "", "boot.resolution"), no(b.Serial, "boot.serial"),
		no(c.Normal+c.Highlight+c.MenuNormal+c.MenuHighlight != "", "boot.colours"),
		no(b.Background != "", "boot.background"), no(b.Theme != "", "boot.theme"), no(len(b.Fonts) > 0, "boot.fonts"), no(len(b.Variants) > 0, "boot.variants"),
		no(b.BackgroundColour != "", "boot.background_colour"), no(b.FontSize != 0, "boot.font_size"), no(len(b.Entries) > 0, "boot.entries"),
		no(m.DistributionName+m.Prepend+m.Configuration+m.SplashBIOS+m.SplashEFI+m.ThemePackage+m.Syslinux != "" || m.Append != nil || m.Main != nil ||
			m.BIOS != nil || m.EFI != nil || m.USB != nil || m.Memtest != nil || m.TextMode || len(m.GRUB)+len(m.Isolinux) > 0, "nixos.menu"),
		no(len(g.n.Specialisations) > 0 && g.netboot(), "nixos.specialisations"),
		{g.n.Edition != "", "nixos.edition", what + " has no edition", "remove it"},
		{g.netboot() && g.said.VolumeLabel != "", "volume_label", "a netboot bundle is no volume", "remove it"},
		{g.netboot() && g.saidNix.ImageName != "", "nixos.image_name", "a netboot bundle is a folder with fixed names in it", "set output for the folder's name"},
		{g.netboot() && g.n.CompressImage, "nixos.compress_image", "the files of a netboot bundle are compressed already", "remove it"},
		{g.n.Assembler == "isowright", "nixos.assembler", "only an ISO is put together by Isowright", `set nixos.assembler = "nix"`},
		{g.netboot() && g.saidNix.Medium != "", "nixos.medium", "a netboot bundle has no medium", "remove it"},
	}
}
