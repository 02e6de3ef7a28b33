package source

import (
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// ownModules adds NixOS modules in the person's own words.
func (g *generator) ownModules() {
	for i, m := range g.n.Modules {
		file := "modules/" + m.Name + ".nix"
		g.ownFile(file, endLine(m.Text), element("nixos.modules", i))
		g.names = append(g.names, file)
	}
}

// combines says whether modules that were written for another machine join the
// image.
func (g *generator) combines() bool { return len(g.n.Imports) > 0 || g.n.Flake.URL != "" }

// ownFlakeInput is the person's flake as an input of ours: a folder of theirs is
// taken along.
func (g *generator) ownFlakeInput() string {
	url := g.n.Flake.URL
	rest, local := strings.CutPrefix(url, "./")
	if !local && url != "." {
		return url
	}
	g.copyFlake("nixos.flake.url", path.Clean("./"+rest), ownFlake)
	return "path:./" + ownFlake
}

// copyFlake takes a folder along, without what only the person's own machine
// needs: the history and built images.
func (g *generator) copyFlake(field, name, to string) {
	full, ok := g.resolve(field, name)
	if !ok {
		return
	}
	entries, err := os.ReadDir(full)
	if err != nil {
		g.fault(field, strconv.Quote(name)+" cannot be read: "+err.Error(), "check the folder")
		return
	}
	for _, e := range entries {
		n := e.Name()
		if leftOut.MatchString(n) || strings.HasSuffix(n, ".iso") || strings.HasSuffix(n, ".img") {
			continue
		}
		g.add(File{Path: to + "/" + n, Copy: filepath.Join(full, n)}, nil)
	}
}

// specialisations are variants of the system with entries of their own.
func (g *generator) specialisations() {
	if len(g.n.Specialisations) == 0 {
		return
	}
	m := g.module("specialisations.nix", "Variants of the system, each with an entry of its own in the boot menu.")
	for i, s := range g.n.Specialisations {
		field := element("nixos.specialisations", i)
		file := "specialisations/" + s.Name + ".nix"
		m.set(field, "specialisation", attrs(at1("imports", list(code(localPath(0, file))))), s.Name, "configuration")
		g.specialisation(i)
	}
}

// specialisation writes the module of one variant.
func (g *generator) specialisation(i int) {
	s := g.n.Specialisations[i]
	field := element("nixos.specialisations", i)
	m := &module{g: g, file: "specialisations/" + s.Name + ".nix", about: "The variant " + s.Name + "."}
	if g.iso() {
		title := s.Title
		if title == "" {
			title = "(" + s.Name + ")"
		}
		m.vary(field+".title", "isoImage.configurationName", text(title))
		m.comment("The main system may be hidden in the menu, its variants are not.")
		m.vary(field, "isoImage.showConfiguration", boolean(true))
	}
	g.kernelPackages(m, field+".kernel", s.Kernel, true)
	if s.Kernel != "" && s.Kernel != "default" && g.n.ZFS == nil {
		m.set(field+".kernel", "boot.supportedFilesystems.zfs", withoutZFS())
	}
	if words := g.parameters(field+".parameters", s.Parameters); len(words) > 0 {
		m.set(field+".parameters", "boot.kernelParams", list(words...))
	}
	if len(s.Packages) > 0 {
		m.set(field+".packages", "environment.systemPackages", packageList(field+".packages", s.Packages))
	}
	if s.Desktop != "" {
		g.otherDesktop(m, field+".desktop", s.Desktop)
	}
	if strings.TrimSpace(s.Config) != "" {
		own := "specialisations/" + s.Name + "-own.nix"
		m.set(field+".config", "imports", list(code("./"+s.Name+"-own.nix")))
		body := line{text: "# The variant " + s.Name + " in the person's own words."}
		lines := []line{body, {text: "{ config, lib, modulesPath, options, pkgs, ... }:"}, {text: "{"}}
		for l := range strings.SplitSeq(strings.TrimRight(s.Config, "\n"), "\n") {
			lines = append(lines, line{l, field + ".config"})
		}
		g.addLines(own, append(lines, line{text: "}"}))
	}
	g.addLines(m.file, m.render())
	for _, set := range m.settings {
		g.out.options = append(g.out.options, optionField{append([]string{"specialisation", s.Name, "configuration"}, set.option...), set.field})
	}
}

// otherDesktop puts another desktop into a variant, in place of the main
// system's.
func (g *generator) otherDesktop(m *module, field, desktop string) {
	if desktop == g.d.Desktop {
		return
	}
	if desktop == "combined" || g.d.Desktop == "combined" {
		g.fault(field, "nixpkgs's combined image has variants of its own for its desktops", "name one desktop here and in the design")
		return
	}
	if g.d.Desktop != "" {
		for _, o := range g.desktopOptions(g.d.Desktop) {
			m.vary(field, o.option, o.value(false))
		}
		if g.d.Desktop == "plasma" && g.atLeast("26.05") {
			m.vary(field, "services.displayManager.plasma-login-manager.enable", boolean(false))
		}
	}
	m.set(field, "services.xserver.enable", boolean(true))
	for _, o := range g.desktopOptions(desktop) {
		m.vary(field, o.option, o.value(true))
	}
}
