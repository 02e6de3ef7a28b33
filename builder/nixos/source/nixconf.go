package source

import (
	"maps"
	"slices"
)

// nixConf sets what concerns Nix itself and the system around it.
func (g *generator) nixConf() {
	m := g.module("nix.nix", "Nix on the image, and what of NixOS itself lies on it.")
	for _, name := range slices.Sorted(maps.Keys(g.n.Settings)) {
		field := "nixos.settings." + name
		switch v := g.n.Settings[name].(type) {
		case bool:
			m.set(field, "nix.settings", boolean(v), name)
		case int:
			m.set(field, "nix.settings", integer(v), name)
		case int64:
			m.set(field, "nix.settings", integer(int(v)), name)
		case string:
			m.set(field, "nix.settings", text(v), name)
		case []string:
			m.set(field, "nix.settings", words(field, v), name)
		}
	}
	if c := g.n.ChannelOnMedium; c != nil {
		m.set("nixos.channel_on_medium", "system.installer.channel.enable", boolean(*c))
	}
	if c := g.n.CloneConfiguration; c != nil {
		set := m.set
		if g.sd() { // there the base says no
			set = m.replace
		}
		set("nixos.clone_configuration", "installer.cloneConfig", boolean(*c))
	}
	if c := g.n.Manual; c != nil {
		m.replace("nixos.manual", "documentation.nixos.enable", boolean(*c))
		if *c {
			m.replace("nixos.manual", "documentation.enable", boolean(true))
		}
	}
	if g.n.ScriptedStage1 {
		m.set("nixos.scripted_stage1", "boot.initrd.systemd.enable", boolean(false))
	}
	if g.n.BuildDependencies {
		option := "system.includeBuildDependencies"
		if g.iso() {
			option = "isoImage.includeSystemBuildDependencies"
		}
		m.set("nixos.build_dependencies", option, boolean(true))
	}
}
