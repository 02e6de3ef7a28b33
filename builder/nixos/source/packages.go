package source

import (
	"slices"
)

// packages installs packages and writes down which there are.
func (g *generator) packages() {
	m := g.module("packages.nix", "Packages, and consent to those that nixpkgs does not give out unasked.")
	if len(g.n.StoreContents) > 0 {
		m.comment("In the image's store, but not installed.")
		m.set("nixos.store_contents", g.storeOption(), packageList("nixos.store_contents", g.n.StoreContents))
	}
	if len(g.d.Packages) > 0 {
		m.set("packages", "environment.systemPackages", packageList("packages", g.d.Packages))
	}
	if g.n.PackageList == nil || *g.n.PackageList {
		m.comment("What is installed, one package a line.")
		m.set("nixos.package_list", "environment.etc.packages.text", code(`lib.concatLines (
  lib.naturalSort (lib.unique (map (p: p.name or (toString p)) config.environment.systemPackages))
)`))
	}
	g.consent(m)
}

// storeOption is where the medium lists what lies in its store.
func (g *generator) storeOption() string {
	switch {
	case g.netboot():
		return "netboot.storeContents"
	case g.sd():
		return "sdImage.storePaths"
	}
	return "isoImage.storeContents"
}

// packageList is a list of packages of nixpkgs, one a line.
func packageList(field string, names []string) expr {
	items := make([]expr, len(names))
	for i, n := range names {
		items[i] = code(packagePath("pkgs", n)).of(element(field, i))
		items[i].atom = true
	}
	return list(items...)
}

// consent lets unfree, insecure and broken packages through by name.
func (g *generator) consent(m *module) {
	if unfree := slices.Concat(g.n.Unfree, g.unfreeFirmware()); len(unfree) > 0 {
		m.comment("Unfree packages that the design agrees to, by their pname.")
		m.set("nixos.unfree", "nixpkgs.config.allowUnfreePredicate", nameTest("nixos.unfree", unfree))
	}
	if len(g.n.Insecure) > 0 {
		m.comment("Packages with known weaknesses that the design agrees to.")
		m.set("nixos.insecure", "nixpkgs.config.allowInsecurePredicate", nameTest("nixos.insecure", g.n.Insecure))
	}
	if len(g.n.Broken) == 0 {
		return
	}
	m.comment("Packages marked broken that are tried all the same.")
	if !g.atLeast("26.05") {
		m.set("nixos.broken", "nixpkgs.config.allowBrokenPredicate", nameTest("nixos.broken", g.n.Broken))
		return
	}
	for i, name := range g.n.Broken {
		m.set(element("nixos.broken", i), "nixpkgs.config.problems.handlers", text("warn"), name, "broken")
	}
}

// nameTest is a predicate on a package's pname.
func nameTest(field string, names []string) expr {
	e := words(field, names)
	return e.wrap("package: builtins.elem (lib.getName package) ", "", false)
}

// unfreeFirmware are the packages of hardware.enableAllFirmware: naming the set
// is consent to what is in it.
func (g *generator) unfreeFirmware() []string {
	if g.n.Firmware != "all" {
		return nil
	}
	return []string{"b43-firmware", "broadcom-bt-firmware", "facetimehd-calibration", "facetimehd-firmware", "xone-dongle-firmware", "xow_dongle-firmware"}
}
