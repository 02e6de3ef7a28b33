package view

import (
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// distributionOptions are what images can be made of.
func (c *context) distributionOptions() []pickOption {
	return []pickOption{
		{value: "debian", title: "Debian", text: c.say("Small, steady, and known to most people. Built here from its packages in a few minutes.")},
		{value: "nixos", title: "NixOS", text: c.say("Everything of the system follows from this design. It is the one for installers and desktops; building needs Nix.")},
	}
}

// releaseOptions are the releases of a distribution, in words.
func (c *context) releaseOptions(distribution string) []widgets.Option {
	said := map[string]string{
		"trixie": words.Key("trixie (Debian 13, stable)"), "bookworm": words.Key("bookworm (Debian 12, old stable)"),
		"sid": words.Key("sid (unstable: the newest, and changing every day)"), "unstable": words.Key("unstable (the newest, and changing every day)"),
	}
	var list []widgets.Option
	for _, name := range design.Releases(distribution) {
		o := widgets.Option{Value: name}
		if text := said[name]; text != "" {
			o.Label = c.say(text)
		}
		list = append(list, o)
	}
	return list
}

// baseOptions are the bases with what each of them contains.
func (c *context) baseOptions(d design.Design) []pickOption {
	minimal := pickOption{value: "minimal", title: c.say("Minimal"), text: c.say(
		"The console: kernel with drivers and firmware, network by DHCP, sshd, Wi-Fi, tools for disks and file systems, the installer's commands, a copy of nixpkgs. 1 to 2 GB.")}
	graphical := pickOption{value: "graphical", title: c.say("Graphical"), text: c.say(
		"All of minimal, with a desktop, a browser, sound, printing, NetworkManager and the graphical installer. 2 to 4 GB.")}
	netboot := pickOption{value: "netboot", title: c.say("Network boot"), text: c.say(
		"All of minimal as kernel, initrd and iPXE script in a folder, for a server that other computers start from. No stick.")}
	if d.Distribution != "nixos" {
		minimal.text = c.say("The console: systemd, kernel with drivers, network by DHCP, apt, nano, and tools to look at disks and devices. 159 packages, about 270 MB.")
		graphical.text = c.say("A desktop on top of minimal.")
		netboot.text = c.say("A folder for a server that other computers start from.")
		graphical.refused = c.say("This version makes it of NixOS only.")
		netboot.refused = graphical.refused
	}
	return []pickOption{minimal, graphical, netboot}
}

// desktopOptions are the desktops of a distribution, with what each is like.
func (c *context) desktopOptions(distribution string) []pickOption {
	said := map[string]string{
		"gnome": words.Key("calm, large, few settings"), "plasma": words.Key("rich in settings, like Windows"), "xfce": words.Key("light and plain"),
		"cosmic": words.Key("new, with tiling windows"), "mate": words.Key("as GNOME once was"), "cinnamon": words.Key("classic, modern inside"),
		"lxqt": words.Key("light, for old computers"), "lxde": words.Key("light, for old computers"), "budgie": words.Key("simple and pretty"),
		"pantheon": words.Key("like macOS"), "combined": words.Key("several, chosen at the start"),
	}
	var list []pickOption
	for _, name := range design.Desktops(distribution) {
		text := ""
		if said[name] != "" {
			text = c.say(said[name])
		}
		list = append(list, pickOption{value: name, title: c.desktopName(name), text: text})
	}
	return list
}

// assemblerOptions are who may put the image together.
func (c *context) assemblerOptions() []pickOption {
	return []pickOption{
		{value: "nix", title: "Nix", text: c.say("The image that nixpkgs itself makes, with its boot menu. The well-trodden way.")},
		{value: "isowright", title: "Isowright", text: c.say("Nix builds the system only. The boot menu is that of this design, and later images reuse what earlier ones packed.")},
	}
}
