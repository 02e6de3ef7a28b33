//go:build nixpkgs

package source_test

import (
	"fmt"
	"testing"
)

// TestBases evaluates every base and desktop as it comes.
func TestBases(t *testing.T) {
	run(t, baseScenarios())
}

func baseScenarios() []scenario {
	const fileSystem = `c.fileSystems."/iso".device`
	iso := []check{
		is(fileSystem, "/dev/disk/by-label/TEST_IMAGE"), is("c.boot.loader.timeout", 5),
		has(targets, "/EFI", "/boot/efi.img"),
	}
	list := []scenario{
		{name: "minimal", text: "", checks: append(iso, has(targets, "/isolinux"), is("c.isoImage.edition", "minimal"))},
		{name: "minimal, latest kernel", text: "[nixos]\nkernel = \"latest\"", checks: append(iso,
			is("c.boot.kernelPackages.kernel.version == pkgs.linuxPackages_latest.kernel.version", true), is("c.boot.supportedFilesystems.zfs or false", false))},
		{name: "arm64", text: `architecture = "arm64"`, checks: append(iso, lacks(targets, "/isolinux"), is("pkgs.stdenv.hostPlatform.system", "aarch64-linux"))},
		{name: "card, arm64", text: "architecture = \"arm64\"\n[nixos]\nmedium = \"sd\"", checks: []check{
			is("packages.image.drvPath == c.system.build.sdImage.drvPath", true), is("c.image.baseName", "test-image")}},
		{name: "netboot", text: `base = "netboot"`, checks: []check{
			is("c.system.build ? netbootRamdisk && c.system.build ? netbootIpxeScript", true), is("c.system.build ? isoImage", false)}},
	}
	for _, d := range []struct{ name, option string }{
		{"gnome", "services.desktopManager.gnome"}, {"plasma", "services.desktopManager.plasma6"},
		{"cosmic", "services.desktopManager.cosmic"}, {"xfce", "services.xserver.desktopManager.xfce"},
		{"mate", "services.xserver.desktopManager.mate"}, {"cinnamon", "services.xserver.desktopManager.cinnamon"},
		{"lxqt", "services.xserver.desktopManager.lxqt"}, {"budgie", "services.desktopManager.budgie"},
		{"pantheon", "services.desktopManager.pantheon"},
	} {
		list = append(list, scenario{name: d.name, text: fmt.Sprintf("base = \"graphical\"\ndesktop = %q", d.name), checks: append(iso,
			is("c."+d.option+".enable", true), has(installed, "calamares"), has("c.isoImage.edition", d.name),
			is("c.services.displayManager.autoLogin.enable", true), is("c.services.displayManager.autoLogin.user", "nixos"))})
	}
	list = append(list, scenario{name: "combined", text: "base = \"graphical\"\ndesktop = \"combined\"", checks: []check{
		is("builtins.length (builtins.attrNames c.specialisation) > 1", true), is("map (e: e.name) f.plan.menu == builtins.attrNames c.specialisation", true)}})
	for i := range list {
		list[i].plan = true
	}
	return list
}
