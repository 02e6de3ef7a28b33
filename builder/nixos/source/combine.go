package source

// ownModules adds NixOS modules in the person's own words.
func (g *generator) ownModules() {
	for i, m := range g.n.Modules {
		field := element("nixos.modules", i)
		path := "modules/" + m.Name + ".nix"
		g.ownFile(path, endLine(m.Text), field)
		g.names = append(g.names, path)
	}
}

// specialisations are variants of the system.
func (g *generator) specialisations() {}
