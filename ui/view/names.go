package view

import "strings"

// distribution is a distribution's name.
func (c *context) distribution(name string) string {
	switch name {
	case "nixos":
		return "NixOS"
	case "debian":
		return "Debian"
	}
	return name
}

// baseName is a base in words.
func (c *context) baseName(base string) string {
	switch base {
	case "minimal":
		return c.say("minimal")
	case "graphical":
		return c.say("graphical")
	case "netboot":
		return c.say("network boot")
	}
	return base
}

// desktopName is a desktop's own name.
func (c *context) desktopName(desktop string) string {
	names := map[string]string{"gnome": "GNOME", "plasma": "KDE Plasma", "plasma6": "KDE Plasma", "xfce": "Xfce", "lxqt": "LXQt",
		"cinnamon": "Cinnamon", "mate": "MATE", "pantheon": "Pantheon", "budgie": "Budgie",
		"cosmic": "COSMIC", "lxde": "LXDE", "combined": c.say("Several desktops")}
	if name := names[strings.ToLower(desktop)]; name != "" {
		return name
	}
	return desktop
}
