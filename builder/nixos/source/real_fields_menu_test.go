//go:build nixpkgs

package source_test

// menu makes a scenario about a field of [nixos.menu].
func menu(fields, lines string, checks ...check) scenario {
	return field(fields, "[nixos.menu]\n"+lines, checks...)
}

func nixMenuScenarios() []scenario {
	return []scenario{
		menu("nixos.menu.distribution_name", `distribution_name = "ACME OS"`, is("c.system.nixos.distroName", "ACME OS")),
		menu("nixos.menu.prepend", `prepend = "Start "`, is("c.isoImage.prependToMenuLabel", "Start "),
			is("(builtins.head f.plan.menu).label == \"Start NixOS ${c.system.nixos.label} Installer\"", true)),
		menu("nixos.menu.append", `append = ""`, is("c.isoImage.appendToMenuLabel", "")),
		menu("nixos.menu.configuration", `configuration = "(main)"`, is("c.isoImage.configurationName", "(main)")),
		menu("nixos.menu.main", "main = false\n[[nixos.specialisations]]\nname = \"other\"", is("c.isoImage.showConfiguration", false),
			is("map (e: e.name) f.plan.menu", []string{"other"})),
		menu("nixos.menu.bios", "bios = false", is("c.isoImage.makeBiosBootable", false), lacks(targets, "/isolinux")),
		menu("nixos.menu.efi", "efi = false", is("c.isoImage.makeEfiBootable", false), lacks(targets, "/EFI")),
		menu("nixos.menu.usb", "usb = false", is("c.isoImage.makeUsbBootable", false)),
		menu("nixos.menu.memtest", "memtest = false", is("c.boot.loader.grub.memtest86.enable", false)),
		menu("nixos.menu.text_mode", "text_mode = true", is("c.isoImage.forceTextMode", true)),
		menu("nixos.menu.splash_bios", `splash_bios = "art/a.png"`, has("toString c.isoImage.splashImage", "a.png")).with(picture("art/a.png")),
		menu("nixos.menu.splash_efi", `splash_efi = "art/a.png"`, has("toString c.isoImage.efiSplashImage", "a.png")).with(picture("art/a.png")),
		menu("nixos.menu.theme_package", `theme_package = "sleek-grub-theme"`, has("c.isoImage.grubTheme.name", "sleek-grub-theme")),
		menu("nixos.menu.theme_package", `theme_package = "none"`, is("c.isoImage.grubTheme", nil)).named("none"),
		menu("nixos.menu.syslinux", "syslinux = '''\nMENU TITLE ACME ${x}\n'''", is("c.isoImage.syslinuxTheme", "MENU TITLE ACME ${x}\n")),
		menu("nixos.menu.grub.title,nixos.menu.grub.class,nixos.menu.grub.commands", `
[[nixos.menu.grub]]
title = '''It's "disk" $0 ${x} \ one'''
class = "hd"
commands = '''
set root=(hd0)
chainloader /EFI/BOOT/BOOTX64.EFI
'''`, append(append(joined("/EFI", "entries.grub"), joined("/boot/efi.img", "entries.grub")...),
			has(written("menu/entries.grub"), `'It'\''s "disk" $0 ${x} \ one' --class hd {`, "  chainloader /EFI/BOOT/BOOTX64.EFI\n"))...),
		menu("nixos.menu.isolinux.label,nixos.menu.isolinux.title,nixos.menu.isolinux.commands", `
[[nixos.menu.isolinux]]
label = "hd0"
title = "First ^disk ${x}"
commands = '''
COM32 chain.c32
APPEND hd0
'''`, append(joined("/isolinux/isolinux.cfg", "entries.isolinux"),
			has(written("menu/entries.isolinux"), "LABEL hd0\nMENU LABEL First ^^disk ${x}\nCOM32 chain.c32\nAPPEND hd0"))...),
	}
}

func nixListScenarios() []scenario {
	special := func(fields, lines string, checks ...check) scenario {
		return field(fields, "[[nixos.specialisations]]\nname = \"other\"\n"+lines, checks...)
	}
	const s = "c.specialisation.other.configuration."
	return []scenario{
		field("nixos.contents.target,nixos.contents.text", "[[nixos.contents]]\ntarget = \"/docs/read me.txt\"\ntext = '''\n${x} '' $HOME\n'''",
			has(targets, "/docs/read me.txt"), is(contentText("/docs/read me.txt"), "${x} '' $HOME\n")),
		field("nixos.contents.package", "[[nixos.contents]]\ntarget = \"/hello\"\npackage = \"hello\"", has(targets, "/hello")),
		field("nixos.contents.path", "[[nixos.contents]]\ntarget = \"/hello.info\"\npackage = \"hello\"\npath = \"/share/info/hello.info\"",
			is("lib.hasSuffix \"/share/info/hello.info\" \"${(builtins.head (builtins.filter (e: e.target == \"/hello.info\") c.isoImage.contents)).source}\"", true)),
		special("nixos.specialisations.name", "", is("map (e: e.name) f.plan.menu", []string{"", "other"}), is(s+"isoImage.configurationName", "(other)")),
		special("nixos.specialisations.title", `title = "- other kernel"`, is(s+"isoImage.configurationName", "- other kernel")),
		special("nixos.specialisations.kernel", `kernel = "latest"`,
			is(s+"boot.kernelPackages.kernel.version == pkgs.linuxPackages_latest.kernel.version", true), is(s+"boot.supportedFilesystems.zfs or false", false),
			is("c.boot.kernelPackages.kernel.version == pkgs.linuxPackages.kernel.version", true)),
		special("nixos.specialisations.parameters", `parameters = ["nomodeset", "a.b=c d"]`, has(s+"boot.kernelParams", "nomodeset", `a.b="c d"`), lacks("c.boot.kernelParams", "nomodeset")),
		special("nixos.specialisations.packages", `packages = ["hello"]`, has("map lib.getName "+s+"environment.systemPackages", "hello"), lacks(installed, "hello")),
		field("nixos.specialisations.desktop", "base = \"graphical\"\ndesktop = \"xfce\"\n[[nixos.specialisations]]\nname = \"other\"\ndesktop = \"mate\"",
			is(s+"services.xserver.desktopManager.mate.enable", true), is(s+"services.xserver.desktopManager.xfce.enable", false)),
		special("nixos.specialisations.config", "config = '''\nservices.gpm.enable = true;\nenvironment.etc.note.text = \"${pkgs.hello.name}\";\n'''",
			is(s+"services.gpm.enable", true), is("c.services.gpm.enable", false), is("lib.hasPrefix \"hello-\" "+s+"environment.etc.note.text", true)),
		field("nixos.modules.name,nixos.modules.text", "[[nixos.modules]]\nname = \"mouse\"\ntext = '''\n{ pkgs, ... }: {\n  services.gpm.enable = true;\n  environment.etc.note.text = \"${pkgs.hello.name}\";\n}\n'''",
			is("c.services.gpm.enable", true), is("lib.hasPrefix \"hello-\" c.environment.etc.note.text", true)),
	}
}

func contentText(target string) string {
	return `(builtins.head (builtins.filter (e: e.target == "` + target + `") c.isoImage.contents)).source.text`
}
