package source

import (
	"strings"

	"github.com/isowright/isowright/builder/design"
)

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
		{text: "{ modulesPath, ... }:"}, {text: "{"}, {text: "  imports = ["},
	}
	for _, i := range g.imports {
		lines = append(lines, line{"    " + i.expression, i.field})
	}
	lines = append(lines, line{text: "  ];"}, line{},
		line{"  nixpkgs.hostPlatform = " + quoted(g.system()) + ";", "architecture"}, line{text: "}"})
	g.addLines("base.nix", lines)
	g.out.options = append(g.out.options, optionField{strings.Split("nixpkgs.hostPlatform", "."), "architecture"})
	if g.d.Base == "graphical" && g.d.Desktop != "combined" {
		g.desktop()
	}
	g.stateVersion()
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

// ownDesktop says whether nixpkgs's base has the desktop already.
func (g *generator) baseHasDesktop() bool {
	f := g.baseFile()
	return strings.HasSuffix(f, "-gnome.nix") || strings.HasSuffix(f, "-plasma6.nix") || strings.HasSuffix(f, "-cosmic.nix")
}

// desktopOption is the option that switches a desktop on, by release.
func (g *generator) desktopOption(desktop string) string {
	const new, old = "services.desktopManager.", "services.xserver.desktopManager."
	switch desktop {
	case "plasma":
		return new + "plasma6.enable"
	case "cosmic":
		return new + "cosmic.enable"
	case "gnome":
		if g.atLeast("25.11") {
			return new + "gnome.enable"
		}
	case "budgie", "pantheon":
		if g.atLeast("25.11") {
			return new + desktop + ".enable"
		}
	}
	return old + desktop + ".enable"
}

// loginScreen is the option of the display manager that belongs to a desktop;
// "" where nixpkgs chooses one by itself.
func (g *generator) loginScreen(desktop string) string {
	switch desktop {
	case "plasma":
		return "services.displayManager.sddm.enable"
	case "cosmic":
		return "services.displayManager.cosmic-greeter.enable"
	case "gnome":
		if g.atLeast("25.11") {
			return "services.displayManager.gdm.enable"
		}
		return "services.xserver.displayManager.gdm.enable"
	}
	return "services.xserver.displayManager.lightdm.enable"
}

// desktop adds a desktop that nixpkgs has no image of.
func (g *generator) desktop() {
	if g.baseHasDesktop() {
		return
	}
	m := g.module("desktop.nix", "The desktop, which nixpkgs has no image of.")
	if g.d.Desktop == "cosmic" && !g.atLeast("25.05") {
		g.fault("desktop", "COSMIC came with NixOS 25.05", "choose a newer release or another desktop")
		return
	}
	m.set("desktop", g.desktopOption(g.d.Desktop), boolean(true))
	m.set("desktop", g.loginScreen(g.d.Desktop), boolean(true))
	m.set("desktop", "isoImage.edition", code("lib.mkDefault "+quoted(g.d.Desktop)))
	m.comment("As on nixpkgs's own graphical images.")
	m.setWeakly("desktop", "services.displayManager.autoLogin", attrs(at("enable", boolean(true)), at("user", text("nixos"))))
}

// stateVersion says for which release's habits the live system keeps its state.
func (g *generator) stateVersion() {
	if g.n.StateVersion == "" {
		return
	}
	m := g.module("system.nix", "Of the system as a whole.")
	m.setBy(g.saidNix.StateVersion != "", "nixos.state_version", "system.stateVersion", text(g.n.StateVersion))
	m.setBy(g.said.System.Hostname != "", "system.hostname", "networking.hostName", text(g.d.System.Hostname))
}

// refusals finds what a design says and the chosen kind of image cannot hold.
func (g *generator) refusals() {
	if g.d.Desktop == "combined" && g.saidNix.Installer != nil && !*g.saidNix.Installer {
		g.fault("nixos.installer", "nixpkgs's combined image is an installer", "choose one desktop, or leave the installer on")
	}
	if g.d.Desktop == "combined" && !g.atLeast("25.05") {
		g.fault("desktop", "the combined image came with NixOS 25.05", "choose one desktop or a newer release")
	}
}

// problem is a shorthand.
type problem = design.Problem
