package source

import "strings"

// base chooses what the image starts from and writes base.nix, which together
// with the person's imports is all that the design's own settings are laid over.
func (g *generator) base() {
	g.imports = []importOf{{"(modulesPath + " + quoted(g.baseFile()) + ")", "base"}}
	for i, name := range g.n.Imports {
		field := element("nixos.imports", i)
		if path := g.importFile(field, name); path != "" {
			g.imports = append(g.imports, importOf{localPath(0, path), field})
		}
	}
	lines := []line{
		{text: "# What the image starts from: nixpkgs's own image and the person's modules."},
		{text: g.baseHead()}, {text: "{"}, {text: "  imports = ["},
	}
	for _, i := range g.imports {
		lines = append(lines, line{"    " + i.expression, i.field})
	}
	lines = append(lines, line{text: "  ];"}, line{})
	if g.combines() && g.iso() {
		lines = append(lines, line{text: "  # The image starts by itself; what a machine has for that stays out of it."},
			line{text: "  boot.loader.systemd-boot.enable = lib.mkImageMediaOverride false;"}, line{})
	}
	lines = append(lines,
		line{"  nixpkgs.hostPlatform = " + quoted(g.system()) + ";", "architecture"}, line{text: "}"})
	g.addLines("base.nix", lines)
	g.out.options = append(g.out.options, optionField{strings.Split("nixpkgs.hostPlatform", "."), "architecture"})
	if g.d.Base == "graphical" && g.d.Desktop != "combined" {
		g.desktop()
	}
	g.systemWide()
}

// baseHead are the arguments of base.nix.
func (g *generator) baseHead() string {
	if g.combines() && g.iso() {
		return "{ lib, modulesPath, ... }:"
	}
	return "{ modulesPath, ... }:"
}

// baseFile is nixpkgs's module below modulesPath.
func (g *generator) baseFile() string {
	const cd = "/installer/cd-dvd/installation-cd-"
	installer := g.n.Installer == nil || *g.n.Installer
	switch {
	case g.netboot():
		return "/installer/netboot/netboot-minimal.nix"
	case g.sd():
		return "/installer/sd-card/sd-image-aarch64-installer.nix"
	case g.d.Base == "minimal":
		return cd + "minimal.nix"
	case g.d.Desktop == "combined":
		return cd + "graphical-combined.nix"
	case installer && g.d.Desktop == "gnome":
		return cd + "graphical-calamares-gnome.nix"
	case installer && g.d.Desktop == "plasma":
		return cd + "graphical-calamares-plasma6.nix"
	case installer && g.d.Desktop == "cosmic" && g.atLeast("25.11"):
		return cd + "graphical-calamares-cosmic.nix"
	case installer:
		return cd + "graphical-calamares.nix"
	case g.d.Desktop == "gnome":
		return cd + "graphical-gnome.nix"
	}
	return cd + "graphical-base.nix"
}

// baseHasDesktop says whether nixpkgs's base has the desktop already.
func (g *generator) baseHasDesktop() bool {
	f := g.baseFile()
	return strings.HasSuffix(f, "-gnome.nix") || strings.HasSuffix(f, "-plasma6.nix") || strings.HasSuffix(f, "-cosmic.nix")
}

// desktopSwitch is an option that switches a desktop or its login screen.
type desktopSwitch struct {
	option string
	value  func(bool) expr
}

// desktopOptions are the options of a desktop and of the login screen that
// belongs to it, under the names they have in the design's release.
func (g *generator) desktopOptions(desktop string) []desktopSwitch {
	const now, before = "services.desktopManager.", "services.xserver.desktopManager."
	on := func(names ...string) []desktopSwitch {
		var out []desktopSwitch
		for _, n := range names {
			out = append(out, desktopSwitch{n, boolean})
		}
		return out
	}
	switch desktop {
	case "plasma":
		return on(now+"plasma6.enable", "services.displayManager.sddm.enable")
	case "cosmic":
		return on(now+"cosmic.enable", "services.displayManager.cosmic-greeter.enable")
	case "gnome":
		if g.atLeast("25.11") {
			return on(now+"gnome.enable", "services.displayManager.gdm.enable")
		}
		return on(before+"gnome.enable", "services.xserver.displayManager.gdm.enable")
	case "budgie", "pantheon":
		return movedDesktop(desktop)
	}
	return on(before + desktop + ".enable")
}

// movedDesktop is a desktop whose options moved in the middle of a release: the
// revision of nixpkgs decides.
func movedDesktop(desktop string) []desktopSwitch {
	has := "options.services.desktopManager ? " + desktop
	value := func(guard string) func(bool) expr {
		return func(yes bool) expr {
			return code("lib.optionalAttrs (" + guard + ") { " + desktop + ".enable = " + boolean(yes).lines[0].text + "; }")
		}
	}
	return []desktopSwitch{
		{"services.desktopManager", value(has)},
		{"services.xserver.desktopManager", value("!(" + has + ")")},
	}
}

// desktop adds a desktop that nixpkgs has no image of.
func (g *generator) desktop() {
	if g.baseHasDesktop() {
		return
	}
	m := g.module("desktop.nix", "The desktop, which nixpkgs has no image of.")
	for _, o := range g.desktopOptions(g.d.Desktop) {
		m.set("desktop", o.option, o.value(true))
	}
	m.set("desktop", "isoImage.edition", code("lib.mkDefault "+quoted(g.d.Desktop)))
	m.comment("As on nixpkgs's own graphical images.")
	m.setWeakly("desktop", "services.displayManager.autoLogin.enable", boolean(true))
	m.setWeakly("desktop", "services.displayManager.autoLogin.user", text("nixos"))
}

// systemWide sets what has no subject of its own.
func (g *generator) systemWide() {
	m := g.module("system.nix", "Of the system as a whole.")
	m.setBy(g.said.System.Hostname != "", "system.hostname", "networking.hostName", text(g.d.System.Hostname))
	if v := g.n.StateVersion; v != "" {
		m.comment("For the habits of which release the system keeps its state.")
		m.setBy(g.saidNix.StateVersion != "", "nixos.state_version", "system.stateVersion", text(v))
	}
}
