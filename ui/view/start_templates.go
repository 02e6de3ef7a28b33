package view

import (
	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/ui/words"
)

// offered is a template as people read of it.
type offered struct {
	// picture is one of widgets.PictureNames.
	picture      string
	distribution string
	// title and text are English, for say.
	title, text string
}

// offers are all templates by their names.
func offers() map[string]offered {
	return map[string]offered{
		"minimal": {"template-minimal", "debian", words.Key("Small Debian"),
			words.Key("A small system that logs in by itself: a bare beginning for designs of your own.")},
		"rescue": {"template-rescue", "debian", words.Key("Rescue stick"),
			words.Key("Mends partitions, saves files from failing disks and opens encrypted ones, without the network.")},
		"kiosk": {"template-kiosk", "debian", words.Key("Kiosk"),
			words.Key("Starts straight into one web page on the whole screen, for a lobby, a shop or an exhibition.")},
		"ssh": {"template-ssh", "debian", words.Key("Server over ssh"),
			words.Key("Is reached over the network with your own key, without a screen or a keyboard.")},
		"nixos-minimal": {"template-minimal", "nixos", words.Key("NixOS installer"),
			words.Key("Installs NixOS from the console, as the official image does, with packages of your choice.")},
		"nixos-macbook": {"template-macbook", "nixos", words.Key("Wi-Fi on a MacBook"),
			words.Key("The NixOS desktop with the driver that older MacBooks need for their Broadcom Wi-Fi.")},
		"nixos-ssh": {"template-ssh", "nixos", words.Key("NixOS over ssh"),
			words.Key("Is reached over the network with your own key, to install computers from your desk.")},
		"nixos-installer": {"template-installer", "nixos", words.Key("Your own installer"),
			words.Key("Greets people and starts a program of yours: the beginning of an installer for others.")},
		"nixos-netboot": {"template-netboot", "nixos", words.Key("Network boot for a lab"),
			words.Key("Many computers start it over the network, from one server and without sticks.")},
		"nixos-offline": {"template-offline", "nixos", words.Key("Offline installer"),
			words.Key("Installs this very system onto a computer that has no network.")},
		"nixos-offline-flake": {"template-offline", "nixos", words.Key("Offline installer of a flake"),
			words.Key("Installs your flake without a network, and lets you change it on the way.")},
		"nixos-offline-calamares": {"template-installer", "nixos", words.Key("Offline desktop installer"),
			words.Key("Installs a desktop by clicking, without a network. The image has many gigabytes.")},
	}
}

// templatesOf are the templates of a distribution, in their order.
func templatesOf(distribution string) []assets.Template {
	var list []assets.Template
	known := offers()
	for _, t := range assets.Templates() {
		if known[t.Name].distribution == distribution {
			list = append(list, t)
		}
	}
	return list
}
